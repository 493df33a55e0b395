package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// What is kept for those who read a document's history: the names of
// revisions and of people, and a shortcut to who wrote what.

// label is what the versions bucket keeps under a revision.
type label struct {
	Name      string `json:"name"`
	CreatedAt int64  `json:"createdAt"`
	CreatedBy User   `json:"createdBy"`
}

// SaveVersion implements Store.
func (b *Bolt) SaveVersion(id, epoch string, v Version) error {
	value, err := json.Marshal(label{v.Name, v.CreatedAt, v.CreatedBy})
	if err != nil {
		return fmt.Errorf("%w: a version of %q: %w", ErrMalformed, id, err)
	}
	return b.committer.submit(id, func(w *writer) error {
		head, err := w.head(id, epoch)
		if err != nil {
			return err
		}
		if err := checkReach(id, head, v.Rev); err != nil {
			return err
		}
		w.put(bucketVersions, appendKey(nil, id, v.Rev), value)
		return nil
	})
}

// Versions implements Store.
func (b *Bolt) Versions(id string, below int64, limit int) (versions []Version, err error) {
	prefix := appendPrefix(nil, id)
	err = b.view(func(tx *bolt.Tx) error {
		if _, _, err := readHead(tx, id); err != nil {
			return err
		}
		if below <= 0 {
			return nil
		}
		c := tx.Bucket(bucketVersions).Cursor()
		key, value := seekBack(c, appendKey(nil, id, below-1))
		for ; key != nil && len(versions) < limit; key, value = c.Prev() {
			rev, ok := keyRev(key, prefix)
			if !ok {
				break
			}
			body, err := unseal(bucketVersions, key, value)
			if err != nil {
				return err
			}
			var l label
			if err := json.Unmarshal(body, &l); err != nil {
				return fmt.Errorf("%w: version %d of %q: %w", ErrDamaged, rev, id, err)
			}
			versions = append(versions, Version{rev, l.Name, l.CreatedAt, l.CreatedBy})
		}
		return nil
	})
	return versions, err
}

// DropVersion implements Store.
func (b *Bolt) DropVersion(id, epoch string, rev int64) error {
	key := appendKey(nil, id, rev)
	return b.committer.submit(id, func(w *writer) error {
		if _, err := w.head(id, epoch); err != nil {
			return err
		}
		if w.tx.Bucket(bucketVersions).Get(key) == nil {
			return fmt.Errorf("%w: revision %d of %q has no name", ErrRevision, rev, id)
		}
		w.delete(bucketVersions, key)
		return nil
	})
}

// SaveName implements Store. A name that is kept already costs no write.
func (b *Bolt) SaveName(id, epoch string, user User) error {
	if err := checkUser(id, user); err != nil {
		return err
	}
	key := append(appendPrefix(nil, id), user.ID...)
	return b.committer.submit(id, func(w *writer) error {
		if _, err := w.head(id, epoch); err != nil {
			return err
		}
		now, err := get(w.tx, bucketNames, key)
		if err == nil && (now == nil || string(now) != user.Name) {
			w.put(bucketNames, key, []byte(user.Name))
		}
		return err
	})
}

// Name implements Store.
func (b *Bolt) Name(id, user string) (name string, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		if _, _, err := readHead(tx, id); err != nil {
			return err
		}
		kept, err := get(tx, bucketNames, append(appendPrefix(nil, id), user...))
		name = string(kept)
		return err
	})
	return name, err
}

// SaveOrigins implements Store.
func (b *Bolt) SaveOrigins(id, epoch string, rev int64, data []byte) error {
	value := append(binary.BigEndian.AppendUint64(nil, uint64(rev)), data...)
	key := appendPrefix(nil, id)
	return b.committer.submit(id, func(w *writer) error {
		head, err := w.head(id, epoch)
		if err != nil {
			return err
		}
		if err := checkReach(id, head, rev); err != nil {
			return err
		}
		if old, err := get(w.tx, bucketOrigins, key); err == nil && len(old) >= 8 && int64(binary.BigEndian.Uint64(old)) > rev {
			return nil
		} // damaged ones are replaced: they are only a shortcut
		w.put(bucketOrigins, key, value)
		return nil
	})
}

// Origins implements Store.
func (b *Bolt) Origins(id string) (rev int64, data []byte, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		if _, _, err := readHead(tx, id); err != nil {
			return err
		}
		// Damaged ones are as good as none: they are only a shortcut.
		if value, err := get(tx, bucketOrigins, appendPrefix(nil, id)); err == nil && len(value) >= 8 {
			rev, data = int64(binary.BigEndian.Uint64(value)), bytes.Clone(value[8:])
		}
		return nil
	})
	return rev, data, err
}
