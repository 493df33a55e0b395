package server

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

// tagCount is a tag and how many documents have it.
type tagCount struct {
	Tag       string `json:"tag"`
	Documents int    `json:"documents"`
}

// listTags answers the tags of the documents that one may read and
// that are not in the trash.
func (s *Server) listTags(c echo.Context) error {
	who, err := s.authorize(c.Request(), list, "")
	if err != nil {
		return err
	}
	counts := map[string]int{}
	err = s.catalogue.each(func(e *entry) {
		if _, seen := s.may(who, read, &e.Info); !seen || e.TrashedAt != 0 {
			return
		}
		for _, tag := range e.Tags.All() {
			counts[tag]++
		}
	})
	if err != nil {
		return err
	}
	items := make([]tagCount, 0, len(counts))
	for tag, n := range counts {
		items = append(items, tagCount{tag, n})
	}
	slices.SortFunc(items, func(a, b tagCount) int { return cmp.Compare(a.Tag, b.Tag) })
	return c.JSON(http.StatusOK, struct {
		Items []tagCount `json:"items"`
	}{items})
}
