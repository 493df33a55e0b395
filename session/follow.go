package session

import (
	"context"
	"errors"

	"tutti/store"
)

// ErrEnded is returned by a Follower whose document was deleted or closed.
// There may be more records: who wants them follows again.
var ErrEnded = errors.New("session: the document was closed")

// Follower reads the records of a document as they are committed. Like a
// session it pulls them from the tail, so a slow one costs nobody anything.
// It keeps the document open until it is closed.
type Follower struct {
	hub *Hub
	seq *sequencer
	rev int64 // what it has read
}

// Follow returns a follower that reads what comes after a revision, after the
// head if that is negative. store.ErrRevision if it is beyond the head; *Close.
func (h *Hub) Follow(id string, after int64) (*Follower, error) {
	q, err := h.acquire(id)
	if err != nil {
		return nil, err
	}
	head := q.doc.head.Load().Rev
	if after > head {
		h.release(q)
		return nil, store.ErrRevision
	}
	if after < 0 {
		after = head
	}
	return &Follower{h, q, after}, nil
}

// Close ends a follower. It must be called once.
func (f *Follower) Close() { f.hub.release(f.seq) }

// Next waits for records, and returns some that come next, few enough to be
// held in memory. They are shared and must not be changed. ErrEnded, the
// errors of ctx, the store's.
func (f *Follower) Next(ctx context.Context) ([]store.Line, error) {
	for {
		select {
		case <-f.seq.done:
			return nil, ErrEnded
		default:
		}
		lines, wait, err := f.take()
		if err != nil {
			return nil, err
		}
		if len(lines) > 0 {
			lines = cut(lines)
			f.rev = lines[len(lines)-1].Rev
			return lines, nil
		}
		select {
		case <-wait:
		case <-f.seq.done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// take returns what comes next, or what to wait for.
func (f *Follower) take() ([]store.Line, <-chan struct{}, error) {
	d := f.seq.doc
	d.mu.Lock()
	entries, ok := d.tail.after(f.rev)
	wait, base := d.grown, d.tail.base
	d.mu.Unlock()
	if !ok {
		lines, err := readLines(f.hub.store, d.id, f.rev, base)
		return lines, nil, err
	}
	var lines []store.Line
	for i := range entries[:min(len(entries), storeChunk)] {
		lines = append(lines, store.Line{Rev: entries[i].Rev, JSON: entries[i].json})
	}
	return lines, wait, nil
}
