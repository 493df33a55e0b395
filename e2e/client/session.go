package client

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// dialTimeout bounds a handshake: a server that was killed in the middle of
// one leaves the client nothing to read.
const dialTimeout = 10 * time.Second

// session is the life of one socket. It reports whether the server let us in.
func (c *Client) session(ctx context.Context) (welcome bool, err error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// A read knows no context: closing the socket is what ends it.
	defer context.AfterFunc(ctx, func() { conn.Close() })()

	c.mu.Lock()
	hello := c.machine.Hello(c.key, c.fresh)
	hello.Name, hello.Color = c.cfg.Name, c.cfg.Color
	c.mu.Unlock()
	if err := c.write(ctx, conn, hello); err != nil {
		return false, c.why(conn, err)
	}

	var writer sync.WaitGroup
	defer writer.Wait()
	defer cancel()
	for {
		f, err := c.read(ctx, conn)
		if err != nil {
			c.left()
			return welcome, err
		}
		if err := c.take(conn, f); err != nil {
			c.left()
			return welcome, contractError{err}
		}
		if f.T == "welcome" {
			welcome = true
			writer.Go(func() { c.writeLoop(ctx, conn) })
		}
	}
}

func (c *Client) dial(ctx context.Context) (Conn, error) {
	if c.cfg.Dial != nil {
		return c.cfg.Dial(ctx)
	}
	dialer := websocket.Dialer{
		HandshakeTimeout:  dialTimeout,
		Subprotocols:      []string{"tutti.v1"},
		EnableCompression: true,
		ReadBufferSize:    1024,
	}
	conn, _, err := dialer.DialContext(ctx, c.address(), nil)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// why reads on after a failed write: the close frame tells the reason.
func (c *Client) why(conn Conn, err error) error {
	for {
		if _, _, e := conn.ReadMessage(); e != nil {
			if _, ok := e.(*websocket.CloseError); ok {
				return e
			}
			return err
		}
	}
}

func (c *Client) left() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
	c.changed()
}

// read waits while the client is stalled, then takes one frame.
func (c *Client) read(ctx context.Context, conn Conn) (Frame, error) {
	for {
		c.mu.Lock()
		stalled, change := c.stalled, c.change
		c.mu.Unlock()
		if !stalled {
			break
		}
		select {
		case <-change:
		case <-ctx.Done():
			return Frame{}, ctx.Err()
		}
	}
	_, data, err := conn.ReadMessage()
	if err != nil {
		return Frame{}, err
	}
	if c.cfg.Delay != nil {
		sleep(ctx, c.cfg.Delay())
	}
	var f Frame
	if err := json.Unmarshal(data, &f); err != nil {
		return Frame{}, contractError{fmt.Errorf("client: frame %.200q: %w", data, err)}
	}
	return f, nil
}

// take acts on one frame.
func (c *Client) take(conn Conn, f Frame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.changed()
	switch f.T {
	case "welcome":
		if err := c.machine.Welcome(f); err != nil {
			return err
		}
		c.conn, c.fresh, c.people = conn, false, map[string]Person{}
		c.moved = c.cursor != nil
		c.welcomes++
		c.meet(f.People)
	case "records":
		return c.machine.Records(f.Records)
	case "presence":
		c.meet(f.People)
	case "refused":
		if err := c.machine.Refused(f); err != nil {
			return err
		}
		if c.cfg.Refused == nil {
			return fmt.Errorf("%w: %s: %s", ErrRefused, f.Code, f.Message)
		}
		f.Client = c.machine.client
		c.cfg.Refused(f)
	case "diverged":
		return fmt.Errorf("%w: at revision %d", ErrDiverged, f.Rev)
	case "bye":
		c.pause = c.cfg.Pause(time.Duration(f.RetryAfter * float64(time.Second)))
	case "meta", "notice", "pong", "chat", "chat_refused":
	default:
		return fmt.Errorf("client: frame of unknown type %q", f.T)
	}
	return nil
}

func (c *Client) meet(people []Person) {
	for _, p := range people {
		if p.Gone {
			delete(c.people, p.Session)
		} else {
			c.people[p.Session] = p
		}
	}
}

// writeLoop sends what the machine has to say until the session ends.
func (c *Client) writeLoop(ctx context.Context, conn Conn) {
	for {
		c.mu.Lock()
		frame, change := c.unsent(), c.change
		c.mu.Unlock()
		if frame == nil {
			select {
			case <-change:
				continue
			case <-ctx.Done():
				return
			}
		}
		if c.write(ctx, conn, frame) != nil {
			return // the reader learns why
		}
	}
}

// unsent is the next frame to go out, or nil; the lock is held.
func (c *Client) unsent() any {
	if op, ok := c.machine.Unsent(); ok {
		return op
	}
	if c.machine.Pending() {
		return nil
	}
	if c.moved {
		c.moved = false
		return Presence{T: "presence", Rev: c.machine.rev, Cursor: c.cursor}
	}
	if c.checks {
		c.checks = false
		return Check{T: "check", Rev: c.machine.rev, Hash: hash(c.machine.local)}
	}
	return nil
}

func (c *Client) write(ctx context.Context, conn Conn, frame any) error {
	if c.cfg.Delay != nil && !sleep(ctx, c.cfg.Delay()) {
		return ctx.Err()
	}
	data, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	return conn.WriteMessage(websocket.TextMessage, data)
}
