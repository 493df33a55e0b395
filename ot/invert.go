package ot

// Invert returns the delta that takes a back, where base is the content that
// a was applied to (quill-delta 5.1, invert).
//
// Law: base.Compose(a).Compose(a.Invert(base)) = base, if base holds no null
// attributes.
func (a Delta) Invert(base Delta) Delta {
	it := iterator{ops: base}
	out := Builder{ops: make([]Op, 0, len(a)+1)}
	for _, op := range a {
		if op.IsInsert() {
			out.push(Op{kind: deleteOp, n: op.n})
			continue
		}
		if op.isPlainRetain() {
			out.push(op)
		}
		for n := op.n; n > 0 && it.more(); {
			old := it.next(min(n, it.left()))
			n -= old.n
			switch {
			case op.kind == deleteOp:
				out.push(old)
			case op.attr != nil:
				out.push(Op{kind: retainOp, n: old.n, attr: invertAttributes(op.attr, old.attr)})
			}
		}
	}
	return out.Delta().chop()
}
