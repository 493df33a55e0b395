package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// Repair writes the file at path anew without its damage, as far as snapshots
// allow: where a later one is whole, the records that are damaged become one
// that leads to it, and what follows stays. So the content and the numbers of
// revisions are what they were, and the history between is lost. A document
// for which that can't be done is kept as it is, damaged, and not served. What
// was only derived is dropped, and so is a message, a name or a version that
// can't be read.
//
// The file as it was stays beside it, with ".damaged" behind its name. It
// returns what was done, for people; what is damaged still, Verify says.
func Repair(path string) (done []string, err error) {
	r, err := Verify(path)
	if err != nil || len(r.Damage) == 0 {
		return nil, err
	}
	kept := path + ".damaged"
	if _, err := os.Lstat(kept); !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, fmt.Errorf("store: %s is there already, from the last repair", kept))
	}
	lock, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, NoStatistics: true, Timeout: lockTimeout})
	if err != nil {
		return nil, openError(err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p := &repair{file: file, patients: map[string]*patient{}}
	for _, d := range r.Damage {
		if d.Document != "" {
			p.patients[d.Document] = &patient{id: d.Document, rows: map[int64][]byte{}, records: map[int64][]byte{}, snapshots: map[int64][]byte{}, marks: map[string]ClientMark{}}
		}
	}
	to := path + ".new"
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	err = writeAnew(to, p.fill)
	if err == nil {
		err = trim(to)
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(to))
	}
	if err := os.Link(path, kept); err != nil {
		return nil, errors.Join(err, os.Remove(to))
	}
	if err := os.Rename(to, path); err != nil {
		return nil, err
	}
	syncFolders(filepath.Dir(path))
	return p.done, nil
}

// repair is what is known of a damaged file.
type repair struct {
	file     *os.File
	patients map[string]*patient // the documents that are damaged
	done     []string
}

// pairs gives out all that can be read.
func (p *repair) pairs(f func(bucket, key, value []byte) error) (err error) {
	t, err := newTree(p.file)
	if err != nil {
		return err
	}
	t.pair = func(bucket, key, value []byte) {
		isOurs := slices.ContainsFunc(buckets, func(one []byte) bool { return bytes.Equal(one, bucket) })
		if err == nil && isOurs {
			err = f(bucket, key, value)
		}
	}
	t.walk()
	return err
}

func (p *repair) fill(r *rewriting) error {
	if err := p.pairs(p.examine); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(p.patients)) {
		p.patients[id].mend(p.tell)
	}
	// The records come before the heads, which hold where they end.
	if err := p.pairs(func(bucket, key, value []byte) error { return p.record(r, bucket, key, value) }); err != nil {
		return err
	}
	for _, one := range p.patients {
		if err := one.write(r); err != nil {
			return err
		}
	}
	return p.pairs(func(bucket, key, value []byte) error { return p.other(r, bucket, key, value) })
}

func (p *repair) tell(format string, args ...any) {
	p.done = append(p.done, fmt.Sprintf(format, args...))
}

// examine collects what the damaged documents have.
func (p *repair) examine(bucket, key, value []byte) error {
	id, _, _ := strings.Cut(string(key), "\x00")
	one := p.patients[id]
	if one == nil {
		return nil
	}
	body, bad := unseal(bucket, key, value)
	body = bytes.Clone(body)
	_, rev, _ := cutKey(key)
	switch {
	case string(bucket) == string(bucketRecords):
		one.rows[rev] = bytes.Clone(value)
	case bad != nil:
	case string(bucket) == string(bucketMarks) && len(body) != 16:
	case string(bucket) == string(bucketHeads):
		var err error
		one.head, one.last, _, err = parseHead(id, body)
		one.headed = err == nil
	case string(bucket) == string(bucketDocuments):
		one.known = json.Unmarshal(body, &one.facts) == nil
	case string(bucket) == string(bucketSnapshots):
		if isDeflated(body) {
			if body, bad = inflate(body); bad != nil {
				return nil
			}
		}
		one.snapshots[rev] = body
	case string(bucket) == string(bucketMarks) && len(key) > len(id):
		client := string(key[len(id)+1:])
		one.marks[client] = ClientMark{client, int64(binary.BigEndian.Uint64(body)), int64(binary.BigEndian.Uint64(body[8:]))}
	}
	return nil
}

// record writes the records of documents that aren't mended. One that can't be
// keeps them with their damage, by which it is known.
func (p *repair) record(r *rewriting, bucket, key, value []byte) error {
	id, _, ok := cutKey(key)
	if string(bucket) != string(bucketRecords) || !ok {
		return nil
	}
	switch one := p.patients[id]; {
	case one == nil:
		json, _, _ := cutSeal(value)
		return r.pair(bucket, key, json, format)
	case one.mended:
		return nil
	}
	return r.put(bucket, key, value)
}

// other writes all but records.
func (p *repair) other(r *rewriting, bucket, key, value []byte) error {
	id, _, _ := strings.Cut(string(key), "\x00")
	one := p.patients[id]
	body, bad := unseal(bucket, key, value)
	switch string(bucket) {
	case string(bucketMeta):
		if bad != nil || !bytes.Equal(key, keyApplied) {
			return nil // finish writes it
		}
	case string(bucketRecords):
		return nil
	case string(bucketSnapshots), string(bucketMarks):
		if one != nil && one.mended {
			return nil
		}
	case string(bucketVersions), string(bucketNames), string(bucketMessages), string(bucketOrigins):
		if bad != nil {
			p.tell("document %s: something in %s is lost", id, bucket)
			return nil
		}
	}
	if bad != nil || one != nil && !one.mended {
		return r.put(bucket, key, value)
	}
	return r.pair(bucket, key, body, format)
}
