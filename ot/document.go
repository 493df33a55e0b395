package ot

import (
	"io"
	"strings"
)

// Document is the content of a document at one moment: an immutable value,
// cheap to copy. Apply gives a new one that shares with the old what did not
// change, at a cost that does not depend on the document's size. The zero
// Document is empty.
type Document struct {
	root   *node    // nil when empty
	length int      // in UTF-16 code units
	hot    hotChunk // a change to the tree that is not in it yet
}

// embedText stands for an embed where only text is wanted.
const embedText = "\uFFFC"

// NewDocument returns a document with this content. OpInvalid if content is
// not all inserts.
func NewDocument(content Delta) (Document, error) {
	for i, op := range content {
		if !op.IsInsert() {
			return Document{}, errorf(OpInvalid, "op %d: a content is inserts only", i)
		}
	}
	return rooted(leaves(appendChunks(nil, content))), nil
}

// Length is the document's length in UTF-16 code units.
func (d Document) Length() int { return d.length }

// Apply returns the document after delta. Errors are *Error: Surrogate where
// a border of an op falls inside a surrogate pair, else BeyondEnd where delta
// reaches behind the end.
//
// Law: d.Apply(a).Delta() = d.Delta().Compose(a).
func (d Document) Apply(delta Delta) (Document, error) {
	if next, ok := d.applySmall(delta); ok {
		return next, nil
	}
	next, at := d.settled(), 0
	for i, op := range delta {
		if op.IsInsert() {
			next = next.splice(at, at, delta[i:i+1])
			at += op.n
			continue
		}
		if op.n > next.length-at {
			return d, errorf(BeyondEnd, "op %d: %d units from %d on, but the document then has %d", i, op.n, at, next.length)
		}
		if next.inPair(at + op.n) {
			return d, errorf(Surrogate, "op %d: ends inside a surrogate pair", i)
		}
		switch {
		case op.kind == deleteOp:
			next = next.splice(at, at+op.n, nil)
			continue
		case op.attr != nil:
			next = next.splice(at, at+op.n, next.formatted(at, at+op.n, op.attr))
		}
		at += op.n
	}
	return next, nil
}

// formatted returns the chunks from one position to another with attr put
// upon them.
func (d Document) formatted(from, to int, attr *Attributes) []Op {
	var ops []Op
	d.between(from, to, func(op Op) {
		op.attr = composeAttributes(op.attr, attr, false)
		ops = append(ops, op)
	})
	return ops
}

// inPair tells whether the position is inside a surrogate pair.
func (d Document) inPair(at int) bool {
	if at <= 0 || at >= d.length {
		return false
	}
	op, offset := d.settled().root.find(at)
	_, inPair := byteOffset(op.text, op.n, offset)
	return inPair
}

// Delta is the content as a delta of inserts.
func (d Document) Delta() Delta { return d.Slice(0, d.length) }

// Slice is the content from one position to another, clamped to what there
// is. A surrogate pair that is cut comes out as U+FFFD.
func (d Document) Slice(from, to int) Delta {
	var out Builder
	d.between(max(from, 0), min(to, d.length), func(op Op) { out.push(op) })
	return out.Delta()
}

// between calls f with what stands from one position to another, in chunks.
func (d Document) between(from, to int, f func(Op)) {
	if from < to {
		d.settled().root.between(from, to, f)
	}
}

// Text is the text, each embed as U+FFFC.
func (d Document) Text() string {
	size := 0
	d.between(0, d.length, func(op Op) { size += max(len(op.text), len(embedText)) })
	var text strings.Builder
	text.Grow(size)
	d.between(0, d.length, func(op Op) { text.WriteString(op.plain()) })
	return text.String()
}

// WriteText writes what Text returns without building it, and returns how
// many bytes that were.
func (d Document) WriteText(w io.Writer) (written int64, err error) {
	buf := make([]byte, 0, 4096)
	flush := func() {
		if err == nil {
			var n int
			n, err = w.Write(buf)
			written += int64(n)
		}
		buf = buf[:0]
	}
	d.between(0, d.length, func(op Op) {
		text := op.plain()
		if len(buf)+len(text) > cap(buf) {
			flush()
		}
		buf = append(buf, text...)
	})
	flush()
	return written, err
}

// AppendJSON appends the content as the JSON of a delta.
func (d Document) AppendJSON(dst []byte) []byte { return d.Delta().AppendJSON(dst) }

// plain is what an insert looks like where only text is wanted.
func (o Op) plain() string {
	if o.kind == embedOp {
		return embedText
	}
	return o.text
}
