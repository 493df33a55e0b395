package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark is where a word that was looked for stands, in UTF-16 code units.
type Mark struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Snippet is a piece of a text and the marks in it.
type Snippet struct {
	Text  string `json:"text"`
	Marks []Mark `json:"marks"`
}

const (
	// snippetBytes is about how long a snippet is, and leadBytes how much of
	// that stands before the first mark.
	snippetBytes = 200
	leadBytes    = 40
	// snippetMatches is how many matches are weighed to find the best place.
	snippetMatches = 500
)

// Marks marks what a query matches in a short text, such as a title.
func (q Query) Marks(text string) []Mark {
	found, _ := q.find(text, len(text))
	return marks(text, 0, found)
}

// Snippet returns the piece of a text that shows the most of a query's words;
// the beginning where there are none.
func (q Query) Snippet(text string) Snippet {
	text = cut(text, textBytes)
	found, which := q.find(text, snippetMatches)
	best, most := 0, 0
	for i := range found {
		var seen [maxTerms]bool
		different := 0
		for j := i; j < len(found) && found[j].end <= found[i].start+snippetBytes-leadBytes; j++ {
			if !seen[which[j]] {
				seen[which[j]] = true
				different++
			}
		}
		if different > most {
			best, most = i, different
		}
	}
	start := 0
	if len(found) > 0 {
		start = wordStart(text, found[best].start-leadBytes, found[best].start)
	}
	end := wordEnd(text, start+snippetBytes)
	var within []word
	for _, w := range found {
		if w.start >= start && w.end <= end {
			within = append(within, w)
		}
	}
	// A line end, a tab, an embed is as long as the space that is shown for it.
	piece := strings.Map(func(r rune) rune {
		if r < ' ' || r == '\uFFFC' {
			return ' '
		}
		return r
	}, text[start:end])
	return Snippet{Text: piece, Marks: marks(text[start:end], start, within)}
}

// find returns the first words of a text that match, and which of the query's
// each is.
func (q Query) find(text string, most int) (found []word, which []int) {
	words(text, func(w word) bool {
		if i, ok := q.matches(w.term); ok {
			found, which = append(found, w), append(which, i)
		}
		return len(found) < most
	})
	return found, which
}

// marks turns matches in text, which begins at base, into marks. Those that
// overlap, as pairs of characters do, become one.
func marks(text string, base int, found []word) []Mark {
	out := []Mark{}
	at, unit := base, 0
	units := func(to int) int {
		for _, r := range text[at-base : to-base] {
			unit++
			if r > 0xFFFF {
				unit++
			}
		}
		at = to
		return unit
	}
	for i := 0; i < len(found); {
		start, end := found[i].start, found[i].end
		for i++; i < len(found) && found[i].start <= end; i++ {
			end = max(end, found[i].end)
		}
		out = append(out, Mark{units(start), units(end)})
	}
	return out
}

// wordStart returns where to begin between two places: at a word, if one
// begins there.
func wordStart(text string, from, to int) int {
	from = max(from, 0)
	for from < to && !utf8.RuneStart(text[from]) {
		from++
	}
	if from == 0 {
		return 0
	}
	if i := strings.IndexFunc(text[from:to], unicode.IsSpace); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[from+i:])
		return from + i + size
	}
	return from
}

// wordEnd returns where to end, at the latest at a place: behind a word, if
// one ends not too far before.
func wordEnd(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	at = len(cut(text, at))
	if i := strings.LastIndexFunc(text[max(0, at-leadBytes):at], unicode.IsSpace); i >= 0 {
		return max(0, at-leadBytes) + i
	}
	return at
}

// cut returns at most n bytes of a text, in whole characters.
func cut(text string, n int) string {
	if n >= len(text) {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
