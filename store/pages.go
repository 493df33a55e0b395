package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// bbolt trusts its file: a page that points to itself ends the process, in a
// way that nothing can catch. So the pages are read here first, as bytes, by
// one who trusts nothing: what passes, bbolt can be let loose on.

// The layout of bbolt's pages, in the byte order of the machine.
const (
	pageHead    = 16 // id, flags, count, overflow
	elementSize = 16
	metaEnd     = pageHead + 64
	flagBranch  = 1
	flagLeaf    = 2
	flagBucket  = 1 // of an element in a leaf
	maxDepth    = 64
)

var native = binary.NativeEndian

// tree walks through the pages of a file.
type tree struct {
	file io.ReaderAt
	page uint64 // bytes
	root uint64
	end  uint64 // the first page that isn't in use
	torn error  // says what is wrong with a meta page, while the other is right
	seen map[uint64]struct{}
	// bad is told of each page that can't be read; what is below it is left out.
	bad func(page uint64, what string)
	// pair is given all that is in the buckets, in order. What it is given is
	// valid until it returns.
	pair func(bucket, key, value []byte)
	met  map[string]bool // the buckets that are there
}

// meta is what a meta page says.
type meta struct{ page, root, end, txid uint64 }

var errMeta = errors.New("no whole meta page")

func readMeta(file io.ReaderAt, at int64) (m meta, err error) {
	b := make([]byte, metaEnd)
	if _, err := file.ReadAt(b, at); err != nil {
		return m, err
	}
	const magic, version = 0xED0CDAED, 2
	sum := fnv.New64a()
	sum.Write(b[pageHead : metaEnd-8])
	if native.Uint32(b[16:]) != magic || native.Uint32(b[20:]) != version || native.Uint64(b[72:]) != sum.Sum64() {
		return m, errMeta
	}
	m = meta{page: uint64(native.Uint32(b[24:])), root: native.Uint64(b[32:]), end: native.Uint64(b[56:]), txid: native.Uint64(b[64:])}
	if m.page < 1<<9 || m.page > 1<<24 || m.page&(m.page-1) != 0 {
		return m, errMeta
	}
	return m, nil
}

// newTree finds the newest state of a file. ErrForeign if there is none.
func newTree(file io.ReaderAt) (*tree, error) {
	first, err := readMeta(file, 0)
	size := first.page
	second := meta{}
	for guess := uint64(1 << 10); err != nil && size == 0 && guess <= 1<<16; guess <<= 1 {
		if m, e := readMeta(file, int64(guess)); e == nil && m.page == guess {
			size = guess
		}
	}
	if size == 0 {
		return nil, fmt.Errorf("%w: %w", ErrForeign, errMeta)
	}
	second, secondErr := readMeta(file, int64(size))
	t := &tree{file: file, page: size, seen: map[uint64]struct{}{}, met: map[string]bool{}, bad: func(uint64, string) {}, pair: func(_, _, _ []byte) {}}
	newest := first
	if secondErr == nil && (err != nil || second.txid > first.txid) {
		newest = second
	}
	if err != nil || secondErr != nil {
		t.torn = errors.Join(err, secondErr)
	}
	t.root, t.end = newest.root, newest.end
	return t, nil
}

// walk visits all that is in use.
func (t *tree) walk() { t.visit(t.root, nil, nil, nil, 0) }

// visit visits what is at and below a page, whose keys lie from one (if it
// isn't nil) until before the other.
func (t *tree) visit(id uint64, bucket, from, until []byte, depth int) {
	b, err := t.read(id, depth)
	if err == nil {
		err = t.look(b, id, bucket, from, until, depth)
	}
	if err != nil {
		t.bad(id, err.Error())
	}
}

// read reads a page with those that it flows over to.
func (t *tree) read(id uint64, depth int) ([]byte, error) {
	if id < 2 || id >= t.end || depth > maxDepth {
		return nil, errors.New("a page points to where none can be")
	}
	b := make([]byte, t.page)
	if _, err := t.file.ReadAt(b, int64(id*t.page)); err != nil {
		return nil, err
	}
	more := uint64(native.Uint32(b[12:]))
	if native.Uint64(b) != id || more >= t.end-id {
		return nil, errors.New("it is not the page that should be there")
	}
	for p := id; p <= id+more; p++ {
		if _, again := t.seen[p]; again {
			return nil, errors.New("two pages point to it")
		}
		t.seen[p] = struct{}{}
	}
	if more == 0 {
		return b, nil
	}
	if _, err := t.file.ReadAt(make([]byte, 1), int64((id+more+1)*t.page)-1); err != nil {
		return nil, err // before room for it is asked for
	}
	b = append(b, make([]byte, more*t.page)...)
	_, err := t.file.ReadAt(b[t.page:], int64((id+1)*t.page))
	return b, err
}

// look visits what is on a page.
func (t *tree) look(b []byte, id uint64, bucket, from, until []byte, depth int) error {
	flags, count := native.Uint16(b[8:]), uint64(native.Uint16(b[10:]))
	if flags != flagBranch && flags != flagLeaf {
		return fmt.Errorf("it is of kind %#x", flags)
	}
	if count == 0 && (flags == flagBranch || from != nil) {
		return errors.New("it is empty")
	}
	keys, values := make([][]byte, count), make([][]byte, count)
	buckets, children := make([]bool, count), make([]uint64, count)
	for i := range count {
		at := pageHead + i*elementSize
		if at+elementSize > uint64(len(b)) {
			return errors.New("it has more elements than room")
		}
		e := b[at : at+elementSize]
		var pos, key, value uint64
		if flags == flagBranch {
			pos, key, children[i] = uint64(native.Uint32(e)), uint64(native.Uint32(e[4:])), native.Uint64(e[8:])
		} else {
			kind := native.Uint32(e)
			pos, key, value = uint64(native.Uint32(e[4:])), uint64(native.Uint32(e[8:])), uint64(native.Uint32(e[12:]))
			buckets[i] = kind == flagBucket
			if kind > flagBucket || buckets[i] != (bucket == nil) {
				return fmt.Errorf("element %d is of kind %#x", i, kind)
			}
		}
		if pos < elementSize || at+pos+key+value > uint64(len(b)) {
			return fmt.Errorf("element %d lies outside of it", i)
		}
		keys[i], values[i] = b[at+pos:at+pos+key], b[at+pos+key:at+pos+key+value]
		last := from
		if i > 0 {
			last = keys[i-1]
		}
		if order := bytes.Compare(keys[i], last); last != nil && (order < 0 || order == 0 && i > 0) || until != nil && bytes.Compare(keys[i], until) >= 0 {
			return fmt.Errorf("element %d is out of order", i)
		}
	}
	for i := range count {
		switch {
		case flags == flagLeaf && buckets[i]:
			t.nested(id, keys[i], values[i], depth)
		case flags == flagLeaf:
			t.pair(bucket, keys[i], values[i])
		default:
			next := until
			if i+1 < count {
				next = keys[i+1]
			}
			t.visit(children[i], bucket, keys[i], next, depth+1)
		}
	}
	return nil
}

// nested visits a bucket by what its parent says of it: where its root is, or,
// where it is small, all that is in it.
func (t *tree) nested(id uint64, name, value []byte, depth int) {
	const header = 16
	if len(value) < header {
		t.bad(id, fmt.Sprintf("it doesn't say where %q is", name))
		return
	}
	t.met[string(name)] = true
	if root := native.Uint64(value); root != 0 {
		t.visit(root, name, nil, nil, depth+1)
		return
	}
	inline := value[header:]
	if len(inline) < pageHead || native.Uint64(inline) != 0 || native.Uint16(inline[8:]) != flagLeaf || native.Uint32(inline[12:]) != 0 {
		t.bad(id, fmt.Sprintf("%q in it is no bucket", name))
		return
	}
	if err := t.look(inline, id, name, nil, nil, depth+1); err != nil {
		t.bad(id, fmt.Sprintf("%q in it: %v", name, err))
	}
}

// CheckPages returns ErrDamaged if bbolt could not read its file.
func CheckPages(file io.ReaderAt) error { return checkPages(file, func(_, _, _ []byte) {}) }

// checkPages is CheckPages that gives out the pairs on its way.
func checkPages(file io.ReaderAt, pair func(bucket, key, value []byte)) (err error) {
	t, err := newTree(file)
	if err != nil {
		return err
	}
	t.pair = pair
	t.bad = func(page uint64, what string) {
		if err == nil {
			err = fmt.Errorf("%w: page %d: %s", ErrDamaged, page, what)
		}
	}
	t.walk()
	return err
}
