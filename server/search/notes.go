package search

import (
	"sync"
	"time"
)

// notes are the ids of documents that are to be read. However often a document
// is written to meanwhile, it is noted once.
type notes struct {
	wake chan struct{} // holds one when there may be something to read
	stop chan struct{}

	mu    sync.Mutex
	fresh map[string]spell    // written to, perhaps still
	due   map[string]struct{} // to be read now
	// reading is what was taken and is not in the index yet.
	reading int
}

// spell is when a document was written to, first and last since it was due.
type spell struct{ first, last time.Time }

func newNotes() notes {
	return notes{wake: make(chan struct{}, 1), stop: make(chan struct{}), fresh: map[string]spell{}, due: map[string]struct{}{}}
}

// add notes a document that was written to just now.
func (n *notes) add(id string) {
	now := time.Now()
	n.mu.Lock()
	if _, due := n.due[id]; !due {
		s, noted := n.fresh[id]
		if !noted {
			s.first = now
		}
		s.last = now
		n.fresh[id] = s
	}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// addDue notes a document that is to be read, whenever it was written to.
func (n *notes) addDue(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.fresh, id)
	n.due[id] = struct{}{}
}

// ripen makes due what is at rest by now, and what was not for too long. It
// returns how many are due.
func (n *notes) ripen(now time.Time) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	for id, s := range n.fresh {
		if now.Sub(s.last) >= quiet || now.Sub(s.first) >= patience {
			delete(n.fresh, id)
			n.due[id] = struct{}{}
		}
	}
	return len(n.due)
}

// take returns one that is due.
func (n *notes) take() (id string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for id := range n.due {
		delete(n.due, id)
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
	return len(n.fresh) + len(n.due) + n.reading
}

func (n *notes) end() { close(n.stop) }
