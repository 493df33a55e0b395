// Package ot is the algebra of tutti: deltas, their laws, and the document
// as an immutable value. It does no I/O.
package ot
