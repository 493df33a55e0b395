package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/server/access"
	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

// grantResource is who has which role in a document.
type grantResource struct {
	Subject string       `json:"subject"`
	Name    string       `json:"name,omitempty"` // of a person or a group
	Role    session.Role `json:"role"`
}

func (s *Server) newGrant(g access.Grant) grantResource {
	return grantResource{g.Subject, s.accounts.Name(g.Subject), g.Role}
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
	info, who, err := s.shared(c, manage)
	if err != nil {
		return err
	}
	var role string
	if err := fieldsOf(c.Request(), map[string]*string{"role": &role}); err != nil {
		return err
	}
	g := access.Grant{Subject: named(c, "subject"), Role: session.Role(role)}
	if err := s.accounts.Grant(info.ID, info.Epoch, g.Subject, g.Role); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "granted", Document: info.ID, Subject: g.Subject, Detail: role})
	return c.JSON(http.StatusOK, s.newGrant(g))
}

// ungrant takes a role away again.
func (s *Server) ungrant(c echo.Context) error {
	info, who, err := s.shared(c, manage)
	if err != nil {
		return err
	}
	return s.withdrawn(c, who, info, named(c, "subject"), "ungranted")
}

// leave gives up one's own role in a document.
func (s *Server) leave(c echo.Context) error {
	info, who, err := s.shared(c, read)
	if err != nil {
		return err
	}
	return s.withdrawn(c, who, info, who.User.ID, "left")
}

func (s *Server) withdrawn(c echo.Context, who principal, info store.Info, subject, action string) error {
	if err := s.accounts.Ungrant(info.ID, info.Epoch, subject); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: action, Document: info.ID, Subject: subject})
	return c.NoContent(http.StatusNoContent)
}

// transfer makes somebody the owner of a document, in one's own place. Who
// isn't an owner is an administrator, and puts them in the place of all owners.
func (s *Server) transfer(c echo.Context) error {
	info, who, err := s.shared(c, oversee)
	if err != nil {
		return err
	}
	var to string
	if err := fieldsOf(c.Request(), map[string]*string{"person": &to}); err != nil {
		return err
	}
	from := who.User.ID
	if who.role != session.Owner {
		from = ""
	}
	if err := s.accounts.Transfer(info.ID, info.Epoch, from, to); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "owner_changed", Document: info.ID, Subject: to})
	return c.JSON(http.StatusOK, s.newGrant(access.Grant{Subject: to, Role: session.Owner}))
}
