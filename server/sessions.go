package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

// noticeUnits bounds what people are shown, in UTF-16 code units.
const noticeUnits = 2000

// seat is a session as REST shows it.
type seat struct {
	Document string       `json:"document,omitempty"` // and its title, where all sessions are listed
	Title    string       `json:"title,omitempty"`
	Session  string       `json:"session"`
	Client   string       `json:"client"`
	User     store.User   `json:"user"`
	Name     string       `json:"name"`
	Color    string       `json:"color"`
	Role     session.Role `json:"role"`
	JoinedAt string       `json:"joinedAt"`
	Behind   int64        `json:"behind"`
	Cursor   *cursor      `json:"cursor"`
}

type cursor struct {
	Anchor int `json:"anchor"`
	Head   int `json:"head"`
}

func newSeat(document string, p session.Person) seat {
	s := seat{
		Document: document, Session: p.Session, Client: p.Client, User: p.User, Name: p.User.Name,
		Color: p.Color, Role: p.Role, JoinedAt: timestamp(p.JoinedAt.UnixMilli()), Behind: p.Behind,
	}
	if p.Cursor != nil {
		s.Cursor = &cursor{p.Cursor.Anchor, p.Cursor.Head}
	}
	return s
}

// addressee returns the document that a request is about, "" where it is about
// the whole server, and who asks. It is for who oversees that.
func (s *Server) addressee(c echo.Context) (id string, who principal, err error) {
	if c.Param("id") == "" {
		who, err = s.authorize(c.Request(), administer, "")
		return "", who, err
	}
	info, who, err := s.document(c, oversee, false)
	return info.ID, who, err
}

type seats struct {
	Items []seat `json:"items"`
}

// listSessions says who is in a document.
func (s *Server) listSessions(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	page := seats{Items: []seat{}}
	for _, p := range s.hub.People(info.ID) {
		page.Items = append(page.Items, newSeat("", p))
	}
	return c.JSON(http.StatusOK, page)
}

// listAllSessions says who is connected at all, as far as one may know: in
// the documents that one may read, to administrators in every one.
func (s *Server) listAllSessions(c echo.Context) error {
	who, err := s.authorize(c.Request(), list, "")
	if err != nil {
		return err
	}
	_, refused := s.decided(who, administer, nil)
	page := seats{Items: []seat{}}
	for _, at := range s.hub.Everyone() {
		info, err := s.store.Info(at.Document)
		if err != nil {
			continue // it is just being deleted
		}
		if _, seen := s.may(who, read, &info); refused != nil && !seen {
			continue
		}
		seat := newSeat(at.Document, at.Person)
		seat.Title = info.Title
		page.Items = append(page.Items, seat)
	}
	return c.JSON(http.StatusOK, page)
}

// disconnect ends a session.
func (s *Server) disconnect(c echo.Context) error {
	id, who, err := s.addressee(c)
	if err != nil {
		return err
	}
	if err := s.hub.Disconnect(id, c.Param("session")); err != nil {
		return problemOfSession(err)
	}
	s.note(c, who, accounts.Entry{Action: "disconnected", Document: id, Subject: c.Param("session")})
	return c.NoContent(http.StatusNoContent)
}

// notify shows a text to one session.
func (s *Server) notify(c echo.Context) error {
	id, who, err := s.addressee(c)
	if err != nil {
		return err
	}
	words, err := notice(c.Request())
	if err != nil {
		return err
	}
	if err := s.hub.Tell(id, c.Param("session"), words); err != nil {
		return problemOfSession(err)
	}
	s.note(c, who, accounts.Entry{Action: "notified", Document: id, Subject: c.Param("session"), Detail: words})
	return c.NoContent(http.StatusNoContent)
}

// notifyAll shows a text to all who are in a document, or connected at all.
func (s *Server) notifyAll(c echo.Context) error {
	id, who, err := s.addressee(c)
	if err != nil {
		return err
	}
	words, err := notice(c.Request())
	if err != nil {
		return err
	}
	s.hub.TellAll(id, words)
	s.note(c, who, accounts.Entry{Action: "notified", Document: id, Detail: words})
	return c.NoContent(http.StatusNoContent)
}

// notice reads the body of a notice.
func notice(r *http.Request) (words string, err error) {
	given := false
	err = members(r, metadataBytes, func(key string, raw []byte) (err error) {
		if key == "text" {
			given = true
			words, err = text(key, raw)
		}
		return err
	})
	switch {
	case err != nil:
		return "", err
	case !given:
		return "", badParameter("text is missing")
	case strings.TrimSpace(words) == "" || units(words) > noticeUnits:
		return "", fieldInvalid("text has 1 to %d units, and not only white space", noticeUnits)
	}
	return words, nil
}

func problemOfSession(err error) error {
	switch {
	case errors.Is(err, session.ErrNoSession):
		return newProblem(http.StatusNotFound, "not_found", "there is no such session")
	case errors.Is(err, session.ErrStalled):
		return unavailable("the session takes nothing just now")
	}
	return err
}
