package search

import (
	"fmt"
	"log/slog"
	"sync"

	"github.com/blevesearch/bleve/v2"

	"tutti/session"
	"tutti/store"
)

// Options of Open. Store and Hub are needed.
type Options struct {
	Folder string // where the index is kept; "": in memory
	Store  *store.Watched
	Hub    *session.Hub // over Store
	Log    *slog.Logger // zero: slog.Default
}

// Index finds documents. Its methods may be called from any goroutine.
type Index struct {
	index   bleve.Index
	store   *store.Watched
	hub     *session.Hub
	log     *slog.Logger
	notes   notes
	trouble *trouble
	done    chan struct{} // closed when the goroutine that follows has ended
	close   func() error  // once
}

// Open opens the index, or makes it, and begins to follow the store.
func Open(o Options) (*Index, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	x := &Index{store: o.Store, hub: o.Hub, log: o.Log, notes: newNotes(), done: make(chan struct{})}
	x.trouble = &trouble{probe: o.Store.Probe, stop: x.notes.stop, log: o.Log, retry: retry}
	forget := watchTrouble(o.Folder, x.trouble)
	var err error
	if x.index, err = openIndex(o.Folder, o.Log); err != nil {
		forget()
		return nil, err
	}
	unfollow := o.Store.Follow(x.notes.add)
	x.close = sync.OnceValue(func() error {
		unfollow()
		x.notes.end()
		<-x.done
		defer forget()
		return x.index.Close()
	})
	go x.follow()
	return x, nil
}

// Close stops following and closes the index. It may be called again.
func (x *Index) Close() error { return x.close() }

// Behind is how many documents were written to since they were last read.
func (x *Index) Behind() int { return x.notes.count() }

// Hit is a document that was found.
type Hit struct {
	ID    string
	Score float64
}

// Search returns the documents that match best, at most so many. They are
// those that matched when the index last read them.
func (x *Index) Search(q Query, most int) ([]Hit, error) {
	if q.Empty() {
		return nil, nil
	}
	built, err := q.build(x.index)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	r := bleve.NewSearchRequestOptions(built, most, 0, false)
	r.SortBy([]string{"-_score", "_id"})
	found, err := x.index.Search(r)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	hits := make([]Hit, len(found.Hits))
	for i, h := range found.Hits {
		hits[i] = Hit{h.ID, h.Score}
	}
	return hits, nil
}
