package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

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
	Title    string     `json:"title,omitempty"`       // of the document, if it is still there
	Name     string     `json:"subjectName,omitempty"` // of the subject, if it is still there
	Subject  string     `json:"subject,omitempty"`
	Detail   string     `json:"detail,omitempty"`
	Address  string     `json:"address,omitempty"`
}

func (s *Server) newEntry(e accounts.Entry) entryResource {
	r := entryResource{ID: e.ID, At: timestamp(e.At), Action: e.Action, User: e.User, Document: e.Document, Subject: e.Subject, Detail: e.Detail, Address: e.Address}
	r.Name = s.accounts.Name(e.Subject)
	if info, err := s.store.Info(e.Document); err == nil {
		r.Title = info.Title
	}
	return r
}

// note puts into the audit log what has just been done. What is done stays
// done where that can't be written; the server's own log says so.
func (s *Server) note(c echo.Context, who principal, e accounts.Entry) {
	if s.accounts == nil {
		return
	}
	e.User, e.Address = who.User, s.addressOf(c.Request())
	if err := s.accounts.Note(e); err != nil {
		s.log.Error("the audit log could not be written", ids(c), "action", e.Action, "error", err)
	}
}

// fromOutside is how often an address is noted for what takes no account: who
// goes on and on would fill the log until what it is kept for falls out of it.
var fromOutside = pace{time.Minute, 100}

// noteOutside is note for what anybody may try.
func (s *Server) noteOutside(c echo.Context, who principal, e accounts.Entry) {
	if s.attempts.take("noted "+s.addressOf(c.Request()), fromOutside) == nil {
		s.note(c, who, e)
	}
}

// auditRead is how many entries a request looks at, at most: with a filter, a
// page may have less than it could.
const auditRead = 10_000

// auditFilter chooses entries; a field that is empty chooses all.
type auditFilter struct{ person, document, action string }

// takes reports whether an entry is among those asked for: of a person, what
// they did and what was done to them.
func (f *auditFilter) takes(e *accounts.Entry) bool {
	return (f.person == "" || f.person == e.User.ID || f.person == e.Subject) &&
		(f.document == "" || f.document == e.Document) && (f.action == "" || f.action == e.Action)
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
	page := struct {
		Items []entryResource `json:"items"`
		Next  string          `json:"next,omitempty"`
	}{Items: []entryResource{}}
	oldest := max(1, last-accounts.AuditKept+1)
	filter := auditFilter{c.QueryParam("person"), c.QueryParam("document"), c.QueryParam("action")}
	for until := max(oldest, before-auditRead); before > until && len(page.Items) < int(limit); {
		after := max(until-1, before-1-limit)
		entries, err := s.accounts.Audit(after, int(before-1-after))
		if err != nil {
			return err
		}
		upTo := before
		for _, e := range slices.Backward(entries) {
			// The oldest may have gone meanwhile, and these be later ones.
			if e.ID >= upTo || len(page.Items) == int(limit) {
				continue
			}
			before = e.ID
			if filter.takes(&e) {
				page.Items = append(page.Items, s.newEntry(e))
			}
		}
		if before == upTo {
			before = until // nothing is left between
		}
	}
	if before > oldest {
		page.Next = strconv.FormatInt(before, 10)
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
			err = s.sendEntries(out, entries)
		}
		if err != nil {
			return nil // nothing can be said any more but that it ends
		}
	}
}

func (s *Server) sendEntries(out *eventStream, entries []accounts.Entry) error {
	var b []byte
	for _, entry := range entries {
		line, err := json.Marshal(s.newEntry(entry))
		if err != nil {
			return err
		}
		b = append(strconv.AppendInt(append(b, "id: "...), entry.ID, 10), "\ndata: "...)
		b = append(append(b, line...), "\n\n"...)
	}
	return out.send(b)
}
