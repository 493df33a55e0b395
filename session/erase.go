package session

import (
	"context"
	"errors"
	"fmt"

	"tutti/ot"
	"tutti/store"
)

// Erasing is a text that must not exist anywhere in the history of a document,
// as far as it was looked for. It belongs to one goroutine.
type Erasing struct {
	hub    *Hub
	info   store.Info
	first  ot.Delta // the content at revision 0
	eraser *ot.Eraser
	rev    int64 // up to which it was looked for
}

// Find looks for a text in all that a document has ever held, while people go
// on writing. ot.ErrEraser, *Close, the errors of ctx, the store's.
func (h *Hub) Find(ctx context.Context, id, text string) (*Erasing, error) {
	info, err := h.store.Info(id)
	if err != nil {
		return nil, err
	}
	snap, err := h.store.Snapshot(id, 0)
	if err != nil {
		return nil, err
	}
	e := &Erasing{hub: h, info: info}
	if e.first, err = ot.Parse(snap.Content); err == nil {
		e.eraser, err = ot.NewEraser(text, e.first)
	}
	if err != nil {
		return nil, err
	}
	return e, e.follow(ctx)
}

// Found is how often the text came to stand somewhere in the content.
func (e *Erasing) Found() int { return e.eraser.Found() }

// Revisions are those in which it did, in order.
func (e *Erasing) Revisions() []int64 { return e.eraser.Revisions() }

// follow looks on, up to the head.
func (e *Erasing) follow(ctx context.Context) error {
	info, err := e.hub.store.Info(e.info.ID)
	if err == nil && info.Epoch != e.info.Epoch {
		err = closeCannotResume("the document's history is another now")
	}
	if err != nil {
		return err
	}
	e.info = info
	return e.records(ctx, e.rev, func(line store.Line, r store.Record) error {
		e.rev = r.Rev
		return e.eraser.Add(r.Rev, r.Op)
	})
}

// records calls f with the records after a revision, up to the head.
func (e *Erasing) records(ctx context.Context, after int64, f func(store.Line, store.Record) error) error {
	for after < e.info.Head.Rev {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		lines, err := readLines(e.hub.store, e.info.ID, after, e.info.Head.Rev)
		if err != nil {
			return err
		}
		for _, line := range lines {
			r, err := store.ParseRecord(line.JSON)
			if err == nil {
				err = f(line, r)
			}
			if err != nil {
				return fmt.Errorf("session: %s, record %d: %w", e.info.ID, line.Rev, err)
			}
			after = line.Rev
		}
	}
	return nil
}

// Erase takes the text out of the history, which begins the epoch next by it:
// its letters are overwritten where they were inserted, so that no revision, no
// position, no author and no time is another than it was. It reports whether
// there was something to take out.
//
// Who is in the document is told to load it again, and finds it when this is
// done; what they have written meanwhile comes after it. Until ctx is done it
// may be given up, and then all is as it was. Errors are those of Find.
func (e *Erasing) Erase(ctx context.Context, next string) (erased bool, err error) {
	if err := e.follow(ctx); err != nil || e.Found() == 0 {
		return false, err
	}
	o, err := e.hub.freeze(e.info.ID, func() *Close { return closeCannotResume("a text was erased from the document's history") })
	if err != nil {
		return false, err
	}
	defer func() { go e.hub.load(e.info.ID, o) }()
	// What was committed last is in no other's hands now.
	if err := e.follow(ctx); err != nil {
		return false, err
	}
	err = e.hub.store.Replace(e.info.ID, e.info.Epoch, e.rev, next, func(r store.Replacement) error { return e.replace(ctx, r) })
	return err == nil, err
}

// freeze closes a document and lets nobody open it: who wants to waits until
// it is loaded again, which the caller does.
func (h *Hub) freeze(id string, why func() *Close) (*opening, error) {
	frozen := &opening{ready: make(chan struct{})}
	for {
		h.mu.Lock()
		if h.closing {
			h.mu.Unlock()
			return nil, closeRestart(0)
		}
		o := h.open[id]
		if o != nil && o.seq == nil {
			h.mu.Unlock()
			<-o.ready // somebody is about to open it, or has frozen it
			continue
		}
		h.open[id] = frozen
		h.running.Add(1)
		h.mu.Unlock()
		if o != nil {
			o.seq.end(why)
		}
		return frozen, nil
	}
}

// replacing is the history without the text, as far as it is written.
type replacing struct {
	to    store.Replacement
	lines []store.Line
	size  int
}

func (r *replacing) add(line store.Line) error {
	r.lines, r.size = append(r.lines, line), r.size+len(line.JSON)
	if len(r.lines) < storeChunk && r.size < batchBytes {
		return nil
	}
	return r.flush()
}

func (r *replacing) flush() (err error) {
	if len(r.lines) > 0 {
		err = r.to.Lines(r.lines)
	}
	r.lines, r.size = r.lines[:0], 0
	return err
}

// replace hands in what is another without the text: records, and the contents
// of those snapshots that come after the first of them.
func (e *Erasing) replace(ctx context.Context, to store.Replacement) error {
	snapshots, base, err := e.snapshots()
	if err != nil {
		return err
	}
	doc, err := ot.NewDocument(base.content)
	if err != nil {
		return err
	}
	out := replacing{to: to}
	if e.eraser.Touches(0) {
		doc, err = ot.NewDocument(e.eraser.Redact(0, e.first))
		err = errors.Join(err, to.Snapshot(0, doc.AppendJSON(nil)))
	}
	if err != nil {
		return err
	}
	err = e.records(ctx, base.rev, func(_ store.Line, r store.Record) error {
		if e.eraser.Touches(r.Rev) {
			r.Op = e.eraser.Redact(r.Rev, r.Op)
			if err := out.add(store.Line{Rev: r.Rev, JSON: r.AppendJSON(nil)}); err != nil {
				return err
			}
		}
		if len(snapshots) == 0 {
			return nil // no content is asked for behind the last
		}
		if doc, err = doc.Apply(r.Op); err != nil || r.Rev < snapshots[0] {
			return err
		}
		snapshots = snapshots[1:]
		err = to.Snapshot(r.Rev, doc.AppendJSON(nil))
		if errors.Is(err, store.ErrRevision) {
			return nil // it was dropped meanwhile, when the history was packed
		}
		return err
	})
	if err != nil {
		return err
	}
	return out.flush()
}

// content is a content of a document, at a revision.
type content struct {
	rev     int64
	content ot.Delta
}

// snapshots returns the revisions of the snapshots that may hold the text, in
// order, and the newest content from before it: where a text was pasted lately,
// the long history before it need not be gone through again.
func (e *Erasing) snapshots() (revs []int64, base content, err error) {
	first := e.eraser.First()
	for rev := e.info.Head.Rev; ; {
		s, err := e.hub.store.Snapshot(e.info.ID, rev)
		if err != nil {
			return nil, base, err
		}
		if s.Rev == 0 || s.Rev < first {
			base.rev = s.Rev
			base.content, err = ot.Parse(s.Content)
			return revs, base, err
		}
		revs = append([]int64{s.Rev}, revs...)
		rev = s.Rev - 1
	}
}
