package ot

import (
	"io"
	"strings"
)

// Document is the content of a document at one moment: an immutable value.
// The zero Document is empty.
type Document struct {
	content Delta
	length  int
}

const embedText = "\uFFFC"

// NewDocument returns a document with this content. OpInvalid if content is
// not all inserts.
func NewDocument(content Delta) (Document, error) {
	for i, op := range content {
		if !op.IsInsert() {
			return Document{}, errorf(OpInvalid, "op %d: a content is inserts only", i)
		}
	}
	return Document{content, content.Length()}, nil
}

// Apply returns the document after d. Errors are *Error: Surrogate where a
// border of an op falls inside a surrogate pair, else BeyondEnd where d
// reaches behind the end.
func (d Document) Apply(delta Delta) (Document, error) {
	at := 0
	var bad *Error
	for i, op := range delta {
		if op.IsInsert() {
			continue
		}
		if at += op.n; at > d.length {
			bad = First(bad, errorf(BeyondEnd, "op %d: reaches to %d in a document of %d", i, at, d.length))
		} else if d.inPair(at) {
			bad = First(bad, errorf(Surrogate, "op %d: ends inside a surrogate pair", i))
		}
	}
	if bad != nil {
		return d, bad
	}
	content := d.content.Compose(delta)
	return Document{content, content.Length()}, nil
}

func (d Document) inPair(at int) bool {
	for _, op := range d.content {
		if at < op.n {
			_, inPair := byteOffset(op.text, op.n, at)
			return op.kind == textOp && inPair
		}
		at -= op.n
	}
	return false
}

// Delta is the content as a delta.
func (d Document) Delta() Delta { return d.content }

// Length is the document's length in UTF-16 code units.
func (d Document) Length() int { return d.length }

// Slice is the content from one position to another, clamped to what there
// is; a surrogate pair that is cut comes out as U+FFFD.
func (d Document) Slice(from, to int) Delta {
	from, to = max(from, 0), min(to, d.length)
	it := iterator{ops: d.content}
	var out Builder
	for at := 0; at < to && it.more(); {
		if at < from {
			at += it.next(min(it.left(), from-at)).n
			continue
		}
		op := it.next(min(it.left(), to-at))
		out.push(op)
		at += op.n
	}
	return out.Delta()
}

// Text is the text, each embed as U+FFFC.
func (d Document) Text() string {
	var text strings.Builder
	_, _ = d.WriteText(&text)
	return text.String()
}

// WriteText writes what Text returns, without building it, and returns how
// many bytes that were.
func (d Document) WriteText(w io.Writer) (int64, error) {
	var written int64
	for _, op := range d.content {
		text := op.text
		if op.kind == embedOp {
			text = embedText
		}
		n, err := io.WriteString(w, text)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// AppendJSON appends the content as the JSON of a delta.
func (d Document) AppendJSON(dst []byte) []byte { return d.content.AppendJSON(dst) }
