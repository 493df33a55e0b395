package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
)

// personResource is a person as the others see them.
type personResource struct {
	ID            string `json:"id"`
	Login         string `json:"login"`
	Name          string `json:"name"`
	Administrator bool   `json:"administrator"`
	CreatedAt     string `json:"createdAt"`
}

func newPersonResource(p accounts.Person) personResource {
	return personResource{p.ID, p.Login, p.Name, p.Administrator, timestamp(p.CreatedAt)}
}

// listPeople answers with all who have an account: documents are shared with
// them.
func (s *Server) listPeople(c echo.Context) error {
	if _, err := s.account(c, meet); err != nil {
		return err
	}
	items := []personResource{}
	for _, p := range s.accounts.People() {
		items = append(items, newPersonResource(p))
	}
	return listed(c, items)
}

// changePerson makes somebody an administrator, or no longer one.
func (s *Server) changePerson(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	var change []func(*accounts.Person)
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) error {
		switch key {
		case "administrator":
			is, err := boolean(key, raw)
			change = append(change, func(p *accounts.Person) { p.Administrator = is })
			return err
		case "name":
			name, err := text(key, raw)
			change = append(change, func(p *accounts.Person) { p.Name = name })
			return err
		}
		return fieldInvalid("%q can't be changed", key)
	})
	if err != nil {
		return err
	}
	p, err := s.accounts.ChangePerson(named(c, "person"), func(p *accounts.Person) {
		for _, set := range change {
			set(p)
		}
	})
	if err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "person_changed", Subject: p.ID})
	return c.JSON(http.StatusOK, newPersonResource(p))
}

// removePerson ends all that a person may do. What they alone owned is the
// heir's then, or the administrators'.
func (s *Server) removePerson(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	if err := s.accounts.RemovePerson(named(c, "person"), c.QueryParam("heir")); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "person_removed", Subject: named(c, "person"), Detail: c.QueryParam("heir")})
	return c.NoContent(http.StatusNoContent)
}

// ticketResource is an invitation. The secret is shown when it is made, and
// never again.
type ticketResource struct {
	ID            string `json:"id"`
	Administrator bool   `json:"administrator"`
	Person        string `json:"person,omitempty"`
	CreatedAt     string `json:"createdAt"`
	ExpiresAt     string `json:"expiresAt"`
	Secret        string `json:"secret,omitempty"`
	URL           string `json:"url,omitempty"`
}

func newTicket(t accounts.Ticket) ticketResource {
	return ticketResource{ID: t.ID, Administrator: t.Administrator, Person: t.Person, CreatedAt: timestamp(t.CreatedAt), ExpiresAt: timestamp(t.ExpiresAt)}
}

// issued answers with a new link.
func (s *Server) issued(c echo.Context, who principal, secret string, t accounts.Ticket, err error) error {
	if err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "link_issued", Subject: t.Person, Detail: t.ID})
	made := newTicket(t)
	made.Secret, made.URL = secret, s.base(c.Request())+RedeemPath(secret)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, made)
}

// RedeemPath is where the app takes the secret of a link. It stands in the
// fragment, which no browser sends: no log of a proxy has it.
func RedeemPath(secret string) string { return "/#redeem=" + secret }

// base is where people reach the server.
func (s *Server) base(r *http.Request) string {
	switch {
	case s.public != nil:
		return s.public.Scheme + "://" + s.public.Host
	case s.secure(r):
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *Server) resetPerson(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	secret, t, err := s.accounts.Reset(who.User.ID, named(c, "person"))
	return s.issued(c, who, secret, t, err)
}

func (s *Server) invite(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	administrator := false
	err = optionalMembers(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		if key == "administrator" {
			administrator, err = boolean(key, raw)
		}
		return err
	})
	if err != nil {
		return err
	}
	secret, t, err := s.accounts.Invite(who.User.ID, administrator)
	return s.issued(c, who, secret, t, err)
}

func (s *Server) listInvitations(c echo.Context) error {
	if _, err := s.account(c, administer); err != nil {
		return err
	}
	items := []ticketResource{}
	for _, t := range s.accounts.Tickets() {
		items = append(items, newTicket(t))
	}
	return listed(c, items)
}

func (s *Server) withdraw(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	if err := s.accounts.Withdraw(c.Param("invitation")); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "link_withdrawn", Detail: c.Param("invitation")})
	return c.NoContent(http.StatusNoContent)
}
