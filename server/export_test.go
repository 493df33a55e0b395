package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Routes are all that the server serves.
func (s *Server) Routes() []*echo.Route { return s.echo.Routes() }

// Wrap puts a handler around the server's, before it serves.
func (s *Server) Wrap(around func(http.Handler) http.Handler) {
	s.http.Handler = around(s.http.Handler)
}

// LimitZIP has less taken of a ZIP.
func (s *Server) LimitZIP(directory int64, files int, file, unpacked int64) {
	s.zip = zipLimits{packed: usualZIP.packed, directory: directory, files: files, file: file, unpacked: unpacked}
}

// Forgive forgets how much anybody has done of what is held to a pace.
func (s *Server) Forgive() {
	s.attempts.mu.Lock()
	defer s.attempts.mu.Unlock()
	clear(s.attempts.of)
}

// The server's clocks.
const (
	HelloWithin = helloWithin
	PingEvery   = pingEvery
	SilentFor   = silentFor
	StalledFor  = stalledFor
	ByeWithin   = byeWithin
)

// Contract is the contract in JSON, as it is served.
func Contract() ([]byte, error) { return contractJSON() }
