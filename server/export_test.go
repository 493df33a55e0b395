package server

import "github.com/labstack/echo/v4"

// Routes are all that the server serves.
func (s *Server) Routes() []*echo.Route { return s.echo.Routes() }

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
