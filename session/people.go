package session

import (
	"cmp"
	"errors"
	"slices"
)

var (
	// ErrNoSession is returned when there is no session of that id.
	ErrNoSession = errors.New("session: no such session")
	// ErrStalled is returned when a session can't be told anything, because
	// it takes nothing. If it goes on like that it is cut soon.
	ErrStalled = errors.New("session: the session takes nothing just now")
)

// People returns who is in a document, in the order in which they came.
func (h *Hub) People(id string) []Person {
	var people []Person
	for _, d := range h.documents(id) {
		people = append(people, d.everyone()...)
	}
	return people
}

// Seat is a session, and the document that it is in.
type Seat struct {
	Document string
	Person
}

// Everyone returns who is in any document, in the order of the documents' ids.
func (h *Hub) Everyone() []Seat {
	var seats []Seat
	for _, d := range h.documents("") {
		for _, p := range d.everyone() {
			seats = append(seats, Seat{d.id, p})
		}
	}
	return seats
}

// Disconnect ends a session in a document, in any if id is empty. ErrNoSession.
func (h *Hub) Disconnect(id, session string) error {
	for _, d := range h.documents(id) {
		if d.disconnect(session) {
			return nil
		}
	}
	return ErrNoSession
}

// Tell shows a text to a session in a document, in any if id is empty.
// ErrNoSession, ErrStalled.
func (h *Hub) Tell(id, session, text string) error {
	frame := noticeFrame(text)
	for _, d := range h.documents(id) {
		if err := d.tell(session, frame); !errors.Is(err, ErrNoSession) {
			return err
		}
	}
	return ErrNoSession
}

// TellAll shows a text to all who are in a document, or in any if id is empty.
// It passes over those who take nothing.
func (h *Hub) TellAll(id, text string) {
	frame := noticeFrame(text)
	for _, d := range h.documents(id) {
		d.tellAll(frame)
	}
}

// documents returns the one of that id if it is open, or all that are open if
// id is empty.
func (h *Hub) documents(id string) []*document {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []*document
	if id != "" {
		if o := h.open[id]; o != nil && o.seq != nil {
			all = append(all, o.seq.doc)
		}
		return all
	}
	for _, o := range h.open {
		if o.seq != nil {
			all = append(all, o.seq.doc)
		}
	}
	slices.SortFunc(all, func(a, b *document) int { return cmp.Compare(a.id, b.id) })
	return all
}

func (d *document) everyone() []Person {
	d.mu.Lock()
	defer d.mu.Unlock()
	people := make([]Person, 0, len(d.presence.people))
	head := d.tail.head()
	behind := make(map[string]int64, len(d.sessions))
	for _, s := range d.sessions {
		behind[s.ID] = head - s.rev
	}
	for _, who := range d.presence.people {
		p := who.Person
		p.Behind = behind[p.Session]
		if p.Cursor != nil {
			cursor := *p.Cursor
			p.Cursor = &cursor
		}
		people = append(people, p)
	}
	slices.SortFunc(people, func(a, b Person) int {
		return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.Session, b.Session))
	})
	return people
}

// disconnect ends a session, which is gone for the others at once. It reports
// whether there was such a session.
func (d *document) disconnect(session string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.sessions {
		if s.ID == session {
			d.leaveLocked(s)
			s.endLocked(&Close{Code: CodeDone, Reason: "disconnected"})
			return true
		}
	}
	return false
}

func (d *document) tell(session string, frame []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.sessions {
		if s.ID == session {
			return s.tellLocked(frame)
		}
	}
	return ErrNoSession
}

func (d *document) tellAll(frame []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.sessions {
		_ = s.tellLocked(frame) // a stalled one is passed over
	}
}

// tellLocked queues a frame that the session has not asked for. Nobody waits
// for a slow reader here: where send would, it is not queued.
func (s *Session) tellLocked(frame []byte) error {
	if len(s.out) >= directSize || s.end != nil {
		return ErrStalled
	}
	s.out = append(s.out, frame)
	s.doc.wake(s)
	return nil
}
