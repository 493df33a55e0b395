package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A word as it is looked up, and where it stands, in bytes.
type word struct {
	start, end int
	term       string
	// part: it is one or two characters of a run in a script that puts no
	// spaces between words.
	part bool
}

// maxTerm bounds what is taken of one word, in bytes: keys, hashes and data
// addresses are found by how they begin.
const maxTerm = 64

// unspaced are the scripts that are written without spaces between words, or
// that join to a word what belongs to it. They are cut into overlapping pairs
// of characters: "東京都" becomes 東京 and 京都.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// kinds of characters.
const (
	between = iota
	letter
	unspacedLetter
)

func kindOf(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return letter
		}
		return between
	case unicode.IsOneOf(unspaced, r):
		return unspacedLetter
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return letter
	}
	return between
}

// words calls f with the words of a text in order, until f returns false.
func words(text string, f func(word) bool) {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		kind := kindOf(r)
		if kind == between {
			at += size
			continue
		}
		end := at + run(text[at:], kind)
		if kind == letter && !f(word{start: at, end: end, term: fold(text[at:end])}) {
			return
		}
		if kind == unspacedLetter && !pairs(text, at, end, f) {
			return
		}
		at = end
	}
}

// run is how far a run of one kind goes; marks go with what they stand on.
func run(text string, kind int) int {
	for i, r := range text {
		if kindOf(r) != kind && !(r >= utf8.RuneSelf && unicode.Is(unicode.M, r)) {
			return i
		}
	}
	return len(text)
}

// pairs cuts a run into overlapping pairs of characters.
func pairs(text string, start, end int, f func(word) bool) bool {
	_, size := utf8.DecodeRuneInString(text[start:end])
	second := start + size
	if second == end {
		return f(word{start, end, fold(text[start:end]), true})
	}
	for second < end {
		_, size := utf8.DecodeRuneInString(text[second:end])
		term := fold(text[start : second+size])
		if term != "" && !f(word{start, second + size, term, true}) { // two accents are none
			return false
		}
		start, second = second, second+size
	}
	return true
}

var caseFold = cases.Fold()

// fold makes equal what people take for the same: case, width, and the accents
// of Latin, Greek and Cyrillic letters.
func fold(s string) string {
	if len(s) > maxTerm {
		s = strings.ToValidUTF8(s[:maxTerm], "")
	}
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(s)
	}
	s = strings.Map(func(r rune) rune {
		if 0x300 <= r && r <= 0x36F {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	return norm.NFC.String(caseFold.String(s))
}
