package ot

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Change says what became of a stretch of text.
type Change string

// The changes that Compare tells apart.
const (
	Kept     Change = "equal"
	Deleted  Change = "delete"
	Inserted Change = "insert"
)

// Run is a stretch of text, and what became of it.
type Run struct {
	Change Change
	Text   string
}

// readableSize bounds, in bytes, the texts for which words are preferred over
// letters: go-diff's way to it moves one edit along an equality letter by
// letter, and copies all of it each time.
const readableSize = 64 << 10

// Compare returns what makes old into new as people like to read it. Without
// the deleted runs it is new, without the inserted ones old; no run is empty.
func Compare(old, new string) []Run {
	return runs(old, new, func(differ *diffmatchpatch.DiffMatchPatch, old, new string) []diffmatchpatch.Diff {
		if len(old)+len(new) > readableSize {
			return byCharacter(differ, old, new)
		}
		return differ.DiffCleanupSemantic(differ.DiffMain(old, new, false))
	})
}

// CompareLines is Compare in whole lines: each run ends with a line end, or is
// where a text ends without one.
func CompareLines(old, new string) []Run {
	return runs(old, new, func(differ *diffmatchpatch.DiffMatchPatch, old, new string) []diffmatchpatch.Diff {
		a, b, lines := differ.DiffLinesToChars(old, new)
		return differ.DiffCharsToLines(differ.DiffMain(a, b, false), lines)
	})
}

func runs(old, new string, find finder) []Run {
	old, new = strings.ToValidUTF8(old, "\uFFFD"), strings.ToValidUTF8(new, "\uFFFD")
	var out []Run
	for _, piece := range pieces(old, new, find) {
		if piece.Text == "" {
			continue
		}
		change := Kept
		switch piece.Type {
		case diffmatchpatch.DiffDelete:
			change = Deleted
		case diffmatchpatch.DiffInsert:
			change = Inserted
		}
		out = append(out, Run{change, piece.Text})
	}
	return out
}
