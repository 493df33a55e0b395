package load

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// idle has people who do nothing, in one document and in as many documents as
// people, and asks what memory each holds at the server.
func idle(ctx context.Context, b *bench) error {
	if b.server.PID == 0 {
		return errors.New("the memory of a server is known only by its --pid")
	}
	for _, documents := range []int{1, b.Connections} {
		what := fmt.Sprintf("%d connections, %d documents", b.Connections, documents)
		if err := b.crowd(ctx, func(c *crowd) error { return b.idle(ctx, c, documents, what) }); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) idle(ctx context.Context, c *crowd, documents int, what string) error {
	if err := c.create(ctx, documents); err != nil {
		return err
	}
	// What making them, and the people before, have left in its memory is not
	// counted.
	if err := b.restart(ctx); err != nil {
		return err
	}
	c.server = b.server
	before, err := b.rested(ctx, c, what+", before")
	if err != nil {
		return err
	}
	var places []*document
	for i := range b.Connections {
		places = append(places, c.docs[i%documents])
	}
	people, err := c.join(ctx, places, false)
	if err != nil {
		return err
	}
	after, err := b.rested(ctx, c, what)
	if err != nil {
		return err
	}
	if err := b.memory(ctx, what); err != nil {
		return err
	}
	// They are really there: one types, and all who are with it have it.
	people[0].edit(time.Now())
	if err := c.settle(ctx); err != nil {
		return err
	}
	b.add(what, Metric{"a connection", float64(after-before) / 1024 / float64(b.Connections), "KiB"}, Metric{"server RSS", float64(after) / (1 << 20), "MiB"})
	return nil
}

const (
	restLooks = 6   // at the memory, while it stays the same
	restSame  = 100 // up to a part of so many
)

// rested returns the server's memory when it no longer moves.
func (b *bench) rested(ctx context.Context, c *crowd, what string) (held int64, err error) {
	for same := 0; same < restLooks; {
		if err := errors.Join(b.server.collect(ctx), b.wait(ctx, c, b.Rest/restLooks)); err != nil {
			return 0, err
		}
		now, err := rss(b.server.PID)
		if err != nil {
			return 0, err
		}
		b.say("%s: %s MiB", what, Figure(float64(now)/(1<<20)))
		if diff := now - held; diff > held/restSame || diff < -held/restSame {
			held, same = now, 0
		} else {
			same++
		}
	}
	return held, nil
}
