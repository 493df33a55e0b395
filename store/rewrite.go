package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// A file is written anew, sealed and without gaps, to bring it to the newest
// format or to give room back. That happens beside it, and a rename puts the
// new one in its place: a crash leaves the one or the other.

// rewriteAtOnce is how many bytes go into one transaction.
const rewriteAtOnce = 16 << 20

// rewriteFill leaves a little room in each page, since the next records of a
// document go between those of others.
const rewriteFill = 0.9

// rewriting is a file as far as it is written anew.
type rewriting struct {
	db      *bolt.DB
	tx      *bolt.Tx
	size    int // of tx
	chain   chain
	ends    map[string]uint32 // the sums of the last records, by document
	tallies tallies
}

// rewrite writes the file at path anew, which no process has open.
func rewrite(path string) (err error) {
	from, err := bolt.Open(path, 0, &bolt.Options{FreelistType: bolt.FreelistMapType, NoFreelistSync: true, NoStatistics: true, Timeout: lockTimeout})
	if err != nil {
		return openError(err)
	}
	defer func() { err = errors.Join(err, from.Close()) }() // after the rename: whoever waits for the lock finds another file
	to := path + ".new"
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = from.View(func(tx *bolt.Tx) error {
		return writeAnew(to, func(r *rewriting) error { return r.all(tx) })
	})
	if err == nil {
		err = trim(to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(to))
	}
	if err := os.Rename(to, path); err != nil {
		return err
	}
	syncFolders(filepath.Dir(path))
	return nil
}

// writeAnew makes a file of what fill puts into it.
func writeAnew(path string, fill func(*rewriting) error) (err error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, NoFreelistSync: true, NoSync: true, NoStatistics: true, Timeout: lockTimeout})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.AllocSize = 1 << 20
	r := &rewriting{db: db, ends: map[string]uint32{}, tallies: newTallies()}
	if err := r.begin(); err != nil {
		return err
	}
	defer func() {
		if r.tx != nil && r.tx.DB() != nil { // it failed, or panicked: Close would wait for it
			err = errors.Join(err, r.tx.Rollback())
		}
	}()
	if err := fill(r); err != nil {
		return err
	}
	if err := r.finish(); err != nil {
		return err
	}
	if err := r.tx.Commit(); err != nil {
		return err
	}
	return db.Sync()
}

// trim cuts off what bbolt takes in advance, at the end of a file.
func trim(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	t, err := newTree(file)
	if err == nil {
		err = file.Truncate(int64(t.end * t.page))
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func (r *rewriting) begin() (err error) {
	r.size = 0
	if r.tx, err = r.db.Begin(true); err != nil {
		return err
	}
	for _, name := range buckets {
		b, err := r.tx.CreateBucketIfNotExists(name)
		if err != nil {
			return errors.Join(err, r.tx.Rollback())
		}
		b.FillPercent = rewriteFill
	}
	return nil
}

// all copies the documents: first the records, since the heads hold their ends.
func (r *rewriting) all(from *bolt.Tx) error {
	older, err := readFormat(from)
	if err != nil {
		return err
	}
	for _, name := range append([][]byte{bucketRecords}, buckets...) {
		bucket := from.Bucket(name)
		if bucket == nil || bytes.Equal(name, bucketMeta) || bytes.Equal(name, bucketRecords) && len(r.ends) > 0 {
			continue
		}
		c := bucket.Cursor()
		for key, value := c.First(); key != nil; key, value = c.Next() {
			body := value
			if older >= 4 {
				body = value[:max(0, len(value)-sealSize)]
			}
			if err := r.pair(name, key, body, older); err != nil {
				return err
			}
		}
	}
	applied, err := readApplied(from)
	if err == nil && applied > 0 {
		err = r.pair(bucketMeta, keyApplied, binary.BigEndian.AppendUint64(nil, applied), format)
	}
	return errors.Join(err, r.replacing(from))
}

// replacing copies what was decided to be replaced, and is not in its place.
func (r *rewriting) replacing(from *bolt.Tx) error {
	bucket := from.Bucket(bucketReplacing)
	if bucket == nil {
		return nil
	}
	if _, err := r.tx.CreateBucketIfNotExists(bucketReplacing); err != nil {
		return err
	}
	return bucket.ForEach(func(key, value []byte) error { return r.put(bucketReplacing, key, value) })
}

// finish writes what the file says of itself.
func (r *rewriting) finish() error {
	if err := r.put(bucketMeta, keyTallies, seal(bucketMeta, keyTallies, r.tallies.body())); err != nil {
		return err
	}
	return r.put(bucketMeta, keyFormat, strconv.AppendInt(nil, format, 10))
}

// pair writes what a file of an older format, or of this one, has. The records
// of a document come in order, and before its head.
func (r *rewriting) pair(bucket, key, body []byte, older int) error {
	switch {
	case bytes.Equal(bucket, bucketRecords):
		id, _, ok := cutKey(key)
		if !ok {
			return fmt.Errorf("%w: a record under %q", ErrDamaged, key)
		}
		if id != r.chain.id {
			r.chain = chain{id: id}
		}
		value := r.chain.add(key, body)
		r.ends[id] = r.chain.last
		return r.put(bucket, key, value)
	case bytes.Equal(bucket, bucketHeads):
		rest := 24 // what comes before the epoch; then there is the sum
		if older >= 4 {
			rest = 28
		}
		if len(body) < rest {
			return fmt.Errorf("%w: the head of %q", ErrDamaged, key)
		}
		now := binary.BigEndian.AppendUint32(bytes.Clone(body[:24]), r.ends[string(key)])
		body = append(now, body[rest:]...)
	}
	return r.put(bucket, key, seal(bucket, key, body))
}

// put writes a sealed value.
func (r *rewriting) put(bucket, key, value []byte) error {
	if isTallied(bucket) {
		r.tallies.swap(bucket, nil, value)
	}
	if r.size += len(key) + len(value); r.size > rewriteAtOnce {
		if err := r.tx.Commit(); err != nil {
			return err
		}
		if err := r.begin(); err != nil {
			return err
		}
	}
	return r.tx.Bucket(bucket).Put(key, value)
}

// cutKey takes the key of a record or snapshot apart.
func cutKey(key []byte) (id string, rev int64, ok bool) {
	n := len(key) - 9
	if n < 1 || key[n] != 0 {
		return "", 0, false
	}
	return string(key[:n]), int64(binary.BigEndian.Uint64(key[n+1:])), true
}
