// Package scan reads JSON without reflection and without building trees: it
// cuts objects and arrays into the raw bytes of their values, and decodes
// strings and integers out of those.
//
// It is strict (RFC 8259, valid UTF-8, the whole input) and it keeps one thing
// that encoding/json hides: a lone surrogate. JavaScript can send `"\ud800"`;
// encoding/json turns it into U+FFFD, which has the same length in UTF-16 and
// another content, so the two ends would part without noticing.
package scan

import (
	"bytes"
	"fmt"
	"unsafe"
)

// MaxDepth bounds how deep objects and arrays may nest. The scanner recurses,
// so without a bound a few megabytes of `[` would exhaust the stack.
const MaxDepth = 256

// SyntaxError says where and why an input is not JSON.
type SyntaxError struct {
	Offset int // in bytes, from the start of what was scanned
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("not JSON at byte %d: %s", e.Offset, e.Reason)
}

// ValueKind tells the six kinds of JSON values apart.
type ValueKind byte

// The kinds of values, as Kind tells them.
const (
	KindNone   ValueKind = 0 // no value begins here
	KindObject ValueKind = '{'
	KindArray  ValueKind = '['
	KindString ValueKind = '"'
	KindNumber ValueKind = '0'
	KindBool   ValueKind = 't'
	KindNull   ValueKind = 'n'
)

// Kind tells what raw is by its first byte that is not white space. It
// validates nothing: raw comes from Members or Elements, which did.
func Kind(raw []byte) ValueKind {
	i := skipSpace(raw, 0)
	if i == len(raw) {
		return KindNone
	}
	switch c := raw[i]; c {
	case '{', '[', '"', 'n':
		return ValueKind(c)
	case 't', 'f':
		return KindBool
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return KindNumber
		}
		return KindNone
	}
}

// Members calls f with every member of the object that is the whole of data,
// in order; a key that stands there twice comes twice. raw is the value's
// bytes within data, without white space around it. The first error of f ends
// the scan and is returned as it is.
//
// Where the key holds no escapes, it shares the memory of data: strings.Clone
// one that outlives data or goes somewhere while data is overwritten.
func Members(data []byte, f func(key string, raw []byte) error) error {
	i := skipSpace(data, 0)
	if i == len(data) || data[i] != '{' {
		return &SyntaxError{i, "want an object"}
	}
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == '}' {
		return atEnd(data, i+1)
	}
	for {
		keyEnd, value, end, err := member(data, i, 1)
		if err != nil {
			return err
		}
		key, err := keyOf(data[i:keyEnd])
		if err != nil {
			return err
		}
		if err := f(key, data[value:end]); err != nil {
			return err
		}
		i = skipSpace(data, end)
		if i < len(data) && data[i] == '}' {
			return atEnd(data, i+1)
		}
		if i == len(data) || data[i] != ',' {
			return &SyntaxError{i, "want , or } in an object"}
		}
		i = skipSpace(data, i+1)
	}
}

// Elements calls f with every element of the array that is the whole of data,
// in order, as Members does with members.
func Elements(data []byte, f func(raw []byte) error) error {
	i := skipSpace(data, 0)
	if i == len(data) || data[i] != '[' {
		return &SyntaxError{i, "want an array"}
	}
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == ']' {
		return atEnd(data, i+1)
	}
	for {
		end, err := skipValue(data, i, 1)
		if err != nil {
			return err
		}
		if err := f(data[i:end]); err != nil {
			return err
		}
		i = skipSpace(data, end)
		if i < len(data) && data[i] == ']' {
			return atEnd(data, i+1)
		}
		if i == len(data) || data[i] != ',' {
			return &SyntaxError{i, "want , or ] in an array"}
		}
		i = skipSpace(data, i+1)
	}
}

// Valid returns nil if data is one JSON value and nothing else.
func Valid(data []byte) error {
	end, err := skipValue(data, skipSpace(data, 0), 0)
	if err != nil {
		return err
	}
	return atEnd(data, end)
}

// Depth is how deep raw, a valid value, nests: 0 for a string, 1 for `[1]`.
func Depth(raw []byte) int {
	depth, deepest := 0, 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		case '"':
			end, err := skipString(raw, i)
			if err != nil {
				return deepest
			}
			i = end - 1
		}
	}
	return deepest
}

// keyOf decodes a key. A key of plain characters is not copied.
func keyOf(raw []byte) (string, error) {
	inner := raw[1 : len(raw)-1]
	if bytes.IndexByte(inner, '\\') >= 0 {
		key, _, err := String(raw)
		return key, err
	}
	return unsafe.String(unsafe.SliceData(inner), len(inner)), nil
}
