// Package ot is the algebra of tutti: deltas, their laws, and the document
// as an immutable value. It does no I/O.
//
// A Delta is a list of ops in the format of npm quill-delta 5.1, and Compose,
// Transform, TransformPosition and Invert give what that library gives, op for
// op: browsers run it, and the two ends stay equal only if every ambiguity is
// decided the same way. frontend/oracle compares the two.
//
// All lengths and positions are UTF-16 code units, as in JavaScript; an embed
// counts 1. Ops, attributes, deltas and documents are values: nothing here
// writes to what it was given, and results may share memory with it.
package ot
