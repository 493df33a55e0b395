package server

import (
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// probeEvery bounds how often the disk is asked whether it still takes writes.
const probeEvery = 100 * time.Millisecond

// health remembers for a moment whether the store could be written to, so that
// asking often costs the disk nothing.
type health struct {
	probe func() error

	mu  sync.Mutex
	at  time.Time
	err error
}

func (h *health) check() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.at) > probeEvery {
		h.err, h.at = h.probe(), time.Now()
	}
	return h.err
}

// healthz says that the process is up.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether edits can be taken.
func (s *Server) readyz(c echo.Context) error {
	if s.hub.Closing() {
		return unavailable("the server is going down")
	}
	if err := s.health.check(); err != nil {
		s.log.Warn("not ready: the store can't be written to", "error", err)
		return unavailable("the store can't be written to just now")
	}
	return c.String(http.StatusOK, "ready\n")
}
