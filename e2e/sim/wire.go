package sim

import (
	"errors"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// errBroken is met on a line that has broken, errGone after the own Close.
var (
	errBroken = errors.New("sim: the line is broken")
	errGone   = errors.New("sim: this end is closed")
)

// A pipe is one direction of a line. What is sent arrives in order, late.
type pipe struct {
	mu      sync.Mutex
	late    func() time.Duration
	window  int // how many frames it holds before its sender waits
	queue   []parcel
	last    time.Time     // when the newest parcel arrives
	changed chan struct{} // closed and replaced with each change
	void    bool          // what is sent is lost, and nobody is told
	shut    bool          // the sender is told
	deaf    bool          // the receiver has closed
}

// A parcel is a frame, or the end.
type parcel struct {
	at    time.Time
	frame []byte
	end   error
}

func newPipe(window int, late func() time.Duration) *pipe {
	return &pipe{late: late, window: window, changed: make(chan struct{})}
}

// signal wakes who waits; the lock is held.
func (p *pipe) signal() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// put queues a parcel behind the others; the lock is held.
func (p *pipe) put(after time.Duration, frame []byte, end error) {
	at := time.Now().Add(after)
	if !at.After(p.last) {
		at = p.last.Add(1)
	}
	p.last = at
	p.queue = append(p.queue, parcel{at, frame, end})
	p.signal()
}

// send waits for room, at most as long as patience.
func (p *pipe) send(frame []byte, patience time.Duration) error {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		p.mu.Lock()
		switch {
		case p.shut:
			p.mu.Unlock()
			return errBroken
		case p.void:
			p.mu.Unlock()
			return nil
		case len(p.queue) < p.window:
			p.put(p.late(), frame, nil)
			p.mu.Unlock()
			return nil
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-changed:
		case <-timeout.C:
			return errBroken
		}
	}
}

// receive waits for what arrives next.
func (p *pipe) receive() ([]byte, error) {
	for {
		p.mu.Lock()
		if p.deaf {
			p.mu.Unlock()
			return nil, errGone
		}
		changed := p.changed
		var arrival <-chan time.Time
		if len(p.queue) > 0 {
			first := p.queue[0]
			wait := time.Until(first.at)
			if wait <= 0 {
				if first.end == nil {
					p.queue = p.queue[1:]
					p.signal()
				}
				p.mu.Unlock()
				return first.frame, first.end
			}
			arrival = time.After(wait)
		}
		p.mu.Unlock()
		select {
		case <-changed:
		case <-arrival:
		}
	}
}

// finish lets the receiver meet end after what is on its way; nothing more is
// sent.
func (p *pipe) finish(end error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.shut && !p.void {
		p.put(p.late(), nil, end)
	}
	p.shut = true
	p.signal()
}

// cut breaks the pipe: the sender is told after one time, the receiver after
// another. What is on its way arrives, unless it is lost.
func (p *pipe) cut(sender, receiver time.Duration, lost bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.void || p.shut {
		return
	}
	if lost {
		p.queue, p.last = nil, time.Time{}
	}
	p.put(receiver, nil, errBroken)
	p.void = true
	time.AfterFunc(sender, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.shut = true
		p.signal()
	})
}

// hangUp is the receiver's own end.
func (p *pipe) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf, p.void = true, true
	p.signal()
}

// A line joins a client with a port of the server.
type line struct{ up, down *pipe }

func newLine(window int, late func() time.Duration) *line {
	return &line{up: newPipe(window, late), down: newPipe(window, late)}
}

// cut breaks the line; each side learns of it after a time of its own.
func (l *line) cut(client, server time.Duration, lost bool) {
	l.up.cut(client, server, lost)
	l.down.cut(server, client, lost)
}

// clientEnd is what the client holds: a client.Conn.
type clientEnd struct {
	*line
	twice func() bool // whether a delta is sent twice
}

func (c *clientEnd) ReadMessage() (int, []byte, error) {
	frame, err := c.down.receive()
	return websocket.TextMessage, frame, err
}

func (c *clientEnd) WriteMessage(_ int, frame []byte) error {
	err := c.up.send(frame, time.Hour)
	if err == nil && isOp(frame) && c.twice() {
		err = c.up.send(frame, time.Hour)
	}
	return err
}

func (c *clientEnd) Close() error {
	c.up.finish(errBroken)
	c.down.hangUp()
	return nil
}

func isOp(frame []byte) bool {
	const op = `{"t":"op"`
	return len(frame) > len(op) && string(frame[:len(op)]) == op
}
