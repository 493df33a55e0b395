package ot

// hotChunk is the chunk in which someone is typing. It is not in the tree but
// beside it, and counts in the place of what the tree has there: while the
// typing stays in one chunk, a keystroke costs a new chunk and no new nodes.
type hotChunk struct {
	at    int // where it begins, in the tree and in the document
	units int // how long what the tree has there is
	chunk Op  // what counts; its length is 0 when nothing is hot
}

// applySmall applies what nearly all deltas are: one insert or delete of text
// inside one chunk that stays one. It is not ok for anything else, nor for
// anything wrong with the delta.
func (d Document) applySmall(delta Delta) (next Document, ok bool) {
	at := 0
	if len(delta) > 0 && delta[0].isPlainRetain() {
		at = delta[0].n
		delta = delta[1:]
	}
	if len(delta) != 1 || d.root == nil || at > d.length {
		return d, false
	}
	op := &delta[0]
	if op.kind == deleteOp && op.n > d.length-at {
		return d, false
	}
	if h := &d.hot; h.chunk.n == 0 || at < h.at || at > h.at+h.chunk.n || op.kind == deleteOp && at+op.n > h.at+h.chunk.n {
		d = d.settled().heated(at, op.kind == deleteOp)
	}
	chunk, ok := d.hot.chunk.edited(at-d.hot.at, op)
	if !ok {
		return d, false
	}
	d.length += chunk.n - d.hot.chunk.n
	d.hot.chunk = chunk
	return d, true
}

// edited returns chunk with op, an insert or delete of text, done at an offset.
func (o Op) edited(at int, op *Op) (chunk Op, ok bool) {
	if o.kind != textOp {
		return o, false
	}
	from, inPair := byteOffset(o.text, o.n, at)
	if inPair {
		return o, false
	}
	switch op.kind {
	case textOp:
		if len(o.text)+len(op.text) > maxChunk || !op.attr.Equal(o.attr) {
			return o, false
		}
		o.text = o.text[:from] + op.text + o.text[from:]
		o.n += op.n
		return o, true
	case deleteOp:
		if op.n > o.n-at || op.n == o.n {
			return o, false
		}
		size, inPair := byteOffset(o.text[from:], o.n-at, op.n)
		if inPair {
			return o, false
		}
		o.text = o.text[:from] + o.text[from+size:]
		o.n -= op.n
		return o, true
	}
	return o, false
}

// heated returns d, which has no hot chunk, with the one at a position made
// hot: the later of two for a delete, the earlier for an insert.
func (d Document) heated(at int, forDelete bool) Document {
	bias := 0
	if forDelete {
		bias = 1
	}
	op, offset := d.root.find(at + bias)
	d.hot = hotChunk{at: at + bias - offset, units: op.n, chunk: op}
	return d
}

// step is a node on the way to a leaf, and which of its kids comes next.
type step struct {
	node *node
	kid  int
}

// settled returns the same document with its hot chunk put into the tree, by
// way of new nodes from its leaf up to the root.
func (d Document) settled() Document {
	h := d.hot
	d.hot = hotChunk{}
	if h.chunk.n == 0 {
		return d
	}
	var path [maxHeight]step
	depth := 0
	leaf := d.root
	at := h.at + 1 // h is the chunk that has the unit behind h.at
	for ; leaf.kids != nil; depth++ {
		i, before := locate(leaf.kids, at)
		path[depth] = step{leaf, i}
		leaf = leaf.kids[i].node
		at -= before
	}
	i := 0
	for at > leaf.ops[i].n {
		at -= leaf.ops[i].n
		i++
	}
	if joins(leaf.ops, i, len(h.chunk.text)) {
		d.length += h.units - h.chunk.n
		return d.splice(h.at, h.at+h.units, []Op{h.chunk})
	}
	fresh := &node{ops: make([]Op, len(leaf.ops))}
	copy(fresh.ops, leaf.ops)
	fresh.ops[i] = h.chunk
	for depth--; depth >= 0; depth-- {
		s := &path[depth]
		parent := &node{kids: make([]kid, len(s.node.kids))}
		copy(parent.kids, s.node.kids)
		parent.kids[s.kid] = kid{s.node.kids[s.kid].units + h.chunk.n - h.units, fresh}
		fresh = parent
	}
	d.root = fresh
	return d
}

// joins tells whether the chunk at i of a leaf, come to size bytes, would be
// joined to one of its neighbours.
func joins(ops []Op, i, size int) bool {
	for _, j := range [2]int{i - 1, i + 1} {
		if j >= 0 && j < len(ops) && ops[j].kind == textOp && ops[j].attr.Equal(ops[i].attr) && len(ops[j].text)+size <= maxChunk/2 {
			return true
		}
	}
	return false
}
