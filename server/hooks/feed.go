package hooks

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// settle is how long a document's news are collected before they are sent:
// whoever types makes one request a second, not one at each letter.
const settle = time.Second

// feed is what an active hook has to deliver: the documents that wait, each
// with when it may be sent.
type feed struct {
	id     string // of the hook
	cancel context.CancelFunc
	done   chan struct{} // closed when its goroutine has ended
	wake   chan struct{} // holds one when what waits has changed

	mu    sync.Mutex
	waits map[string]wait // by document
}

// wait is one document in a feed.
type wait struct {
	at    time.Time // when it may be sent
	since time.Time // when there was first something to send
}

// begin starts to deliver to a hook. x.mu is held.
func (x *Outbox) begin(id string) {
	if x.judge == nil || x.ctx.Err() != nil {
		return // not started yet, or closed
	}
	ctx, cancel := context.WithCancel(x.ctx)
	f := &feed{id: id, cancel: cancel, done: make(chan struct{}), wake: make(chan struct{}, 1), waits: map[string]wait{}}
	x.feeds[id] = f
	x.running.Go(func() {
		defer close(f.done)
		x.deliver(ctx, f)
	})
}

// end stops delivering to a hook, and waits until that has stopped.
func (x *Outbox) end(id string) {
	x.mu.Lock()
	f := x.feeds[id]
	delete(x.feeds, id)
	x.mu.Unlock()
	if f != nil {
		f.cancel()
		<-f.done
	}
}

func (x *Outbox) active() []*feed {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.Collect(maps.Values(x.feeds))
}

// add has a document be sent in a moment, unless it waits already. failedAt is
// since when it can't be, 0 if it can.
func (f *feed) add(id string, failedAt int64) {
	now := time.Now()
	since := now
	if failedAt != 0 {
		since = time.UnixMilli(failedAt)
	}
	f.set(func() {
		if _, ok := f.waits[id]; !ok {
			f.waits[id] = wait{now.Add(settle), since}
		}
	})
}

// again has a document be sent once more, after a pause that nothing shortens
// but hurry.
func (f *feed) again(id string, since time.Time, pause time.Duration) {
	f.set(func() { f.waits[id] = wait{time.Now().Add(pause), since} })
}

// hurry has all be sent that waits: the receiver is back.
func (f *feed) hurry() {
	f.set(func() {
		for id, w := range f.waits {
			if soon := time.Now().Add(settle); w.at.After(soon) {
				f.waits[id] = wait{soon, w.since}
			}
		}
	})
}

func (f *feed) set(change func()) {
	f.mu.Lock()
	change()
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// next waits until a document may be sent, and takes it: the one that was due
// first. It reports false when ctx is done.
func (f *feed) next(ctx context.Context) (id string, w wait, ok bool) {
	for ctx.Err() == nil {
		id, w, ok = f.first()
		if !ok {
			select {
			case <-f.wake:
			case <-ctx.Done():
			}
			continue
		}
		left := time.Until(w.at)
		if left <= 0 {
			f.mu.Lock()
			delete(f.waits, id)
			f.mu.Unlock()
			return id, w, true
		}
		t := time.NewTimer(left)
		select {
		case <-t.C:
		case <-f.wake:
		case <-ctx.Done():
		}
		t.Stop()
	}
	return "", wait{}, false
}

func (f *feed) first() (id string, first wait, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for d, w := range f.waits {
		if !ok || w.at.Before(first.at) {
			id, first, ok = d, w, true
		}
	}
	return id, first, ok
}

// oldest is since when the document waits that has waited most, and how many
// wait.
func (f *feed) oldest() (since time.Time, count int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.waits {
		if since.IsZero() || w.since.Before(since) {
			since = w.since
		}
	}
	return since, len(f.waits)
}
