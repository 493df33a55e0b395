package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"  Hello, World!  ":            "hello world",
		"don't snake_case x=1":         "don t snake case x 1",
		"Ünïcödé Straße ΆΛΦΑ Ёлка":     "unicode strasse αλφα елка",
		"Cafe\u0301 ＦＵＬＬ":              "cafe full",
		"東京都に行く":                       "東京 京都 都に に行 行く",
		"東 ab語":                        "東 ab 語",
		"한국어":                          "한국 국어",
		"שלום مرحبا हिन्दी":            "שלום مرحبا हिन्दी",
		strings.Repeat("a", 100) + "b": strings.Repeat("a", maxTerm),
		"😀a👩‍👩‍👧b\uFFFCc":              "a b c",
	} {
		var got []string
		words(text, func(w word) bool {
			got = append(got, w.term)
			return true
		})
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q has the words %q, want %q", text, g, want)
		}
	}
}

// Words stand in order, within the text, and a text finds its own words.
func TestWordsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aZé ßー東京カﾞกำ한1_'\u0301\n😀\uFFFC")), -1, 60, -1).Draw(t, "text")
		last := 0
		var all []word
		words(text, func(w word) bool {
			if w.start < last || w.end <= w.start || w.end > len(text) || !utf8.ValidString(text[w.start:w.end]) || w.term == "" {
				t.Fatalf("%q: word %+v after %d", text, w, last)
			}
			last = w.start
			all = append(all, w)
			return true
		})
		q := ParseQuery(text)
		if len(q.terms) != min(len(all), maxTerms) {
			t.Fatalf("%d terms of %d words", len(q.terms), len(all))
		}
		s := q.Snippet(text)
		units := 0
		for _, r := range s.Text {
			units += max(1, utf8.RuneLen(r)/4+1)
		}
		if !slices.IsSortedFunc(s.Marks, func(a, b Mark) int { return a.Start - b.End }) {
			t.Fatalf("marks %v", s.Marks)
		}
		for _, m := range s.Marks {
			if m.Start >= m.End || m.End > units {
				t.Fatalf("mark %v in %q", m, s.Text)
			}
		}
		if len(all) > 0 && len(s.Marks) == 0 {
			t.Fatalf("no marks in %q", s.Text)
		}
	})
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("filler words here ", 40) + "the needle\tin a haystack " + strings.Repeat("more filler ", 40)
	for _, c := range []struct{ query, text, want string }{
		{"needle hay", long, "words here filler words here the [needle] in a [haystack] more filler more filler more filler more filler more filler more filler more filler more filler more filler more filler more filler more filler"},
		{"nothing", "a short text", "a short text"},
		{"京都", "東京都。", "東[京都]。"},
		{"東京都", "😀 東京都に", "😀 [東京都]に"},
		{"cafe", "Le CAFÉ, the café", "Le [CAFÉ], the [café]"},
		{"a b ", "ab b a", "ab [b] [a]"},
	} {
		s := ParseQuery(c.query).Snippet(c.text)
		if got := bracket(s); got != c.want {
			t.Errorf("%q in %.20q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

// bracket shows marks in the text.
func bracket(s Snippet) string {
	var out strings.Builder
	unit := 0
	next := s.Marks
	for _, r := range s.Text {
		if len(next) > 0 && unit == next[0].Start {
			out.WriteByte('[')
		}
		out.WriteRune(r)
		unit += len(utf16Of(r))
		if len(next) > 0 && unit == next[0].End {
			out.WriteByte(']')
			next = next[1:]
		}
	}
	return out.String()
}
