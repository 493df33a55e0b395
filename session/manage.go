package session

import (
	"context"
	"errors"
	"time"

	"tutti/store"
)

// View returns a document at its head. It opens nothing: what is not open is
// read from the store. Errors are the store's.
func (h *Hub) View(id string) (store.Info, *Version, error) {
	info, err := h.store.Info(id)
	if err != nil {
		return info, nil, err
	}
	if d := h.live(id, info.Epoch); d != nil {
		v := d.head.Load()
		info.Head.Rev, info.Head.Length = v.Rev, int64(v.Doc.Length())
		return info, v, nil
	}
	l, err := load(h.store, id, -1)
	return l.info, l.version, err
}

// ViewAt returns a document as it was at a revision. store.ErrRevision.
func (h *Hub) ViewAt(id string, rev int64) (store.Info, *Version, error) {
	info, err := h.store.Info(id)
	if err != nil {
		return info, nil, err
	}
	if d := h.live(id, info.Epoch); d != nil {
		if v, err := d.at(rev); v != nil || err != nil {
			return info, v, err
		}
	}
	l, err := load(h.store, id, rev)
	return l.info, l.version, err
}

// live returns a document if it is open, nil if it isn't.
func (h *Hub) live(id, epoch string) *document {
	h.mu.Lock()
	defer h.mu.Unlock()
	if o := h.open[id]; o != nil && o.seq != nil && o.seq.doc.epoch == epoch {
		return o.seq.doc
	}
	return nil
}

// Update changes a document's metadata, notes when, and tells who is in it. The
// contract of change is that of [store.Store]'s Update.
func (h *Hub) Update(id string, change func(*store.Info) error) (store.Info, error) {
	info, err := h.store.Update(id, func(info *store.Info) error {
		before := *info
		err := change(info)
		if *info != before {
			info.ChangedAt = max(time.Now().UnixMilli(), before.ChangedAt+1)
		}
		return err
	})
	if err != nil {
		return info, err
	}
	h.mu.Lock()
	o := h.open[id]
	h.mu.Unlock()
	if o != nil {
		<-o.ready
		if o.seq != nil && o.seq.doc.epoch == info.Epoch {
			o.seq.doc.setMeta(info)
		}
	}
	return info, nil
}

// Expel closes a document if it is open, and ends its sessions with why. What
// its sequencer holds is decided before.
func (h *Hub) Expel(id string, why *Close) {
	h.mu.Lock()
	o := h.open[id]
	h.mu.Unlock()
	if o == nil {
		return
	}
	<-o.ready
	if o.seq != nil {
		o.seq.end(func() *Close { return why })
	}
}

// Trash ends a document's sessions as deleted, after its metadata says so.
func (h *Hub) Trash(id string, change func(*store.Info) error) (store.Info, error) {
	info, err := h.store.Update(id, change)
	if err == nil {
		h.Expel(id, closeDeleted())
	}
	return info, err
}

// end stops a sequencer and waits until it has.
func (q *sequencer) end(why func() *Close) {
	_ = q.do(request{stop: why}) // or it has ended otherwise
	<-q.done
}

// Close ends all sessions with a code that makes them come back, each after a
// time of its own, and waits until all sequencers have stopped or ctx is done.
// It may be called again.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closing = true
	sessions := 0
	for _, o := range h.open {
		if o.seq != nil {
			sessions += o.seq.doc.size()
		}
	}
	for _, o := range h.open { // now that they are counted: the first to go is told of all
		go func() {
			<-o.ready // not here: the disk may stand still, and ctx may not
			if o.seq != nil {
				o.seq.end(func() *Close { return closeRestart(sessions) })
			}
		}()
	}
	h.mu.Unlock()

	stopped := make(chan struct{})
	go func() {
		h.running.Wait()
		close(stopped)
	}()
	select {
	case <-stopped:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("session: some documents were still busy"), context.Cause(ctx))
	}
}

// Closing reports whether Close has been called.
func (h *Hub) Closing() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closing
}
