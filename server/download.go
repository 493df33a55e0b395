package server

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// download answers with a file that is written as it is sent. Where that fails
// the answer is broken off, so that nobody takes a part of it for the whole.
func (s *Server) download(c echo.Context, media, name string, write func(io.Writer) error) error {
	h := c.Response().Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", attachment(name))
	h.Set("Cache-Control", "no-store")
	c.Response().WriteHeader(http.StatusOK)
	w := steadyWriter{c.Response(), http.NewResponseController(c.Response()), c}
	if err := write(w); err != nil {
		s.log.Warn("a download was broken off", "path", c.Request().URL.Path, ids(c), "error", err)
		panic(http.ErrAbortHandler)
	}
	return w.deadline(time.Time{})
}

// steadyWriter gives each piece of a long answer time of its own: who takes
// some of it goes on, who takes nothing is cut off.
type steadyWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	c       echo.Context // whose request ends when it is not allowed any more
}

func (w steadyWriter) Write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		if err := w.c.Request().Context().Err(); err != nil {
			return n, err
		}
		if err := w.deadline(time.Now().Add(stalledFor)); err != nil {
			return n, err
		}
		var wrote int
		wrote, err = w.ResponseWriter.Write(b[:min(len(b), pieceBytes)])
		n, b = n+wrote, b[wrote:]
	}
	return n, err
}

// deadline does nothing where there is no connection, as in tests.
func (w steadyWriter) deadline(t time.Time) error {
	err := w.control.SetWriteDeadline(t)
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
