package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tutti/ot"
)

// Backoff between tries to connect: short, since those who wait are tests.
const (
	minBackoff = 5 * time.Millisecond
	maxBackoff = 250 * time.Millisecond
)

// Config says what a Client is like.
type Config struct {
	URL      func() string // where the server is now; it may come back elsewhere
	Document string
	Key      string // picked when empty
	Name     string
	Color    string

	// Dial opens the connection that a session runs over; nil: a WebSocket to
	// URL. Jitter picks a time below one, added to each wait between tries;
	// nil: at random. Pause is told of the server's wish when to come back, and
	// says how long to stay away; nil: as long, and maxBackoff at most.
	Dial   func(context.Context) (Conn, error)
	Jitter func(below time.Duration) time.Duration
	Pause  func(wish time.Duration) time.Duration

	Delay   func() time.Duration           // before each frame, either way; nil: none
	Acked   func(Ack)                      // called under the client's lock
	Diff    func(old, new string) ot.Delta // for the Machine; nil: ot.Diff
	Refused func(Frame)                    // likewise, with Client; nil: a refused delta ends the client
}

// A Conn carries the frames of one session, as a *websocket.Conn does. A peer
// that closed it makes ReadMessage fail with a *websocket.CloseError.
type Conn interface {
	ReadMessage() (kind int, frame []byte, err error)
	WriteMessage(kind int, frame []byte) error
	Close() error // without a word; it may be called again, from any goroutine
}

// A Client keeps one Machine connected until it is closed or meets an error
// that no new try can mend.
type Client struct {
	cfg     Config
	stop    context.CancelFunc
	stopped chan struct{}

	mu      sync.Mutex
	key     string
	machine *Machine
	conn    Conn // nil while not welcome
	fresh   bool // the next hello must ask for the content
	stalled bool
	err     error
	people  map[string]Person
	cursor  *Cursor
	moved   bool          // cursor has not been said yet
	checks  bool          // say a hash as soon as nothing is pending
	pause   time.Duration // the server's wish before the next try
	change  chan struct{} // closed and replaced whenever something above changed

	welcomes int // how often the server let it in
}

// Start connects a client and goes on in the background.
func Start(cfg Config) *Client {
	if cfg.Key == "" {
		cfg.Key = NewKey()
	}
	if cfg.Jitter == nil {
		cfg.Jitter = rand.N[time.Duration]
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &Client{
		cfg: cfg, key: cfg.Key, stop: stop, stopped: make(chan struct{}),
		machine: NewMachine(cfg.Key), change: make(chan struct{}),
	}
	if cfg.Pause == nil {
		c.cfg.Pause = func(wish time.Duration) time.Duration { return min(wish, maxBackoff) }
	}
	c.machine.Acked = cfg.Acked
	if cfg.Diff != nil {
		c.machine.Diff = cfg.Diff
	}
	go c.run(ctx)
	return c
}

// run keeps the client connected.
func (c *Client) run(ctx context.Context) {
	defer close(c.stopped)
	backoff := minBackoff
	for {
		welcome, err := c.session(ctx)
		if ctx.Err() != nil {
			return
		}
		if err := c.settle(err); err != nil {
			c.fail(err)
			return
		}
		if welcome {
			backoff = minBackoff
		}
		c.mu.Lock()
		wait := max(c.pause, backoff/2+c.cfg.Jitter(backoff))
		c.pause = 0
		c.mu.Unlock()
		backoff = min(2*backoff, maxBackoff)
		if !sleep(ctx, wait) {
			return
		}
	}
}

// settle decides by a session's end how to go on; an error means not at all.
func (c *Client) settle(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		var broken contractError
		if errors.As(err, &broken) {
			return err
		}
		return nil // cut off, or nobody there
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch closed.Code {
	case websocket.CloseGoingAway, websocket.CloseServiceRestart, websocket.CloseTryAgainLater,
		websocket.CloseAbnormalClosure, 4408, 4429:
		return nil
	case 4409:
		c.fresh = true
		return nil
	case 4411:
		c.key = NewKey()
		c.machine.Rekey(c.key)
		return nil
	}
	return err
}

// contractError is a breach of the contract, the one thing not to be retried.
type contractError struct{ error }

func (e contractError) Unwrap() error { return e.error }

// Edit makes a local change out of the content as the person sees it.
func (c *Client) Edit(change func(ot.Document) ot.Delta) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	if err := c.machine.Edit(change(c.machine.local)); err != nil {
		return err
	}
	c.changed()
	return nil
}

// SetCursor tells the others where the cursor is, once nothing is pending.
func (c *Client) SetCursor(at *Cursor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cursor, c.moved = at, true
	c.changed()
}

// Check has the server compare contents as soon as nothing is pending. If
// they differ the client fails.
func (c *Client) Check() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.checks = true
	c.changed()
}

// Cut breaks the connection without a word, as a network does.
func (c *Client) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		c.conn.Close()
	}
}

// CutFresh cuts and joins again with nothing but the pending deltas.
func (c *Client) CutFresh() {
	c.mu.Lock()
	c.fresh = true
	c.mu.Unlock()
	c.Cut()
}

// Stall stops reading the socket; what the server sends then waits in the
// kernel, and soon at the server.
func (c *Client) Stall(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stalled = on
	c.changed()
}

// View looks at the client's state. See must not keep the machine.
func (c *Client) View(see func(m *Machine, people map[string]Person)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	see(c.machine, c.people)
}

var errClosed = errors.New("client: closed")

// Wait returns when the condition holds, the client has failed, or ctx ends.
func (c *Client) Wait(ctx context.Context, holds func(*Machine) bool) error {
	for {
		c.mu.Lock()
		ok, err, change := c.machine.joined && holds(c.machine), c.err, c.change
		rev, pending := c.machine.rev, c.machine.Pending()
		c.mu.Unlock()
		switch {
		case err != nil:
			return err
		case ok:
			return nil
		}
		select {
		case <-change:
		case <-c.stopped:
			if err := c.Err(); err != nil {
				return err
			}
			return errClosed
		case <-ctx.Done():
			return fmt.Errorf("client %s at revision %d, pending %v: %w", ID(c.cfg.Key), rev, pending, ctx.Err())
		}
	}
}

// Settled waits until all that was typed is acknowledged.
func (c *Client) Settled(ctx context.Context) error {
	return c.Wait(ctx, func(m *Machine) bool { return !m.Pending() })
}

// Reached waits until the client has a revision.
func (c *Client) Reached(ctx context.Context, rev int64) error {
	return c.Wait(ctx, func(m *Machine) bool { return m.rev >= rev })
}

// Welcomed waits until the server has let the client in n times.
func (c *Client) Welcomed(ctx context.Context, n int) error {
	return c.Wait(ctx, func(*Machine) bool { return c.welcomes >= n })
}

// Welcomes is how often the server has let the client in.
func (c *Client) Welcomes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcomes
}

// Err is what the client failed of, if it did.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Close leaves. It returns when nothing of the client runs any more.
func (c *Client) Close() {
	c.stop()
	c.Cut()
	<-c.stopped
}

func (c *Client) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
	c.changed()
}

// changed wakes whoever waits; the lock is held.
func (c *Client) changed() {
	close(c.change)
	c.change = make(chan struct{})
}

func (c *Client) address() string {
	return "ws" + strings.TrimPrefix(c.cfg.URL(), "http") + "/api/v1/documents/" + c.cfg.Document + "/socket"
}

// sleep reports whether the whole time has passed.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
