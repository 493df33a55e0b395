package session

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"tutti/ot/scan"
)

// Hello is the first frame of a client.
type Hello struct {
	Key   string
	Token string
	Name  string // empty: not given
	Color string // empty: not given
	Since *Place // nil: the client has nothing yet and wants the content
}

// Place is a point in one log.
type Place struct {
	Rev   int64
	Epoch string
}

// fields are the members of a client's frame that mean something; which of
// them were there is kept apart, since a missing field is not an empty one.
type fields struct {
	t   string
	raw [numFields][]byte
}

const (
	fieldKey = iota
	fieldRev
	fieldEpoch
	fieldToken
	fieldName
	fieldColor
	fieldSeq
	fieldOp
	fieldCursor
	fieldHash
	fieldN
	fieldText
	numFields
)

var fieldNames = [numFields]string{"key", "rev", "epoch", "token", "name", "color", "seq", "op", "cursor", "hash", "n", "text"}

// decodeFrame cuts a frame into its fields. Fields that it does not know are
// skipped; a lone surrogate anywhere but in a delta is refused.
func decodeFrame(frame []byte) (fields, *Close) {
	var f fields
	lone := scan.HasLone(frame)
	loneInOp := false
	err := scan.Members(frame, func(key string, raw []byte) error {
		if lone && scan.HasLone(raw) {
			if key != "op" {
				return closeBadFrame("a lone surrogate in %+.40q", key)
			}
			loneInOp = true
		}
		if key == "t" {
			t, _, err := scan.String(raw)
			if err != nil {
				return closeBadFrame("t is no string")
			}
			f.t = t
			return nil
		}
		for i, name := range fieldNames {
			if key == name {
				f.raw[i] = raw
				return nil
			}
		}
		return nil
	})
	if why, ok := err.(*Close); ok {
		return f, why
	}
	if err != nil {
		return f, closeBadFrame("not a JSON object: %v", err)
	}
	if lone && (!loneInOp || f.t != "op") {
		return f, closeBadFrame("a lone surrogate outside a delta")
	}
	return f, nil
}

func (f *fields) has(i int) bool { return f.raw[i] != nil }

func (f *fields) integer(i int, least int64) (int64, *Close) {
	if !f.has(i) {
		return 0, closeBadFrame("%s: %s is missing", f.t, fieldNames[i])
	}
	n, ok := scan.Int(f.raw[i])
	if !ok || n < least {
		return 0, closeBadFrame("%s: %s is no integer from %d", f.t, fieldNames[i], least)
	}
	return n, nil
}

func (f *fields) text(i int) (string, *Close) {
	if !f.has(i) {
		return "", closeBadFrame("%s: %s is missing", f.t, fieldNames[i])
	}
	s, _, err := scan.String(f.raw[i])
	if err != nil {
		return "", closeBadFrame("%s: %s is no string", f.t, fieldNames[i])
	}
	return strings.Clone(s), nil
}

// ParseHello decodes a client's first frame, which must be a hello.
func ParseHello(frame []byte) (Hello, *Close) {
	f, bad := decodeFrame(frame)
	if bad != nil {
		return Hello{}, bad
	}
	if f.t != "hello" {
		return Hello{}, closeBadFrame("the first frame is no hello")
	}
	h := Hello{}
	for _, want := range []struct {
		field    int
		to       *string
		optional bool
	}{{fieldKey, &h.Key, false}, {fieldToken, &h.Token, true}, {fieldName, &h.Name, true}, {fieldColor, &h.Color, true}} {
		if want.optional && !f.has(want.field) {
			continue
		}
		if *want.to, bad = f.text(want.field); bad != nil {
			return Hello{}, bad
		}
	}
	switch {
	case !ValidKey(h.Key):
		return Hello{}, closeBadFrame("hello: key is not 22 to 64 of A-Z a-z 0-9 - _")
	case f.has(fieldName) && !ValidName(h.Name):
		return Hello{}, closeBadFrame("hello: name is longer than 64 units or has control characters")
	case f.has(fieldColor) && !ValidColor(h.Color):
		return Hello{}, closeBadFrame("hello: color is not #rrggbb")
	case f.has(fieldRev) != f.has(fieldEpoch):
		return Hello{}, closeBadFrame("hello: rev and epoch come together or not at all")
	}
	if f.has(fieldRev) {
		h.Since = &Place{}
		if h.Since.Rev, bad = f.integer(fieldRev, 0); bad != nil {
			return Hello{}, bad
		}
		if h.Since.Epoch, bad = f.text(fieldEpoch); bad != nil {
			return Hello{}, bad
		}
	}
	return h, nil
}

// cursor decodes the cursor of a presence frame; nil is a cursor too: none.
func (f *fields) cursor() (*Cursor, *Close) {
	raw := f.raw[fieldCursor]
	switch {
	case raw == nil:
		return nil, closeBadFrame("presence: cursor is missing")
	case scan.Kind(raw) == scan.KindNull:
		return nil, nil
	}
	c := Cursor{}
	seen := 0
	err := scan.Members(raw, func(key string, raw []byte) error {
		to := &c.Anchor
		switch key {
		case "anchor":
			seen |= 1
		case "head":
			to = &c.Head
			seen |= 2
		default:
			return nil
		}
		n, ok := scan.Int(raw)
		if !ok {
			return closeBadFrame("presence: %s is no integer", key)
		}
		*to = int(max(-1, min(n, 1<<31))) // what is out of range is clamped later
		return nil
	})
	if why, ok := err.(*Close); ok {
		return nil, why
	}
	if err != nil || seen != 3 {
		return nil, closeBadFrame("presence: cursor is neither null nor an anchor and a head")
	}
	return &c, nil
}

// ValidName reports whether a person may be called so.
func ValidName(name string) bool {
	if strings.ContainsFunc(name, unicode.IsControl) {
		return false
	}
	units := 0
	for _, r := range name {
		units += utf16.RuneLen(r)
	}
	return units <= 64
}

// ValidColor reports whether color is #rrggbb.
func ValidColor(color string) bool {
	if len(color) != 7 || color[0] != '#' {
		return false
	}
	return strings.Trim(color[1:], "0123456789abcdefABCDEF") == ""
}
