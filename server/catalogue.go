package server

import (
	"errors"
	"strings"
	"sync"

	"tutti/store"
)

// catalogue keeps in memory what the store knows about every document beside
// its content, so that a list doesn't read them all: ten thousand took 60 ms.
// It follows the store and reads anew what was written to when a list is next
// asked for, so edits cost it nothing more than a note. It costs some 500
// bytes a document, from the first list on.
type catalogue struct {
	store *store.Watched

	mu      sync.Mutex // guards what follows
	entries map[string]*entry

	dirty noted
}

// entry is a document in the catalogue; it is replaced, never changed.
type entry struct {
	store.Info
	sortTitle string
}

// noted are the ids of documents that were written to.
type noted struct {
	mu  sync.Mutex
	ids map[string]struct{} // nil: nobody wants to know
}

func newCatalogue(st *store.Watched) *catalogue {
	c := &catalogue{store: st}
	st.Follow(c.dirty.note)
	return c
}

func (n *noted) note(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ids != nil {
		n.ids[id] = struct{}{}
	}
}

// take returns what was noted, and begins anew.
func (n *noted) take() map[string]struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	ids := n.ids
	if ids == nil || len(ids) > 0 {
		n.ids = map[string]struct{}{}
	}
	return ids
}

// each calls f with all documents, as they are now, in no order.
func (c *catalogue) each(f func(*entry)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refresh(); err != nil {
		return err
	}
	for _, e := range c.entries {
		f(e)
	}
	return nil
}

func (c *catalogue) refresh() error {
	ids := c.dirty.take()
	if c.entries == nil {
		return c.load()
	}
	for id := range ids {
		info, err := c.store.Info(id)
		switch {
		case err == nil:
			c.entries[id] = newEntry(info)
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrDamaged):
			delete(c.entries, id)
		default:
			c.entries = nil // read all again when it can be read
			return err
		}
	}
	return nil
}

func (c *catalogue) load() error {
	entries := map[string]*entry{}
	for info, err := range c.store.List() {
		switch {
		case err == nil:
			entries[info.ID] = newEntry(info)
		case info.ID == "" || !errors.Is(err, store.ErrDamaged): // else nobody can say what that one is called
			return err
		}
	}
	c.entries = entries
	return nil
}

func newEntry(info store.Info) *entry { return &entry{info, strings.ToLower(info.Title)} }
