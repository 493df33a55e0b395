package store

import (
	"encoding/binary"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// A writer is what jobs write with, as long as its transaction. It keeps the
// first failure, so that jobs need not look for it, and writes nothing after
// it.
type writer struct {
	tx      *bolt.Tx
	key     []byte // room for keys; bbolt copies them
	writes  int
	bytes   int     // of the values that were put
	probed  int     // of these, those that only try the disk
	tallies tallies // nil: none has changed
	err     error
}

// probe puts a value that does not count: a failed probe must not make the
// next one larger.
func (w *writer) probe(key, value []byte) {
	w.put(bucketMeta, key, value)
	w.probed += len(value)
}

// put seals and keeps a body.
func (w *writer) put(bucket, key, body []byte) { w.set(bucket, key, seal(bucket, key, body)) }

// set keeps a sealed value, which nobody changes any more.
func (w *writer) set(bucket, key, value []byte) {
	if w.err == nil {
		w.writes++
		w.bytes += len(value)
		w.count(bucket, key, value)
	}
	if w.err == nil {
		w.err = w.tx.Bucket(bucket).Put(key, value)
	}
}

func (w *writer) delete(bucket, key []byte) {
	if w.err == nil {
		w.writes++
		w.count(bucket, key, nil)
	}
	if w.err == nil {
		w.err = w.tx.Bucket(bucket).Delete(key)
	}
}

// count keeps the tallies right.
func (w *writer) count(bucket, key, value []byte) {
	if !isTallied(bucket) {
		return
	}
	if w.tallies == nil {
		if w.tallies, w.err = readTallies(w.tx); w.err != nil {
			return
		}
	}
	w.tallies.swap(bucket, w.tx.Bucket(bucket).Get(key), value)
}

// finish keeps what has come together, before the commit.
func (w *writer) finish() {
	if w.tallies != nil && w.err == nil {
		w.put(bucketMeta, keyTallies, w.tallies.body())
	}
	// Programs that know of nothing packed, or of no write-ahead log, stay out.
	number, err := readFormat(w.tx)
	if err != nil && w.err == nil {
		w.err = err
	}
	if number < format {
		w.set(bucketMeta, keyFormat, strconv.AppendInt(nil, format, 10))
	}
}

// applied keeps the number up to which the file has what is in the log.
func (w *writer) applied(number uint64) {
	w.put(bucketMeta, keyApplied, binary.BigEndian.AppendUint64(nil, number))
}

// readApplied returns the number up to which the file has what was in its log.
func readApplied(tx *bolt.Tx) (uint64, error) {
	body, err := get(tx, bucketMeta, keyApplied)
	if err != nil || len(body) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(body), nil
}
