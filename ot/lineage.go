package ot

import "slices"

// unit names a run of inserted units for good: which delta inserted them, and
// as which of the units that it inserted.
type unit struct {
	rev    int64
	offset int
	n      int
}

// lineage tells for each unit of a content which one it is, however it was
// moved about. It is changed in place, since only one content is ever asked
// for; the pieces are in blocks, so that an edit costs no more in a long
// document than in a short one, and typing begins to look where it was last.
type lineage struct {
	blocks []block
	at     int // the block that was used last
	before int // units before it
}

type block struct {
	units  int
	pieces []unit
}

const maxPieces = 256 // in a block

// seek makes the block that holds a position the one that was used last; the
// earlier of two if it is between.
func (l *lineage) seek(at int) {
	for at <= l.before && l.at > 0 {
		l.at--
		l.before -= l.blocks[l.at].units
	}
	for l.at < len(l.blocks)-1 && at > l.before+l.blocks[l.at].units {
		l.before += l.blocks[l.at].units
		l.at++
	}
}

// cut makes a position the border of two pieces of the block in use, and
// returns the index of the one behind it.
func (b *block) cut(at int) int {
	i := 0
	for i < len(b.pieces) && at >= b.pieces[i].n {
		at -= b.pieces[i].n
		i++
	}
	if at > 0 {
		p := b.pieces[i]
		b.pieces = slices.Insert(b.pieces, i+1, unit{p.rev, p.offset + at, p.n - at})
		b.pieces[i].n = at
		i++
	}
	return i
}

func (l *lineage) insert(at int, u unit) {
	if len(l.blocks) == 0 {
		l.blocks = []block{{}}
	}
	l.seek(at)
	b := &l.blocks[l.at]
	b.pieces = slices.Insert(b.pieces, b.cut(at-l.before), u)
	b.units += u.n
	if len(b.pieces) > maxPieces {
		half := len(b.pieces) / 2
		later := block{pieces: slices.Clone(b.pieces[half:])}
		for _, p := range later.pieces {
			later.units += p.n
		}
		b.pieces, b.units = b.pieces[:half:half], b.units-later.units
		l.blocks = slices.Insert(l.blocks, l.at+1, later)
	}
}

func (l *lineage) delete(at, n int) {
	for n > 0 {
		l.seek(at + 1)
		b := &l.blocks[l.at]
		part := min(n, l.before+b.units-at)
		from := b.cut(at - l.before)
		to := b.cut(at - l.before + part)
		b.pieces = slices.Delete(b.pieces, from, to)
		b.units -= part
		n -= part
		if len(b.pieces) == 0 && len(l.blocks) > 1 {
			l.blocks = slices.Delete(l.blocks, l.at, l.at+1)
			l.at, l.before = 0, 0
		}
	}
}

// between calls f with what stands from one position to another.
func (l *lineage) between(from, to int, f func(unit)) {
	for from < to {
		l.seek(from + 1)
		at := l.before
		for _, p := range l.blocks[l.at].pieces {
			if lo, hi := max(from, at), min(to, at+p.n); lo < hi {
				f(unit{p.rev, p.offset + lo - at, hi - lo})
			}
			at += p.n
		}
		from = at
	}
}
