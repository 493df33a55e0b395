package accounts

import (
	"io"

	bolt "go.etcd.io/bbolt"

	"tutti/server/access"
	"tutti/store"
)

// Backup writes all that is known, as it is at one moment, as a file that Open
// opens. w must be quick: while it is written the file may have to wait to grow.
func (b *Book) Backup(w io.Writer) error {
	return b.db.View(func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(w)
		return err
	})
}

// Renew has what was granted on documents follow them into new epochs. What
// was granted on others is dropped.
func (b *Book) Renew(renewed map[string]store.Renewal) error {
	return b.update(func(c *change) error {
		grants := map[string][]access.Grant{}
		for id, epoch := range renewed {
			epoch.Old = b.epoch(id, epoch.Old)
			if granted, ok := b.grants.rows[place(id, epoch.Old)]; ok {
				grants[place(id, epoch.New)] = granted
			}
		}
		if err := b.grants.deleteWhere(c, func(string, []access.Grant) bool { return true }); err != nil {
			return err
		}
		for key, granted := range grants {
			if err := b.grants.put(c, key, granted); err != nil {
				return err
			}
		}
		for key, link := range b.links.rows {
			epoch, ok := renewed[link.Document]
			if !ok || b.epoch(link.Document, epoch.Old) != link.Epoch {
				if err := b.links.delete(c, key); err != nil {
					return err
				}
				continue
			}
			link.Epoch = epoch.New
			if err := b.links.put(c, key, link); err != nil {
				return err
			}
		}
		return b.epochs.deleteWhere(c, func(string, string) bool { return true })
	})
}
