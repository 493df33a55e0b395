package load

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// fanout has one person type at a fixed rate before many who read.
func fanout(ctx context.Context, b *bench) error {
	return b.crowd(ctx, func(c *crowd) error {
		what := fmt.Sprintf("%d readers × %s/s", b.Readers, Figure(b.Rate))
		b.say("%s: joining", what)
		if err := c.create(ctx, 1); err != nil {
			return err
		}
		if _, err := c.join(ctx, times(c.docs[0], b.Readers), true); err != nil {
			return err
		}
		writer, err := c.join(ctx, c.docs, false)
		if err != nil {
			return err
		}
		c.pace(ctx, writer, time.Duration(float64(time.Second)/b.Rate))
		w, err := b.measure(ctx, c, what)
		if err != nil {
			return err
		}
		per := Metric{"CPU/delivery", 1e6 * w.cpu.Seconds() / float64(max(w.deliveries, 1)), "µs"}
		b.add(what, slices.Concat(w.rates(), c.arrivals.metrics("delivery", 50, 99), []Metric{per}, w.costs())...)
		return nil
	})
}
