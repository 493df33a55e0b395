package search

import "sync"

// notes are the ids of documents that are to be read. However often a document
// is written to meanwhile, it is noted once.
type notes struct {
	wake chan struct{} // holds one when there may be something to take
	stop chan struct{}

	mu  sync.Mutex
	ids map[string]struct{}
	// reading is what was taken and is not in the index yet.
	reading int
}

func newNotes() notes {
	return notes{wake: make(chan struct{}, 1), stop: make(chan struct{}), ids: map[string]struct{}{}}
}

func (n *notes) add(id string) {
	n.mu.Lock()
	n.ids[id] = struct{}{}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// take returns one that is noted.
func (n *notes) take() (id string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for id := range n.ids {
		delete(n.ids, id)
		n.reading++
		return id, true
	}
	return "", false
}

// read says that what was taken is in the index.
func (n *notes) read() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.reading = 0
}

func (n *notes) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.ids) + n.reading
}

func (n *notes) end() { close(n.stop) }
