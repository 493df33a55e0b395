package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

const (
	// recordsBytes is where a page of records ends, however many were asked
	// for: one may have megabytes.
	recordsBytes = 8 << 20
	recordsPiece = 32 // are read at once
)

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
	b := []byte(`{"items":[`)
	for n := int64(0); n < limit && len(b) < recordsBytes; {
		lines, err := s.store.Lines(info.ID, after, int(min(recordsPiece, limit-n)))
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			break
		}
		for _, line := range lines {
			if len(b) >= recordsBytes {
				break
			}
			if n > 0 {
				b = append(b, ',')
			}
			b = append(b, line.JSON...)
			after = line.Rev
			n++
		}
	}
	return c.JSONBlob(http.StatusOK, append(b, "]}\n"...))
}
