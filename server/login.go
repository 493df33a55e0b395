package server

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/server/access"
	"tutti/server/accounts"
	"tutti/session"
)

// Attempts to log in: by name and address together, so that a stranger
// elsewhere shuts nobody out; then by name, and by address, behind which there
// may be a school. A link's secret can't be guessed: it counts by address.
var (
	attemptsHere    = pace{10 * time.Second, 5}
	attemptsByName  = pace{time.Second, 50}
	attemptsByPlace = pace{time.Second, 100}
)

// selfResource is who asks, as they see themselves.
type selfResource struct {
	Accounts      bool   `json:"accounts"`
	ID            string `json:"id"`
	Login         string `json:"login,omitempty"`
	Name          string `json:"name"`
	Color         string `json:"color,omitempty"`
	Administrator bool   `json:"administrator"`
}

func newSelf(p accounts.Person) selfResource {
	return selfResource{Accounts: true, ID: p.ID, Login: p.Login, Name: p.Name, Color: p.Color, Administrator: p.Administrator}
}

// cookieName is what the cookie of a log-in is called. Behind TLS no other
// site, and no page without TLS, can set one of that name.
func (s *Server) cookieName(r *http.Request) string {
	if s.secure(r) {
		return "__Host-tutti"
	}
	return "tutti"
}

// secure reports whether people reach the server by TLS.
func (s *Server) secure(r *http.Request) bool {
	return r.TLS != nil || s.public != nil && s.public.Scheme == "https"
}

// setCookie hands the secret of a log-in to the browser; "" takes it away.
func (s *Server) setCookie(c echo.Context, secret string) {
	age := int(accounts.LoginFor / time.Second)
	if secret == "" {
		age = -1
	}
	c.SetCookie(&http.Cookie{
		Name: s.cookieName(c.Request()), Value: secret, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.secure(c.Request()), SameSite: http.SameSiteLaxMode,
	})
}

// getSession says who asks: 401 for a stranger.
func (s *Server) getSession(c echo.Context) error {
	who, err := s.authorize(c.Request(), list, "")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	if who.Open {
		return c.JSON(http.StatusOK, selfResource{ID: who.User.ID, Name: who.User.Name})
	}
	p, err := s.accounts.Person(who.User.ID)
	if err != nil { // a guest
		return c.JSON(http.StatusOK, selfResource{Accounts: true, ID: who.User.ID, Name: who.User.Name})
	}
	return c.JSON(http.StatusOK, newSelf(p))
}

// fieldsOf reads a body whose members are strings. All are there but the
// optional ones; others are passed over.
func fieldsOf(r *http.Request, into map[string]*string, optional ...string) error {
	given := map[string]bool{}
	for _, key := range optional {
		given[key] = true
	}
	err := members(r, metadataBytes, func(key string, raw []byte) (err error) {
		if to := into[key]; to != nil {
			given[key] = true
			*to, err = text(key, raw)
		}
		return err
	})
	for key := range into {
		if err == nil && !given[key] {
			err = badParameter("%s is missing", key)
		}
	}
	return err
}

// attempt counts an attempt to get in under some name. One that is refused
// counts no further: else a stranger who goes on would use up what the name has
// everywhere, and shut out whose it is.
func (s *Server) attempt(r *http.Request, name string) error {
	at := s.addressOf(r)
	err := s.attempts.take("at "+at, attemptsByPlace)
	if err == nil {
		err = s.attempts.take("here "+at+" "+name, attemptsHere)
	}
	if err == nil {
		err = s.attempts.take("as "+name, attemptsByName)
	}
	return err
}

func (s *Server) signIn(c echo.Context) error {
	if _, err := s.account(c, visit); err != nil {
		return err
	}
	var login, password string
	r := c.Request()
	err := fieldsOf(r, map[string]*string{"login": &login, "password": &password})
	if err == nil {
		err = s.attempt(r, strings.ToLower(login))
	}
	if err != nil {
		return err
	}
	secret, p, err := s.accounts.SignIn(r.Context(), login, password, r.UserAgent())
	if err != nil {
		// Not the name as it was typed: some type their password there.
		s.noteOutside(c, principal{}, accounts.Entry{Action: "login_failed", Subject: s.accounts.WhoLogsIn(login)})
		return problemOfAccounts(err)
	}
	return s.signedIn(c, secret, p, "logged_in")
}

// begin ends the log-in that the browser had, if any, and begins another.
func (s *Server) begin(c echo.Context, secret string, p accounts.Person, action string) error {
	if before := s.caller(c.Request()); before.login != "" {
		if err := s.accounts.SignOut(before.login); err != nil {
			return err
		}
	}
	s.note(c, principal{Caller: access.Caller{User: p.User()}}, accounts.Entry{Action: action})
	s.setCookie(c, secret)
	c.Response().Header().Set("Cache-Control", "no-store")
	return nil
}

// signedIn begins a log-in, and answers as whom.
func (s *Server) signedIn(c echo.Context, secret string, p accounts.Person, action string) error {
	if err := s.begin(c, secret, p, action); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newSelf(p))
}

func (s *Server) signOut(c echo.Context) error {
	who, err := s.account(c, list)
	if err != nil {
		return err
	}
	if err := s.accounts.SignOut(who.login); err != nil {
		return err
	}
	s.note(c, who, accounts.Entry{Action: "logged_out"})
	s.setCookie(c, "")
	return c.NoContent(http.StatusNoContent)
}

// invitedResource is what a link is good for.
type invitedResource struct {
	Reset         bool   `json:"reset"`
	Login         string `json:"login,omitempty"`
	Name          string `json:"name,omitempty"`
	Administrator bool   `json:"administrator"`
	ExpiresAt     string `json:"expiresAt"`
}

// lookAtLink says what the secret of a link is good for, and uses it not.
func (s *Server) lookAtLink(c echo.Context) error {
	if _, err := s.account(c, visit); err != nil {
		return err
	}
	var secret string
	err := fieldsOf(c.Request(), map[string]*string{"secret": &secret})
	if err == nil {
		err = s.attempts.take("at "+s.addressOf(c.Request()), attemptsByPlace)
	}
	if err != nil {
		return err
	}
	t, p, err := s.accounts.LookAt(secret)
	if err != nil {
		return problemOfAccounts(err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, invitedResource{
		Reset: t.Person != "", Login: p.Login, Name: p.Name,
		Administrator: t.Administrator || p.Administrator, ExpiresAt: timestamp(t.ExpiresAt),
	})
}

// redeem takes the secret of a link: an invitation, or one to a new password.
func (s *Server) redeem(c echo.Context) error {
	if _, err := s.account(c, visit); err != nil {
		return err
	}
	r := c.Request()
	given := accounts.Redemption{Agent: r.UserAgent()}
	err := fieldsOf(r, map[string]*string{"secret": &given.Secret, "login": &given.Login, "name": &given.Name, "password": &given.Password}, "login", "name")
	if err == nil {
		err = s.attempts.take("at "+s.addressOf(r), attemptsByPlace)
	}
	if err != nil {
		return err
	}
	secret, p, err := s.accounts.Redeem(r.Context(), given)
	if err != nil {
		return problemOfAccounts(err)
	}
	return s.signedIn(c, secret, p, "link_redeemed")
}

// changeSelf changes how others see one.
func (s *Server) changeSelf(c echo.Context) error {
	who, err := s.account(c, self)
	if err != nil {
		return err
	}
	var change []func(*accounts.Person)
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) error {
		switch key {
		case "name":
			name, err := text(key, raw)
			change = append(change, func(p *accounts.Person) { p.Name = name })
			return err
		case "color":
			color, err := text(key, raw)
			if err == nil && !session.ValidColor(color) {
				err = fieldInvalid("color is #rrggbb")
			}
			change = append(change, func(p *accounts.Person) { p.Color = color })
			return err
		}
		return fieldInvalid("%q can't be changed", key)
	})
	if err != nil {
		return err
	}
	p, err := s.accounts.ChangePerson(who.User.ID, func(p *accounts.Person) {
		for _, set := range change {
			set(p)
		}
	})
	if err != nil {
		return problemOfAccounts(err)
	}
	return c.JSON(http.StatusOK, newSelf(p))
}

// changePassword ends all other log-ins.
func (s *Server) changePassword(c echo.Context) error {
	who, err := s.account(c, self)
	if err != nil {
		return err
	}
	var current, password string
	err = fieldsOf(c.Request(), map[string]*string{"current": &current, "password": &password})
	if err == nil {
		err = s.attempt(c.Request(), who.User.ID)
	}
	if err != nil {
		return err
	}
	err = s.accounts.ChangePassword(c.Request().Context(), who.User.ID, current, password, who.login)
	if err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "password_changed"})
	return c.NoContent(http.StatusNoContent)
}

// loginResource is one of a person's own log-ins.
type loginResource struct {
	ID        string `json:"id"`
	Agent     string `json:"agent"`
	CreatedAt string `json:"createdAt"`
	UsedAt    string `json:"usedAt"`
	ExpiresAt string `json:"expiresAt"`
	Current   bool   `json:"current"`
}

func (s *Server) listLogins(c echo.Context) error {
	who, err := s.account(c, self)
	if err != nil {
		return err
	}
	items := []loginResource{}
	for _, l := range s.accounts.Logins(who.User.ID) {
		items = append(items, loginResource{l.ID, l.Agent, timestamp(l.CreatedAt), timestamp(l.UsedAt), timestamp(l.ExpiresAt), l.ID == who.login})
	}
	return listed(c, items)
}

func (s *Server) endLogin(c echo.Context) error {
	who, err := s.account(c, self)
	if err != nil {
		return err
	}
	if err := s.accounts.EndLogin(who.User.ID, c.Param("login")); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "login_ended", Detail: c.Param("login")})
	return c.NoContent(http.StatusNoContent)
}

// listed answers a list that has but one page.
func listed[T any](c echo.Context, items []T) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, struct {
		Items []T `json:"items"`
	}{items})
}
