package accounts

import (
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// table is the rows of one kind, in memory and in a bucket of the file.
type table[T any] struct {
	bucket string
	rows   map[string]T
}

// change is a write under way: rows are put into the file at once, and into
// memory when that is durable.
type change struct {
	tx    *bolt.Tx
	apply []func()
}

func (t *table[T]) put(c *change, key string, row T) error {
	b, err := json.Marshal(row)
	if err != nil {
		return err
	}
	c.apply = append(c.apply, func() { t.rows[key] = row })
	return c.tx.Bucket([]byte(t.bucket)).Put([]byte(key), b)
}

func (t *table[T]) delete(c *change, key string) error {
	c.apply = append(c.apply, func() { delete(t.rows, key) })
	return c.tx.Bucket([]byte(t.bucket)).Delete([]byte(key))
}

// deleteWhere deletes the rows that match.
func (t *table[T]) deleteWhere(c *change, matches func(key string, row T) bool) error {
	for key, row := range t.rows {
		if matches(key, row) {
			if err := t.delete(c, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// load reads all rows of a file, which has none yet if it is new.
func (t *table[T]) load(tx *bolt.Tx) error {
	t.rows = map[string]T{}
	b, err := tx.CreateBucketIfNotExists([]byte(t.bucket))
	if err != nil {
		return err
	}
	return b.ForEach(func(key, value []byte) error {
		var row T
		if err := json.Unmarshal(value, &row); err != nil {
			return fmt.Errorf("accounts: %s %q is damaged: %w", t.bucket, key, err)
		}
		t.rows[string(key)] = row
		return nil
	})
}

// any reports whether a row matches.
func (t *table[T]) any(matches func(row T) bool) bool {
	for _, row := range t.rows {
		if matches(row) {
			return true
		}
	}
	return false
}
