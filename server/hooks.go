package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/server/access"
	"tutti/server/accounts"
	"tutti/server/hooks"
	"tutti/store"
)

// hookRoutes are the addresses that are told what becomes of documents: of all
// of them, which administrators look after, and of one, which its owners do.
func (s *Server) hookRoutes(api *echo.Group) {
	for _, g := range []*echo.Group{api.Group("/hooks"), api.Group("/documents/:id/hooks")} {
		g.GET("", s.listHooks)
		g.POST("", s.addHook)
		g.GET("/:hook", s.getHook)
		g.PATCH("/:hook", s.changeHook)
		g.DELETE("/:hook", s.removeHook)
		g.POST("/:hook/secret", s.renewHook)
		g.POST("/:hook/test", s.testHook)
		g.POST("/:hook/replay", s.replayHook)
		g.GET("/:hook/deliveries", s.listDeliveries)
	}
}

// startHooks has hooks be delivered to, and decided about when a right has
// changed.
func (s *Server) startHooks() {
	s.registry.MustRegister(s.hooks)
	s.hooks.Start(s.judgeHook)
	if s.accounts != nil {
		s.unhook = s.accounts.Follow(s.hooks.Recheck)
	}
}

// hookResource is a hook. The secret is shown when it is made, and never again.
type hookResource struct {
	ID        string      `json:"id"`
	URL       string      `json:"url"`
	Document  string      `json:"document,omitempty"`
	Events    []string    `json:"events"`
	Records   bool        `json:"records"`
	Active    bool        `json:"active"`
	Paused    string      `json:"paused,omitempty"`
	PausedAt  string      `json:"pausedAt,omitempty"`
	Waiting   int         `json:"waiting"`
	Person    *store.User `json:"person,omitempty"`
	CreatedAt string      `json:"createdAt"`
	Secret    string      `json:"secret,omitempty"`
}

func (s *Server) newHook(h hooks.Hook) hookResource {
	r := hookResource{
		ID: h.ID, URL: h.URL, Document: h.Document, Events: h.Events, Records: h.Records,
		Active: h.Paused == "", Paused: h.Paused, PausedAt: perhaps(h.PausedAt), Waiting: s.hooks.Waiting(h.ID), CreatedAt: timestamp(h.CreatedAt),
	}
	if h.Person != "" {
		r.Person = &store.User{ID: h.Person}
		if s.accounts != nil {
			r.Person.Name = s.accounts.Name(h.Person)
		}
	}
	return r
}

// hooksOf authorizes a request about the hooks of a document, or about all
// hooks: then info is zero.
func (s *Server) hooksOf(c echo.Context) (info store.Info, who principal, err error) {
	if strings.HasPrefix(c.Path(), "/api/v1/documents/") {
		info, who, err = s.document(c, manage, false)
	} else {
		who, err = s.authorize(c.Request(), administer, "")
	}
	if err == nil && s.hooks == nil {
		err = newProblem(http.StatusNotFound, "not_found", "this server keeps no hooks")
	}
	return info, who, err
}

// hook authorizes a request about a hook. At the address of a document there
// are only its own.
func (s *Server) hook(c echo.Context) (hooks.Hook, principal, error) {
	info, who, err := s.hooksOf(c)
	if err != nil {
		return hooks.Hook{}, who, err
	}
	h, err := s.hooks.Hook(c.Param("hook"))
	if err == nil && info.ID != "" && (h.Document != info.ID || h.Epoch != info.Epoch) {
		err = hooks.ErrNotFound
	}
	return h, who, problemOfHooks(err)
}

// problemOfHooks finds the words for what package hooks refuses.
func problemOfHooks(err error) error {
	var invalid hooks.Invalid
	switch {
	case errors.As(err, &invalid):
		return fieldInvalid("%s", string(invalid))
	case errors.Is(err, hooks.ErrNotFound):
		return newProblem(http.StatusNotFound, "not_found", "there is no such hook")
	case errors.Is(err, hooks.ErrRevision):
		return newProblem(http.StatusNotFound, "revision_not_found", "the document has no such revision")
	}
	return err
}

// judgeHook decides what a hook may be told now, by its person's rights. Who is
// an administrator learns of every document, and reads only what is theirs.
func (s *Server) judgeHook(h hooks.Hook, info *store.Info) (told, reads bool) {
	who := principal{Caller: access.Caller{Open: true}}
	if s.accounts != nil {
		who.Caller = s.accounts.PersonCaller(h.Person)
	}
	if h.Document != "" {
		_, told = s.may(who, manage, info)
		return told, told
	}
	_, told = s.may(who, administer, nil)
	if info != nil {
		_, reads = s.may(who, read, info)
	}
	return told, told && reads
}

// hookPerson is in whose name a hook is told. A role by a link or by the word
// of a host ends without anybody saying so: it takes an account.
func (s *Server) hookPerson(who principal) (string, error) {
	if s.accounts == nil {
		return "", nil
	}
	if _, err := s.accounts.Person(who.User.ID); err != nil {
		return "", forbidden("a hook takes an account here")
	}
	return who.User.ID, nil
}

// noteHook puts into the audit log what was done to a hook: of its address only
// where it leads to, since the rest may be secret.
func (s *Server) noteHook(c echo.Context, who principal, action string, h hooks.Hook) {
	detail := ""
	if u, err := url.Parse(h.URL); err == nil {
		detail = u.Host
	}
	s.note(c, who, accounts.Entry{Action: action, Document: h.Document, Subject: h.ID, Detail: detail})
}

func (s *Server) listHooks(c echo.Context) error {
	info, _, err := s.hooksOf(c)
	if err != nil {
		return err
	}
	items := []hookResource{}
	for _, h := range s.hooks.Hooks() {
		if info.ID == "" || h.Document == info.ID && h.Epoch == info.Epoch {
			items = append(items, s.newHook(h))
		}
	}
	return listed(c, items)
}

func (s *Server) addHook(c echo.Context) error {
	info, who, err := s.hooksOf(c)
	if err != nil {
		return err
	}
	h := hooks.Hook{Document: info.ID, Events: hooks.Events}
	if h.Person, err = s.hookPerson(who); err != nil {
		return err
	}
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "url":
			h.URL, err = text(key, raw)
		case "events":
			h.Events, err = texts(key, raw)
		case "records":
			h.Records, err = boolean(key, raw)
		}
		return err
	})
	if err != nil {
		return err
	}
	h, secret, err := s.hooks.Add(h)
	if err != nil {
		return problemOfHooks(err)
	}
	s.noteHook(c, who, "hook_created", h)
	return s.showSecret(c, http.StatusCreated, h, secret)
}

// showSecret answers with a hook and its new secret, this once.
func (s *Server) showSecret(c echo.Context, status int, h hooks.Hook, secret string) error {
	shown := s.newHook(h)
	shown.Secret = secret
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(status, shown)
}

func (s *Server) getHook(c echo.Context) error {
	h, _, err := s.hook(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s.newHook(h))
}

// changeHook pauses a hook, or has it go on. Whoever has that of a document go
// on answers for it from then on; an administrator does for those of the server.
func (s *Server) changeHook(c echo.Context) error {
	h, who, err := s.hook(c)
	if err != nil {
		return err
	}
	active := h.Paused == ""
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		if key != "active" {
			return fieldInvalid("%q can't be changed", key)
		}
		active, err = boolean(key, raw)
		return err
	})
	if err != nil {
		return err
	}
	if active {
		person := h.Person
		if h.Document == "" || c.Param("id") != "" {
			if person, err = s.hookPerson(who); err != nil {
				return err
			}
		}
		err = s.hooks.Resume(h.ID, person)
	} else {
		err = s.hooks.Pause(h.ID, hooks.Stopped)
	}
	if err != nil {
		return problemOfHooks(err)
	}
	s.noteHook(c, who, "hook_changed", h)
	if h, err = s.hooks.Hook(h.ID); err != nil {
		return problemOfHooks(err)
	}
	return c.JSON(http.StatusOK, s.newHook(h))
}

func (s *Server) removeHook(c echo.Context) error {
	h, who, err := s.hook(c)
	if err != nil {
		return err
	}
	if err := s.hooks.Remove(h.ID); err != nil {
		return problemOfHooks(err)
	}
	s.noteHook(c, who, "hook_removed", h)
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) renewHook(c echo.Context) error {
	h, who, err := s.hook(c)
	if err != nil {
		return err
	}
	h, secret, err := s.hooks.Renew(h.ID)
	if err != nil {
		return problemOfHooks(err)
	}
	s.noteHook(c, who, "hook_secret_renewed", h)
	return s.showSecret(c, http.StatusOK, h, secret)
}
