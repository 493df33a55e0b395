package ot

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// diffTimeout is how long a small difference is looked for before a coarse
// one must do. Without a limit it is quadratic. Tests change it.
var diffTimeout = 200 * time.Millisecond

// Diff returns a delta that makes old into new, small where one is found in
// time; it is right in any case. Bytes that are not UTF-8 count as U+FFFD.
func Diff(old, new string) Delta {
	old, new = strings.ToValidUTF8(old, "\uFFFD"), strings.ToValidUTF8(new, "\uFFFD")
	prefix := commonPrefix(old, new)
	oldRest, newRest := old[prefix:], new[prefix:]
	suffix := commonSuffix(oldRest, newRest)
	oldRest, newRest = oldRest[:len(oldRest)-suffix], newRest[:len(newRest)-suffix]
	var b Builder
	b.Retain(utf16Len(old[:prefix]), nil)
	for _, piece := range pieces(oldRest, newRest, byCharacter) {
		switch piece.Type {
		case diffmatchpatch.DiffEqual:
			b.Retain(utf16Len(piece.Text), nil)
		case diffmatchpatch.DiffDelete:
			b.Delete(utf16Len(piece.Text))
		case diffmatchpatch.DiffInsert:
			b.Insert(piece.Text, nil)
		}
	}
	return b.Delta().chop()
}

// finder is a way to find the pieces with go-diff.
type finder func(differ *diffmatchpatch.DiffMatchPatch, old, new string) []diffmatchpatch.Diff

func byCharacter(differ *diffmatchpatch.DiffMatchPatch, old, new string) []diffmatchpatch.Diff {
	if len(old)+len(new) >= wordsFrom {
		return byWord(differ, old, new)
	}
	return differ.DiffCleanupEfficiency(differ.DiffMain(old, new, false))
}

// pieces finds what is equal, deleted and inserted. What go-diff gives is
// checked, and anything wrong, a panic too, comes out as one delete and one
// insert.
func pieces(old, new string, find finder) (found []diffmatchpatch.Diff) {
	whole := []diffmatchpatch.Diff{{Type: diffmatchpatch.DiffDelete, Text: old}, {Type: diffmatchpatch.DiffInsert, Text: new}}
	if old == "" || new == "" {
		return whole
	}
	defer func() {
		if recover() != nil {
			found = whole
		}
	}()
	differ := diffmatchpatch.New()
	differ.DiffTimeout = diffTimeout
	found = find(differ, old, new)
	if differ.DiffText1(found) != old || differ.DiffText2(found) != new {
		return whole
	}
	return found
}

// commonPrefix is how many bytes a and b begin with in common, in whole
// characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	return n
}

// commonSuffix is how many bytes a and b end with in common, in whole
// characters.
func commonSuffix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for n > 0 && !utf8.RuneStart(a[len(a)-n]) {
		n--
	}
	return n
}
