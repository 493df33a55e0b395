package ot

import "math"

// endless is the length of what follows the last op: an implied retain.
const endless = math.MaxInt

// iterator hands out the ops of a delta in pieces (quill-delta 5.1,
// OpIterator). It knows where in the text it is, so that many cuts in one
// long insert cost one walk.
type iterator struct {
	ops    []Op
	offset int  // of the first op that is not used up, in UTF-16 code units
	byte   int  // the same in its text; where that is inside a pair, where the pair begins
	halved bool // whether it is
}

func (it *iterator) more() bool { return len(it.ops) > 0 }

// kind and left describe the next piece; behind the end an endless retain.
func (it *iterator) kind() opKind {
	if len(it.ops) == 0 {
		return retainOp
	}
	return it.ops[0].kind
}

func (it *iterator) left() int {
	if len(it.ops) == 0 {
		return endless
	}
	return it.ops[0].n - it.offset
}

// next takes n units, at most left() of them and at least 1.
//
// A cut inside a surrogate pair gives U+FFFD for each half: lengths stay
// right, and Document.Apply refuses such deltas.
func (it *iterator) next(n int) Op {
	if len(it.ops) == 0 {
		return Op{kind: retainOp, n: n}
	}
	op := it.ops[0]
	if it.offset == 0 && n == op.n {
		it.ops = it.ops[1:]
		return op
	}
	piece := op
	piece.n = n
	if op.kind == textOp {
		piece.text = it.cut(op, n)
	}
	if it.offset += n; it.offset == op.n {
		it.ops = it.ops[1:]
		it.offset, it.byte, it.halved = 0, 0, false
	}
	return piece
}

// cut takes the text of the next n units.
func (it *iterator) cut(op Op, n int) string {
	if len(op.text) == op.n {
		return op.text[it.offset : it.offset+n]
	}
	const half = "\uFFFD"
	var before, after string
	left := op.n - it.offset
	if it.halved {
		before = half
		it.byte += 4
		n--
		left--
	}
	rest := op.text[it.byte:]
	at, inPair := byteOffset(rest, left, n)
	if inPair {
		after = half
	}
	it.halved = inPair
	it.byte += at
	return before + rest[:at] + after
}

// rest takes all that is left.
func (it *iterator) rest() []Op {
	if it.offset == 0 {
		return it.ops
	}
	first := it.next(it.left())
	return append([]Op{first}, it.ops...)
}
