package ot

// Invert returns the delta that takes a back, where base is the content that
// a was applied to (quill-delta 5.1, invert).
//
// Law: base.Compose(a).Compose(a.Invert(base)) = base, if base holds no null
// attributes.
func (a Delta) Invert(base Delta) Delta {
	it := iterator{ops: base}
	return a.invert(func(n int, f func(Op)) {
		for n > 0 && it.more() {
			old := it.next(min(n, it.left()))
			n -= old.n
			f(old)
		}
	})
}

// Invert returns the delta that takes a back from d.Apply(a), at a cost that
// does not depend on the document's size.
//
// Law: d.Invert(a) = a.Invert(d.Delta()).
func (d Document) Invert(a Delta) Delta {
	at := 0
	return a.invert(func(n int, f func(Op)) {
		d.between(at, min(at+n, d.length), f)
		at += n
	})
}

// invert is Invert over a base of which next hands out the following n units.
func (a Delta) invert(next func(n int, f func(Op))) Delta {
	out := Builder{ops: make([]Op, 0, len(a)+1)}
	for _, op := range a {
		if op.IsInsert() {
			out.push(Op{kind: deleteOp, n: op.n})
			continue
		}
		if op.isPlainRetain() {
			out.push(op)
		}
		next(op.n, func(old Op) {
			switch {
			case op.kind == deleteOp:
				out.push(old)
			case op.attr != nil:
				out.push(Op{kind: retainOp, n: old.n, attr: invertAttributes(op.attr, old.attr)})
			}
		})
	}
	return out.Delta().chop()
}
