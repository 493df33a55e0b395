package ot

// Compose returns one delta that does what a and then b do (quill-delta 5.1,
// compose).
//
// Laws: for a content d, d.Compose(a).Compose(b) = d.Compose(a.Compose(b)),
// and so for any three deltas. Transform does not distribute over it: never
// compose deltas that others are still to be transformed over.
func (a Delta) Compose(b Delta) Delta {
	left, right := iterator{ops: a}, iterator{ops: b}
	out := Builder{ops: make([]Op, 0, len(a)+len(b)+1)}
	skipWholeInserts(&out, &left, &right)
	for left.more() || right.more() {
		if right.kind() >= textOp {
			out.push(right.next(right.left()))
			continue
		}
		if left.kind() == deleteOp {
			out.push(left.next(left.left()))
			continue
		}
		n := min(left.left(), right.left())
		l, r := left.next(n), right.next(n)
		if r.kind == deleteOp {
			if l.kind == retainOp {
				out.push(r)
			}
			continue // an insert that is deleted is as if it never was
		}
		l.attr = composeAttributes(l.attr, r.attr, l.kind == retainOp)
		if alone := out.push(l); alone && !right.more() {
			return concat(&out, left.rest())
		}
	}
	return out.Delta().chop()
}

// skipWholeInserts copies what b keeps untouched at the start of a content.
// As in quill-delta, equal neighbours are not joined there.
func skipWholeInserts(out *Builder, left, right *iterator) {
	if !right.more() || !right.ops[0].isPlainRetain() {
		return
	}
	skip := 0
	for left.kind() >= textOp && left.left() <= right.ops[0].n-skip {
		skip += left.left()
		out.ops = append(out.ops, left.next(left.left()))
	}
	if skip > 0 {
		right.next(skip)
	}
}

// concat appends ops unchanged, but for the first, which may join
// (quill-delta 5.1, concat).
func concat(out *Builder, ops []Op) Delta {
	if len(ops) > 0 {
		out.push(ops[0])
		out.settle()
		out.ops = append(out.ops, ops[1:]...)
	}
	return out.Delta().chop()
}
