package load

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// probed is how many commits are timed.
const probed = 1000

// probe times commits of 100 bytes, one by one: what a server that syncs each
// edit to this disk can't be faster than.
func probe(folder string) (metrics []Metric, err error) {
	folder, err = os.MkdirTemp(folder, "tutti-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	db, err := bbolt.Open(filepath.Join(folder, "probe.db"), 0o600, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l := newLatency()
	l.begin()
	for i := range probed {
		began := time.Now()
		err := db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte("probe"))
			if err != nil {
				return err
			}
			return b.Put(binary.BigEndian.AppendUint64(nil, uint64(i)), make([]byte, 100))
		})
		if err != nil {
			return nil, err
		}
		l.record(time.Since(began))
	}
	return l.metrics("bbolt commit of 100 bytes", 50, 99), nil
}
