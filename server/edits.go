package server

import (
	"net/http"
	"strings"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/session"
)

// editing is a content under the edits of one PATCH, each of which finds what
// those before it have left.
type editing struct {
	kind ot.Kind
	doc  ot.Document
	done []joint // what leads from the content at first to doc, in turn

	text    string // of doc, "" where it was not asked for yet
	renewed string // by the edit at hand, where it knows
}

// one applies an edit.
func (e *editing) one(raw []byte) error {
	edit, err := parseEdit(raw)
	if err != nil {
		return err
	}
	e.renewed = ""
	op, err := edit.delta(e)
	if err != nil || len(op) == 0 {
		return err
	}
	if flaw := op.CheckKind(e.kind, e.doc.Length()); flaw != nil {
		return flaw
	}
	next, err := e.doc.Apply(op)
	if err != nil {
		return err
	}
	e.doc, e.text = next, e.renewed
	e.join(op)
	return nil
}

// joint is a run of edits as one delta.
type joint struct {
	edits int
	delta ot.Delta
}

// join adds a delta to what is done. Neighbours of about one size are composed:
// if each edit were with all before it, many would cost the square of their
// number.
func (e *editing) join(op ot.Delta) {
	e.done = append(e.done, joint{1, op})
	for n := len(e.done); n > 1 && e.done[n-2].edits <= e.done[n-1].edits; n-- {
		a, b := e.done[n-2], e.done[n-1]
		e.done = append(e.done[:n-2], joint{a.edits + b.edits, a.delta.Compose(b.delta)})
	}
}

// total is what all edits come to together; nothing where it changes nothing.
func (e *editing) total(v *session.Version) (ot.Delta, error) {
	var total ot.Delta
	for _, run := range e.done {
		total = total.Compose(run.delta)
	}
	if len(total) == 0 || e.doc.Length() != v.Doc.Length() {
		return total, nil
	}
	return effective(v, total)
}

// end is where text is put that shall stand at the end: in a rich document
// before the last newline.
func (e *editing) end() int {
	if e.kind == ot.Rich {
		return e.doc.Length() - 1
	}
	return e.doc.Length()
}

// contentEdit is one edit of a PATCH, as far as it is given.
type contentEdit struct {
	has                                  given
	op                                   ot.Delta
	find, replace, insert, after, append string
	at, occurrence                       int64
}

// given says which fields an edit has.
type given int

const (
	hasOp given = 1 << iota
	hasFind
	hasReplace
	hasInsert
	hasAfter
	hasAppend
	hasAt
	hasOccurrence
)

// parseEdit decodes an edit. Fields that it doesn't know it ignores.
func parseEdit(raw []byte) (*contentEdit, error) {
	if scan.Kind(raw) != scan.KindObject {
		return nil, editInvalid("an edit is an object")
	}
	e := &contentEdit{}
	loneInOp := false
	err := scan.Members(raw, func(key string, raw []byte) (err error) {
		switch key {
		case "op":
			e.has |= hasOp
			loneInOp = scan.HasLone(raw)
			e.op, err = deltaOf(raw)
		case "find":
			e.has |= hasFind
			e.find, err = text(key, raw)
		case "replace":
			e.has |= hasReplace
			e.replace, err = text(key, raw)
		case "insert":
			e.has |= hasInsert
			e.insert, err = text(key, raw)
		case "after":
			e.has |= hasAfter
			e.after, err = text(key, raw)
		case "append":
			e.has |= hasAppend
			e.append, err = text(key, raw)
		case "at":
			e.has |= hasAt
			e.at, err = integer(key, raw)
		case "occurrence":
			e.has |= hasOccurrence
			e.occurrence, err = integer(key, raw)
		}
		return err
	})
	if err == nil && !loneInOp && scan.HasLone(raw) {
		err = badJSON("a lone surrogate")
	}
	return e, err
}

func integer(key string, raw []byte) (int64, error) {
	n, ok := scan.Int(raw)
	if !ok {
		return 0, badParameter("%s is no integer", key)
	}
	return n, nil
}

// delta returns what the edit does to the content as it is.
func (d *contentEdit) delta(e *editing) (ot.Delta, error) {
	switch d.has {
	case hasOp:
		return d.op, nil
	case hasFind | hasReplace, hasFind | hasReplace | hasOccurrence:
		return d.substitute(e)
	case hasInsert | hasAt:
		if d.at < 0 || d.at > int64(e.doc.Length()) {
			return nil, newProblem(http.StatusUnprocessableEntity, "position_invalid", "%d is outside the content, which has %d units", d.at, e.doc.Length())
		}
		return insertAt(min(int(d.at), e.end()), d.insert), nil
	case hasInsert | hasAfter, hasInsert | hasAfter | hasOccurrence:
		i, err := d.seek(e, "after", d.after)
		if err != nil {
			return nil, err
		}
		return insertAt(min(units(e.text[:i+len(d.after)]), e.end()), d.insert), nil
	case hasAppend:
		return insertAt(e.end(), d.append), nil
	}
	return nil, editInvalid("an edit is one of op; find with replace; insert with at, or with after; append")
}

func insertAt(at int, s string) ot.Delta { return ot.Delta{}.Retain(at, nil).Insert(s, nil) }

// substitute replaces what was found by as little as makes it into the other,
// so that what stays keeps its formats and the cursors in it. The last newline
// of a rich document stays too where both end in one.
func (d *contentEdit) substitute(e *editing) (ot.Delta, error) {
	i, err := d.seek(e, "find", d.find)
	if err != nil {
		return nil, err
	}
	e.renewed = e.text[:i] + d.replace + e.text[i+len(d.find):]
	old, new := d.find, d.replace
	if e.kind == ot.Rich && i+len(old) == len(e.text) && strings.HasSuffix(new, "\n") {
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	var b ot.Builder
	b.Retain(units(e.text[:i]), nil)
	for _, op := range ot.Diff(old, new) {
		b.Add(op)
	}
	op := b.Delta()
	if len(op) == 1 && op[0].IsRetain() {
		return nil, nil
	}
	return op, nil
}

// seek returns the byte of the text at which a text stands: the only place, or
// the one that occurrence counts to. Places may overlap.
func (d *contentEdit) seek(e *editing, field, sought string) (int, error) {
	switch {
	case sought == "":
		return 0, editInvalid("%s is empty", field)
	case d.has&hasOccurrence != 0 && d.occurrence < 1:
		return 0, editInvalid("occurrence counts from 1")
	}
	if e.text == "" {
		e.text = e.doc.Text()
	}
	at := strings.Index(e.text, sought)
	if d.occurrence > 1 && at >= 0 {
		at = nthIndex(e.text, sought, d.occurrence)
	}
	if at < 0 {
		return 0, newProblem(http.StatusUnprocessableEntity, "find_not_found", "%.80q is not there%s", sought, often(d.occurrence))
	}
	if d.occurrence == 0 && strings.Contains(e.text[at+1:], sought) {
		return 0, newProblem(http.StatusUnprocessableEntity, "find_ambiguous", "%.80q is there more than once; say which occurrence", sought)
	}
	return at, nil
}

// nthIndex returns where sought stands in text for the nth time, -1 if nowhere
// (Knuth, Morris, Pratt): what overlaps itself would be compared again from
// each place on.
func nthIndex(text, sought string, nth int64) int {
	// The longest end of the first i+1 bytes that they begin with, too.
	ends := make([]int32, len(sought))
	for i, n := 1, int32(0); i < len(sought); i++ {
		for n > 0 && sought[i] != sought[n] {
			n = ends[n-1]
		}
		if sought[i] == sought[n] {
			n++
		}
		ends[i] = n
	}
	n := int32(0)
	for i := range len(text) {
		for n > 0 && text[i] != sought[n] {
			n = ends[n-1]
		}
		if text[i] == sought[n] {
			n++
		}
		if int(n) < len(sought) {
			continue
		}
		if nth--; nth == 0 {
			return i + 1 - len(sought)
		}
		n = ends[n-1]
	}
	return -1
}

func often(occurrence int64) string {
	if occurrence > 1 {
		return " that often"
	}
	return ""
}

func editInvalid(format string, args ...any) *problem {
	return newProblem(http.StatusUnprocessableEntity, "edit_invalid", format, args...)
}
