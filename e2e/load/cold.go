package load

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// cold opens a document with a long history that the server does not have in
// memory. A server of ours is started anew before each open; of another each open
// takes a copy that nobody has opened.
func cold(ctx context.Context, b *bench) error {
	for _, edits := range b.Histories {
		if err := b.crowd(ctx, func(c *crowd) error { return b.cold(ctx, c, edits) }); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) cold(ctx context.Context, c *crowd, edits int) error {
	copies := b.Opens
	if b.server.restarts() {
		copies = 1
	}
	// One more, to open first: what a server does once is not counted.
	if err := c.create(ctx, 1); err != nil {
		return err
	}
	warm := c.docs[0].id
	took := newLatency()
	took.begin()
	for i := range b.Opens {
		if i < copies {
			b.say("making a document of %d edits", edits)
			d := newDocument()
			c.docs = append(c.docs, d)
			err := b.server.Dialect.History(ctx, b.server, d.id, edits)
			if errors.Is(err, errors.ErrUnsupported) {
				b.say("it keeps no documents")
				return nil
			}
			if err != nil {
				return err
			}
		}
		if err := b.restart(ctx); err != nil {
			return err
		}
		c.server = b.server
		if _, err := b.open(ctx, warm); err != nil {
			return err
		}
		d, err := b.open(ctx, c.docs[1+i%copies].id)
		if err != nil {
			return err
		}
		took.record(d)
		b.say("after %d edits: %s ms", edits, Figure(float64(d.Microseconds())/1000))
	}
	what := fmt.Sprintf("after %d edits", edits)
	b.add(what, took.metrics("open", 50, 90)...)
	return b.memory(ctx, what)
}

// open returns how long it took from the call until the content was there.
func (b *bench) open(ctx context.Context, document string) (time.Duration, error) {
	began := time.Now()
	conn, _, err := b.server.Dialect.Join(ctx, b.server, document)
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	return took, conn.Close()
}
