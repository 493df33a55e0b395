package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/store"
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
	lines, err := s.lines(info.ID, after, int(limit), recordsBytes)
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

// lines returns at most so many lines behind a revision, and no more once they
// have so many bytes.
func (s *Server) lines(id string, after int64, most, bytes int) (lines []store.Line, err error) {
	for size := 0; len(lines) < most && size < bytes; {
		piece, err := s.store.Lines(id, after, min(recordsPiece, most-len(lines)))
		if err != nil || len(piece) == 0 {
			return lines, err
		}
		for _, line := range piece {
			if size >= bytes {
				break
			}
			lines, size, after = append(lines, line), size+len(line.JSON), line.Rev
		}
	}
	return lines, nil
}
