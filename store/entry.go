package store

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// An entry is an Append as the write-ahead log keeps it. To bring it into the
// file is to append again, with the same comparison.
type entry struct {
	id, epoch string
	at        int64
	lines     []Line
	head      Head
}

func (e *entry) job() *job { return &job{id: e.id, run: e.run, entry: e} }

func (e *entry) run(w *writer) error {
	now, last, of, err := readEnd(w.tx, e.id)
	if err != nil {
		return err
	}
	if of != e.epoch {
		return otherEpoch(e.id)
	}
	if now.Rev != e.at {
		return fmt.Errorf("%w: %q is at revision %d, not %d", ErrConflict, e.id, now.Rev, e.at)
	}
	records := chain{e.id, e.at, last}
	for _, line := range e.lines {
		w.key = appendKey(w.key[:0], e.id, line.Rev)
		w.set(bucketRecords, w.key, records.add(w.key, line.JSON))
	}
	w.put(bucketHeads, []byte(e.id), appendHead(nil, e.head, records.last, e.epoch))
	return nil
}

// own is an entry that shares nothing with who gave it.
func (e *entry) own() *entry {
	mine := *e
	mine.lines = slices.Clone(e.lines)
	own(mine.lines)
	return &mine
}

// appendTo appends what parseEntry reads. All numbers are varints, and what has
// a length comes after it.
func (e *entry) appendTo(b []byte) []byte {
	b = appendBytes(b, e.id)
	b = appendBytes(b, e.epoch)
	for _, n := range []int64{e.at, e.head.At, e.head.Length, int64(len(e.lines))} {
		b = binary.AppendVarint(b, n)
	}
	for _, line := range e.lines {
		b = appendBytes(b, line.JSON)
	}
	return b
}

func appendBytes[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errEntry = fmt.Errorf("%w: an entry of the write-ahead log", ErrDamaged)

// parseEntry reads the first entry of what a frame holds. It shares memory with
// it.
func parseEntry(b []byte) (e *entry, rest []byte, err error) {
	r := reader{b: b}
	e = &entry{}
	e.id, e.epoch = string(r.bytes()), string(r.bytes())
	e.at, e.head.At, e.head.Length = r.number(), r.number(), r.number()
	count := r.number()
	for rev := e.at + 1; rev <= e.at+count && !r.bad; rev++ {
		e.lines = append(e.lines, Line{rev, r.bytes()})
	}
	e.head.Rev = e.at + count
	if r.bad || checkLines(e.id, e.at, e.lines, e.head) != nil {
		return nil, nil, errEntry
	}
	return e, r.b, nil
}

// reader takes numbers and bytes from the front of b until something is wrong.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) number() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) bytes() []byte {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > uint64(len(r.b)-size) {
		r.b, r.bad = nil, true
		return nil
	}
	b := r.b[size:][:n:n]
	r.b = r.b[size:][n:]
	return b
}
