package load

import (
	"context"
	"fmt"
	"slices"
)

// hot has people type into one document as fast as they are acknowledged.
func hot(ctx context.Context, b *bench) error {
	for _, writers := range b.Writers {
		what := fmt.Sprintf("%d writers", writers)
		err := b.crowd(ctx, func(c *crowd) error {
			if err := c.create(ctx, 1); err != nil {
				return err
			}
			people, err := c.join(ctx, times(c.docs[0], writers), false)
			if err != nil {
				return err
			}
			loop(people)
			w, err := b.measure(ctx, c, what)
			if err != nil {
				return err
			}
			per := Metric{"CPU/1000 edits", 1000 * w.cpu.Seconds() / float64(max(w.edits, 1)), "s"}
			b.add(what, slices.Concat(w.rates(), c.acks.metrics("ack", 50, 99), []Metric{per}, w.costs())...)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
