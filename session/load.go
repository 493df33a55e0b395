package session

import (
	"context"
	"fmt"

	"tutti/ot"
	"tutti/store"
)

// loaded is a document as the store gives it: the nearest snapshot with the
// records behind it.
type loaded struct {
	info     store.Info
	version  *Version
	snapshot int64 // the revision that it was built from
	base     int64 // the revision before the first of entries
	entries  []entry
}

// load reads a document at its head, or at rev if that is not negative. It
// costs a snapshot and a bounded run of records, whatever the document's age.
func load(st store.Store, id string, rev int64) (loaded, error) {
	l := loaded{}
	var err error
	if l.info, err = st.Info(id); err != nil {
		return l, err
	}
	if rev < 0 {
		rev = l.info.Head.Rev
	}
	if rev > l.info.Head.Rev {
		return l, store.ErrRevision
	}
	snap, err := st.Snapshot(id, rev)
	if err != nil {
		return l, err
	}
	content, err := ot.Parse(snap.Content)
	if err != nil {
		return l, fmt.Errorf("session: the snapshot of %s at revision %d: %w", id, snap.Rev, err)
	}
	doc, err := ot.NewDocument(content)
	if err != nil {
		return l, fmt.Errorf("session: the snapshot of %s at revision %d: %w", id, snap.Rev, err)
	}
	l.snapshot, l.base = snap.Rev, snap.Rev
	doc, err = l.replay(st, doc, rev)
	l.version = newVersion(rev, doc)
	return l, err
}

// replay applies the records from the snapshot to rev.
func (l *loaded) replay(st store.Store, doc ot.Document, rev int64) (ot.Document, error) {
	id := l.info.ID
	for at := l.base; at < rev; {
		lines, err := st.Lines(id, at, int(min(storeChunk, rev-at)))
		if err != nil {
			return doc, err
		}
		if len(lines) == 0 {
			return doc, fmt.Errorf("session: %s after revision %d: %w", id, at, errGap)
		}
		for _, line := range lines {
			r, err := store.ParseRecord(line.JSON)
			if err != nil || r.Rev != at+1 {
				return doc, fmt.Errorf("session: %s, record %d: %w", id, at+1, errOr(err, errGap))
			}
			if doc, err = doc.Apply(r.Op); err != nil {
				return doc, fmt.Errorf("session: %s, record %d: %w", id, r.Rev, err)
			}
			l.entries = append(l.entries, entry{r, line.JSON})
			at = r.Rev
		}
	}
	return doc, nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// carry brings a submission forward over records that the tail no longer
// holds, on its author's goroutine.
func (h *Hub) carry(ctx context.Context, q *sequencer, sub *submission) error {
	q.doc.mu.Lock()
	base := q.doc.tail.base
	q.doc.mu.Unlock()
	for sub.rev < base {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		lines, err := h.store.Lines(q.doc.id, sub.rev, int(min(storeChunk, base-sub.rev)))
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return errGap
		}
		for _, line := range lines {
			r, err := store.ParseRecord(line.JSON)
			if err != nil {
				return err
			}
			sub.op = r.Op.Transform(sub.op, false)
			sub.rev = r.Rev
		}
	}
	return nil
}

// search looks for a client's delta in the log, from revision rev downwards.
// A client's seqs grow along the log, so a lower one ends the search.
func (h *Hub) search(id, client string, seq, rev int64) (store.Record, bool, error) {
	for rev > 0 {
		from := max(0, rev-storeChunk)
		lines, err := h.store.Lines(id, from, int(rev-from))
		if err != nil {
			return store.Record{}, false, err
		}
		for i := len(lines) - 1; i >= 0; i-- {
			r, err := store.ParseRecord(lines[i].JSON)
			if err != nil {
				return r, false, err
			}
			if r.Client == client && r.Seq <= seq {
				return r, r.Seq == seq, nil
			}
		}
		rev = from
	}
	return store.Record{}, false, nil
}
