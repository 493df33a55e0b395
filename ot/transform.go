package ot

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
	left, right := iterator{ops: a}, iterator{ops: b}
	out := Builder{ops: make([]Op, 0, len(a)+len(b)+1)}
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
	return out.Delta().chop()
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
