package session

import (
	"context"
	"errors"

	"tutti/store"
)

// errBehind is met when the tail no longer reaches back to a session's place.
var errBehind = errors.New("session: behind the tail")

// Poll returns the next frame for this session, or nil when there is none
// yet: then wake is called once as soon as there may be, on a goroutine that
// wakes others as well: it may poll and write, and must not wait for a peer. A *Close is returned
// when the session has ended, after the last frame that it still gets; it is
// for the caller to close the socket with it. Other errors are the store's.
// Only one goroutine may poll at a time.
func (s *Session) Poll(wake func()) (*Frame, error) {
	for len(s.ready) == 0 {
		rests, err := s.doc.take(s, wake)
		switch {
		case errors.Is(err, errBehind):
			err = s.catchUp()
		case errors.Is(err, errUnread):
			err = s.readChat()
		}
		if err != nil || rests {
			return nil, err
		}
	}
	frame := s.ready[0]
	s.ready[0] = nil // or a session at rest would keep its welcome
	if len(s.ready) == 1 {
		s.ready = s.ready[:0] // most frames come alone: it is used again
	} else {
		s.ready = s.ready[1:]
	}
	return frame, nil
}

// Next is Poll for who has a goroutine that can wait, and returns the frame's
// JSON. Other errors are those of ctx, too.
func (s *Session) Next(ctx context.Context) ([]byte, error) {
	woken := make(chan struct{}, 1)
	for {
		frame, err := s.Poll(func() { nudge(woken) })
		switch {
		case err != nil:
			return nil, err
		case frame != nil:
			return frame.JSON, nil
		}
		select {
		case <-woken:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// take moves into s.ready what there is for the session, each frame in its
// place; where there is nothing, the session rests.
func (d *document) take(s *Session, wake func()) (rests bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.barred {
		return false, s.end
	}
	if len(s.out) > 0 {
		for _, json := range s.out {
			s.ready = append(s.ready, &Frame{JSON: json})
		}
		s.out = nil
		nudge(s.space)
	}
	if s.metaSeen < d.meta.change {
		s.metaSeen = d.meta.change
		s.ready = append(s.ready, &Frame{JSON: d.meta.frame()})
	}
	if s.roleSeen != s.Role {
		s.roleSeen = s.Role
		s.ready = append(s.ready, &Frame{JSON: roleFrame(s.Role)})
	}
	if s.rev < d.tail.head() && (s.end == nil || s.rev < s.endRev) {
		entries, ok := d.tail.after(s.rev)
		if !ok {
			switch {
			case len(s.ready) > 0:
				return false, nil
			case s.end != nil:
				return false, s.end
			}
			return false, errBehind
		}
		frame, to := d.records(s.rev, entries)
		s.rev = to
		s.ready = append(s.ready, frame)
	}
	// Only now are the cursors those of the revision that it has been sent.
	if p := &d.presence; s.rev == d.tail.head() && s.flushSeen < p.flushed && s.end == nil {
		if frame := p.frame(s.ID, s.flushSeen); frame != nil {
			s.ready = append(s.ready, frame)
		}
		s.flushSeen = p.flushed
	}
	if s.end == nil {
		unread := !d.chat.take(s)
		if unread && len(s.ready) == 0 {
			return false, errUnread
		}
	}
	switch {
	case len(s.ready) > 0:
		return false, nil
	case s.end != nil:
		return false, s.end
	}
	d.rest(s, wake)
	return true, nil
}

// records joins entries behind revision from into a frame of bounded size, and
// returns the revision it leads to. Sessions at the same place share it.
func (d *document) records(from int64, entries []entry) (frame *Frame, to int64) {
	if d.joined.from == from && d.joined.frame != nil && d.joined.to == d.tail.head() {
		return d.joined.frame, d.joined.to
	}
	size := 0
	n := 0
	for n < len(entries) && (n == 0 || size+len(entries[n].json) <= frameBytes) {
		size += len(entries[n].json) + 1
		n++
	}
	b := append(make([]byte, 0, size+32), recordsPrefix...)
	for i := range entries[:n] {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, entries[i].json...)
	}
	b = append(b, "]}"...)
	to = entries[n-1].Rev
	d.joined = joinedFrame{from: from, to: to, frame: &Frame{JSON: b}}
	return d.joined.frame, to
}

// catchUp reads from the store what the tail no longer holds. The log only
// grows, so no lock is needed while it is read.
func (s *Session) catchUp() error {
	lines, err := readLines(s.hub.store, s.doc.id, s.rev, s.doc.base())
	if err != nil {
		return err
	}
	lines = cut(lines)
	b := append([]byte(nil), recordsPrefix...)
	b = append(appendLines(b, lines), "]}"...)
	s.doc.mu.Lock()
	s.rev = lines[len(lines)-1].Rev
	s.doc.mu.Unlock()
	s.ready = append(s.ready, &Frame{JSON: b})
	return nil
}

// cut bounds what goes into one frame; at least one line stays.
func cut(lines []store.Line) []store.Line {
	size := 0
	for i := range lines {
		size += len(lines[i].JSON)
		if size > frameBytes && i > 0 {
			return lines[:i]
		}
	}
	return lines
}
