package server

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strconv"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// writing is a write of content on its way: a change that a program has made
// against some revision, which is merged with what has happened since.
type writing struct {
	server *Server
	info   store.Info
	who    principal
	client string // whose first and only delta it becomes
	base   int64  // the revision that it was made against
	strict bool   // base must be the head
}

// beginWriting authorizes a write. Where it repeats one that is committed it
// has answered with that one, and w is nil: before the body is looked at, for
// the first answer wins whatever the repeat holds.
func (s *Server) beginWriting(c echo.Context) (w *writing, err error) {
	info, who, err := s.document(c, edit, false)
	if err == nil {
		err = s.pace(who, "write", writes)
	}
	if err != nil {
		return nil, err
	}
	client, keyed, err := writerOf(c.Request(), who)
	if err != nil {
		return nil, err
	}
	if keyed {
		r, found, err := s.hub.Committed(c.Request().Context(), info.ID, client, 1)
		if err != nil {
			return nil, err
		}
		if found {
			return nil, answerWriting(c, r.Rev, r.Op)
		}
	}
	return &writing{server: s, info: info, who: who, client: client}, nil
}

// writerOf returns the client that a write is committed under. One with an
// Idempotency-Key gets one derived from that and from who asks, so that a
// repeat is known again, also after a crash, and nobody finds the writes of
// another. No client of a socket can be the same: its key holds no zero byte.
func writerOf(r *http.Request, who principal) (client string, keyed bool, err error) {
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) == 0 {
		return session.UnkeyedClient(), false, nil
	}
	if len(keys) > 1 || !session.ValidKey(keys[0]) {
		return "", false, badParameter("an Idempotency-Key is 22 to 64 of A-Z a-z 0-9 - _")
	}
	return session.ClientID(who.User.ID + "\x00" + keys[0]), true, nil
}

// commit sends the change through the sequencer, like any session's, and
// answers what it came to.
func (w *writing) commit(c echo.Context, op ot.Delta) error {
	// To find the change may have taken its time.
	if _, err := w.server.authorize(c.Request(), edit, w.info.ID); err != nil {
		return err
	}
	r, err := w.server.hub.Submit(c.Request().Context(), w.info.ID, session.Submission{
		Epoch: w.info.Epoch, Client: w.client, User: w.who.User, Seq: 1, Rev: w.base, Op: op, Strict: w.strict,
	})
	if errors.Is(err, session.ErrMoved) {
		return w.server.missed(w.info.ID, w.base)
	}
	if err != nil {
		return err
	}
	return answerWriting(c, r.Rev, r.Op)
}

func answerWriting(c echo.Context, rev int64, op ot.Delta) error {
	b := append([]byte(nil), `{"revision":`...)
	b = strconv.AppendInt(b, rev, 10)
	b = append(b, `,"op":`...)
	b = op.AppendJSON(b)
	return c.JSONBlob(http.StatusOK, append(b, "}\n"...))
}

// version returns the content that the change is made against: at base, or if
// that is negative at the head, which base then names.
func (w *writing) version() (v *session.Version, err error) {
	if v, err = w.server.contentAt(w.info.ID, w.base); err == nil {
		w.base = v.Rev
	}
	return v, err
}

// lane bounds how much of one kind of work is done at once.
type lane chan struct{}

var (
	// comparing is for differences. They are looked for until a time is over:
	// with more at once than there are processors, that time would go by
	// before a good one is found.
	comparing = make(lane, runtime.GOMAXPROCS(0))
	// reading is for what goes through a log, which may take seconds. It
	// leaves a processor to the others.
	reading = make(lane, max(1, runtime.GOMAXPROCS(0)-1))
)

// do runs f when it is its turn, or returns why ctx is done.
func (l lane) do(ctx context.Context, f func() error) error {
	select {
	case l <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-l }()
	return f()
}
