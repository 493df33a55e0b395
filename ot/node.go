package ot

import "strings"

// The tree of a document is a B+tree. Its leaves hold inserts: chunks of text
// of a few hundred bytes with one set of attributes, and embeds. All leaves
// are at one depth. Nodes are never changed: an edit makes new ones along one
// or two paths from the root, and shares the rest.
//
// How full it stays: two neighbours, chunks of equal attributes in one leaf,
// or nodes under one parent, become one where they fit into half of what is
// allowed. So on average they are at least a quarter full, however long the
// editing goes on.
const (
	maxChunk  = 512 // bytes of text in a chunk
	maxOps    = 16  // chunks and embeds in a leaf
	maxKids   = 16  // nodes under a node
	maxHeight = 32
)

type node struct {
	ops  []Op  // of a leaf
	kids []kid // of any other node
}

// kid is a node and its length in UTF-16 code units. It is never empty.
type kid struct {
	units int
	node  *node
}

// splice returns the document with ops in the place of what stands from one
// position to another, neither of which is inside a surrogate pair. Nothing
// is hot.
func (d Document) splice(from, to int, ops []Op) Document {
	if d.root == nil {
		return rooted(leaves(appendChunks(nil, ops)))
	}
	return rooted(d.root.splice(nil, from, to, ops))
}

// rooted makes a document of nodes of one depth.
func rooted(nodes []kid) Document {
	for len(nodes) > 1 {
		nodes = parents(nil, nodes)
	}
	if len(nodes) == 0 {
		return Document{}
	}
	root := nodes[0]
	for len(root.node.kids) == 1 {
		root = root.node.kids[0]
	}
	return Document{root: root.node, length: root.units}
}

// splice appends to out the nodes that come into n's place, of n's depth.
func (n *node) splice(out []kid, from, to int, ops []Op) []kid {
	if n.kids == nil {
		return n.spliceLeaf(out, from, to, ops)
	}
	first, before := locate(n.kids, from)
	last, beforeLast := first, before
	for last+1 < len(n.kids) && to > beforeLast+n.kids[last].units {
		beforeLast += n.kids[last].units
		last++
	}
	kids := make([]kid, 0, len(n.kids)+2)
	kids = append(kids, n.kids[:first]...)
	if first == last {
		kids = n.kids[first].node.splice(kids, from-before, to-before, ops)
	} else {
		kids = n.kids[first].node.splice(kids, from-before, n.kids[first].units, ops)
		kids = n.kids[last].node.splice(kids, 0, to-beforeLast, nil)
	}
	end := len(kids)
	kids = append(kids, n.kids[last+1:]...)
	return parents(out, unite(kids, first-1, end))
}

func (n *node) spliceLeaf(out []kid, from, to int, ops []Op) []kid {
	chunks := make([]Op, 0, len(n.ops)+len(ops)+2)
	it := iterator{ops: n.ops}
	at := 0
	for at < from {
		op := it.next(min(it.left(), from-at))
		chunks = appendChunk(chunks, op)
		at += op.n
	}
	chunks = appendChunks(chunks, ops)
	for at < to {
		at += it.next(min(it.left(), to-at)).n
	}
	return append(out, leaves(appendChunks(chunks, it.rest()))...)
}

// appendChunks appends ops, cut into chunks or joined to such.
func appendChunks(chunks []Op, ops []Op) []Op {
	for _, op := range ops {
		for op.kind == textOp && len(op.text) > maxChunk {
			var head Op
			head, op = op.cutAt(maxChunk * 3 / 4)
			chunks = appendChunk(chunks, head)
			if len(op.text) <= maxChunk {
				op.text = strings.Clone(op.text)
			}
		}
		chunks = appendChunk(chunks, op)
	}
	return chunks
}

// cutAt cuts a text near the byte. The head is a copy, lest a chunk keep the
// whole of a pasted text in memory.
func (o Op) cutAt(at int) (head, rest Op) {
	for o.text[at]&0xC0 == 0x80 {
		at--
	}
	head, rest = o, o
	head.text, rest.text = strings.Clone(o.text[:at]), o.text[at:]
	head.n = utf16Len(head.text)
	rest.n = o.n - head.n
	return head, rest
}

// appendChunk appends op, at most a chunk, joining it to the last one if both
// are small.
func appendChunk(chunks []Op, op Op) []Op {
	if len(chunks) > 0 && op.kind == textOp {
		last := &chunks[len(chunks)-1]
		if last.kind == textOp && len(last.text)+len(op.text) <= maxChunk/2 && last.attr.Equal(op.attr) {
			last.text += op.text
			last.n += op.n
			return chunks
		}
	}
	return append(chunks, op)
}

// leaves makes leaves of chunks, all about as full.
func leaves(chunks []Op) []kid {
	count := (len(chunks) + maxOps - 1) / maxOps
	out := make([]kid, 0, count)
	for ; count > 0; count-- {
		size := (len(chunks) + count - 1) / count
		ops := chunks[:size:size]
		chunks = chunks[size:]
		out = append(out, kid{Delta(ops).Length(), &node{ops: ops}})
	}
	return out
}

// parents appends the parents of nodes to out, all about as full.
func parents(out []kid, nodes []kid) []kid {
	for count := (len(nodes) + maxKids - 1) / maxKids; count > 0; count-- {
		size := (len(nodes) + count - 1) / count
		kids := nodes[:size:size]
		nodes = nodes[size:]
		units := 0
		for _, k := range kids {
			units += k.units
		}
		out = append(out, kid{units, &node{kids: kids}})
	}
	return out
}

// unite joins neighbours that are small, from index from to the one at to.
func unite(kids []kid, from, to int) []kid {
	for i := max(from, 0); i < to && i+1 < len(kids); {
		a, b := kids[i].node, kids[i+1].node
		if len(a.ops)+len(b.ops) > maxOps/2 || len(a.kids)+len(b.kids) > maxKids/2 {
			i++
			continue
		}
		joined := &node{}
		if a.kids == nil {
			joined.ops = appendChunks(append(make([]Op, 0, maxOps/2), a.ops...), b.ops)
		} else {
			joined.kids = append(append(make([]kid, 0, maxKids/2), a.kids...), b.kids...)
		}
		kids[i] = kid{kids[i].units + kids[i+1].units, joined}
		kids = append(kids[:i+1], kids[i+2:]...)
		to--
	}
	return kids
}

// locate returns the kid in which a position falls, the earlier of two if
// between, and what stands before that kid.
func locate(kids []kid, at int) (i, before int) {
	for i < len(kids)-1 && at > before+kids[i].units {
		before += kids[i].units
		i++
	}
	return i, before
}

// find returns the chunk in which a position falls, the earlier of two if
// between, and the offset in it.
func (n *node) find(at int) (Op, int) {
	for n.kids != nil {
		i, before := locate(n.kids, at)
		at -= before
		n = n.kids[i].node
	}
	i := 0
	for at > n.ops[i].n {
		at -= n.ops[i].n
		i++
	}
	return n.ops[i], at
}

func (n *node) between(from, to int, f func(Op)) {
	at := 0
	for _, k := range n.kids {
		if at < to && at+k.units > from {
			k.node.between(from-at, to-at, f)
		}
		at += k.units
	}
	for _, op := range n.ops {
		if at < to && at+op.n > from {
			if from > at || to < at+op.n {
				f(op.slice(max(from-at, 0), min(to-at, op.n)))
			} else {
				f(op)
			}
		}
		at += op.n
	}
}

// slice is the part of an insert from one offset to another.
func (o Op) slice(from, to int) Op {
	it := iterator{ops: []Op{o}}
	if from > 0 {
		it.next(from)
	}
	return it.next(to - from)
}
