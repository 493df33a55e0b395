package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"tutti/ot"
	"tutti/server/formats"
	"tutti/session"
	"tutti/store"
)

// problem is an error as RFC 9457 has it, with a code that programs can rely
// on.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`

	// Of what failed here: which line of the log is about it.
	Request string `json:"request,omitempty"`

	// Of a strict write that was refused: where the head is, and what its
	// author has missed.
	Revision *int64            `json:"revision,omitempty"`
	Records  []json.RawMessage `json:"records,omitempty"`

	retryAfter string // seconds
}

// seconds is retryAfter as a number.
func (p *problem) seconds() int {
	n, _ := strconv.Atoi(p.retryAfter) // our own words
	return n
}

func (p *problem) Error() string { return p.Code + ": " + p.Detail }

func newProblem(status int, code, format string, args ...any) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: fmt.Sprintf(format, args...)}
}

func badParameter(format string, args ...any) *problem {
	return newProblem(http.StatusBadRequest, "bad_parameter", format, args...)
}

func badJSON(format string, args ...any) *problem {
	return newProblem(http.StatusBadRequest, "bad_json", format, args...)
}

func fieldInvalid(format string, args ...any) *problem {
	return newProblem(http.StatusUnprocessableEntity, "field_invalid", format, args...)
}

func forbidden(format string, args ...any) *problem {
	return newProblem(http.StatusForbidden, "forbidden", format, args...)
}

func unauthorized(detail string) *problem {
	return newProblem(http.StatusUnauthorized, "unauthorized", "%s", detail)
}

func contentInvalid(format string, args ...any) *problem {
	return newProblem(http.StatusUnprocessableEntity, "content_invalid", format, args...)
}

func documentNotFound() *problem {
	return newProblem(http.StatusNotFound, "document_not_found", "there is no such document")
}

func documentDeleted() *problem {
	return newProblem(http.StatusGone, "document_deleted", "the document is in the trash")
}

func unavailable(detail string) *problem {
	p := newProblem(http.StatusServiceUnavailable, "unavailable", "%s", detail)
	p.retryAfter = "2"
	return p
}

// problemOf finds the words for an error; 500 for one that has none.
func problemOf(err error) *problem {
	var (
		p       *problem
		refused *ot.Error
		ended   *session.Close
		http_   *echo.HTTPError
		tooBig  *http.MaxBytesError
		invalid formats.Invalid
	)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &refused):
		return newProblem(http.StatusUnprocessableEntity, string(refused.Code), "%s", refused.Message)
	case errors.As(err, &tooBig):
		return newProblem(http.StatusRequestEntityTooLarge, "too_large", "the body has more than %d bytes", tooBig.Limit)
	case errors.Is(err, formats.ErrTooLarge):
		return newProblem(http.StatusRequestEntityTooLarge, "too_large", "HTML and Markdown are read up to %d bytes", formats.MaxBytes)
	case errors.As(err, &invalid):
		return contentInvalid("%s", invalid)
	case errors.As(err, &ended):
		switch ended.Code {
		case session.CodeNotFound:
			return documentNotFound()
		case session.CodeDeleted:
			return documentDeleted()
		}
		return unavailable(ended.Reason)
	case errors.Is(err, store.ErrNotFound):
		return documentNotFound()
	case errors.Is(err, store.ErrExists):
		return newProblem(http.StatusConflict, "document_exists", "there is a document of this id, perhaps in the trash")
	case errors.Is(err, store.ErrRevision):
		return newProblem(http.StatusNotFound, "revision_not_found", "the document has no such revision")
	case errors.Is(err, store.ErrNoMessage):
		return newProblem(http.StatusNotFound, "not_found", "there is no such message")
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrClosed):
		return unavailable("the store can't be written to just now")
	case errors.Is(err, store.ErrDamaged):
		return newProblem(http.StatusInternalServerError, "document_damaged", "what is kept of this is damaged and is not shown; who runs the server finds out more with tutti verify")
	case errors.As(err, &http_):
		return problemOfEcho(http_)
	}
	return newProblem(http.StatusInternalServerError, "internal", "something went wrong here; the server's log says what")
}

func problemOfEcho(err *echo.HTTPError) *problem {
	switch err.Code {
	case http.StatusNotFound:
		return newProblem(err.Code, "not_found", "there is nothing at this address")
	case http.StatusMethodNotAllowed:
		return newProblem(err.Code, "method_not_allowed", "this address doesn't take that method")
	}
	return newProblem(err.Code, "bad_parameter", "%v", err.Message)
}

// handleError answers a request that failed.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return // the answer is under way; nothing can be said any more
	}
	p := problemOf(err)
	r := c.Request()
	if p.Status == http.StatusMethodNotAllowed && c.Path() == "/*" {
		// The route of the app's files takes any address, but only to read.
		p = problemOf(echo.ErrNotFound)
		c.Response().Header().Del(echo.HeaderAllow)
	}
	if p.Status >= 500 {
		one := *p // some problems are many requests'
		one.Request = requestID(c)
		p = &one
	}
	if p.Status >= 500 && !errors.Is(err, context.Canceled) {
		s.log.Error("a request failed", "method", r.Method, "path", r.URL.Path, ids(c), "error", err)
	}
	trace.SpanFromContext(r.Context()).SetAttributes(attribute.String("error.type", p.Code))
	s.counts.problems.WithLabelValues(p.Code).Inc()
	h := c.Response().Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.retryAfter != "" {
		h.Set("Retry-After", p.retryAfter)
	}
	c.Response().WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	if err := json.NewEncoder(c.Response()).Encode(p); err != nil {
		s.log.Log(r.Context(), slog.LevelDebug, "an error could not be delivered", ids(c), "error", err)
	}
}
