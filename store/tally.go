package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// A tally says how many values a bucket has, and what all their seals come to:
// of a value that is missing altogether no seal tells. Records and heads need
// none, since each of them is missed by its neighbours.
type tally struct {
	count uint64
	seals uint32 // exclusive or
}

// tallied are the buckets that have one, in the order in which they are kept.
var tallied = [][]byte{bucketDocuments, bucketSnapshots, bucketMarks, bucketGraves, bucketVersions, bucketNames, bucketOrigins, bucketMessages}

type tallies map[string]tally

func newTallies() tallies {
	t := tallies{}
	for _, bucket := range tallied {
		t[string(bucket)] = tally{}
	}
	return t
}

func isTallied(bucket []byte) bool {
	return slices.ContainsFunc(tallied, func(one []byte) bool { return bytes.Equal(one, bucket) })
}

// swap counts a value in the place of another in a bucket that has a tally; nil
// is none.
func (t tallies) swap(bucket, old, value []byte) {
	now := t[string(bucket)]
	if _, sum, there := cutSeal(old); there {
		now.count, now.seals = now.count-1, now.seals^sum
	}
	if _, sum, there := cutSeal(value); there {
		now.count, now.seals = now.count+1, now.seals^sum
	}
	t[string(bucket)] = now
}

// body is what is kept of them.
func (t tallies) body() (body []byte) {
	for _, bucket := range tallied {
		one := t[string(bucket)]
		body = binary.BigEndian.AppendUint64(body, one.count)
		body = binary.BigEndian.AppendUint32(body, one.seals)
	}
	return body
}

func parseTallies(body []byte) (tallies, error) {
	if len(body) != 12*len(tallied) {
		return nil, fmt.Errorf("%w: the tallies are missing", ErrDamaged)
	}
	t := tallies{}
	for i, bucket := range tallied {
		one := body[12*i:]
		t[string(bucket)] = tally{binary.BigEndian.Uint64(one), binary.BigEndian.Uint32(one[8:])}
	}
	return t, nil
}

func readTallies(tx *bolt.Tx) (tallies, error) {
	body, err := get(tx, bucketMeta, keyTallies)
	if err != nil {
		return nil, err
	}
	return parseTallies(body)
}
