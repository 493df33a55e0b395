package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/ot/scan"
	"tutti/session"
	"tutti/store"
)

// maxEdits bounds what one PATCH can make the server search through.
const maxEdits = 10_000

// patchContent applies a list of edits to the content at one revision, all or
// none, and commits what they come to together.
func (s *Server) patchContent(c echo.Context) error {
	w, err := s.beginWriting(c)
	if w == nil {
		return err
	}
	edits, err := w.readPatch(c.Request())
	if err != nil {
		return err
	}
	v, err := w.version()
	if errors.Is(err, store.ErrRevision) {
		return newProblem(http.StatusUnprocessableEntity, string(session.RevBeyondHead), "the document has no revision %d yet", w.base)
	}
	if err != nil {
		return err
	}
	e := editing{kind: w.info.Kind, doc: v.Doc}
	ctx := c.Request().Context()
	if err := e.all(ctx, edits); err != nil {
		return err
	}
	op, err := e.total(v)
	if err != nil {
		return err
	}
	return w.commit(c, op)
}

// readPatch reads the body of a PATCH of content.
func (w *writing) readPatch(r *http.Request) (edits [][]byte, err error) {
	w.base = -1
	var list []byte
	err = members(r, contentBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "rev":
			w.base, err = revision(raw)
		case "strict":
			w.strict, err = boolean(key, raw)
		case "edits":
			list = raw
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if scan.Kind(list) != scan.KindArray {
		return nil, badParameter("edits is no list")
	}
	err = scan.Elements(list, func(raw []byte) error {
		if edits = append(edits, raw); len(edits) > maxEdits {
			return editInvalid("more than %d edits", maxEdits)
		}
		return nil
	})
	return edits, err
}

// all applies edits in turn, and lets others take theirs in between: many edits
// of a long text take a while. What it returns names the one that doesn't go.
func (e *editing) all(ctx context.Context, edits [][]byte) error {
	for i, raw := range edits {
		err := comparing.do(ctx, func() error { return e.one(raw) })
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			p := problemOf(err)
			return newProblem(p.Status, p.Code, "edit %d: %s", i, p.Detail)
		}
	}
	return nil
}

func boolean(key string, raw []byte) (bool, error) {
	b, ok := scan.Bool(raw)
	if !ok {
		return false, badParameter("%s is neither true nor false", key)
	}
	return b, nil
}
