package server

import (
	"errors"
	"net/http"
	"strings"

	"tutti/server/access"
	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

// The actions, under the short names that the routes use.
const (
	visit      = access.Visit
	self       = access.Self
	meet       = access.Meet
	administer = access.Administer
	watch      = access.Watch
	list       = access.List
	create     = access.Create
	read       = access.Read
	comment    = access.Comment
	edit       = access.Edit
	manage     = access.Manage
	oversee    = access.Oversee
)

// principal is who asks, and its role in the document that it asks about.
type principal struct {
	access.Caller
	role  session.Role
	login string // the log-in that it came by, "" if by none
	token string // the token that it came by, "" if by none
}

// authorize is the door: every route and every socket comes through it, with
// what it is about to do. It finds out who asks, and has package access decide.
// The error is a problem: 401, 403; 404 where somebody who has logged in asks
// for a document that isn't there.
//
// A request under a foreign host name is refused whoever makes it: a page on
// the web can make its own name resolve to this machine and would otherwise
// speak with its visitor's browser.
func (s *Server) authorize(r *http.Request, do access.Action, id string) (principal, error) {
	if !s.knownHost(r.Host) {
		return principal{}, forbidden("the host name %q is not this server's; set --public-url", r.Host)
	}
	who, err := s.admitsNow(r, do, id)
	if err == nil {
		while(r, func() error {
			_, err := s.admitsNow(r, do, id)
			return err
		})
	}
	return who, err
}

// admitsNow decides about a request as things stand.
func (s *Server) admitsNow(r *http.Request, do access.Action, id string) (principal, error) {
	who := s.caller(r)
	if who.Open || id == "" {
		return s.decided(who, do, nil)
	}
	info, err := s.store.Info(id)
	if err == nil {
		return s.decided(who, do, s.accounts.Document(id, info.Epoch))
	}
	// That there is none, those are told who would have a role in it, and who
	// have an account: they'd find out by creating it. To a guest it is like one
	// that is not theirs, or they could find out which there are.
	if _, no := s.decided(who, read, &access.Document{ID: id}); no == nil {
		return who, err
	}
	if who, no := s.decided(who, meet, nil); no != nil {
		return who, no
	}
	return who, err
}

// caller finds out who makes a request.
func (s *Server) caller(r *http.Request) principal {
	if s.accounts == nil {
		return principal{Caller: access.Caller{Open: true, User: store.User{ID: "guest:program", Name: "Guest"}}}
	}
	// Whoever shows a token is whom it names, whatever cookies come along. What
	// else stands there is for a proxy that asks for a password of its own.
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		return s.bearer(token)
	}
	caller, login := s.accounts.Caller(s.cookie(r))
	return principal{Caller: caller, login: login}
}

// bearer finds out for whom a token speaks: one of ours, or one that a host has
// signed.
func (s *Server) bearer(token string) principal {
	if s.signed == nil || strings.HasPrefix(token, accounts.TokenPrefix) {
		caller, id := s.accounts.TokenCaller(token)
		return principal{Caller: caller, token: id}
	}
	caller, err := s.signed.Caller(token)
	if err != nil {
		s.log.Debug("a signed token was refused", "error", err)
	}
	return principal{Caller: caller}
}

// cookie is the secret of the log-in that a browser has, "" for none. A page of
// another site can't speak with it, whatever the browser sends along.
func (s *Server) cookie(r *http.Request) string {
	cookie, err := r.Cookie(s.cookieName(r))
	if err != nil || !s.ownOrigin(r) {
		return ""
	}
	return cookie.Value
}

// bearing returns a request that shows the token of a hello, if it has one.
func bearing(r *http.Request, token string) *http.Request {
	if token == "" {
		return r
	}
	with := r.WithContext(r.Context())
	with.Header = r.Header.Clone()
	with.Header.Set("Authorization", "Bearer "+token)
	return with
}

// decided asks the one function that decides.
func (s *Server) decided(who principal, do access.Action, on *access.Document) (principal, error) {
	role, err := s.decide(who.Caller, do, on)
	switch {
	case errors.Is(err, access.ErrUnauthorized):
		return who, unauthorized("log in first")
	case err != nil:
		return who, forbidden("you may not do that here")
	}
	who.role = role
	return who, nil
}

// may decides about one document of many, and returns its role in it: a list
// asks for each that it could show. Without one it is about the server.
func (s *Server) may(who principal, do access.Action, info *store.Info) (session.Role, bool) {
	if who.Open {
		return session.Owner, true
	}
	var on *access.Document
	if info != nil {
		on = s.accounts.Document(info.ID, info.Epoch)
	}
	role, err := s.decide(who.Caller, do, on)
	return role, err == nil
}

// own makes who creates a document its owner, before it is there: what isn't
// owned is the administrators'. disown takes that back where it could not be
// created.
func (s *Server) own(who principal, info store.Info) error {
	if who.Open {
		return nil
	}
	if err := s.pace(who, "create", newDocuments); err != nil {
		return err
	}
	return s.accounts.Own(info.ID, info.Epoch, who.User.ID)
}

func (s *Server) disown(info store.Info) error {
	if s.accounts == nil {
		return nil
	}
	return s.accounts.Forget(info.ID, info.Epoch)
}

// identity is as whom a session acts: a person under their own name, and who
// has none under that which the hello gives.
func identity(hello session.Hello, who principal) session.Identity {
	if strings.HasPrefix(who.User.ID, "guest:") {
		return guest(hello, who.role)
	}
	color := hello.Color
	if color == "" {
		color = who.Color
	}
	if color == "" {
		color = paint(who.User.ID)
	}
	return session.Identity{User: who.User, Role: who.role, Color: color}
}

// paint chooses a colour that stays with an id.
func paint(id string) string { return palette[int(id[len(id)-1])%len(palette)] }
