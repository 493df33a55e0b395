package ot

import "math"

// MaxLength is the largest length that one op may give, in UTF-16 code units.
const MaxLength = math.MaxInt32

type opKind uint8

const (
	retainOp opKind = iota
	deleteOp
	textOp
	embedOp
)

// Op is one step of a delta: insert, retain or delete. It is immutable; make
// one with the builder methods of Delta or Builder, or with Parse.
type Op struct {
	kind opKind
	n    int         // length in UTF-16 code units, 1 for an embed, never 0
	text string      // what a textOp inserts, in valid UTF-8; the compact JSON of an embedOp
	attr *Attributes // nil when there are none, never empty; always nil on a delete
}

// IsInsert tells whether the op inserts text or an embed.
func (o Op) IsInsert() bool { return o.kind >= textOp }

// IsRetain tells whether the op keeps what is there, changing attributes at most.
func (o Op) IsRetain() bool { return o.kind == retainOp }

// IsDelete tells whether the op deletes.
func (o Op) IsDelete() bool { return o.kind == deleteOp }

// Len is the op's length in UTF-16 code units.
func (o Op) Len() int { return o.n }

// Text is the text that the op inserts; "" if it inserts none.
func (o Op) Text() string {
	if o.kind == textOp {
		return o.text
	}
	return ""
}

// Embed is the compact JSON of the object that the op inserts; "" if it
// inserts none.
func (o Op) Embed() string {
	if o.kind == embedOp {
		return o.text
	}
	return ""
}

// Attributes are those that the op's insert has, or that its retain changes;
// nil if there are none.
func (o Op) Attributes() *Attributes { return o.attr }

// isPlainRetain tells whether the op changes nothing at all.
func (o Op) isPlainRetain() bool { return o.kind == retainOp && o.attr == nil }

// utf16Len is the length of s in UTF-16 code units. s is valid UTF-8: every
// byte but a continuation begins a unit, and a four-byte lead begins two.
func utf16Len(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c&0xC0 != 0x80 {
			n++
			if c >= 0xF0 {
				n++
			}
		}
	}
	return n
}

// byteOffset returns where in s, of length n, the UTF-16 unit at offset
// begins, in bytes. Where that is the second half of a pair, inPair is true
// and the byte is where the pair begins.
func byteOffset(s string, n, offset int) (at int, inPair bool) {
	if n == len(s) {
		return offset, false
	}
	for at < len(s) && offset > 0 {
		size, units := runeSize(s[at])
		if units > offset {
			return at, true
		}
		at += size
		offset -= units
	}
	return at, false
}

// runeSize tells from the first byte of a character in valid UTF-8 how many
// bytes and how many UTF-16 code units it takes.
func runeSize(lead byte) (bytes, units int) {
	switch {
	case lead < 0x80:
		return 1, 1
	case lead < 0xE0:
		return 2, 1
	case lead < 0xF0:
		return 3, 1
	default:
		return 4, 2
	}
}
