package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"
)

// Every value is sealed: it ends in a sum over its bucket, its key and itself,
// so that no bit of it can turn over unseen. CRC-32C finds every damage within
// 32 bits, and costs some nanoseconds where SHA-256 costs a hundred: it is
// against disks, not against who can write the file and the sums with it.
//
// The seal of a row of the log, of one record or a run of them, is a link: it
// goes over the sum of the row before, too, and the head has that of the last.
// So records are a chain, in which none
// can be missing, doubled or of another history. A link needs no more than the
// neighbour, so that to change records in the middle one need not write anew
// all that follow.

const sealSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumOf is the sum of a pair. The length of the key is in it, so that no byte
// can go over from the key to the value.
func sumOf(bucket, key, body []byte) uint32 {
	sum := crc32.Update(uint32(len(key)), castagnoli, bucket)
	return crc32.Update(crc32.Update(sum, castagnoli, key), castagnoli, body)
}

// seal returns what a bucket keeps of body.
func seal(bucket, key, body []byte) []byte { return sealed(body, sumOf(bucket, key, body)) }

func sealed(body []byte, sum uint32) []byte {
	value := append(make([]byte, 0, len(body)+sealSize), body...)
	return binary.BigEndian.AppendUint32(value, sum)
}

// unseal returns the body of a value, nil if there is no value. ErrDamaged.
func unseal(bucket, key, value []byte) (body []byte, err error) {
	if value == nil {
		return nil, nil
	}
	if body, sum, ok := cutSeal(value); ok && sum == sumOf(bucket, key, body) {
		return body, nil
	}
	return nil, fmt.Errorf("%w: %s %q is not what was written", ErrDamaged, bucket, key)
}

func cutSeal(value []byte) (body []byte, sum uint32, ok bool) {
	n := len(value) - sealSize
	if n < 0 {
		return nil, 0, false
	}
	return value[:n:n], binary.BigEndian.Uint32(value[n:]), true
}

// get returns the body of what a bucket has under a key, nil if nothing.
// ErrDamaged.
func get(tx *bolt.Tx, bucket, key []byte) (body []byte, err error) {
	return unseal(bucket, key, tx.Bucket(bucket).Get(key))
}

// link is the seal of a row, of the sum of the one before (0: none) and its
// own.
func link(before, own uint32) uint32 {
	var both [8]byte
	binary.BigEndian.PutUint32(both[:], before)
	binary.BigEndian.PutUint32(both[4:], own)
	return crc32.Checksum(both[:], castagnoli)
}

// chain follows the rows of one document's log.
type chain struct {
	id   string
	rev  int64  // of the last record
	last uint32 // the sum of its row
}

// next takes the next row, and returns what it has. ErrDamaged.
func (c *chain) next(key, value []byte) (body []byte, err error) {
	rev, _ := keyRev(key, appendPrefix(nil, c.id))
	if rev != c.rev+1 {
		return nil, fmt.Errorf("%w: %q has no record %d", ErrDamaged, c.id, c.rev+1)
	}
	body, sum, ok := cutSeal(value)
	own := sumOf(bucketRecords, key, body)
	n, counted := recordsIn(body)
	if !ok || !counted || sum != link(c.last, own) {
		return nil, fmt.Errorf("%w: record %d of %q is not what was written", ErrDamaged, rev, c.id)
	}
	c.rev, c.last = c.rev+n, own
	return body, nil
}

// add returns what the records bucket keeps of the next row.
func (c *chain) add(key, body []byte) (value []byte) {
	own := sumOf(bucketRecords, key, body)
	value = sealed(body, link(c.last, own))
	n, _ := recordsIn(body)
	c.rev, c.last = c.rev+n, own
	return value
}

// chainAfter is a document's chain up to a record, with which a row ends.
func chainAfter(tx *bolt.Tx, id string, rev int64) (chain, error) {
	c := chain{id: id, rev: rev}
	if rev == 0 {
		return c, nil
	}
	key, value := seekLog(tx.Bucket(bucketRecords).Cursor(), id, rev)
	first, ok := keyRev(key, appendPrefix(nil, id))
	body, _, whole := cutSeal(value)
	if n, counted := recordsIn(body); !ok || !whole || !counted || first+n-1 != rev {
		return c, fmt.Errorf("%w: %q has no record %d", ErrDamaged, id, rev)
	}
	c.last = sumOf(bucketRecords, key, body)
	return c, nil
}
