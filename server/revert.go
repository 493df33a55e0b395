package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// reverting is what is to be taken back: all that came after a revision, or
// what one author did, in a stretch of the history.
type reverting struct {
	rev          *int64
	user, client *string
	from, to     int64 // inclusive
	dryRun       bool
}

// revert commits a delta that takes something back. It is a write of content
// like any: what happens meanwhile is merged.
func (s *Server) revert(c echo.Context) error {
	w, err := s.beginWriting(c)
	if w == nil {
		return err
	}
	back, err := readRevert(c.Request())
	if err != nil {
		return err
	}
	w.base = -1
	head, err := w.version()
	if err != nil {
		return err
	}
	var op ot.Delta
	ctx := c.Request().Context()
	err = reading.do(ctx, func() error {
		if back.rev != nil {
			op, err = s.revertTo(w.info, head, *back.rev)
		} else {
			op, err = s.revertAuthor(ctx, w.info.ID, head, back)
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrRevision):
		return newProblem(http.StatusUnprocessableEntity, string(session.RevBeyondHead), "a revision is beyond the head, %d", head.Rev)
	case err != nil:
		return err
	case back.dryRun && len(op) == 0:
		return answerWriting(c, head.Rev, op)
	case back.dryRun:
		return answerWriting(c, head.Rev+1, op)
	}
	return w.commit(c, op)
}

func readRevert(r *http.Request) (reverting, error) {
	back := reverting{from: 1, to: -1}
	err := members(r, metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "rev":
			back.rev = new(int64)
			*back.rev, err = revision(raw)
		case "user":
			back.user = new(string)
			*back.user, err = text(key, raw)
		case "client":
			back.client = new(string)
			*back.client, err = text(key, raw)
		case "from":
			back.from, err = integer(key, raw)
		case "to":
			if back.to, err = integer(key, raw); err == nil && back.to < 0 {
				err = fieldInvalid("to is below 0")
			}
		case "dryRun":
			back.dryRun, err = boolean(key, raw)
		}
		return err
	})
	given := 0
	for _, is := range []bool{back.rev != nil, back.user != nil, back.client != nil} {
		if is {
			given++
		}
	}
	switch {
	case err != nil:
		return back, err
	case given != 1:
		return back, fieldInvalid("give one of rev, user and client")
	case back.to >= 0 && back.from > back.to, back.from < 0:
		return back, fieldInvalid("from is 0 at least, and to not less")
	}
	return back, nil
}

// revertTo returns what brings back the content of a revision.
func (s *Server) revertTo(info store.Info, head *session.Version, rev int64) (ot.Delta, error) {
	old, err := s.contentAt(info.ID, rev)
	if err != nil {
		return nil, err
	}
	if info.Kind == ot.Text {
		return ot.Diff(head.Doc.Text(), old.Doc.Text()), nil
	}
	return ot.DiffContent(head.Doc.Delta(), old.Doc.Delta()), nil
}

// revertAuthor returns what takes back the records of one author alone.
func (s *Server) revertAuthor(ctx context.Context, id string, head *session.Version, back reverting) (ot.Delta, error) {
	if back.to < 0 {
		back.to = head.Rev
	}
	if back.to > head.Rev || back.from > max(head.Rev, 1) {
		return nil, store.ErrRevision
	}
	first := max(back.from, 1) - 1
	v, err := s.contentAt(id, first)
	if err != nil {
		return nil, err
	}
	doc := v.Doc
	var undo ot.Undo
	err = s.eachRecord(ctx, id, first, head.Rev, func(r store.Record) error {
		if r.Rev > back.to || !back.by(r) {
			undo.Keep(r.Op)
		} else {
			undo.TakeBack(doc.Invert(r.Op))
		}
		if r.Rev < back.to { // no inverse is asked for behind it
			doc, err = doc.Apply(r.Op)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return effective(head, undo.Delta())
}

// effective returns op, or nothing if it changes nothing: what takes back a
// delta and another that took it back deletes text and inserts it again.
func effective(v *session.Version, op ot.Delta) (ot.Delta, error) {
	after, err := v.Doc.Apply(op)
	if err != nil || bytes.Equal(after.AppendJSON(nil), v.Content()) {
		return nil, err
	}
	return op, nil
}

// by tells whether a record is by the author.
func (b *reverting) by(r store.Record) bool {
	return b.user != nil && r.User == *b.user || b.client != nil && r.Client == *b.client
}

// eachRecord calls f with the records of a document after one revision, up to
// another.
func (s *Server) eachRecord(ctx context.Context, id string, after, to int64, f func(store.Record) error) error {
	for after < to {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		lines, err := s.store.Lines(id, after, int(min(historyChunk, to-after)))
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return store.ErrNotFound // the document was deleted and made again meanwhile
		}
		for _, line := range lines {
			r, err := store.ParseRecord(line.JSON)
			if err != nil {
				return err
			}
			if err := f(r); err != nil {
				return err
			}
		}
		after += int64(len(lines))
	}
	return nil
}
