package ot

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"tutti/ot/scan"
)

// Attributes are the formats of an insert, or what a retain changes about
// them; there null takes a format away. They are immutable and never empty:
// no attributes are a nil pointer, on which all methods work.
//
// Equal ones are usually, not always, the same pointer: compare with Equal.
type Attributes struct {
	json  string      // canonical: keys sorted, no white space, numbers as JavaScript prints them
	pairs []attribute // sorted by name
}

type attribute struct {
	name  string
	value string // canonical JSON of a string, number, boolean or null
}

const null = "null"

// Attr returns attributes of one name. See With.
func Attr(name string, value any) *Attributes {
	return (*Attributes)(nil).With(name, value)
}

// With returns a with name set to value: a string, bool, int, finite float64,
// or nil for null. Any other value, and a name that JavaScript objects cannot
// hold safely, is a mistake of the programmer and panics.
func (a *Attributes) With(name string, value any) *Attributes {
	if !safeName(name) {
		panic("ot: unsafe attribute name " + name)
	}
	pairs := slices.Clone(a.all())
	pair := attribute{strings.ToValidUTF8(name, "\uFFFD"), encodeValue(value)}
	i, found := find(pairs, pair.name)
	if found {
		pairs[i] = pair
	} else {
		pairs = slices.Insert(pairs, i, pair)
	}
	return intern(pairs)
}

// Get returns the value of name in canonical JSON.
func (a *Attributes) Get(name string) (value string, ok bool) {
	pairs := a.all()
	if i, found := find(pairs, name); found {
		return pairs[i].value, true
	}
	return "", false
}

// All yields names and values, the values in canonical JSON, sorted by name.
func (a *Attributes) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, p := range a.all() {
			if !yield(p.name, p.value) {
				return
			}
		}
	}
}

// JSON is the canonical JSON object: two attributes are equal exactly if
// theirs is. It is "" for nil.
func (a *Attributes) JSON() string {
	if a == nil {
		return ""
	}
	return a.json
}

// Equal tells whether a and b hold the same values, as lodash's isEqual does
// for quill-delta.
func (a *Attributes) Equal(b *Attributes) bool {
	return a == b || a != nil && b != nil && a.json == b.json
}

func (a *Attributes) all() []attribute {
	if a == nil {
		return nil
	}
	return a.pairs
}

func (a *Attributes) hasNull() bool {
	return slices.ContainsFunc(a.all(), func(p attribute) bool { return p.value == null })
}

func find(pairs []attribute, name string) (int, bool) {
	return slices.BinarySearchFunc(pairs, name, func(p attribute, name string) int {
		return strings.Compare(p.name, name)
	})
}

// safeName tells whether name means in every JavaScript object what it means
// here. quill-delta asks `attributes[name] === undefined`, so a name that
// objects inherit would count as set on one end and not on the other.
func safeName(name string) bool {
	switch name {
	case "__proto__", "constructor", "prototype",
		"hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
		"__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__":
		return false
	}
	return true
}

func encodeValue(value any) string {
	switch v := value.(type) {
	case nil:
		return null
	case bool:
		return strconv.FormatBool(v)
	case int:
		return string(appendNumber(nil, float64(v)))
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return string(appendNumber(nil, v))
		}
	case string:
		return string(scan.AppendString(nil, strings.ToValidUTF8(v, "\uFFFD")))
	}
	panic("ot: an attribute is a string, bool, int, finite float64 or nil")
}

// appendNumber prints f as JavaScript does (ECMA-262, Number::toString), so
// that 1, 1.0 and 1e0 are one value here as they are there.
func appendNumber(dst []byte, f float64) []byte {
	if f == 0 {
		return append(dst, '0') // also for -0
	}
	if abs := math.Abs(f); 1e-6 <= abs && abs < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); dst[n-4] == 'e' && dst[n-2] == '0' { // e-07 is e-7
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}
