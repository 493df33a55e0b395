package session

import (
	"time"

	"tutti/store"
)

// Cursor is a selection, in UTF-16 code units; anchor and head are equal for a
// caret.
type Cursor struct{ Anchor, Head int }

// Person is a session as the others see it.
type Person struct {
	Session string
	Client  string
	User    store.User
	Color   string
	Cursor  *Cursor // at the document's head; nil: none

	// What the others are not told.
	Role     Role
	JoinedAt time.Time
	Behind   int64 // by how many revisions what it has been sent is behind the head; set by Hub.People and Hub.Everyone
}

// person is a Person in the presence table, with the JSON that all the others
// get; nil until somebody needs it.
type person struct {
	Person
	changed int64 // the flush at which the others are told
	json    []byte
}

type departure struct {
	session string
	flush   int64
}

// presence is who is in a document and where. Changes are gathered and become
// visible together in a flush, at most one each presenceEvery; sessions pull
// what changed after the last flush that they have seen. The document's lock
// guards it.
type presence struct {
	people    map[string]*person // by session
	gone      []departure
	flushed   int64 // the newest flush that sessions may see
	flushedAt time.Time
	timer     *time.Timer // set while a flush is due
	news      *news       // what was last told
}

const presencePrefix = `{"t":"presence","people":[`

func (p *presence) touch(who *person) {
	who.json = nil
	who.changed = p.flushed + 1
	p.stale()
}

// stale drops the frame of the news, which shows a cursor where it was: from
// now on records move it from where it is.
func (p *presence) stale() {
	if p.news != nil {
		p.news.frame = nil
	}
}

// move carries all cursors over committed records: their author's to after what
// they inserted, the others' only by what stands before them.
func (p *presence) move(entries []entry) {
	anyMoved := false
	for _, who := range p.people {
		if who.Cursor == nil {
			continue
		}
		moved := *who.Cursor
		for i := range entries {
			e := &entries[i]
			stay := who.Client != e.Client
			moved.Anchor = e.Op.TransformPosition(moved.Anchor, stay)
			moved.Head = e.Op.TransformPosition(moved.Head, stay)
		}
		if moved != *who.Cursor {
			who.Cursor, who.json = &moved, nil
			anyMoved = true
		}
	}
	if anyMoved {
		p.stale()
	}
}

// news is who changed or left between two flushes. Nearly all sessions have
// seen the same flush, so it is gathered once; the frame is the one for those
// who are not among the changed themselves.
type news struct {
	from, to int64
	changed  []*person
	gone     []string
	frame    *Frame // nil: not made yet, or a cursor has moved since
}

// frame tells who changed or left in the flushes after seen, the session self
// left out; nil if that is nobody.
func (p *presence) frame(self string, seen int64) *Frame {
	if p.news == nil || p.news.from != seen || p.news.to != p.flushed {
		p.news = p.gather(seen)
	}
	n := p.news
	for _, who := range n.changed {
		if who.Session == self {
			return unlessEmpty(p.encode(n, self))
		}
	}
	if n.frame == nil {
		n.frame = unlessEmpty(p.encode(n, self))
	}
	return n.frame
}

func unlessEmpty(json []byte) *Frame {
	if json == nil {
		return nil
	}
	return &Frame{JSON: json}
}

func (p *presence) gather(seen int64) *news {
	n := &news{from: seen, to: p.flushed}
	for _, who := range p.people {
		if who.changed > seen {
			n.changed = append(n.changed, who)
		}
	}
	for _, d := range p.gone {
		if d.flush > seen {
			n.gone = append(n.gone, d.session)
		}
	}
	return n
}

// encode makes the frame of n for the session self.
func (p *presence) encode(n *news, self string) []byte {
	b := append([]byte(nil), presencePrefix...)
	for _, who := range n.changed {
		if _, here := p.people[who.Session]; here && who.Session != self {
			b = append(append(b, p.encoded(who)...), ',')
		}
	}
	for _, id := range n.gone {
		b = append(b, `{"session":"`...)
		b = append(b, id...)
		b = append(b, `","gone":true},`...)
	}
	if len(b) == len(presencePrefix) {
		return nil
	}
	return append(b[:len(b)-1], "]}"...)
}

// everyone appends all people but self as a JSON list, with their cursors or
// without.
func (p *presence) everyone(b []byte, self string, cursors bool) []byte {
	b = append(b, '[')
	first := true
	for id, who := range p.people {
		if id == self {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		if cursors {
			b = append(b, p.encoded(who)...)
			continue
		}
		without := who.Person
		without.Cursor = nil
		b = without.appendJSON(b)
	}
	return append(b, ']')
}

func (p *presence) encoded(who *person) []byte {
	if who.json == nil {
		who.json = who.Person.appendJSON(nil)
	}
	return who.json
}

// forget drops departures that every session has been told of.
func (p *presence) forget(toldAll int64) {
	keep := p.gone[:0]
	for _, d := range p.gone {
		if d.flush > toldAll {
			keep = append(keep, d)
		}
	}
	p.gone = keep
}
