package server

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

// contentPolicy lets the app load what this server serves and nothing else.
// CodeMirror writes its styles into the page, hence the inline styles; an image
// is a blob while it is being uploaded.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"font-src 'self'; worker-src 'self'; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

func (s *Server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Content-Security-Policy", contentPolicy)
		if strings.HasPrefix(c.Request().URL.Path, "/api/v1/") {
			h.Set("Cache-Control", "no-store") // it is for who may read it now
		}
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.secure(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// wellFormed refuses a query that can't be read: what is wrong in it would be
// as if it had not been said, and a write that was to be strict would be merged.
func wellFormed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := url.ParseQuery(c.Request().URL.RawQuery)
		if err != nil {
			return badParameter("the query can't be read: %v", err)
		}
		for name, values := range query {
			if !utf8.ValidString(name + strings.Join(values, "")) {
				return badParameter("the query is not UTF-8")
			}
		}
		return next(c)
	}
}

// sameSite refuses what a page of another site would have changed, unless that
// may hold documents.
func (s *Server) sameSite(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !s.ownOrigin(r) && s.fromHost(r) == "" {
			return forbidden("the request comes from a page of another site")
		}
		return next(c)
	}
}

// logged writes a line for each request, with the path only: a query may hold
// what people search for.
func (s *Server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // now, so that the status is known
		}
		s.counts.request(c.Response(), time.Since(began))
		r := c.Request()
		s.log.Debug("request", "method", r.Method, "path", r.URL.Path, "status", c.Response().Status,
			"bytes", c.Response().Size, "seconds", time.Since(began).Seconds(), "address", s.addressOf(r), ids(c))
		return nil
	}
}

// recovered turns a panic into an answer that says nothing of it, and a log
// line that says all.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.log.Error("a handler panicked", "path", c.Request().URL.Path, ids(c), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}()
		return next(c)
	}
}

// requestIDs are those that we take from others: they stand in our log.
var requestIDs = regexp.MustCompile(`^[\w.:/+=-]{1,128}$`)

// identified gives each request an id: the one that it brings along from a
// proxy, or one of our own.
func identified(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !requestIDs.MatchString(id) {
			id = rand.Text()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

// requestID is the name of a request, in the log and in the answer.
func requestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }
