package server

import (
	"math"
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/store"
)

// recordsBytes is where a page of records ends, however many were asked for: one
// may have megabytes.
const recordsBytes = 8 << 20

// getRecords answers a run of the log, in the bytes that were committed.
func (s *Server) getRecords(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	after, err := intParam(c, "after", 0, 0, 1<<53)
	if err != nil {
		return err
	}
	limit, err := intParam(c, "limit", 100, 1, 1000)
	if err != nil {
		return err
	}
	lines, err := store.LinesWithin(s.store, info.ID, after, math.MaxInt64, int(limit), recordsBytes)
	if err != nil {
		return err
	}
	b := []byte(`{"items":[`)
	for i, line := range lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, line.JSON...)
	}
	return c.JSONBlob(http.StatusOK, append(b, "]}\n"...))
}
