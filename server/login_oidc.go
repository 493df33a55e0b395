package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
	"tutti/server/oidc"
)

const (
	// callback is where a provider sends people back to.
	callback = "/api/v1/session/oidc/callback"
	// flowSeconds is how long a log-in at a provider may take.
	flowSeconds = 600
)

// ways says how people can log in here. Everybody may know.
func (s *Server) ways(c echo.Context) error {
	if _, err := s.authorize(c.Request(), visit, ""); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Accounts bool `json:"accounts"`
		OIDC     bool `json:"oidc"`
	}{s.accounts != nil, s.oidc != nil})
}

// provided authorizes a request about logging in at a provider.
func (s *Server) provided(c echo.Context) error {
	_, err := s.account(c, visit)
	if err == nil && s.oidc == nil {
		err = newProblem(http.StatusNotFound, "not_found", "nobody logs in at a provider here")
	}
	if err == nil {
		err = s.attempts.take("at "+s.addressOf(c.Request()), attemptsByPlace)
	}
	return err
}

// beginOIDC sends a browser to the provider. What it has to bring back stands
// in a cookie of its own: the log-in ends where it was begun.
func (s *Server) beginOIDC(c echo.Context) error {
	return s.toSignIn(c, c.QueryParam("to"), s.toProvider(c))
}

func (s *Server) toProvider(c echo.Context) error {
	if err := s.provided(c); err != nil {
		return err
	}
	flow := oidc.NewFlow()
	at, err := s.oidc.Begin(c.Request().Context(), flow, s.base(c.Request())+callback)
	if err != nil {
		s.log.Error("the provider can't be asked", ids(c), "error", err)
		return unavailable("the provider can't be reached just now")
	}
	s.setFlow(c, flow, c.QueryParam("to"), flowSeconds)
	return c.Redirect(http.StatusFound, at)
}

// setFlow keeps a flow in the browser, and where it leads to.
func (s *Server) setFlow(c echo.Context, f oidc.Flow, to string, seconds int) {
	if !local(to) {
		to = "/"
	}
	c.SetCookie(&http.Cookie{
		Name: s.cookieName(c.Request()) + "-oidc", Value: strings.Join([]string{f.State, f.Nonce, f.Verifier, to}, "|"), Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: s.secure(c.Request()), SameSite: http.SameSiteLaxMode,
	})
}

// local reports whether a browser that is sent to an address stays here.
// Browsers take a backslash for a slash, and pass over control characters.
func local(to string) bool {
	return strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.ContainsFunc(to, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`\|;,"`, r)
	})
}

// toSignIn sends a person whose log-in has failed to the page that says so and
// lets them try again, on their way to an address. A program gets the problem.
func (s *Server) toSignIn(c echo.Context, to string, err error) error {
	if err == nil || !strings.Contains(c.Request().Header.Get("Accept"), "text/html") {
		return err
	}
	p := problemOf(err)
	if p.Status >= 500 {
		s.log.Error("a log-in at the provider failed", ids(c), "error", err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	at := "/?signin&failed=" + p.Code
	if local(to) && to != "/" {
		at += "&to=" + url.QueryEscape(to)
	}
	return c.Redirect(http.StatusFound, at)
}

// endOIDC logs in who comes back from the provider.
func (s *Server) endOIDC(c echo.Context) error {
	flow, to := s.flow(c.Request())
	return s.toSignIn(c, to, s.fromProvider(c, flow, to))
}

// flow returns what setFlow has kept in the browser, if anything.
func (s *Server) flow(r *http.Request) (f oidc.Flow, to string) {
	if cookie, err := r.Cookie(s.cookieName(r) + "-oidc"); err == nil {
		if part := strings.Split(cookie.Value, "|"); len(part) == 4 && local(part[3]) {
			return oidc.Flow{State: part[0], Nonce: part[1], Verifier: part[2]}, part[3]
		}
	}
	return oidc.Flow{}, "/"
}

func (s *Server) fromProvider(c echo.Context, flow oidc.Flow, to string) error {
	if err := s.provided(c); err != nil {
		return err
	}
	r := c.Request()
	s.setFlow(c, oidc.Flow{}, "", -1) // good once
	who, err := s.oidc.Finish(r.Context(), flow, s.base(r)+callback, c.QueryParam("state"), c.QueryParam("code"))
	if err != nil {
		s.noteOutside(c, principal{}, accounts.Entry{Action: "login_failed"})
		return s.problemOfOIDC(c, err)
	}
	secret, p, err := s.accounts.SignInBy(accounts.Identity(who), r.UserAgent())
	if err != nil {
		return problemOfAccounts(err)
	}
	if err := s.begin(c, secret, p, "logged_in"); err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, to)
}

func (s *Server) problemOfOIDC(c echo.Context, err error) error {
	s.log.Warn("a log-in at the provider failed", ids(c), "error", err)
	switch {
	case errors.Is(err, oidc.ErrFlow):
		return unauthorized("the log-in was begun elsewhere, or too long ago; begin again")
	case errors.Is(err, oidc.ErrRefused):
		return unauthorized("the provider did not log you in")
	case errors.Is(err, oidc.ErrNotAllowed):
		return forbidden("this address is not let in here")
	}
	return unavailable("the provider can't be reached just now")
}
