package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"tutti/server/access"
	"tutti/server/accounts"
)

// peopleRoutes are logging in, the people with an account, and who has access
// to what.
func (s *Server) peopleRoutes(api *echo.Group) {
	api.GET("/session", s.getSession)
	api.POST("/session", s.signIn)
	api.PATCH("/session", s.changeSelf)
	api.DELETE("/session", s.signOut)
	api.GET("/session/ways", s.ways)
	api.GET("/session/oidc", s.beginOIDC)
	api.GET("/session/oidc/callback", s.endOIDC)
	api.POST("/session/password", s.changePassword)
	api.POST("/redeem", s.redeem)
	api.POST("/redeem/look", s.lookAtLink)
	api.GET("/logins", s.listLogins)
	api.DELETE("/logins/:login", s.endLogin)

	api.POST("/join", s.join)
	api.GET("/tokens", s.listTokens)
	api.POST("/tokens", s.addToken)
	api.DELETE("/tokens/:token", s.dropToken)

	api.GET("/people", s.listPeople)
	api.PATCH("/people/:person", s.changePerson)
	api.DELETE("/people/:person", s.removePerson)
	api.POST("/people/:person/reset", s.resetPerson)
	api.GET("/groups", s.listGroups)
	api.POST("/groups", s.addGroup)
	api.PATCH("/groups/:group", s.changeGroup)
	api.DELETE("/groups/:group", s.removeGroup)
	api.GET("/audit", s.listAudit)
	api.GET("/audit/events", s.followAudit)
	api.GET("/invitations", s.listInvitations)
	api.POST("/invitations", s.invite)
	api.DELETE("/invitations/:invitation", s.withdraw)

	document := api.Group("/documents/:id")
	document.GET("/access", s.listAccess)
	document.PUT("/access/:subject", s.grant)
	document.DELETE("/access/:subject", s.ungrant)
	document.PUT("/owner", s.transfer)
	document.POST("/leave", s.leave)
	document.GET("/links", s.listLinks)
	document.POST("/links", s.addLink)
	document.DELETE("/links/:link", s.dropLink)
}

// account authorizes a request about people. Where there are none there is
// nothing at its address.
func (s *Server) account(c echo.Context, do access.Action) (principal, error) {
	who, err := s.authorize(c.Request(), do, "")
	if err == nil && s.accounts == nil {
		err = newProblem(http.StatusNotFound, "not_found", "this server has no accounts; start it with --accounts")
	}
	return who, err
}

// named is the id of a person or a group in the path. It has a colon, which
// clients may escape: the router then takes the path as it was written.
func named(c echo.Context, parameter string) string {
	id := c.Param(parameter)
	if plain, err := url.PathUnescape(id); err == nil && c.Request().URL.RawPath != "" {
		return plain
	}
	return id
}

// problemOfAccounts finds the words for what package accounts refuses.
func problemOfAccounts(err error) error {
	var invalid accounts.Invalid
	switch {
	case errors.As(err, &invalid):
		return fieldInvalid("%s", string(invalid))
	case errors.Is(err, accounts.ErrCredentials):
		return unauthorized("the name or the password is wrong")
	case errors.Is(err, accounts.ErrPassword):
		return newProblem(http.StatusUnauthorized, "password_needed", "the link takes a password, and not that one")
	case errors.Is(err, accounts.ErrSecret):
		return newProblem(http.StatusNotFound, "not_found", "the link is used up, has expired, or was never given")
	case errors.Is(err, accounts.ErrNotFound):
		return newProblem(http.StatusNotFound, "not_found", "there is no such thing")
	case errors.Is(err, accounts.ErrTaken):
		return newProblem(http.StatusConflict, "login_taken", "another person logs in by that name")
	case errors.Is(err, accounts.ErrLastAdministrator):
		return newProblem(http.StatusConflict, "last_administrator", "make somebody else an administrator first")
	case errors.Is(err, accounts.ErrLastOwner):
		return newProblem(http.StatusConflict, "last_owner", "make somebody else an owner first")
	}
	return err
}
