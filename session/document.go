package session

import (
	"fmt"
	"sync/atomic"
	"time"

	"tutti/ot"
	"tutti/store"
)

// document is what the sessions of one open document share. The sequencer
// adds to it, sessions take from it.
type document struct {
	id      string
	epoch   string
	lineage store.Lineage
	kind    ot.Kind

	// head is the newest durable version, for who needs no more than that.
	head atomic.Pointer[Version]

	mu       lock // guards all below, and the position in every session
	tail     tail
	sessions map[string]*Session // by client
	presence presence
	meta     meta
	chat     chat
	resting  []*Session    // who have taken all there was
	grown    chan struct{} // for followers: closed when there is something new to take
	joined   joinedFrame
	names    map[string]string // of users, as the store has them or is about to
}

// meta is what may change about a document while people are in it.
type meta struct {
	title, language string
	at              int64 // when that was, as the store has it: it grows with each change
	change          int64 // counts the changes that are told
}

// joinedFrame is the newest frame of records, kept because most sessions are
// at the same place and take the same one.
type joinedFrame struct {
	from, to int64
	frame    *Frame
}

func newDocument(info store.Info, v *Version, base int64, entries []entry, room int) *document {
	d := &document{
		id: info.ID, epoch: info.Epoch, lineage: info.Lineage, kind: info.Kind,
		tail:     tail{base: base, room: room},
		sessions: map[string]*Session{},
		presence: presence{people: map[string]*person{}},
		meta:     meta{title: info.Title, language: info.Language, at: info.ChangedAt},
		grown:    make(chan struct{}),
	}
	d.head.Store(v)
	d.tail.add(entries)
	d.tail.keep(v)
	return d
}

// adopt publishes what has become durable.
func (d *document) adopt(v *Version, entries []entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tail.add(entries)
	d.tail.keep(v)
	d.presence.move(entries)
	d.head.Store(v)
	d.signal()
}

// at returns the version of a revision, nil if the tail doesn't reach back to
// it or the document has no such revision.
func (d *document) at(rev int64) (*Version, error) {
	d.mu.Lock()
	if rev > d.tail.head() {
		d.mu.Unlock()
		return nil, nil
	}
	v, entries := d.tail.nearest(rev)
	d.mu.Unlock()
	if v == nil || len(entries) == 0 {
		return v, nil
	}
	doc := v.Doc
	var err error
	for i := range entries {
		if doc, err = doc.Apply(entries[i].Op); err != nil {
			return nil, fmt.Errorf("session: %s, record %d: %w", d.id, entries[i].Rev, err)
		}
	}
	return newVersion(rev, doc), nil
}

// enter puts a session into the document, in place of an older one of the
// same client, and gives it its first frame.
func (d *document) enter(s *Session, mark store.ClientMark, since *int64, records []store.Line) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if old := d.sessions[s.Client]; old != nil {
		d.leaveLocked(old)
		old.endLocked(closeReplaced())
	}
	d.sessions[s.Client] = s
	who := &person{Person: Person{Session: s.ID, Client: s.Client, User: s.User, Color: s.Color, Role: s.Role, JoinedAt: time.Now()}}
	d.presence.people[s.ID] = who
	d.presence.touch(who)
	s.flushSeen, s.metaSeen, s.roleSeen = d.presence.flushed, d.meta.change, s.Role
	s.chatSeen, s.goneSeen = d.chat.last, d.chat.gone
	s.out = append(s.out, d.welcome(s, mark, since, records))
	if s.rev < d.tail.head() {
		s.flushSeen = 0 // it is told everyone's cursor when it has caught up
	}
	d.flushSoon()
}

// leave takes a session out of the document. It may be called again.
func (d *document) leave(s *Session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leaveLocked(s)
}

func (d *document) leaveLocked(s *Session) {
	if d.sessions[s.Client] != s {
		return
	}
	delete(d.sessions, s.Client)
	delete(d.presence.people, s.ID)
	d.presence.gone = append(d.presence.gone, departure{s.ID, d.presence.flushed + 1})
	d.flushSoon()
}

// flushSoon lets sessions see the changes of presence, now or as soon as
// presenceEvery has passed since they last saw some. The lock is held.
func (d *document) flushSoon() {
	p := &d.presence
	if p.timer != nil {
		return
	}
	if wait := presenceEvery - time.Since(p.flushedAt); wait > 0 {
		p.timer = time.AfterFunc(wait, func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			p.timer = nil
			d.flush()
		})
		return
	}
	d.flush()
}

func (d *document) flush() {
	p := &d.presence
	p.flushed++
	p.flushedAt = time.Now()
	if len(p.gone) > 64 {
		told := p.flushed
		for _, s := range d.sessions {
			told = min(told, s.flushSeen)
		}
		p.forget(told)
	}
	d.signal()
}

// setCursor places a session's cursor, given at revision rev. One from before
// the tail is as good as none: the next is on its way.
func (d *document) setCursor(s *Session, rev int64, cursor *Cursor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	who := d.presence.people[s.ID]
	entries, ok := d.tail.after(rev)
	if who == nil || !ok {
		return
	}
	if cursor != nil {
		c := *cursor
		for i := range entries {
			stay := entries[i].Client != s.Client
			c.Anchor = entries[i].Op.TransformPosition(c.Anchor, stay)
			c.Head = entries[i].Op.TransformPosition(c.Head, stay)
		}
		length := d.head.Load().Doc.Length()
		c.Anchor, c.Head = max(0, min(c.Anchor, length)), max(0, min(c.Head, length))
		cursor = &c
	}
	if who.Cursor == cursor || who.Cursor != nil && cursor != nil && *who.Cursor == *cursor {
		return
	}
	who.Cursor = cursor
	d.presence.touch(who)
	d.flushSoon()
}

// setMeta tells everyone of a new title or language, unless it knows of a
// newer one: of two updates the first may come here last.
func (d *document) setMeta(info store.Info) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if info.ChangedAt <= d.meta.at {
		return
	}
	d.meta.at = info.ChangedAt
	if d.meta.title == info.Title && d.meta.language == info.Language {
		return
	}
	d.meta.title, d.meta.language = info.Title, info.Language
	d.meta.change++
	d.signal()
}

// endAll ends every session; each gets a close of its own.
func (d *document) endAll(why func() *Close) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.sessions {
		s.endLocked(why())
	}
	if d.presence.timer != nil {
		d.presence.timer.Stop()
	}
	d.signal()
}

// base is the revision that the tail reaches back to.
func (d *document) base() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tail.base
}

// size is how many sessions are in the document.
func (d *document) size() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.sessions)
}

// clients returns who is in the document.
func (d *document) clients() map[string]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	present := make(map[string]bool, len(d.sessions))
	for client := range d.sessions {
		present[client] = true
	}
	return present
}
