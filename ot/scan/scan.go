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
	"unicode/utf8"
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

// member scans `"key" : value` at i; depth is how deep the value stands.
func member(data []byte, i, depth int) (keyEnd, value, end int, err error) {
	if i == len(data) || data[i] != '"' {
		return 0, 0, 0, &SyntaxError{i, "want a key"}
	}
	if keyEnd, err = skipString(data, i); err != nil {
		return 0, 0, 0, err
	}
	value = skipSpace(data, keyEnd)
	if value == len(data) || data[value] != ':' {
		return 0, 0, 0, &SyntaxError{value, "want : after a key"}
	}
	value = skipSpace(data, value+1)
	end, err = skipValue(data, value, depth)
	return keyEnd, value, end, err
}

// skipValue returns the end of the value that begins at i.
func skipValue(data []byte, i, depth int) (int, error) {
	if i == len(data) {
		return 0, &SyntaxError{i, "want a value"}
	}
	switch c := data[i]; c {
	case '"':
		return skipString(data, i)
	case '{':
		return skipObject(data, i, depth)
	case '[':
		return skipArray(data, i, depth)
	case 't':
		return skipWord(data, i, "true")
	case 'f':
		return skipWord(data, i, "false")
	case 'n':
		return skipWord(data, i, "null")
	default:
		return skipNumber(data, i)
	}
}

func skipObject(data []byte, i, depth int) (int, error) {
	if depth == MaxDepth {
		return 0, &SyntaxError{i, "nested too deep"}
	}
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == '}' {
		return i + 1, nil
	}
	for {
		_, _, end, err := member(data, i, depth+1)
		if err != nil {
			return 0, err
		}
		i = skipSpace(data, end)
		if i < len(data) && data[i] == '}' {
			return i + 1, nil
		}
		if i == len(data) || data[i] != ',' {
			return 0, &SyntaxError{i, "want , or } in an object"}
		}
		i = skipSpace(data, i+1)
	}
}

func skipArray(data []byte, i, depth int) (int, error) {
	if depth == MaxDepth {
		return 0, &SyntaxError{i, "nested too deep"}
	}
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == ']' {
		return i + 1, nil
	}
	for {
		end, err := skipValue(data, i, depth+1)
		if err != nil {
			return 0, err
		}
		i = skipSpace(data, end)
		if i < len(data) && data[i] == ']' {
			return i + 1, nil
		}
		if i == len(data) || data[i] != ',' {
			return 0, &SyntaxError{i, "want , or ] in an array"}
		}
		i = skipSpace(data, i+1)
	}
}

func skipWord(data []byte, i int, word string) (int, error) {
	if len(data)-i < len(word) || string(data[i:i+len(word)]) != word {
		return 0, &SyntaxError{i, "want a value"}
	}
	return i + len(word), nil
}

// skipNumber follows the grammar: no leading zeros, no bare point, no plus.
func skipNumber(data []byte, i int) (int, error) {
	start := i
	if data[i] == '-' {
		i++
	}
	switch {
	case i < len(data) && data[i] == '0':
		i++
	case i < len(data) && '1' <= data[i] && data[i] <= '9':
		i = skipDigits(data, i)
	default:
		return 0, &SyntaxError{start, "want a value"}
	}
	if i < len(data) && data[i] == '.' {
		i++
		if skipDigits(data, i) == i {
			return 0, &SyntaxError{i, "want a digit"}
		}
		i = skipDigits(data, i)
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		if skipDigits(data, i) == i {
			return 0, &SyntaxError{i, "want a digit"}
		}
		i = skipDigits(data, i)
	}
	return i, nil
}

func skipDigits(data []byte, i int) int {
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
}

func atEnd(data []byte, i int) error {
	if i = skipSpace(data, i); i < len(data) {
		return &SyntaxError{i, "something follows the value"}
	}
	return nil
}

// plain are the bytes that stand for themselves in a string, each alone.
var plain = func() (table [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

// skipString returns the end of the string that begins with the quote at i.
// Surrogate escapes are let through: String and HasLone judge them.
func skipString(data []byte, i int) (int, error) {
	for i++; i < len(data); {
		if plain[data[i]] {
			i++
			continue
		}
		switch c := data[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\':
			n, err := skipEscape(data, i)
			if err != nil {
				return 0, err
			}
			i = n
		case c < ' ':
			return 0, &SyntaxError{i, "control character in a string"}
		default:
			r, size := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && size == 1 {
				return 0, &SyntaxError{i, "not UTF-8"}
			}
			i += size
		}
	}
	return 0, &SyntaxError{i, "a string does not end"}
}

func skipEscape(data []byte, i int) (int, error) {
	if i+1 == len(data) {
		return 0, &SyntaxError{i, "a string does not end"}
	}
	switch data[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
		if _, ok := hex4(data[i+2:]); ok {
			return i + 6, nil
		}
	}
	return 0, &SyntaxError{i, "unknown escape"}
}
