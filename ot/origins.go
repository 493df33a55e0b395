package ot

import (
	"encoding/binary"
	"errors"
	"iter"
	"strconv"
	"strings"
)

// Origins tells for each unit of a content where it comes from: a number that
// was given with the delta that inserted it. Like Document it is an immutable
// value, and Apply costs what it does there: inside it is one, of filler in
// place of the text and with the number as its only attribute.
type Origins struct {
	doc Document
}

// NewOrigins returns the origins of a content of this length, all of one
// origin.
func NewOrigins(length int, origin int64) Origins {
	return Origins{rooted(leaves(appendChunks(nil, fill(nil, length, mark(origin)))))}
}

// Apply returns the origins after delta. What it formats keeps its origin.
// Errors are those of Document.Apply, but for Surrogate.
func (o Origins) Apply(delta Delta, origin int64) (Origins, error) {
	filled := make(Delta, 0, len(delta))
	for _, op := range delta {
		if op.IsInsert() {
			filled = fill(filled, op.n, mark(origin))
			continue
		}
		filled = append(filled, Op{kind: op.kind, n: op.n})
	}
	doc, err := o.doc.Apply(filled)
	return Origins{doc}, err
}

// Runs yields lengths with their origins, neighbours of one origin as one.
func (o Origins) Runs() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for _, op := range o.doc.Delta() {
			origin, err := strconv.ParseInt(op.attr.json, 10, 64)
			if err != nil {
				panic(err) // mark wrote it
			}
			if !yield(op.n, origin) {
				return
			}
		}
	}
}

// Length is the content's length in UTF-16 code units.
func (o Origins) Length() int { return o.doc.length }

// AppendBinary appends the origins in a form that ParseOrigins reads.
func (o Origins) AppendBinary(dst []byte) []byte {
	last := int64(0)
	for n, origin := range o.Runs() {
		dst = binary.AppendUvarint(dst, uint64(n))
		dst = binary.AppendVarint(dst, origin-last)
		last = origin
	}
	return dst
}

// ParseOrigins decodes what AppendBinary has made.
func ParseOrigins(data []byte) (Origins, error) {
	var ops Delta
	last := int64(0)
	for len(data) > 0 {
		n, read := binary.Uvarint(data)
		step, more := binary.Varint(data[max(read, 0):])
		if read <= 0 || more <= 0 || n == 0 || n > MaxLength {
			return Origins{}, errors.New("ot: these are no origins")
		}
		last += step
		ops = fill(ops, int(n), mark(last))
		data = data[read+more:]
	}
	return Origins{rooted(leaves(appendChunks(nil, ops)))}, nil
}

var filler = strings.Repeat(".", maxChunk)

// fill appends inserts of n units, none longer than a chunk.
func fill(ops Delta, n int, attr *Attributes) Delta {
	for ; n > 0; n -= min(n, maxChunk) {
		text := filler[:min(n, maxChunk)]
		ops = append(ops, Op{kind: textOp, n: len(text), text: text, attr: attr})
	}
	return ops
}

// mark is attributes that hold a number, outside the table: there is one for
// each delta, and they are only ever compared.
func mark(origin int64) *Attributes {
	return &Attributes{json: strconv.FormatInt(origin, 10)}
}
