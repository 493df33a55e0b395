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

	"tutti/store"
)

// place is where a page of a list ended: the next begins behind it, whatever
// has come or gone before it meanwhile.
type place struct {
	Number int64  `json:"n,omitempty"`
	Word   string `json:"w,omitempty"`
	ID     string `json:"i"`
}

// orders are the ways to sort documents: newest first, titles by the alphabet.
var orders = map[string]struct {
	place   func(store.Info) place
	compare func(a, b place) int
}{
	"updated": {func(i store.Info) place { return place{Number: i.UpdatedAt(), ID: i.ID} }, newestFirst},
	"created": {func(i store.Info) place { return place{Number: i.CreatedAt, ID: i.ID} }, newestFirst},
	"title": {func(i store.Info) place { return place{Word: strings.ToLower(i.Title), ID: i.ID} }, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.Word, b.Word), cmp.Compare(a.ID, b.ID))
	}},
}

func newestFirst(a, b place) int {
	return cmp.Or(cmp.Compare(b.Number, a.Number), cmp.Compare(a.ID, b.ID))
}

func (s *Server) listDocuments(c echo.Context) error {
	who, err := s.authorize(c.Request(), list, "")
	if err != nil {
		return err
	}
	limit, err := intParam(c, "limit", 50, 1, 1000)
	if err != nil {
		return err
	}
	trashed, err := boolParam(c, "trashed")
	if err != nil {
		return err
	}
	order, ok := orders[cmp.Or(c.QueryParam("sort"), "updated")]
	if !ok {
		return badParameter("sort is updated, title or created")
	}
	after, err := decodePlace(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	query := strings.ToLower(c.QueryParam("q"))

	type found struct {
		at   place
		info store.Info
	}
	var all []found
	for info, err := range s.store.List() {
		if err != nil {
			return err
		}
		if (info.TrashedAt != 0) != trashed || !strings.Contains(strings.ToLower(info.Title), query) {
			continue
		}
		at := order.place(info)
		if after == nil || order.compare(*after, at) < 0 {
			all = append(all, found{at, info})
		}
	}
	slices.SortFunc(all, func(a, b found) int { return order.compare(a.at, b.at) })
	page := struct {
		Items []resource `json:"items"`
		Next  string     `json:"next,omitempty"`
	}{Items: []resource{}}
	for i, f := range all {
		if i == int(limit) {
			page.Next = encodePlace(all[i-1].at)
			break
		}
		page.Items = append(page.Items, newResource(f.info, who))
	}
	return c.JSON(http.StatusOK, page)
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
