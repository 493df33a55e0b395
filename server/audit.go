package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
	"tutti/store"
)

// entryResource is a line of the audit log.
type entryResource struct {
	ID       int64      `json:"id"`
	At       string     `json:"at"`
	Action   string     `json:"action"`
	User     store.User `json:"user"`
	Document string     `json:"document,omitempty"`
	Subject  string     `json:"subject,omitempty"`
	Detail   string     `json:"detail,omitempty"`
	Address  string     `json:"address,omitempty"`
}

func newEntryResource(e accounts.Entry) entryResource {
	return entryResource{e.ID, timestamp(e.At), e.Action, e.User, e.Document, e.Subject, e.Detail, e.Address}
}

// note puts into the audit log what has just been done. What is done stays
// done where that can't be written; the server's own log says so.
func (s *Server) note(c echo.Context, who principal, e accounts.Entry) {
	if s.accounts == nil {
		return
	}
	e.User, e.Address = who.User, s.addressOf(c.Request())
	if err := s.accounts.Note(e); err != nil {
		s.log.Error("the audit log could not be written", "action", e.Action, "error", err)
	}
}

// listAudit answers the audit log, the newest first.
func (s *Server) listAudit(c echo.Context) error {
	if _, err := s.account(c, administer); err != nil {
		return err
	}
	limit, err := intParam(c, "limit", 100, 1, 1000)
	if err != nil {
		return err
	}
	last, err := s.accounts.LastAudit()
	if err != nil {
		return err
	}
	before, err := intParam(c, "cursor", last+1, 1, last+1)
	if err != nil {
		return err
	}
	after := max(0, before-1-limit)
	entries, err := s.accounts.Audit(after, int(before-1-after))
	if err != nil {
		return err
	}
	page := struct {
		Items []entryResource `json:"items"`
		Next  string          `json:"next,omitempty"`
	}{Items: []entryResource{}}
	for _, e := range slices.Backward(entries) {
		if e.ID < before { // the oldest are not kept any more, and these may be later ones
			page.Items = append(page.Items, newEntryResource(e))
		}
	}
	if n := len(page.Items); n > 0 && page.Items[n-1].ID > max(1, last-accounts.AuditKept+1) {
		page.Next = strconv.FormatInt(page.Items[n-1].ID, 10)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, page)
}

// auditPiece is how many entries a stream reads at once.
const auditPiece = 100

// followAudit streams entries as they are written, for as long as its reader
// is an administrator.
func (s *Server) followAudit(c echo.Context) error {
	if _, err := s.account(c, administer); err != nil {
		return err
	}
	after, err := eventsAfter(c)
	if err == nil && after < 0 {
		after, err = s.accounts.LastAudit()
	}
	if err != nil {
		return err
	}
	defer s.whileAllowed(c, administer, nil)()
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	defer context.AfterFunc(s.admitted.ending, cancel)()
	out := s.beginEvents(c)
	defer out.free()
	for {
		next, done := context.WithTimeoutCause(ctx, heartbeatEvery, errQuiet)
		entries, err := s.accounts.FollowAudit(next, after, auditPiece)
		done()
		switch {
		case errors.Is(err, errQuiet):
			err = out.send([]byte(":\n\n"))
		case err == nil:
			after = entries[len(entries)-1].ID
			err = out.entries(entries)
		}
		if err != nil {
			return nil // nothing can be said any more but that it ends
		}
	}
}

func (e *eventStream) entries(entries []accounts.Entry) error {
	var b []byte
	for _, entry := range entries {
		line, err := json.Marshal(newEntryResource(entry))
		if err != nil {
			return err
		}
		b = append(strconv.AppendInt(append(b, "id: "...), entry.ID, 10), "\ndata: "...)
		b = append(append(b, line...), "\n\n"...)
	}
	return e.send(b)
}
