package ot

import "fmt"

// Code names the reason why a delta is refused. The protocol fixes the names
// and, where several hold, which one is reported.
type Code string

// The codes, in the order in which the protocol reports them.
const (
	OpInvalid         Code = "op_invalid"
	Surrogate         Code = "surrogate"
	AttributesInvalid Code = "attributes_invalid"
	EmbedInvalid      Code = "embed_invalid"
	NotInText         Code = "not_in_text"
	NewlineFinal      Code = "newline_final"
	CarriageReturn    Code = "carriage_return"
	BeyondEnd         Code = "beyond_end"
	DeltaTooLarge     Code = "delta_too_large"
	DocumentTooLarge  Code = "document_too_large"
)

var precedence = map[Code]int{
	OpInvalid: 1, Surrogate: 2, AttributesInvalid: 3, EmbedInvalid: 4, NotInText: 5,
	NewlineFinal: 6, CarriageReturn: 7, BeyondEnd: 8, DeltaTooLarge: 9, DocumentTooLarge: 10,
}

// Error says why a delta is refused. The message is a sentence for whoever
// writes the client; it counts ops from 0.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// First returns the objection that the protocol puts first, and of several
// with one code the first given; nil ones do not count.
func First(errs ...*Error) *Error {
	var first *Error
	for _, e := range errs {
		if e != nil && (first == nil || precedence[e.Code] < precedence[first.Code]) {
			first = e
		}
	}
	return first
}

func errorf(code Code, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf(format, args...)}
}
