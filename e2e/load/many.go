package load

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	together  = 2                      // people in each of many documents
	leisurely = 500 * time.Millisecond // from an edit of one of them to the next
)

// many has two people type in each of many documents.
func many(ctx context.Context, b *bench) error {
	return b.crowd(ctx, func(c *crowd) error {
		if err := b.pairs(ctx, c); err != nil {
			return err
		}
		what := fmt.Sprintf("%d documents × %d × %s/s", b.Documents, together, Figure(1/leisurely.Seconds()))
		w, err := b.measure(ctx, c, what)
		if err != nil {
			return err
		}
		b.add(what, slices.Concat(w.rates(), c.acks.metrics("ack", 50, 99), c.arrivals.metrics("delivery", 50, 99), w.costs())...)
		return nil
	})
}

// pairs lets the people of many documents in and has them type.
func (b *bench) pairs(ctx context.Context, c *crowd) error {
	b.say("%d documents, %d people", b.Documents, together*b.Documents)
	if err := c.create(ctx, b.Documents); err != nil {
		return err
	}
	var places []*document
	for range together {
		places = append(places, c.docs...)
	}
	people, err := c.join(ctx, places, true)
	if err != nil {
		return err
	}
	c.pace(ctx, people, leisurely)
	return nil
}
