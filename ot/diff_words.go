package ot

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

const (
	// wordsFrom is from how many bytes on words are compared first. What the
	// search costs grows with the square of what it finds, and a word that was
	// replaced is two words but many letters: in a megabyte, time is up at some
	// hundred changes if letters are compared, at some thousand with words.
	wordsFrom = 16 << 10
	// apart is of how many bytes a stretch that stays must be, or the changes
	// on both sides of it are one. It is go-diff's DiffEditCost.
	apart = 4
)

// byWord finds which words were changed, and then the letters in these.
func byWord(differ *diffmatchpatch.DiffMatchPatch, old, new string) []diffmatchpatch.Diff {
	deadline := time.Now().Add(differ.DiffTimeout)
	words := vocabulary{runes: map[string]rune{}}
	from, to := words.spell(old), words.spell(new)
	f := refiner{differ: differ, deadline: deadline}
	for _, piece := range differ.DiffMainRunes(from, to, false) {
		f.add(piece.Type, words.text(piece.Text))
	}
	f.flush()
	return f.found
}

// vocabulary writes each word as one rune: go-diff compares runes.
type vocabulary struct {
	runes map[string]rune
	words []string
}

// The runes that there are, without those that stand for half a pair.
const (
	firstHalf = 0xD800
	halves    = 0x800
	spellable = utf8.MaxRune + 1 - halves
)

// spell cuts a text behind each rune that is in no word. With more words than
// there are runes the last stands for several, and who checks what comes out
// finds that it is not the text.
func (v *vocabulary) spell(text string) []rune {
	var out []rune
	for len(text) > 0 {
		end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if end < 0 {
			end = len(text)
		} else {
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		r, known := v.runes[text[:end]]
		if !known {
			r = rune(min(len(v.words), spellable-1))
			if r >= firstHalf {
				r += halves
			}
			v.runes[text[:end]] = r
			v.words = append(v.words, text[:end])
		}
		out, text = append(out, r), text[end:]
	}
	return out
}

func (v *vocabulary) text(spelled string) string {
	var out strings.Builder
	for _, r := range spelled {
		if r >= firstHalf {
			r -= halves
		}
		out.WriteString(v.words[r])
	}
	return out.String()
}

// refiner looks for the letters that were changed in the words that were.
type refiner struct {
	differ   *diffmatchpatch.DiffMatchPatch
	deadline time.Time
	found    []diffmatchpatch.Diff

	deleted, inserted strings.Builder
}

func (f *refiner) add(kind diffmatchpatch.Operation, text string) {
	if kind == diffmatchpatch.DiffEqual && len(text) >= apart {
		f.flush()
		f.found = append(f.found, diffmatchpatch.Diff{Type: kind, Text: text})
		return
	}
	if kind != diffmatchpatch.DiffInsert {
		f.deleted.WriteString(text)
	}
	if kind != diffmatchpatch.DiffDelete {
		f.inserted.WriteString(text)
	}
}

// flush compares what was gathered. Without time left it was just replaced.
func (f *refiner) flush() {
	deleted, inserted := f.deleted.String(), f.inserted.String()
	f.deleted.Reset()
	f.inserted.Reset()
	if f.differ.DiffTimeout = time.Until(f.deadline); f.differ.DiffTimeout > 0 {
		f.found = append(f.found, f.differ.DiffCleanupEfficiency(f.differ.DiffMain(deleted, inserted, false))...)
		return
	}
	f.found = append(f.found, diffmatchpatch.Diff{Type: diffmatchpatch.DiffDelete, Text: deleted}, diffmatchpatch.Diff{Type: diffmatchpatch.DiffInsert, Text: inserted})
}
