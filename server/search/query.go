package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// Query is what somebody looks for: documents that have all of its words, the
// last as far as it is typed.
type Query struct {
	terms []term
}

type term struct {
	text   string
	prefix bool // words that begin like this count, too
}

// maxTerms bounds the words of a query; further ones are not looked for.
const maxTerms = 32

// ParseQuery reads what was typed. It may have no words in it.
func ParseQuery(typed string) Query {
	var q Query
	words(typed, func(w word) bool {
		q.terms = append(q.terms, term{
			text: w.term,
			// A lone character of an unspaced script stands in the index only
			// within pairs.
			prefix: w.end == len(typed) && !w.part || w.part && alone(typed, w),
		})
		return len(q.terms) < maxTerms
	})
	return q
}

// alone reports whether a part is a whole run.
func alone(typed string, w word) bool {
	runes := 0
	for range typed[w.start:w.end] {
		runes++
	}
	return runes == 1
}

// Empty reports whether there is no word to look for.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// matches reports whether a word is one of those looked for, and which.
func (q Query) matches(w string) (which int, ok bool) {
	for i, t := range q.terms {
		if w == t.text || t.prefix && strings.HasPrefix(w, t.text) {
			return i, true
		}
	}
	return 0, false
}

// What a prefix stands for is bounded, so that the first letter of a query
// costs no more than a common word: of expandFrom words in the index at most
// expandTo, those that the most documents have, until these have them
// expandPostings times.
const (
	expandFrom     = 20_000
	expandTo       = 64
	expandPostings = 20_000
)

// A word in the title weighs more than one in the text, and a whole word more
// than one that only begins like it.
const (
	titleBoost = 3
	exactBoost = 2
)

func (q Query) build(index bleve.Index) (query.Query, error) {
	all := bleve.NewConjunctionQuery()
	for _, t := range q.terms {
		var spellings []query.Query
		for _, field := range []struct {
			name  string
			boost float64
		}{{fieldText, 1}, {fieldTitle, titleBoost}} {
			more, err := t.expand(index, field.name)
			if err != nil {
				return nil, err
			}
			spellings = append(spellings, spelling(t.text, field.name, field.boost*exactBoost))
			for _, s := range more {
				spellings = append(spellings, spelling(s, field.name, field.boost))
			}
		}
		all.AddQuery(bleve.NewDisjunctionQuery(spellings...))
	}
	return all, nil
}

func spelling(text, field string, boost float64) query.Query {
	q := bleve.NewTermQuery(text)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}

// expand returns the words of a field that begin as t does, if that is enough.
func (t term) expand(index bleve.Index, field string) ([]string, error) {
	if !t.prefix {
		return nil, nil
	}
	dict, err := index.FieldDictPrefix(field, []byte(t.text))
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	type entry struct {
		term  string
		count uint64
	}
	var entries []entry
	for len(entries) < expandFrom {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		if e.Term != t.text {
			entries = append(entries, entry{e.Term, e.Count})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.term, b.term)) })
	var terms []string
	for postings := uint64(0); len(terms) < min(len(entries), expandTo) && postings < expandPostings; {
		e := entries[len(terms)]
		terms = append(terms, e.term)
		postings += e.count
	}
	return terms, nil
}
