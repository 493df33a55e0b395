package ot

import "strings"

// DiffContent returns a delta that makes the content old into new: text,
// embeds and attributes. It is small where Diff finds a small one. Where both
// end in a newline it keeps that one, so it fits a rich document.
//
// Law: old.Compose(DiffContent(old, new)) is new.
func DiffContent(old, new Delta) Delta {
	oldText, newText := old.plain(), new.plain()
	if strings.HasSuffix(oldText, "\n") && strings.HasSuffix(newText, "\n") {
		oldText, newText = oldText[:len(oldText)-1], newText[:len(newText)-1]
	}
	d := contentDiff{old: iterator{ops: old}, new: iterator{ops: new}}
	for _, op := range Diff(oldText, newText) {
		switch op.kind {
		case deleteOp:
			d.delete(op.n)
		case retainOp:
			d.keep(op.n)
		default:
			d.insert(op.n)
		}
	}
	d.keep(endless)
	return d.out.Delta().chop()
}

// contentDiff walks two contents along the difference of their texts.
type contentDiff struct {
	out      Builder
	old, new iterator
}

func (d *contentDiff) delete(n int) {
	d.out.Delete(n)
	for n > 0 {
		n -= d.old.next(min(n, d.old.left())).n
	}
}

func (d *contentDiff) insert(n int) {
	for n > 0 {
		op := d.new.next(min(n, d.new.left()))
		d.out.push(op)
		n -= op.n
	}
}

// keep takes n units that are the same in both texts, or all there are. An
// embed looks there like any other, and like the character that stands for it.
func (d *contentDiff) keep(n int) {
	for n > 0 && d.old.more() && d.new.more() {
		size := min(n, d.old.left(), d.new.left())
		n -= size
		was, is := d.old.next(size), d.new.next(size)
		if was.kind != is.kind || was.kind == embedOp && was.text != is.text {
			d.out.push(is)
			d.out.Delete(size)
			continue
		}
		d.out.Retain(size, diffAttributes(was.attr, is.attr))
	}
}

// diffAttributes is what makes a into b (quill-delta 5.1, AttributeMap.diff).
func diffAttributes(a, b *Attributes) *Attributes {
	if a.Equal(b) {
		return nil
	}
	pairs := make([]attribute, 0, len(a.all())+len(b.all()))
	rest := b.all()
	for _, p := range a.all() {
		for len(rest) > 0 && rest[0].name < p.name {
			pairs = append(pairs, rest[0])
			rest = rest[1:]
		}
		switch {
		case len(rest) == 0 || rest[0].name != p.name:
			pairs = append(pairs, attribute{p.name, null})
		case rest[0].value != p.value:
			pairs = append(pairs, rest[0])
			fallthrough
		default:
			rest = rest[1:]
		}
	}
	return intern(append(pairs, rest...))
}

// plain is a content's text, each embed as U+FFFC.
func (d Delta) plain() string {
	var text strings.Builder
	for _, op := range d {
		text.WriteString(op.plain())
	}
	return text.String()
}
