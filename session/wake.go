package session

import (
	"slices"
	"sync"
)

// wokenTogether is how many sessions one goroutine wakes, and each writes to its
// socket then: with a goroutine for each session, a fifth of what a delivery
// costs was switching between them, and letting their stacks grow.
const wokenTogether = 64

// lock guards a document. Who is to be woken under it is woken when it is given
// back, by others than who had it: the sequencer goes on.
type lock struct {
	mu    sync.Mutex
	woken []func()
}

func (l *lock) Lock() { l.mu.Lock() }

func (l *lock) Unlock() {
	woken := l.woken
	l.woken = nil
	l.mu.Unlock()
	for some := range slices.Chunk(woken, wokenTogether) {
		go func() {
			for _, wake := range some {
				wake()
			}
		}()
	}
}

// rest notes how to wake a session that has taken all there was. The lock is
// held.
func (d *document) rest(s *Session, wake func()) {
	s.wake = wake
	if !s.resting {
		s.resting = true
		d.resting = append(d.resting, s)
	}
}

// wake wakes one session, if it rests. The lock is held.
func (d *document) wake(s *Session) {
	if s.wake != nil {
		d.mu.woken = append(d.mu.woken, s.wake)
		s.wake = nil
	}
}

// signal wakes all who rest. The lock is held.
func (d *document) signal() {
	close(d.grown)
	d.grown = make(chan struct{})
	if d.mu.woken == nil {
		d.mu.woken = make([]func(), 0, len(d.resting))
	}
	for i, s := range d.resting {
		s.resting = false
		d.wake(s)
		d.resting[i] = nil // or who has left would be kept here
	}
	d.resting = d.resting[:0]
}
