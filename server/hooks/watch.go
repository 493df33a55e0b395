package hooks

import (
	"errors"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

const (
	// rest is the least time between two looks at what was written, and restOf
	// how many times as long as a look took the next one waits: in documents
	// where hundreds type, looking costs a tenth of a processor at most.
	rest   = 20 * time.Millisecond
	restOf = 9
	// lookAgain is the pause after a failure.
	lookAgain = 5 * time.Second
)

// notes are the documents that are to be looked at, each once however often it
// is written to.
type notes struct {
	wake chan struct{} // holds one when there is something to take

	mu     sync.Mutex
	ids    map[string]struct{}
	all    bool // look at every document
	rights bool // decide about every hook
}

func newNotes() notes {
	return notes{wake: make(chan struct{}, 1), ids: map[string]struct{}{}, all: true}
}

func (n *notes) set(f func()) {
	n.mu.Lock()
	f()
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notes) add(id string) { n.set(func() { n.ids[id] = struct{}{} }) }
func (n *notes) sweep()        { n.set(func() { n.all = true }) }
func (n *notes) recheck()      { n.set(func() { n.rights = true }) }

func (n *notes) take() (ids map[string]struct{}, all, rights bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	ids, all, rights = n.ids, n.all, n.rights
	n.ids, n.all, n.rights = map[string]struct{}{}, false, false
	return ids, all, rights
}

// watch looks at what is written until the outbox is closed.
func (x *Outbox) watch() {
	for {
		began := time.Now()
		pause := rest
		if err := x.look(); err != nil {
			x.log.Error("hooks could not be told of what was written", "error", err)
			pause = lookAgain
			x.notes.sweep()
		}
		if !x.pause(max(pause, restOf*time.Since(began))) {
			return
		}
		select {
		case <-x.notes.wake:
		case <-x.ctx.Done():
			return
		}
	}
}

// pause reports whether to go on after it.
func (x *Outbox) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-x.ctx.Done():
		return false
	}
}

func (x *Outbox) look() error {
	ids, all, rights := x.notes.take()
	if rights {
		if err := x.decide(); err != nil {
			return err
		}
	}
	active := x.active()
	if len(active) == 0 {
		return nil // what they miss is found when one is resumed
	}
	if all {
		if err := x.everything(ids); err != nil {
			return err
		}
	}
	for id := range ids {
		for _, f := range active {
			if err := x.observe(f, id); err != nil {
				return err
			}
		}
		if x.ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

// everything adds the ids of all documents, and of those that were seen.
func (x *Outbox) everything(ids map[string]struct{}) error {
	for info, err := range x.store.List() {
		if err != nil {
			return err
		}
		ids[info.ID] = struct{}{}
	}
	return x.db.View(func(tx *bolt.Tx) error {
		for _, f := range x.active() {
			err := under(tx, cursorsBucket, f.id, func(document string, _ []byte) error {
				ids[document] = struct{}{}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// observe has a hook see a document as it is now.
func (x *Outbox) observe(f *feed, id string) error {
	h, err := x.Hook(f.id)
	if err != nil || h.Document != "" && h.Document != id {
		return nil
	}
	info, err := x.info(&h, id)
	if err != nil {
		if !errors.Is(err, store.ErrClosed) {
			x.log.Error("hooks are not told of a document that can't be read", "document", id, "error", err)
		}
		return nil
	}
	var c cursor
	news := func(tx *bolt.Tx) (changed bool, err error) {
		c, err = getCursor(tx, h.ID, id)
		return err == nil && c.observe(&h, info, time.Now().UnixMilli()), err
	}
	changed := false
	err = x.db.View(func(tx *bolt.Tx) (err error) {
		changed, err = news(tx)
		return err
	})
	if changed && err == nil {
		err = x.db.Update(func(tx *bolt.Tx) error {
			if _, err := news(tx); err != nil {
				return err
			}
			return putCursor(tx, h.ID, id, c)
		})
	}
	if err != nil {
		return err
	}
	if c.waits(&h, info) || changed && c.ended() {
		f.add(id, c.FailedAt)
	}
	return nil
}

// decide pauses the hooks whose persons may not have them any more.
func (x *Outbox) decide() error {
	for _, f := range x.active() {
		h, err := x.Hook(f.id)
		if err != nil {
			continue
		}
		var info *store.Info
		if h.Document != "" {
			if info, err = x.info(&h, h.Document); err != nil || info == nil {
				continue // it is told that it is gone, and ends
			}
		}
		if told, _ := x.judge(h, info); told {
			continue
		}
		x.log.Warn("a hook is paused", "hook", h.ID, "host", h.host(), "why", Forbidden)
		if err := x.Pause(h.ID, Forbidden); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}
