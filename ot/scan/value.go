package scan

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// String decodes raw, which must be one JSON string. Each lone surrogate
// (an escape `\ud800` to `\udfff` without its partner) comes out as U+FFFD,
// which has its length in UTF-16, and sets lone.
func String(raw []byte) (s string, lone bool, err error) {
	end := 0
	if len(raw) > 0 && raw[0] == '"' {
		if end, err = skipString(raw, 0); err != nil {
			return "", false, err
		}
	}
	if end == 0 || end != len(raw) {
		return "", false, &SyntaxError{end, "want a string"}
	}
	inner := raw[1 : len(raw)-1]
	if i := bytes.IndexByte(inner, '\\'); i >= 0 {
		s, lone = unescape(inner, i)
		return s, lone, nil
	}
	return string(inner), false, nil
}

// unescape decodes inner, a validated string without its quotes, whose first
// backslash is at i.
func unescape(inner []byte, i int) (s string, lone bool) {
	out := make([]byte, 0, len(inner))
	for i >= 0 {
		out = append(out, inner[:i]...)
		if inner[i+1] == 'u' {
			r, size, ok := escapedRune(inner[i:])
			out = utf8.AppendRune(out, r)
			lone = lone || !ok
			inner = inner[i+size:]
		} else {
			out = append(out, plainEscapes[inner[i+1]])
			inner = inner[i+2:]
		}
		i = bytes.IndexByte(inner, '\\')
	}
	return string(append(out, inner...)), lone
}

var plainEscapes = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// escapedRune decodes the valid `\uXXXX` at the start of s, together with the
// low half that follows a high one. It is not ok for a lone surrogate, which
// it gives as U+FFFD.
func escapedRune(s []byte) (r rune, size int, ok bool) {
	r, _ = hex4(s[2:])
	if !utf16.IsSurrogate(r) {
		return r, 6, true
	}
	if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
		low, _ := hex4(s[8:])
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12, true
		}
	}
	return utf8.RuneError, 6, false
}

func hex4(s []byte) (r rune, ok bool) {
	if len(s) < 4 {
		return 0, false
	}
	for _, c := range s[:4] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// HasLone tells whether a lone surrogate stands anywhere in raw, a valid JSON
// value: in a string at any depth, or in a key.
func HasLone(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		// Outside strings JSON has no backslash, so this is an escape.
		if i+1 < len(raw) && raw[i+1] == 'u' {
			_, size, ok := escapedRune(raw[i:])
			if !ok {
				return true
			}
			i += size - 1
			continue
		}
		i++
	}
	return false
}

// Int decodes an integer written without point, exponent or leading zeros,
// and below 2^53 on either side of zero, where JavaScript counts exactly.
func Int(raw []byte) (n int64, ok bool) {
	digits := raw
	if len(raw) > 0 && raw[0] == '-' {
		digits = raw[1:]
	}
	if len(digits) == 0 || len(digits) > 16 || digits[0] == '0' && len(raw) > 1 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if n >= 1<<53 {
		return 0, false
	}
	if len(digits) < len(raw) {
		n = -n
	}
	return n, true
}

// Bool decodes true or false.
func Bool(raw []byte) (b, ok bool) {
	switch string(raw) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// AppendString appends s, which must be valid UTF-8, as a JSON string spelled
// as JavaScript's JSON.stringify spells it: only what must be escaped is.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			const hex = "0123456789abcdef"
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// AppendCompact appends raw, a valid JSON value, without the white space
// between its tokens.
func AppendCompact(dst, raw []byte) []byte {
	inString := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case inString && c == '\\':
			dst = append(dst, c)
			i++
			c = raw[i]
		case c == '"':
			inString = !inString
		case !inString && (c == ' ' || c == '\n' || c == '\t' || c == '\r'):
			continue
		}
		dst = append(dst, c)
	}
	return dst
}
