package scan

import "unicode/utf8"

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
