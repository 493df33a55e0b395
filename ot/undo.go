package ot

// Undo works out the delta that takes back some of a run of deltas, and leaves
// the others. The deltas are added in their order; the zero Undo is ready.
//
// It holds stretches of the run, each with what takes back its part and with
// what then is left of it. Two neighbours of about one size are joined to
// one, so a run of n deltas costs n·log n and not the square of n, which
// carrying each inverse over all later deltas would.
type Undo struct {
	stretches []stretch
}

type stretch struct {
	size   int   // how many deltas it is made of
	undoes Delta // from the content behind it to the one with its part taken back
	leaves Delta // from the content before it to that same one
}

// Keep adds a delta that stays.
func (u *Undo) Keep(d Delta) { u.add(stretch{1, nil, d}) }

// TakeBack adds a delta that is to be taken back, by its inverse on the content
// that it was applied to.
func (u *Undo) TakeBack(inverse Delta) { u.add(stretch{1, inverse, nil}) }

// Delta returns what takes back, after the last delta of the run, all that is
// to be taken back.
//
// Laws: if all is taken back it leads to the content before the run; if
// nothing is, it is empty. It deletes nothing but what deltas that are taken
// back have inserted. Where a delta that stays has formatted what one that is
// taken back had formatted before, the later format stays.
func (u *Undo) Delta() Delta {
	for len(u.stretches) > 1 {
		u.join()
	}
	if len(u.stretches) == 0 {
		return nil
	}
	return u.stretches[0].undoes
}

func (u *Undo) add(s stretch) {
	u.stretches = append(u.stretches, s)
	for n := len(u.stretches); n > 1 && u.stretches[n-2].size <= u.stretches[n-1].size; n = len(u.stretches) {
		u.join()
	}
}

// join makes the last two stretches one. What takes back the first is carried
// over what the second leaves, and the other way round. What the second leaves
// is not put together of what it does and undoes: that would delete units and
// insert them again, and nothing could be carried over them.
func (u *Undo) join() {
	n := len(u.stretches)
	a, b := u.stretches[n-2], u.stretches[n-1]
	u.stretches = append(u.stretches[:n-2], stretch{
		size:   a.size + b.size,
		undoes: b.undoes.Compose(b.leaves.Transform(a.undoes, true)),
		leaves: a.leaves.Compose(a.undoes.Transform(b.leaves, false)),
	})
}
