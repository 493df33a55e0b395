package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Text is what a document begins with, and everybody types at a place in it.
var Text = strings.Repeat("The quick brown fox jumps over the lazy dog. ", 100)

// atOnce is how many documents are made or people let in at a time.
const atOnce = 64

// document is a document of a run, and what was done to it.
type document struct {
	id     string
	people []*person
	edits  atomic.Int64 // sent by any of them
}

func newDocument() *document { return &document{id: fmt.Sprintf("bench-%016x", rand.Uint64())} }

// crowd is who works on a server in one measurement, and what is counted.
type crowd struct {
	server   *Server
	docs     []*document
	people   []*person
	acks     *latency // from when an edit was to be made until it was acknowledged
	arrivals *latency // … until one who watches had it
	ledger   ledger
	patience time.Duration // how long nothing may arrive while something is missing in the end

	stopped atomic.Bool // who types in a loop is to stop
	hush    func()      // ends those who type at a pace
	pacing  sync.WaitGroup
	reading sync.WaitGroup

	stays  bool        // the documents go with the server's folder
	left   atomic.Bool // what ends from now on was to end
	broken chan struct{}
	once   sync.Once
	err    error // set before broken is closed
}

func newCrowd(server *Server, patience time.Duration) *crowd {
	return &crowd{server: server, patience: patience, acks: newLatency(), arrivals: newLatency(), hush: func() {}, broken: make(chan struct{})}
}

// fail ends the measurement; the first reason counts.
func (c *crowd) fail(err error) {
	if c.left.Load() {
		return
	}
	c.once.Do(func() {
		c.err = err
		close(c.broken)
	})
}

// create makes n documents.
func (c *crowd) create(ctx context.Context, n int) error { return c.createOf(ctx, n, Text) }

// createOf makes n documents of a text.
func (c *crowd) createOf(ctx context.Context, n int, text string) error {
	docs := make([]*document, n)
	for i := range docs {
		docs[i] = newDocument()
	}
	c.docs = append(c.docs, docs...)
	return each(docs, func(_ int, d *document) error {
		return c.server.Dialect.Create(ctx, c.server, d.id, text)
	})
}

// join lets one person into each of the documents named, which may be named
// more than once. Those who watch record how long edits took to arrive.
func (c *crowd) join(ctx context.Context, docs []*document, watch bool) ([]*person, error) {
	people := make([]*person, len(docs))
	err := each(docs, func(i int, d *document) error {
		conn, session, err := c.server.Dialect.Join(ctx, c.server, d.id)
		if err != nil {
			return fmt.Errorf("joining %s: %w", d.id, err)
		}
		people[i] = &person{crowd: c, doc: d, conn: conn, session: session, watch: watch}
		return nil
	})
	for i, p := range people {
		if p == nil {
			continue
		}
		p.at = i * 89 % len(Text)
		p.doc.people, c.people = append(p.doc.people, p), append(c.people, p)
		c.reading.Go(p.read)
	}
	return people, err
}

// times names a document n times.
func times(d *document, n int) []*document {
	docs := make([]*document, n)
	for i := range docs {
		docs[i] = d
	}
	return docs
}

// loop has people type, each the next edit when the last is acknowledged.
func loop(people []*person) {
	for _, p := range people {
		p.loop = true
	}
	for _, p := range people {
		p.edit(time.Now())
	}
}

// pace has people type at a fixed rate, spread evenly over the time between
// two edits, whatever becomes of them.
func (c *crowd) pace(ctx context.Context, people []*person, every time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	hush := c.hush
	c.hush = func() { hush(); cancel() }
	from := time.Now().Add(time.Millisecond)
	for i, p := range people {
		first := from.Add(every * time.Duration(i) / time.Duration(len(people)))
		c.pacing.Go(func() { p.pace(ctx, first, every) })
	}
}

// settle ends the typing and returns when every edit is acknowledged and has
// reached everybody; anything else is an error.
func (c *crowd) settle(ctx context.Context) error {
	c.stopped.Store(true)
	c.hush()
	c.pacing.Wait()
	poll := time.NewTicker(2 * time.Millisecond)
	defer poll.Stop()
	count, since := Total{}, time.Now()
	for {
		missing := c.missing()
		if missing == nil {
			return nil
		}
		if now := c.total(); now != count {
			count, since = now, time.Now()
		} else if time.Since(since) > c.patience {
			return missing
		}
		select {
		case <-poll.C:
		case <-c.broken:
			return c.err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// missing says what has not arrived, or has too often.
func (c *crowd) missing() error {
	for _, d := range c.docs {
		edits, acked := d.edits.Load(), int64(0)
		for _, p := range d.people {
			own := p.acked.Load()
			if seen := p.seen.Load(); seen+own != edits {
				return fmt.Errorf("load: of %d edits of %s one who is there has %d", edits, d.id, seen+own)
			}
			acked += own
		}
		if acked != edits {
			return fmt.Errorf("load: of %d edits of %s %d are acknowledged", edits, d.id, acked)
		}
	}
	return nil
}

func (c *crowd) total() (t Total) {
	for _, d := range c.docs {
		t.Edits += d.edits.Load()
	}
	for _, p := range c.people {
		t.Acknowledged += p.acked.Load()
		t.Delivered += p.seen.Load()
	}
	return t
}

// leave ends all connections and takes the documents away.
func (c *crowd) leave(ctx context.Context) error {
	c.left.Store(true)
	c.hush()
	c.pacing.Wait()
	for _, p := range c.people {
		p.conn.Close() // nothing is lost by it
	}
	c.reading.Wait()
	if c.stays {
		return nil
	}
	return each(c.docs, func(_ int, d *document) error {
		return c.server.Dialect.Delete(ctx, c.server, d.id)
	})
}

// each does something for each of a list, some at a time, and returns the
// errors.
func each[T any](list []T, do func(i int, item T) error) error {
	errs := make([]error, len(list))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(atOnce, len(list)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				errs[i] = do(i, list[i])
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
