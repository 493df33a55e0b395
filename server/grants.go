package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/server/access"
	"tutti/session"
	"tutti/store"
)

// grantResource is who has which role in a document.
type grantResource struct {
	Subject string       `json:"subject"`
	Name    string       `json:"name,omitempty"` // of a person
	Role    session.Role `json:"role"`
}

func (s *Server) newGrant(g access.Grant) grantResource {
	p, _ := s.accounts.Person(g.Subject) // everyone is no person
	return grantResource{g.Subject, p.Name, g.Role}
}

// shared authorizes a request about who has access to a document, also to one
// in the trash.
func (s *Server) shared(c echo.Context, do access.Action) (info store.Info, who principal, err error) {
	if info, who, err = s.document(c, do, true); err == nil {
		_, err = s.account(c, list)
	}
	return info, who, err
}

// listAccess says who has access, to all who have it and an account: guests
// don't meet the people.
func (s *Server) listAccess(c echo.Context) error {
	info, _, err := s.shared(c, read)
	if err == nil {
		_, err = s.account(c, meet)
	}
	if err != nil {
		return err
	}
	items := []grantResource{}
	for _, g := range s.accounts.Document(info.ID, info.Epoch).Grants {
		items = append(items, s.newGrant(g))
	}
	return listed(c, items)
}

// grant gives somebody a role in a document.
func (s *Server) grant(c echo.Context) error {
	info, _, err := s.shared(c, manage)
	if err != nil {
		return err
	}
	var role string
	if err := fieldsOf(c.Request(), map[string]*string{"role": &role}); err != nil {
		return err
	}
	g := access.Grant{Subject: c.Param("subject"), Role: session.Role(role)}
	if err := s.accounts.Grant(info.ID, info.Epoch, g.Subject, g.Role); err != nil {
		return problemOfAccounts(err)
	}
	return c.JSON(http.StatusOK, s.newGrant(g))
}

// ungrant takes a role away again.
func (s *Server) ungrant(c echo.Context) error {
	info, _, err := s.shared(c, manage)
	if err != nil {
		return err
	}
	if err := s.accounts.Ungrant(info.ID, info.Epoch, c.Param("subject")); err != nil {
		return problemOfAccounts(err)
	}
	return c.NoContent(http.StatusNoContent)
}
