package server

import (
	"math"

	"tutti/server/search"
)

const (
	// queryUnits bounds what can be searched for, in UTF-16 code units.
	queryUnits = 1000
	// searchHits is how many documents a search can come to: beyond the best
	// ten thousand nobody pages.
	searchHits = 10_000
	// highlightItems and highlightUnits bound the contents that are read to
	// show where in them the words stand. What comes after goes without.
	highlightItems = 100
	highlightUnits = 8 << 20
)

// scores finds the documents that match a query, and how well.
func (s *Server) scores(q *listQuery) (map[string]float64, error) {
	if s.search == nil {
		return nil, unavailable("this server has no search index")
	}
	hits, err := s.search.Search(search.ParseQuery(q.search), searchHits)
	if err != nil {
		return nil, err
	}
	scores := make(map[string]float64, len(hits))
	for _, h := range hits {
		scores[h.ID] = h.Score
	}
	return scores, nil
}

// byScore puts the best first.
func byScore(scores map[string]float64) order {
	return order{func(e *entry) place {
		// The bits of numbers above zero are in the order of the numbers.
		return place{Number: int64(math.Float64bits(max(0, scores[e.ID]))), ID: e.ID}
	}, newestFirst}
}

// highlight shows where in documents the words of a query stand. It reads them
// as they are now: one that has changed since the index read it may have none.
func (s *Server) highlight(items []resource, typed string) {
	q := search.ParseQuery(typed)
	room := int64(highlightUnits)
	for i := range items {
		r := &items[i]
		r.TitleMarks = q.Marks(r.Title)
		if room -= r.Length; room < 0 || i >= highlightItems {
			continue
		}
		if _, v, err := s.hub.View(r.ID); err == nil {
			snippet := q.Snippet(search.Text(v.Doc))
			r.Snippet = &snippet
		}
	}
}
