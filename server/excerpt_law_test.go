package server

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"tutti/ot"
)

// TestExcerptsAreShortAndOnOneLine: of whatever text, an excerpt is at most
// excerptUnits long, has single spaces between words, and is how the text
// begins.
func TestExcerptsAreShortAndOnOneLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "😀", " ", "\n", "\t", "\u00a0", "word ", strings.Repeat(" ", 500), "e\u0301"}), 0, 300).Draw(t, "text"), "")
		doc, err := ot.NewDocument(ot.Delta{}.Insert(text, nil))
		if err != nil {
			t.Fatal(err)
		}
		got := beginning(doc)
		if n := len(utf16.Encode([]rune(got))); n > excerptUnits || got != strings.Join(strings.Fields(got), " ") {
			t.Errorf("%q begins %q", text, got)
		}
		if whole := strings.Join(strings.Fields(text), " "); !strings.HasPrefix(whole, got) {
			t.Errorf("%q does not begin %q", text, got)
		}
	})
}

func TestExcerptsInMemoryAreBounded(t *testing.T) {
	var e excerpts
	for i := range 2 * excerptsKept {
		e.put(fmt.Sprint(i), excerpt{"e", 1, "x"})
	}
	if len(e.kept) > excerptsKept {
		t.Errorf("%d are kept", len(e.kept))
	}
	if _, found := e.get(fmt.Sprint(2*excerptsKept-1), "e", 1); !found {
		t.Error("the newest is not kept")
	}
	if _, found := e.get(fmt.Sprint(2*excerptsKept-1), "e", 2); found {
		t.Error("one of another revision is given")
	}
}
