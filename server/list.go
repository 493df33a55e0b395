package server

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// place is where a page of a list ended: the next begins behind it, whatever
// has come or gone before it meanwhile.
type place struct {
	Sort   string `json:"s"` // what the list is sorted by
	Number int64  `json:"n,omitempty"`
	Word   string `json:"w,omitempty"`
	ID     string `json:"i"`
}

// order is a way to sort documents.
type order struct {
	place   func(*entry) place
	compare func(a, b place) int
}

// orders are those that can be asked for: newest first, titles by the
// alphabet.
var orders = map[string]order{
	"updated": {func(e *entry) place { return place{Number: e.UpdatedAt(), ID: e.ID} }, newestFirst},
	"created": {func(e *entry) place { return place{Number: e.CreatedAt, ID: e.ID} }, newestFirst},
	"title": {func(e *entry) place { return place{Word: e.sortTitle, ID: e.ID} }, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.Word, b.Word), cmp.Compare(a.ID, b.ID))
	}},
}

func newestFirst(a, b place) int {
	return cmp.Or(cmp.Compare(b.Number, a.Number), cmp.Compare(a.ID, b.ID))
}

// listQuery is what a list is asked for.
type listQuery struct {
	search  string
	sort    string
	kind    string
	tags    []string
	trashed bool
	limit   int
	after   *place
}

func readListQuery(c echo.Context) (q listQuery, err error) {
	q = listQuery{search: c.QueryParam("q"), sort: c.QueryParam("sort"), kind: c.QueryParam("kind"), tags: c.QueryParams()["tag"]}
	limit, err := intParam(c, "limit", 50, 1, 1000)
	if err != nil {
		return q, err
	}
	q.limit = int(limit)
	if strings.TrimSpace(q.search) == "" {
		q.search = ""
	}
	if units(q.search) > queryUnits {
		return q, badParameter("q is longer than %d units", queryUnits)
	}
	if q.trashed, err = boolParam(c, "trashed"); err != nil {
		return q, err
	}
	if _, ok := orders[q.sort]; !ok && q.sort != "" {
		return q, badParameter("sort is updated, title or created")
	}
	if q.kind != "" && q.kind != string(ot.Text) && q.kind != string(ot.Rich) {
		return q, badParameter("kind is text or rich")
	}
	if q.after, err = decodePlace(c.QueryParam("cursor")); err == nil && q.after != nil && q.after.Sort != q.order() {
		err = badParameter("the cursor is that of another list")
	}
	return q, err
}

// order is what the list is sorted by: where it isn't said, what was searched
// for by how well it matches.
func (q *listQuery) order() string {
	if q.search != "" {
		return cmp.Or(q.sort, "score")
	}
	return cmp.Or(q.sort, "updated")
}

// wants reports whether a document is among those asked for.
func (q *listQuery) wants(i *store.Info) bool {
	if (i.TrashedAt != 0) != q.trashed || q.kind != "" && string(i.Kind) != q.kind {
		return false
	}
	for _, tag := range q.tags {
		if tag != "" && !i.Tags.Has(tag) {
			return false
		}
	}
	return true
}

func (s *Server) listDocuments(c echo.Context) error {
	who, err := s.authorize(c.Request(), list, "")
	if err != nil {
		return err
	}
	q, err := readListQuery(c)
	if err != nil {
		return err
	}
	all, err := s.find(who, &q)
	if err != nil {
		return err
	}
	page := struct {
		Items   []resource `json:"items"`
		Next    string     `json:"next,omitempty"`
		Pending int        `json:"pending,omitempty"`
	}{Items: []resource{}}
	if len(all) > q.limit {
		all = all[:q.limit]
		last := all[q.limit-1].at
		last.Sort = q.order()
		page.Next = encodePlace(last)
	}
	for _, f := range all {
		who.role = f.role
		page.Items = append(page.Items, newResource(f.Info, who))
	}
	if q.search != "" {
		page.Pending = s.search.Behind()
		s.highlight(page.Items, q.search)
	} else {
		s.excerpt(page.Items)
	}
	s.seat(page.Items)
	return c.JSON(http.StatusOK, page)
}

// find returns the documents of a page that one may read in their order, and
// one more if there is one.
func (s *Server) find(who principal, q *listQuery) (all []found, err error) {
	order := orders[q.order()]
	var scores map[string]float64
	if q.search != "" {
		if scores, err = s.scores(q); err != nil {
			return nil, err
		}
		if q.order() == "score" {
			order = byScore(scores)
		}
	}
	first := selection{most: q.limit + 1, compare: order.compare}
	err = s.catalogue.each(func(e *entry) {
		_, matches := scores[e.ID]
		if !q.wants(&e.Info) || q.search != "" && !matches {
			return
		}
		at := order.place(e)
		if q.after != nil && order.compare(*q.after, at) >= 0 {
			return
		}
		if role, seen := s.may(who, read, &e.Info); seen {
			first.add(found{at, e, role})
		}
	})
	return first.sorted(), err
}

// found is a document that a list may show.
type found struct {
	at place
	*entry
	role session.Role
}

// selection keeps the first of many, without sorting them all.
type selection struct {
	most    int
	compare func(a, b place) int
	kept    []found
	bound   *place // what is not before it is not among the first
}

func (s *selection) add(f found) {
	if s.bound != nil && s.compare(f.at, *s.bound) >= 0 {
		return
	}
	if s.kept = append(s.kept, f); len(s.kept) >= 2*s.most {
		s.kept = s.sorted()
		s.bound = &s.kept[s.most-1].at
	}
}

// sorted returns the first in order.
func (s *selection) sorted() []found {
	slices.SortFunc(s.kept, func(a, b found) int { return s.compare(a.at, b.at) })
	return s.kept[:min(len(s.kept), s.most)]
}

func encodePlace(p place) string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // a struct of strings and a number
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodePlace(cursor string) (*place, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	p := &place{}
	if err != nil || json.Unmarshal(b, p) != nil || p.ID == "" {
		return nil, badParameter("that is no cursor that a list has given")
	}
	return p, nil
}

// intParam reads a whole number from the query; outside its bounds it is
// clamped.
func intParam(c echo.Context, name string, usual, least, most int64) (int64, error) {
	v := c.QueryParam(name)
	if v == "" {
		return usual, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, badParameter("%s is no whole number", name)
	}
	return max(least, min(n, most)), nil
}

func boolParam(c echo.Context, name string) (bool, error) {
	switch c.QueryParam(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, badParameter("%s is true or false", name)
}
