package hooks

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// The buckets: hooks by id; cursors by hook and document; of each hook the last
// attempts, by number.
var hooksBucket, cursorsBucket, attemptsBucket = []byte("hooks"), []byte("cursors"), []byte("attempts")

// attemptsKept is how many attempts of a hook are kept; the oldest go.
const attemptsKept = 100

func key(hook, rest string) []byte { return []byte(hook + "\x00" + rest) }

func (x *Outbox) load(tx *bolt.Tx) error {
	for _, name := range [][]byte{hooksBucket, cursorsBucket, attemptsBucket} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	if err := x.loadEpochs(tx); err != nil {
		return err
	}
	return tx.Bucket(hooksBucket).ForEach(func(id, row []byte) error {
		var h Hook
		if err := json.Unmarshal(row, &h); err != nil {
			return fmt.Errorf("hooks: the hook %q is damaged: %w", id, err)
		}
		x.hooks[h.ID] = h
		return nil
	})
}

func put(tx *bolt.Tx, bucket, key []byte, row any) error {
	b, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return tx.Bucket(bucket).Put(key, b)
}

func putHook(tx *bolt.Tx, h Hook) error { return put(tx, hooksBucket, []byte(h.ID), h) }

func putCursor(tx *bolt.Tx, hook, document string, c cursor) error {
	return put(tx, cursorsBucket, key(hook, document), c)
}

// getCursor returns the zero cursor where there is none.
func getCursor(tx *bolt.Tx, hook, document string) (c cursor, err error) {
	row := tx.Bucket(cursorsBucket).Get(key(hook, document))
	if row == nil {
		return c, nil
	}
	if err := json.Unmarshal(row, &c); err != nil {
		return c, fmt.Errorf("hooks: the cursor of %s in %s is damaged: %w", hook, document, err)
	}
	return c, nil
}

// under calls f with the rest of each key that a hook has in a bucket. f may
// delete by the key.
func under(tx *bolt.Tx, bucket []byte, hook string, f func(rest string, row []byte) error) error {
	prefix := key(hook, "")
	var rest []string
	c := tx.Bucket(bucket).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		rest = append(rest, string(k[len(prefix):])) // a cursor doesn't outlive a write
	}
	for _, r := range rest {
		if err := f(r, tx.Bucket(bucket).Get(key(hook, r))); err != nil {
			return err
		}
	}
	return nil
}

func dropHook(tx *bolt.Tx, id string) error {
	for _, bucket := range [][]byte{cursorsBucket, attemptsBucket} {
		err := under(tx, bucket, id, func(rest string, _ []byte) error { return tx.Bucket(bucket).Delete(key(id, rest)) })
		if err != nil {
			return err
		}
	}
	return tx.Bucket(hooksBucket).Delete([]byte(id))
}

// forgive has a hook begin anew with trying what has failed.
func forgive(tx *bolt.Tx, id string) error {
	return under(tx, cursorsBucket, id, func(document string, row []byte) error {
		var c cursor
		if err := json.Unmarshal(row, &c); err != nil || c.Tries == 0 {
			return err
		}
		c.Tries, c.FailedAt = 0, 0
		return putCursor(tx, id, document, c)
	})
}

// Attempt is a request that was made for a hook.
type Attempt struct {
	Delivery string  `json:"delivery"`
	Document string  `json:"document,omitempty"` // "" of a test
	At       int64   `json:"at"`                 // Unix milliseconds
	Try      int     `json:"try"`                // from 1
	Status   int     `json:"status,omitempty"`   // 0: there was no answer
	Error    string  `json:"error,omitempty"`    // "": it was delivered
	Seconds  float64 `json:"seconds"`
	Events   int     `json:"events"`
	FromRev  int64   `json:"fromRev,omitempty"` // 0: it held no records
	ToRev    int64   `json:"toRev,omitempty"`
}

func number(n uint64) string { return string(binary.BigEndian.AppendUint64(nil, n)) }

func putAttempt(tx *bolt.Tx, hook string, a Attempt) error {
	bucket := tx.Bucket(attemptsBucket)
	n, err := bucket.NextSequence()
	if err != nil {
		return err
	}
	if err := put(tx, attemptsBucket, key(hook, number(n)), a); err != nil {
		return err
	}
	var all []string
	prefix := key(hook, "")
	c := bucket.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		all = append(all, string(k))
	}
	for _, old := range all[:max(0, len(all)-attemptsKept)] {
		if err := bucket.Delete([]byte(old)); err != nil {
			return err
		}
	}
	return nil
}

// Attempts returns the last attempts of a hook, the newest first.
func (x *Outbox) Attempts(id string) (all []Attempt, err error) {
	err = x.db.View(func(tx *bolt.Tx) error {
		return under(tx, attemptsBucket, id, func(_ string, row []byte) error {
			var a Attempt
			err := json.Unmarshal(row, &a)
			all = append([]Attempt{a}, all...)
			return err
		})
	})
	return all, err
}
