package server

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/server/hooks"
)

// tests is how often somebody may have a hook tried: each is a request that
// this server makes while they wait.
var tests = pace{2 * time.Second, 20}

func (s *Server) testHook(c echo.Context) error {
	h, who, err := s.hook(c)
	if err == nil {
		err = s.pace(who, "hook tests", tests)
	}
	if err != nil {
		return err
	}
	a, err := s.hooks.Test(c.Request().Context(), h.ID)
	if err != nil {
		return problemOfHooks(err)
	}
	return c.JSON(http.StatusOK, newAttempt(a))
}

func (s *Server) replayHook(c echo.Context) error {
	h, who, err := s.hook(c)
	if err != nil {
		return err
	}
	document, from := h.Document, int64(1)
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "document":
			var id string
			if id, err = text(key, raw); err == nil && h.Document != "" && id != h.Document {
				err = fieldInvalid("the hook is one of another document")
			}
			document = id
		case "fromRev":
			from, err = integer(key, raw)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case document == "":
		return badParameter("document is missing")
	}
	if err := s.hooks.Replay(h.ID, document, from); err != nil {
		return problemOfHooks(err)
	}
	s.noteHook(c, who, "hook_replayed", h)
	return c.NoContent(http.StatusNoContent)
}

// attemptResource is a request that was made for a hook.
type attemptResource struct {
	hooks.Attempt
	At string `json:"at"`
}

func newAttempt(a hooks.Attempt) attemptResource { return attemptResource{a, timestamp(a.At)} }

func (s *Server) listDeliveries(c echo.Context) error {
	h, _, err := s.hook(c)
	if err != nil {
		return err
	}
	all, err := s.hooks.Attempts(h.ID)
	if err != nil {
		return err
	}
	items := []attemptResource{}
	for _, a := range all {
		items = append(items, newAttempt(a))
	}
	return listed(c, items)
}
