package hooks

import (
	"encoding/json"
	"io"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

// Backup writes all that is kept, as it is at one moment, as a file that Open
// opens. w must be quick: while it is written the file may have to wait to grow.
func (x *Outbox) Backup(w io.Writer) error {
	return x.db.View(func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(w)
		return err
	})
}

// Renewed has hooks follow their documents into new epochs, as those of a
// backup. All are paused: the server that the backup is of may go on telling
// their receivers. It is not called once they are started.
func (x *Outbox) Renewed(epochs map[string]store.Renewal) error {
	known := map[string]store.Renewal{}
	for id, e := range epochs {
		known[id] = store.Renewal{Old: x.first(id, e.Old), New: e.New}
	}
	epochs = known
	for _, h := range x.Hooks() {
		if err := x.db.Update(func(tx *bolt.Tx) error { return x.renewed(tx, h.ID, epochs) }); err != nil {
			return err
		}
		_, err := x.change(h.ID, func(h *Hook) {
			if e, ok := epochs[h.Document]; ok && e.Old == h.Epoch {
				h.Epoch = e.New
			}
			if h.Paused == "" {
				h.Paused, h.PausedAt = Moved, time.Now().UnixMilli()
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// renewed has the cursors of a hook follow. What was told beyond where the
// documents end now is told again, when it is there.
func (x *Outbox) renewed(tx *bolt.Tx, hook string, epochs map[string]store.Renewal) error {
	return under(tx, cursorsBucket, hook, func(document string, row []byte) error {
		var c cursor
		if err := json.Unmarshal(row, &c); err != nil {
			return err
		}
		e, ok := epochs[document]
		if !ok || c.Seen.Epoch != e.Old {
			return nil // it is seen that there is none, or another
		}
		info, err := x.store.Info(document)
		if err != nil {
			return err
		}
		c.Seen.Epoch, c.Sending, c.Tries, c.FailedAt = e.New, nil, 0, 0
		if c.Told.Epoch == e.Old {
			c.Told = told{e.New, min(c.Told.Rev, info.Head.Rev)}
		}
		for i := range c.Events {
			if c.Events[i].Epoch == e.Old {
				c.Events[i].Epoch = e.New
				c.Events[i].Rev = min(c.Events[i].Rev, info.Head.Rev)
			}
		}
		return putCursor(tx, hook, document, c)
	})
}
