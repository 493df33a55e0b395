package ot

import "slices"

// Transform returns b rewritten so that it can be applied after a, where both
// were made for the same document (quill-delta 5.1, transform). With priority
// a goes first: where both insert at one place a's text comes first, and where
// both set an attribute a's value stays.
//
// Law (TP1): a.Compose(a.Transform(b, p)) and b.Compose(b.Transform(a, !p))
// do the same to every document.
//
// The ops are taken as they stand: another spelling of the same change may
// give another result, so neither end may respell one before.
func (a Delta) Transform(b Delta, priority bool) Delta {
	if moved, ok := a.transformApart(b, priority); ok {
		return moved
	}
	var space [8]Op // enough for keystrokes, and stays off the heap
	out := Builder{ops: space[:0]}
	left, right := iterator{ops: a}, iterator{ops: b}
	for left.more() || right.more() {
		if left.kind() >= textOp && (priority || right.kind() < textOp) {
			n := left.left()
			left.next(n)
			out.push(Op{kind: retainOp, n: n})
			continue
		}
		if right.kind() >= textOp {
			out.push(right.next(right.left()))
			continue
		}
		n := min(left.left(), right.left())
		l, r := left.next(n), right.next(n)
		if l.kind == deleteOp {
			continue // b's part is gone already
		}
		if r.kind == retainOp {
			r.attr = transformAttributes(l.attr, r.attr, priority)
		}
		out.push(r)
	}
	out.settle()
	return slices.Clone(Delta(out.ops).chop())
}

// transformApart does what Transform does where a and b change different
// places and b is in the builders' form: b then stays as it is, or only its
// first retain changes. It is not ok elsewhere.
//
// Nearly all transforms are of this kind, a keystroke over keystrokes in other
// places, and a client that was away is transformed over thousands.
func (a Delta) transformApart(b Delta, priority bool) (moved Delta, ok bool) {
	if len(a) == 0 || len(b) == 0 || !b.isBuilt() {
		return nil, false
	}
	if a[0].isPlainRetain() {
		if reach, _ := b.extent(); reach < a[0].n || reach == a[0].n && !priority {
			return b, true
		}
	}
	if !b[0].isPlainRetain() {
		return nil, false
	}
	reach, growth := a.extent()
	before := b[0].n + growth
	if reach > b[0].n || reach == b[0].n && (!priority || before == 0) {
		return nil, false
	}
	if growth == 0 {
		return b, true
	}
	moved = slices.Clone(b)
	moved[0].n = before
	return moved, true
}

// extent returns how much of a document d reaches over, and by how much that
// grows, in UTF-16 code units.
func (d Delta) extent() (reach, growth int) {
	for i := range d {
		switch op := &d[i]; op.kind {
		case retainOp:
			reach += op.n
		case deleteOp:
			reach += op.n
			growth -= op.n
		default:
			growth += op.n
		}
	}
	return reach, growth
}

// isBuilt tells whether d is in the form that the builders give, chopped:
// pushing its ops anew would give d again.
func (d Delta) isBuilt() bool {
	for i := 1; i < len(d); i++ {
		last, op := &d[i-1], &d[i]
		switch {
		case last.kind == deleteOp && op.kind != retainOp:
			return false
		case last.kind == op.kind && op.kind != embedOp && last.attr.Equal(op.attr):
			return false
		}
	}
	return len(d) == 0 || !d[len(d)-1].isPlainRetain()
}

// TransformPosition returns where the position index is after a. Of an insert
// exactly there, it stays to the left with priority, and goes to the right
// without (quill-delta 5.1, transformPosition).
//
// Law: it is where Transform(insert at index, !priority) inserts.
func (a Delta) TransformPosition(index int, priority bool) int {
	offset := 0
	for _, op := range a {
		if offset > index {
			break
		}
		switch {
		case op.kind == deleteOp:
			index -= min(op.n, index-offset)
			continue
		case op.IsInsert() && (offset < index || !priority):
			index += op.n
		}
		offset += op.n
	}
	return index
}
