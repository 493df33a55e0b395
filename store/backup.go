package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// Backup writes the whole store, as it is at one moment and durable then, as
// a file that Open opens. w must be quick, a local file: as long as it takes,
// no page that is rewritten meanwhile becomes free.
func (b *Bolt) Backup(w io.Writer) error {
	if b.committer.ahead.Load() {
		if err := b.committer.flush(); err != nil {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	return b.viewFile(func(tx *bolt.Tx) error { return writeAll(tx, w) })
}

// BackupFile writes what Backup does, of the file at path that no server has
// open. ErrLocked, ErrFormat, ErrForeign, ErrDamaged.
func BackupFile(path string, w io.Writer) error {
	if err := bringIn(path); err != nil {
		return err
	}
	if _, err := inspect(path); err != nil && !errors.Is(err, errOlder) {
		return fmt.Errorf("store: %s: %w", path, err)
	}
	db, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, NoStatistics: true, Timeout: lockTimeout})
	if err != nil {
		return fmt.Errorf("store: %s: %w", path, openError(err))
	}
	return errors.Join(db.View(func(tx *bolt.Tx) error { return writeAll(tx, w) }), db.Close())
}

// bringIn brings into the file what its last process has left in the log.
func bringIn(path string) error {
	if _, err := os.Stat(walPath(path)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b, err := Open(path, Options{})
	if err != nil {
		return err
	}
	return b.Close()
}

func writeAll(tx *bolt.Tx, w io.Writer) error {
	_, err := tx.WriteTo(w)
	return err
}

// Renewal is the epoch that a document had, and the one that it has.
type Renewal struct{ Old, New string }

// Renew begins a new epoch of every document, as a store must that goes on
// from an older state: clients hold revisions that it never had, and would
// take those of the same number, which are others, for theirs. What it goes on
// from is in its lineage. All else stays, also how far each client had come. It
// returns what was renewed, by id; a document whose head is damaged is not
// served, and stays as it is.
func (b *Bolt) Renew() (renewed map[string]Renewal, err error) {
	renewed = map[string]Renewal{}
	err = b.committer.submit("", func(w *writer) error {
		var ids []string
		err := w.tx.Bucket(bucketHeads).ForEach(func(key, _ []byte) error {
			ids = append(ids, string(key))
			return nil
		})
		for _, id := range ids {
			if now, ok := w.renew(id); ok {
				renewed[id] = now
			}
		}
		return err
	})
	return renewed, err
}

// renew begins a new epoch of a document, unless its head is damaged.
func (w *writer) renew(id string) (now Renewal, ok bool) {
	head, last, epoch, err := readEnd(w.tx, id)
	if err != nil {
		return now, false
	}
	now = Renewal{epoch, newEpoch()}
	// Where the facts are damaged nobody is served, and nobody has to be told.
	if info, _, err := readInfo(w.tx, id); err == nil {
		info.Epoch, info.Lineage = now.New, NewLineage(append(info.Lineage.All(), Origin{epoch, head.Rev})...)
		if facts, err := marshalFacts(info); err == nil {
			w.put(bucketDocuments, []byte(id), facts)
		}
	}
	w.put(bucketHeads, []byte(id), appendHead(nil, head, last, now.New))
	return now, true
}

// newEpoch returns a name that no epoch has had.
func newEpoch() string { return strings.ToLower(rand.Text()) }
