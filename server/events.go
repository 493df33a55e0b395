package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/session"
	"tutti/store"
)

const (
	// heartbeatEvery is how often a quiet stream says that it is alive.
	heartbeatEvery = 15 * time.Second
	// comeBackAfter is what a client waits before it asks for the rest, in
	// milliseconds.
	comeBackAfter = 1000
)

// getEvents streams records as they are committed: server-sent events, the
// revision as the id, so that a browser resumes by itself where it was cut.
// Like a session it pulls from the log. A consumer that takes nothing has no
// queue here; it is cut after a while, and finds the rest when it comes back.
func (s *Server) getEvents(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	defer s.whileAllowed(c, read, &info)()
	after, err := eventsAfter(c)
	if err != nil {
		return err
	}
	f, err := s.hub.Follow(info.ID, after)
	if err != nil {
		return err
	}
	defer f.Close()
	out := s.beginEvents(c)
	defer out.free()
	if err := out.follow(c.Request().Context(), f); err != nil {
		s.log.Error("an event stream could not be served", "document", info.ID, ids(c), "error", err)
	}
	return nil // nothing can be said any more but that it ends
}

// beginEvents begins an answer of events.
func (s *Server) beginEvents(c echo.Context) *eventStream {
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // or nginx keeps events until it has a page of them
	c.Response().WriteHeader(http.StatusOK)
	out := &eventStream{w: c.Response(), control: http.NewResponseController(c.Response())}
	if err := out.send([]byte("retry: " + strconv.Itoa(comeBackAfter) + "\n\n")); err != nil {
		s.log.Debug("who asked for events has gone", ids(c), "error", err) // the next piece finds that, too
	}
	return out
}

// eventsAfter returns the revision behind which a stream begins, -1 for the
// head.
func eventsAfter(c echo.Context) (after int64, err error) {
	after = -1
	for _, given := range []struct{ name, value string }{
		{"after", c.QueryParam("after")}, {"Last-Event-ID", c.Request().Header.Get("Last-Event-ID")}, // which wins
	} {
		if given.value == "" {
			continue
		}
		rev, err := strconv.ParseUint(given.value, 10, 53)
		if err != nil {
			return 0, badParameter("%s is no revision", given.name)
		}
		after = int64(rev)
	}
	return after, nil
}

// eventStream is the answer to one consumer.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  []byte
}

// follow sends what the follower reads until either ends. It returns an error
// only for what is wrong here.
func (e *eventStream) follow(ctx context.Context, f *session.Follower) error {
	for {
		next, cancel := context.WithTimeoutCause(ctx, heartbeatEvery, errQuiet)
		lines, err := f.Next(next)
		cancel()
		switch {
		case errors.Is(err, errQuiet):
			err = e.send([]byte(":\n\n"))
		case errors.Is(err, session.ErrEnded), ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		default:
			err = e.records(lines)
		}
		if err != nil {
			return nil // the consumer is gone, or takes nothing
		}
	}
}

var errQuiet = errors.New("server: no event for a while")

func (e *eventStream) records(lines []store.Line) error {
	b := e.buffer[:0]
	for _, line := range lines {
		b = append(b, "id: "...)
		b = strconv.AppendInt(b, line.Rev, 10)
		b = append(b, "\ndata: "...)
		b = append(b, line.JSON...) // has no line end: JSON escapes them
		b = append(b, "\n\n"...)
	}
	e.buffer = b
	return e.send(b)
}

// send writes and flushes. A long run goes in pieces, so that a slow consumer
// has time for it as long as it takes some.
func (e *eventStream) send(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), pieceBytes)
		if err := e.control.SetWriteDeadline(time.Now().Add(stalledFor)); err != nil {
			return err
		}
		if _, err := e.w.Write(b[:n]); err != nil {
			return err
		}
		if err := e.control.Flush(); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// free takes the deadline off a connection that other requests may use. It
// fails only where there is no connection any more.
func (e *eventStream) free() { _ = e.control.SetWriteDeadline(time.Time{}) }
