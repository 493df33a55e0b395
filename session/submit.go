package session

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/trace"

	"tutti/ot"
	"tutti/store"
)

// Submission is a delta that doesn't come from a session.
type Submission struct {
	Epoch  string // of the log that Rev is of; empty: of whichever there is
	Client string // derived from the caller, see ClientID
	User   store.User
	Seq    int64
	Rev    int64 // the revision that Op was made against
	Op     ot.Delta
	Strict bool // only if Rev is the head when it is decided
}

// Submit commits a delta and returns its record, the one that exists where
// (client, seq) is committed already. A delta that changes nothing, or comes
// to nothing, is not committed: what is returned then names the head, and no
// client. Errors: *ot.Error for a refusal, ErrMoved, *Close, the store's. When
// ctx is done, a delta from long ago is not carried on; what the sequencer has
// is decided.
func (h *Hub) Submit(ctx context.Context, id string, d Submission) (store.Record, error) {
	q, err := h.acquire(id)
	if err != nil {
		return store.Record{}, err
	}
	defer h.release(q)
	if d.Epoch != "" && d.Epoch != q.doc.epoch {
		return store.Record{}, closeCannotResume("the document's history is another now") // who tries again finds that
	}
	o := h.decide(q, &submission{
		client: d.Client, user: d.User.ID, seq: d.Seq, named: d.Rev, rev: d.Rev, op: d.Op, strict: d.Strict,
		span: trace.SpanFromContext(ctx),
		gone: ctx.Done(), reply: make(chan outcome, 1),
	})
	if o.refused != nil {
		h.opts.Metrics.Refused.WithLabelValues(string(o.refused.Code)).Inc()
		return store.Record{}, o.refused
	}
	if errors.Is(o.err, errEnded) {
		return store.Record{}, h.gone()
	}
	if o.err == nil && o.record.Client == d.Client {
		h.keepName(q.doc, d.User)
	}
	return o.record, o.err
}

// Committed returns the record of a client's delta, and whether there is one.
// What waits to be decided is decided before.
func (h *Hub) Committed(ctx context.Context, id, client string, seq int64) (r store.Record, found bool, err error) {
	q, err := h.acquire(id)
	if err != nil {
		return r, false, err
	}
	defer h.release(q)
	o := h.decide(q, &submission{client: client, seq: seq, lookup: true, gone: ctx.Done(), reply: make(chan outcome, 1)})
	if errors.Is(o.err, errEnded) {
		return r, false, h.gone()
	}
	return o.record, o.known, o.err
}

// keepName makes sure that who reads the history later finds the name of a
// user, behind the edits: what is lost in a crash is a name.
func (h *Hub) keepName(d *document, user store.User) {
	d.mu.Lock()
	if d.names == nil || len(d.names) > 1024 {
		d.names = map[string]string{}
	}
	name, known := d.names[user.ID]
	d.names[user.ID] = user.Name
	d.mu.Unlock()
	if known && name == user.Name {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing {
		return // Close may have stopped waiting
	}
	h.running.Go(func() {
		if err := h.store.SaveName(d.id, d.epoch, user); err != nil {
			h.opts.Log.Warn("a name was not kept", "document", d.id, "user", user.ID, "error", err)
		}
	})
}
