package hooks

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"tutti/store"
)

const (
	// A delivery holds so many records at most, and no more once they have so
	// many bytes.
	recordsMost  = 1000
	recordsBytes = 1 << 20
)

// body is what is sent.
type body struct {
	ID       string    `json:"delivery"`
	Hook     string    `json:"hook"`
	Document *document `json:"document,omitempty"`
	Events   []news    `json:"events"`
}

type document struct {
	ID    string `json:"id"`
	Epoch string `json:"epoch"`
	Title string `json:"title"`
}

// news is one event. At is Unix milliseconds.
type news struct {
	Type    string            `json:"type"`
	At      int64             `json:"at"`
	FromRev int64             `json:"fromRev,omitempty"` // of the kind changed
	ToRev   int64             `json:"toRev,omitempty"`
	Records []json.RawMessage `json:"records,omitempty"`
}

// delivery is what is sent, and what of the cursor that is.
type delivery struct {
	promise promise
	try     int // from 1
	body    body
	json    []byte
}

func (d *delivery) attempt(document string, came outcome) Attempt {
	a := Attempt{
		Delivery: d.body.ID, Document: document, At: came.at.UnixMilli(), Try: d.try,
		Status: came.status, Error: came.said(), Seconds: came.took.Seconds(), Events: len(d.body.Events),
	}
	for _, n := range d.body.Events {
		if n.FromRev != 0 {
			a.ToRev = n.ToRev
			if a.FromRev == 0 {
				a.FromRev = n.FromRev
			}
		}
	}
	return a
}

func testDelivery(h *Hook) (*delivery, error) {
	now := time.Now()
	d := &delivery{try: 1, body: body{ID: "msg_" + strings.ToLower(rand.Text()), Hook: h.ID, Events: []news{{Type: "test", At: now.UnixMilli()}}}}
	var err error
	d.json, err = json.Marshal(d.body)
	return d, err
}

// builder makes a delivery of a cursor whose Sending is set.
type builder struct {
	x       *Outbox
	h       *Hook
	id      string
	info    *store.Info
	c       *cursor
	lines   []store.Line
	records bool // they may be sent, and the document is still there
}

func (x *Outbox) newBuilder(h *Hook, id string, info *store.Info, reads bool, c *cursor) (*builder, error) {
	p := c.Sending
	b := &builder{x: x, h: h, id: id, info: info, c: c}
	b.records = h.Records && reads && p.Rev > 0 && info != nil && info.Epoch == p.Epoch
	var err error
	if b.records {
		b.lines, err = store.LinesWithin(x.store, id, c.Told.in(p.Epoch), p.Rev, recordsMost, recordsBytes)
	}
	return b, err
}

// cut has the promise end with the records that fit into it.
func (b *builder) cut() error {
	if len(b.lines) == 0 {
		return ErrRevision // of another document by now; it is looked at again
	}
	last := b.lines[len(b.lines)-1]
	if last.Rev == b.c.Sending.Rev {
		return nil
	}
	var r struct {
		At int64 `json:"at"`
	}
	err := json.Unmarshal(last.JSON, &r)
	b.c.upTo(b.c.Sending, last.Rev, r.At)
	return err
}

func (b *builder) build() (*delivery, error) {
	p := *b.c.Sending
	b.records = b.records && p.Records // who may read only by now gets them from the next on
	d := &delivery{promise: p, try: b.c.Tries + 1, body: body{ID: p.name(b.h.ID, b.id), Hook: b.h.ID}}
	d.body.Document = &document{ID: b.id, Epoch: p.Epoch}
	if b.info != nil && b.info.Epoch == p.Epoch {
		d.body.Document.Title = b.info.Title
	}
	rev := b.c.Told.in(p.Epoch)
	for _, e := range b.c.Events[:p.Events] {
		if upTo := min(e.Rev, p.Rev); upTo > rev {
			d.body.Events = append(d.body.Events, b.changed(rev, upTo, e.At))
			rev = upTo
		}
		d.body.Events = append(d.body.Events, news{Type: e.Type, At: e.At})
		if d.body.Document.Title == "" {
			d.body.Document.Title = e.Title
		}
	}
	if p.Rev > rev {
		d.body.Events = append(d.body.Events, b.changed(rev, p.Rev, p.At))
	}
	var err error
	d.json, err = json.Marshal(d.body)
	return d, err
}

// changed is the event of the records after a revision up to another.
func (b *builder) changed(after, upTo, at int64) news {
	n := news{Type: Changed, At: at, FromRev: after + 1, ToRev: upTo}
	if b.records {
		for _, line := range b.lines {
			if line.Rev > after && line.Rev <= upTo {
				n.Records = append(n.Records, json.RawMessage(line.JSON))
			}
		}
	}
	return n
}
