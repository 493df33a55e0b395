package load

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// JoinWithin bounds a handshake: a thousand may come at once.
const JoinWithin = 60 * time.Second

// Buffers are shared: a connection at rest has none.
var (
	writeBuffers = &sync.Pool{}
	frames       = sync.Pool{New: func() any { return new(bytes.Buffer) }}
)

// person is one connection to one document, which reads all that comes and
// types when it is told to.
type person struct {
	crowd *crowd
	doc   *document
	conn  *websocket.Conn
	at    int  // where it types
	watch bool // records how long others' edits took to arrive
	loop  bool // types the next as soon as one is acknowledged

	mu      sync.Mutex // guards session and due, and is held for writes
	session Session
	due     []time.Time // when the edits that are not acknowledged were to be made; the first is under way

	acked atomic.Int64 // own edits
	seen  atomic.Int64 // others' edits
}

// edit types a character that was to be typed at a time. One edit is under way
// at once, as with an editor; the next ones wait.
func (p *person) edit(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due = append(p.due, at)
	if len(p.due) == 1 {
		p.send()
	}
}

// send sends the first that is due; the lock is held.
func (p *person) send() {
	p.crowd.ledger.write(p.session.Author(), p.due[0])
	kind, frame := p.session.Edit(p.at, "x")
	p.doc.edits.Add(1)
	if err := p.conn.WriteMessage(kind, frame); err != nil {
		p.crowd.fail(fmt.Errorf("load: writing to %s: %w", p.doc.id, err))
	}
}

// read takes frames until the connection ends.
func (p *person) read() {
	var seen Seen
	if p.watch {
		seen = func(author []byte, n int64) {
			if age, ok := p.crowd.ledger.age(author, n); ok {
				p.crowd.arrivals.record(age)
			}
		}
	}
	for {
		_, from, err := p.conn.NextReader()
		if err == nil {
			frame := frames.Get().(*bytes.Buffer)
			frame.Reset()
			if _, err = frame.ReadFrom(from); err == nil {
				err = p.take(frame.Bytes(), seen)
			}
			frames.Put(frame)
		}
		if err != nil {
			p.crowd.fail(fmt.Errorf("load: in %s: %w", p.doc.id, err))
			return
		}
	}
}

// take acts on a frame.
func (p *person) take(frame []byte, seen Seen) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken, err := p.session.Take(frame, seen)
	if err != nil {
		return err
	}
	p.seen.Add(int64(taken.Edits))
	for range taken.Acks {
		if len(p.due) == 0 {
			return fmt.Errorf("an acknowledgement of nothing: %.300q", frame)
		}
		p.crowd.acks.record(time.Since(p.due[0]))
		p.due = append(p.due[:0], p.due[1:]...)
		p.acked.Add(1)
	}
	if taken.Acks == 0 {
		return nil
	}
	if p.loop && !p.crowd.stopped.Load() {
		p.due = append(p.due, time.Now())
	}
	if len(p.due) > 0 {
		p.send()
	}
	return nil
}

// pace types at a fixed rate from a moment on, whatever becomes of the edits,
// until ctx ends.
func (p *person) pace(ctx context.Context, first time.Time, every time.Duration) {
	timer := time.NewTimer(time.Until(first))
	defer timer.Stop()
	for next := first; ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			p.edit(next)
			next = next.Add(every)
			timer.Reset(time.Until(next))
		}
	}
}
