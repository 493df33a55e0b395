package ot

// Delta is a list of ops, read from the start of a document to its end; what
// it does not reach stays. A document's content is a delta of inserts only.
//
// Deltas are values: no method changes one, and neither must callers.
type Delta []Op

// Insert returns d followed by an insert of text; d itself if text is empty.
// Bytes that are not UTF-8 become U+FFFD.
func (d Delta) Insert(text string, attr *Attributes) Delta {
	b := Builder{ops: d.room()}
	b.Insert(text, attr)
	return b.Delta()
}

// InsertEmbed returns d followed by an insert of an embed: json is an object
// with exactly one key.
func (d Delta) InsertEmbed(json string, attr *Attributes) Delta {
	b := Builder{ops: d.room()}
	b.InsertEmbed(json, attr)
	return b.Delta()
}

// Retain returns d followed by a retain of n units; d itself unless n > 0.
func (d Delta) Retain(n int, attr *Attributes) Delta {
	b := Builder{ops: d.room()}
	b.Retain(n, attr)
	return b.Delta()
}

// Delete returns d followed by a delete of n units; d itself unless n > 0.
func (d Delta) Delete(n int) Delta {
	b := Builder{ops: d.room()}
	b.Delete(n)
	return b.Delta()
}

// Length is the sum of the ops' lengths, in UTF-16 code units: of a content,
// how long the document is.
func (d Delta) Length() int {
	n := 0
	for _, op := range d {
		n += op.n
	}
	return n
}

// room copies d, with room for one op more.
func (d Delta) room() []Op {
	return append(make([]Op, 0, len(d)+1), d...)
}

// chop drops the last op if it changes nothing (quill-delta 5.1, chop).
func (d Delta) chop() Delta {
	if n := len(d); n > 0 && d[n-1].isPlainRetain() {
		return d[:n-1]
	}
	return d
}
