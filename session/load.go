package session

import (
	"fmt"

	"tutti/ot"
	"tutti/store"
)

// loaded is a document as the store gives it: the nearest snapshot with the
// records behind it.
type loaded struct {
	info     store.Info
	version  *Version
	snapshot int64   // the revision that it was built from
	entries  []entry // since then; only of a document at its head
}

// load reads a document at its head, or at rev if that is not negative. It
// costs a snapshot and a bounded run of records, whatever the document's age.
func load(st store.Store, id string, rev int64) (l loaded, err error) {
	defer func() {
		if p := recover(); p != nil { // one document can't be read; the others can
			err = panicked(p)
		}
	}()
	if l.info, err = st.Info(id); err != nil {
		return l, err
	}
	keep := rev < 0
	if keep {
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
	l.snapshot = snap.Rev
	doc, err = l.replay(st, doc, rev, keep)
	l.version = newVersion(rev, doc)
	return l, err
}

// replay applies the records from the snapshot to rev, and keeps them if asked
// to: on the way to an old revision there may be very many.
func (l *loaded) replay(st store.Store, doc ot.Document, rev int64, keep bool) (ot.Document, error) {
	id := l.info.ID
	for at := l.snapshot; at < rev; {
		lines, err := readLines(st, id, at, rev)
		if err != nil {
			return doc, err
		}
		for _, line := range lines {
			r, err := store.ParseRecord(line.JSON)
			if err != nil || r.Rev != at+1 {
				return doc, fmt.Errorf("session: %s, record %d: %w", id, at+1, errOr(err, errGap))
			}
			if doc, err = doc.Apply(r.Op); err != nil {
				return doc, fmt.Errorf("session: %s, record %d: %w", id, r.Rev, err)
			}
			if keep {
				l.entries = append(l.entries, entry{r, line.JSON})
			}
			at = r.Rev
		}
	}
	return doc, nil
}

// readLines reads the lines that come after one revision, up to another which
// the log must reach: at least one, at most storeChunk, and no more once they
// fill a frame. A line may have megabytes, so few are asked for at once.
func readLines(st store.Store, id string, after, to int64) ([]store.Line, error) {
	var lines []store.Line
	size := 0
	for after < to && len(lines) < storeChunk && size < frameBytes {
		more, err := st.Lines(id, after, int(min(storePiece, to-after)))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, fmt.Errorf("session: %s after revision %d: %w", id, after, errGap)
		}
		for i := range more {
			size += len(more[i].JSON)
		}
		lines = append(lines, more...)
		after = more[len(more)-1].Rev
	}
	return lines, nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// carry brings a submission forward to the head, on its author's goroutine:
// over records that the tail no longer holds, and over those that it does.
func (h *Hub) carry(q *sequencer, sub *submission) error {
	for base := q.doc.base(); sub.rev < base; {
		lines, err := readLines(h.store, q.doc.id, sub.rev, base)
		if err != nil {
			return err
		}
		for _, line := range lines {
			r, err := store.ParseRecord(line.JSON)
			if err != nil {
				return err
			}
			if err := sub.over(q, &r); err != nil {
				return err
			}
		}
	}
	q.doc.mu.Lock()
	entries, _ := q.doc.tail.after(sub.rev)
	q.doc.mu.Unlock()
	for i := range entries {
		if err := sub.over(q, &entries[i].Record); err != nil {
			return err
		}
	}
	sub.carried++
	return nil
}

// over carries a submission over the next record, unless nobody waits for it
// any more: a long delta and a long log can take minutes.
func (sub *submission) over(q *sequencer, r *store.Record) error {
	if sub.abandoned(q) {
		return errEnded
	}
	sub.op, sub.rev = r.Op.Transform(sub.op, false), r.Rev
	return nil
}

func (sub *submission) abandoned(q *sequencer) bool {
	select {
	case <-q.done:
		return true
	case <-sub.gone:
		return true
	default:
		return false
	}
}

// search looks for a client's delta in the log, from revision rev downwards.
// A client's seqs grow along the log, so a lower one ends the search.
func (h *Hub) search(q *sequencer, sub *submission, rev int64) (store.Record, bool, error) {
	for rev > 0 {
		if sub.abandoned(q) {
			return store.Record{}, false, errEnded
		}
		from := max(0, rev-storeChunk)
		r, err := h.newest(q.doc.id, sub.client, sub.seq, from, rev)
		if err != nil || r.Seq > 0 {
			return r, r.Seq == sub.seq, err
		}
		rev = from
	}
	return store.Record{}, false, nil
}

// newest returns a client's newest record with no higher seq among those after
// one revision, up to another; the zero Record if there is none.
func (h *Hub) newest(id, client string, seq, from, to int64) (newest store.Record, err error) {
	for from < to {
		lines, err := readLines(h.store, id, from, to)
		if err != nil {
			return newest, err
		}
		for _, line := range lines {
			r, err := store.ParseRecordHeader(line.JSON)
			if err != nil {
				return newest, err
			}
			if r.Client == client && r.Seq <= seq {
				if newest, err = store.ParseRecord(line.JSON); err != nil {
					return newest, err
				}
			}
			from = line.Rev
		}
	}
	return newest, nil
}
