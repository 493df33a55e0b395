package store

import (
	"bytes"
	"errors"

	bolt "go.etcd.io/bbolt"
)

// A long log is not removed in one transaction: it would take seconds, and
// all who write would wait. So a document is hidden first, by taking away its
// facts and its head; its id lies in the graves while what is left is removed
// piece by piece, between the writes of others, and is free after that.

// sweepKeys is how many keys go in one transaction: some 10 ms.
const sweepKeys = 2048

// Delete implements Store.
func (b *Bolt) Delete(id string) error {
	hidden := b.hide(id)
	if hidden != nil && !errors.Is(hidden, ErrNotFound) {
		return hidden
	}
	// Also when it was hidden before: a Delete that failed half way is
	// finished by the next one.
	return errors.Join(hidden, b.sweep(id, dead))
}

// hide takes a document away from all others.
func (b *Bolt) hide(id string) error {
	return b.committer.submit(id, func(w *writer) error {
		if w.tx.Bucket(bucketDocuments).Get([]byte(id)) == nil {
			return notFound(id)
		}
		w.put(bucketGraves, []byte(id), []byte{dead}) // an empty value reads as none until the commit
		w.delete(bucketDocuments, []byte(id))
		w.delete(bucketHeads, []byte(id))
		return nil
	})
}

// What lies in a grave: a document that was deleted, or one that is not born
// yet (import.go). Both are hidden and keep their id.
const (
	dead   = 1
	unborn = 2
)

// sweep removes what is left of a hidden document, and frees its id.
func (b *Bolt) sweep(id string, what byte) error {
	for done := false; !done; {
		err := b.committer.submit(id, func(w *writer) (err error) {
			done, err = w.sweep(id, what)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sweep removes a piece of a hidden document. It looks for the grave each
// time: two may sweep at once, and when one is done the id is free for a new
// document, of which the other must not remove anything.
func (w *writer) sweep(id string, what byte) (done bool, err error) {
	if grave, err := get(w.tx, bucketGraves, []byte(id)); err != nil || len(grave) == 0 || grave[0] != what {
		return true, err
	}
	left := sweepKeys
	for _, bucket := range [][]byte{bucketRecords, bucketSnapshots, bucketMarks, bucketVersions, bucketNames, bucketOrigins, bucketMessages, bucketReplacing} {
		if w.tx.Bucket(bucket) == nil {
			continue // that of replacements is there only while there are some
		}
		keys := w.keys(bucket, appendPrefix(nil, id), left)
		for _, key := range keys {
			w.delete(bucket, key)
		}
		if left -= len(keys); left == 0 {
			return false, nil
		}
	}
	w.delete(bucketGraves, []byte(id))
	return true, nil
}

// keys returns copies of at most limit keys that begin with prefix. Deleting
// under a cursor makes it skip, and moves the memory of the keys it gave.
func (w *writer) keys(bucket, prefix []byte, limit int) [][]byte {
	var keys [][]byte
	c := w.tx.Bucket(bucket).Cursor()
	for key, _ := c.Seek(prefix); bytes.HasPrefix(key, prefix) && len(keys) < limit; key, _ = c.Next() {
		keys = append(keys, bytes.Clone(key))
	}
	return keys
}

// leftovers returns what lies in the graves, by id.
func (b *Bolt) leftovers() (graves map[string]byte, err error) {
	graves = map[string]byte{}
	err = b.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketGraves).ForEach(func(id, value []byte) error {
			what, err := unseal(bucketGraves, id, value)
			if err == nil {
				graves[string(id)] = what[0]
			}
			return err
		})
	})
	return graves, err
}

// sweepAll removes what the last process has left: what it was deleting, and
// what it was importing.
func (b *Bolt) sweepAll(graves map[string]byte) {
	var err error
	for id, what := range graves {
		if err == nil {
			err = b.sweep(id, what)
		}
	}
	if err != nil && !errors.Is(err, ErrClosed) {
		b.log.Error("a deleted document is not wholly removed; its id stays taken until the next start", "error", err)
	}
}
