package ot

import "strings"

// CheckKind returns the first objection to d as a change of a document of
// this kind and of docLength UTF-16 code units, nil if there is none: NotInText,
// NewlineFinal, CarriageReturn. That d fits into the document is for
// Document.Apply to say.
func (d Delta) CheckKind(kind Kind, docLength int) *Error {
	var first *Error
	at := 0 // in the document, before the op
	for i, op := range d {
		switch {
		case kind != Rich && (op.attr != nil || op.kind == embedOp):
			return errorf(NotInText, "op %d: a text document has no attributes and no embeds", i)
		case kind == Rich && op.IsInsert() && at >= docLength:
			first = First(first, errorf(NewlineFinal, "op %d: nothing is inserted behind the last newline", i))
		case kind == Rich && op.kind == deleteOp && at < docLength && op.n >= docLength-at:
			first = First(first, errorf(NewlineFinal, "op %d: the last newline stays", i))
		}
		if op.kind == textOp && strings.IndexByte(op.text, '\r') >= 0 {
			first = First(first, errorf(CarriageReturn, "op %d: lines end in a line feed alone", i))
		}
		if !op.IsInsert() {
			at += op.n
		}
	}
	return first
}
