package run

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"sync"
)

// The columns, in the order in which they are kept. Of a column of numbers the
// values stand in one and how often each is there in a row, less one, in the
// next.
const (
	columnWords   = 0  // each with its length before it
	columnText    = 1  // what is inserted, and the records that are kept raw
	columnShapes  = 2  // numbers: words
	columnClients = 4  // numbers: words
	columnUsers   = 6  // numbers: words
	columnSeqs    = 8  // numbers
	columnStarts  = 10 // numbers
	columnCounts  = 12 // numbers: units, and the bytes of texts and of raw records
	columnRefs    = 14 // numbers: words of embeds and attributes
	columnTimes   = 16 // numbers: the times without their low bytes
	columnLow     = 18 // the low bytes of the times
	columns       = 19
)

var numberColumns = [...]int{columnShapes, columnClients, columnUsers, columnSeqs, columnStarts, columnCounts, columnRefs, columnTimes}

// numbers is a column of numbers that is written.
type numbers struct {
	values, times []byte
	last          uint64
	often         uint64
}

func (n *numbers) add(v uint64) {
	if n.often > 0 && v == n.last {
		n.often++
		return
	}
	n.end()
	n.last, n.often = v, 1
}

func (n *numbers) end() {
	if n.often > 0 {
		n.values = binary.AppendUvarint(n.values, n.last)
		n.times = binary.AppendUvarint(n.times, n.often-1)
		n.often = 0
	}
}

// reader reads a column of numbers.
type reader struct {
	values, times []byte
	last          uint64
	often         uint64
	bad           bool // there were fewer than asked for
}

func (r *reader) next() uint64 {
	if r.often == 0 {
		v, a := binary.Uvarint(r.values)
		n, b := binary.Uvarint(r.times)
		if a <= 0 || b <= 0 {
			r.bad = true
			return 0
		}
		r.values, r.times = r.values[a:], r.times[b:]
		r.last, r.often = v, n+1
		if r.often == 0 {
			r.bad = true
			return 0
		}
	}
	r.often--
	return r.last
}

// done tells whether the column was read, as a whole and not beyond.
func (r *reader) done() bool { return !r.bad && r.often == 0 && len(r.values)+len(r.times) == 0 }

// zigzag makes small numbers of either sign small.
func zigzag(n int64) uint64   { return uint64(n)<<1 ^ uint64(n>>63) }
func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// deflaters are large, and slow to make.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, flate.BestCompression)
	if err != nil {
		panic(err) // no such level
	}
	return w
}}

// Deflate appends pieces to dst as one stream. Each gets codes of its own.
func Deflate(dst []byte, pieces ...[]byte) []byte {
	to := bytes.NewBuffer(dst)
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(to)
	for i, piece := range pieces {
		if i > 0 && len(piece) > 0 {
			must(w.Flush()) // ends the block
		}
		_, err := w.Write(piece)
		must(err)
	}
	must(w.Close())
	return to.Bytes()
}

// must is for writes to memory.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// Inflate returns what Deflate was given, which has that many bytes.
// ErrDamaged.
func Inflate(data []byte, size int) ([]byte, error) {
	r := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(data), nil); err != nil {
		return nil, err
	}
	// DEFLATE makes at most 1032 bytes of one: no room for what can't be there.
	if size > 1040*(len(data)+1) {
		return nil, ErrDamaged
	}
	all := make([]byte, size+1)
	n, err := io.ReadFull(r, all)
	if err != io.ErrUnexpectedEOF && err != io.EOF || n != size {
		return nil, ErrDamaged
	}
	return all[:size:size], nil
}
