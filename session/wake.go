package session

import (
	"runtime"
	"sync"
)

// wakesAtOnce is how many are woken before they get a turn. Thousands at once
// would each need a goroutine, and stack, that is never as many again.
const wakesAtOnce = 64

// lock guards a document. Who is to be woken under it is woken when it is
// given back, and so finds it free.
type lock struct {
	mu    sync.Mutex
	woken []func()
}

func (l *lock) Lock() { l.mu.Lock() }

func (l *lock) Unlock() {
	woken := l.woken
	l.woken = nil
	l.mu.Unlock()
	if len(woken) > wakesAtOnce {
		go wakeInTurns(woken)
		return
	}
	for _, wake := range woken {
		wake()
	}
}

func wakeInTurns(woken []func()) {
	for i, wake := range woken {
		if i%wakesAtOnce == wakesAtOnce-1 {
			runtime.Gosched()
		}
		wake()
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
