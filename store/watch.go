package store

import (
	"slices"
	"sync"
)

// Watched is a Store that says which documents were written to. What is
// derived from the documents (the catalogue, the search index) follows it:
// nothing can be written around it.
type Watched struct {
	Store

	mu        sync.RWMutex // guards followers
	followers []*func(id string)
}

// Watch returns st with the means to follow it. All writes must go through
// what it returns.
func Watch(st Store) *Watched { return &Watched{Store: st} }

// Follow has f called with the id of a document after each write to it, also
// after one that failed, since it may have been stored. f is called on the
// writer's goroutine, before the write returns: it must be quick and not call
// the store. Nothing is said of what is already there. unfollow ends it.
func (w *Watched) Follow(f func(id string)) (unfollow func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.followers = append(w.followers, &f)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.followers = slices.DeleteFunc(w.followers, func(g *func(string)) bool { return g == &f })
	}
}

func (w *Watched) tell(id string) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, f := range w.followers {
		(*f)(id)
	}
}

// Create implements Store.
func (w *Watched) Create(info Info, content []byte) error {
	defer w.tell(info.ID)
	return w.Store.Create(info, content)
}

// Import implements Store.
func (w *Watched) Import(info Info, content []byte, fill func(Draft) (Head, error)) error {
	defer w.tell(info.ID)
	return w.Store.Import(info, content, fill)
}

// Update implements Store.
func (w *Watched) Update(id string, change func(*Info) error) (Info, error) {
	defer w.tell(id)
	return w.Store.Update(id, change)
}

// Delete implements Store.
func (w *Watched) Delete(id string) error {
	defer w.tell(id)
	return w.Store.Delete(id)
}

// Replace implements Store.
func (w *Watched) Replace(id, epoch string, at int64, next string, fill func(Replacement) error) error {
	defer w.tell(id)
	return w.Store.Replace(id, epoch, at, next, fill)
}

// Append implements Store.
func (w *Watched) Append(id, epoch string, at int64, lines []Line, head Head) error {
	defer w.tell(id)
	return w.Store.Append(id, epoch, at, lines, head)
}
