package ot

import (
	"fmt"
	"testing"
	"time"
)

// CheckTree verifies what the tree of a document promises.
func (d Document) CheckTree() error {
	if d.root == nil {
		if d.length != 0 || d.hot.chunk.n != 0 {
			return fmt.Errorf("an empty document of length %d", d.length)
		}
		return nil
	}
	s := d.settled()
	units, _, err := s.root.check()
	if err == nil && units != d.length {
		err = fmt.Errorf("the tree holds %d units, the document says %d", units, d.length)
	}
	return err
}

func (n *node) check() (units, height int, err error) {
	if (len(n.kids) == 0) == (len(n.ops) == 0) || len(n.kids) > maxKids || len(n.ops) > maxOps {
		return 0, 0, fmt.Errorf("a node with %d kids and %d ops", len(n.kids), len(n.ops))
	}
	for _, op := range n.ops {
		if !op.IsInsert() || op.n <= 0 || op.kind == textOp && (utf16Len(op.text) != op.n || len(op.text) > maxChunk) {
			return 0, 0, fmt.Errorf("a chunk of kind %d, length %d, %d bytes", op.kind, op.n, len(op.text))
		}
		units += op.n
	}
	for i, k := range n.kids {
		inside, below, err := k.node.check()
		if err != nil {
			return 0, 0, err
		}
		if inside != k.units || i > 0 && below+1 != height {
			return 0, 0, fmt.Errorf("a kid of %d units, said to have %d, and of height %d", inside, k.units, below)
		}
		units += inside
		height = below + 1
	}
	return units, height, nil
}

// Chunks counts the chunks of a document.
func (d Document) Chunks() (n int) {
	d.between(0, d.length, func(Op) { n++ })
	return n
}

// Height is how many nodes stand above a leaf.
func (d Document) Height() int {
	_, height, _ := d.settled().root.check()
	return height
}

// TakeTimeToDiff has a test's differences looked for longer.
func TakeTimeToDiff(t testing.TB, d time.Duration) {
	was := diffTimeout
	diffTimeout = d
	t.Cleanup(func() { diffTimeout = was })
}
