package ot

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"tutti/ot/scan"
)

// Erased stands in the place of each unit that an Eraser has erased: one unit
// for one, so that no length and no position changes by it.
const Erased = "█"

// ErrEraser is returned for a text that cannot be erased.
var ErrEraser = errors.New("ot: a text to be erased has something else than line breaks in it, and no " + Erased)

// Eraser finds a text in all that a document has ever held, and takes it out of
// the deltas that have brought it there. It follows the document from its first
// content on, and knows of each unit with which delta it came: so a text is
// found however it came together, typed letter by letter, by several people, or
// by deleting what stood between, and what is taken out are the letters, where
// they were inserted. From there they are gone from every revision, in which
// all else is what it was.
//
// Whenever the text comes to stand somewhere, it does so where a delta has
// changed something: only there it is looked for.
type Eraser struct {
	text   string
	units  int
	doc    Document
	line   lineage
	marked map[int64][]span // by revision, of the units inserted there: disjoint, in order
	hidden map[int64]bool   // revisions whose delta has it in an embed or an attribute
	found  int
	in     []int64 // the revisions in which it came to stand somewhere
}

// span is some of the units that a delta inserts.
type span struct{ from, to int }

// NewEraser looks for a text, beginning with the content at revision 0.
// ErrEraser, and what NewDocument says.
func NewEraser(text string, content Delta) (*Eraser, error) {
	if strings.Trim(text, "\n") == "" || strings.Contains(text, Erased) {
		// Of line breaks alone nothing can be taken out. And what was erased
		// before must not be part of what is found: it would never end.
		return nil, ErrEraser
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	e := &Eraser{text: text, units: utf16Len(text), marked: map[int64][]span{}, hidden: map[int64]bool{}}
	return e, e.Add(0, content)
}

// Add takes the delta of the next revision. Errors are those of
// Document.Apply; the eraser is of no use then.
func (e *Eraser) Add(rev int64, delta Delta) error {
	doc, err := e.doc.Apply(delta)
	if err != nil {
		return err
	}
	e.doc = doc
	found := e.found
	at, offset := 0, 0
	var changed []span // of the content; what is between is no longer than the text is
	for _, op := range delta {
		if e.hides(op) {
			e.hidden[rev] = true
			e.found++
		}
		switch {
		case op.IsInsert():
			e.line.insert(at, unit{rev, offset, op.n})
			changed = join(changed, span{at, at + op.n}, e.units)
			offset += op.n
			at += op.n
		case op.IsDelete():
			e.line.delete(at, op.n)
			changed = join(changed, span{at, at}, e.units)
		default:
			at += op.n
		}
	}
	for _, c := range changed {
		e.search(c)
	}
	if e.found > found {
		e.in = append(e.in, rev)
	}
	return nil
}

// join adds a span behind the others: to the last where the same text can
// reach into both, which would then be found twice.
func join(spans []span, s span, apart int) []span {
	if n := len(spans); n > 0 && s.from-spans[n-1].to < apart {
		spans[n-1].to = s.to
		return spans
	}
	return append(spans, s)
}

// search marks the text where a part of it is in a stretch of the content that
// has changed, or where it stands over the place of what was deleted.
func (e *Eraser) search(changed span) {
	from, to := max(changed.from-e.units+1, 0), min(changed.to+e.units-1, e.doc.length)
	if to-from < e.units {
		return
	}
	text := e.window(from, to)
	for at, b := from, 0; ; {
		i := strings.Index(text[b:], e.text)
		if i < 0 {
			return
		}
		at += utf16Len(text[b : b+i])
		b += i
		e.found++
		e.line.between(at, at+e.units, e.mark)
		// The next may begin within this one.
		size, units := runeSize(text[b])
		at += units
		b += size
	}
}

// notText is one unit to utf16Len, and in no text: it isn't UTF-8.
const notText = "\xC0"

// window is the text from one position to another. What isn't text, and half a
// pair at its ends, is no part of any other.
func (e *Eraser) window(from, to int) string {
	var text strings.Builder
	left, right := e.doc.inPair(from), e.doc.inPair(to)
	if left {
		text.WriteString(notText)
		from++
	}
	if right {
		to--
	}
	e.doc.between(from, to, func(op Op) {
		if op.kind == embedOp {
			text.WriteString(notText)
			return
		}
		text.WriteString(op.text)
	})
	if right {
		text.WriteString(notText)
	}
	return text.String()
}

// mark notes units that are to be taken out.
func (e *Eraser) mark(u unit) {
	spans := e.marked[u.rev]
	s := span{u.offset, u.offset + u.n}
	from, _ := slices.BinarySearchFunc(spans, s.from, func(o span, at int) int { return o.to - at })
	to := from
	for to < len(spans) && spans[to].from <= s.to {
		s.from, s.to = min(s.from, spans[to].from), max(s.to, spans[to].to)
		to++
	}
	e.marked[u.rev] = slices.Replace(spans, from, to, s)
}

// Found is how often the text came to stand somewhere, or was in an embed or
// an attribute of a delta.
func (e *Eraser) Found() int { return e.found }

// Revisions are those in which that was, in order.
func (e *Eraser) Revisions() []int64 { return e.in }

// Touches reports whether Redact changes the delta of a revision.
func (e *Eraser) Touches(rev int64) bool { return e.hidden[rev] || len(e.marked[rev]) > 0 }

// First is the first revision whose delta Redact changes. There is one if
// something was found.
func (e *Eraser) First() int64 {
	first := int64(math.MaxInt64)
	for rev := range e.marked {
		first = min(first, rev)
	}
	for rev := range e.hidden {
		first = min(first, rev)
	}
	return first
}

// Redact returns the delta of a revision without the text: in the place of its
// letters stands Erased, but for line breaks, which keep the lines of a rich
// content what they are. An attribute that holds the text becomes Erased, and so
// does what an embed says.
func (e *Eraser) Redact(rev int64, delta Delta) Delta {
	if !e.Touches(rev) {
		return delta
	}
	spans, at := e.marked[rev], 0
	clean := slices.Clone(delta)
	for i, op := range clean {
		if op.kind == embedOp && e.hidesValue([]byte(op.text)) {
			clean[i].text = e.cleanEmbed(op.text)
		}
		clean[i].attr = e.cleanAttributes(op.attr)
		if op.kind == textOp {
			clean[i].text = blackened(op.text, at, spans)
		}
		if op.IsInsert() {
			at += op.n
		}
	}
	return clean
}

// blackened is a text whose first unit is at a position, with Erased in the
// place of the units of spans.
func blackened(text string, at int, spans []span) string {
	var out strings.Builder
	for _, r := range text {
		units := 1
		if r >= 0x10000 {
			units = 2
		}
		for len(spans) > 0 && spans[0].to <= at {
			spans = spans[1:]
		}
		if len(spans) > 0 && spans[0].from <= at && r != '\n' {
			for range units {
				out.WriteString(Erased)
			}
		} else {
			out.WriteRune(r)
		}
		at += units
	}
	return out.String()
}

// hides reports whether an op has the text elsewhere than in its text.
func (e *Eraser) hides(op Op) bool {
	return op.kind == embedOp && e.hidesValue([]byte(op.text)) || e.cleanAttributes(op.attr) != op.attr
}

// cleanAttributes returns attr itself where it has nothing to be erased.
func (e *Eraser) cleanAttributes(attr *Attributes) *Attributes {
	clean := attr
	for name, value := range attr.All() {
		if e.hidesValue([]byte(value)) {
			clean = clean.With(name, Erased)
		}
	}
	return clean
}

// hidesValue reports whether the text is in a string of some JSON, or is one
// of its numbers.
func (e *Eraser) hidesValue(raw []byte) bool {
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	for {
		token, err := in.Token()
		if err != nil {
			return false // its end: it was valid when it was parsed
		}
		switch v := token.(type) {
		case string:
			if strings.Contains(v, e.text) {
				return true
			}
		case json.Number:
			if v.String() == e.text {
				return true
			}
		}
	}
}

// cleanEmbed keeps what kind of embed it is, unless that is the text.
func (e *Eraser) cleanEmbed(raw string) string {
	kind := Erased
	_ = scan.Members([]byte(raw), func(key string, _ []byte) error { // it was an object when it was parsed
		if !strings.Contains(key, e.text) {
			kind = key
		}
		return nil
	})
	out := append(scan.AppendString([]byte("{"), kind), ':')
	return string(append(scan.AppendString(out, Erased), '}'))
}
