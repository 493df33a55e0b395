package load

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	// holds is what the 95th percentile of an edit's way to the others may be,
	// in milliseconds, for so many authors to be called served.
	holds = 100
	// watchers of all who are there record that way.
	watchers = 10
	// nearest is how close the search comes to the most authors, as a part.
	nearest = 16
)

// open has people type at a pace that the server has no say in: some at a
// steady rate, many an edit a second each, and then as many as it holds.
func open(ctx context.Context, b *bench) error {
	const few = 50
	if _, err := b.authors(ctx, few, b.Steady/few); err != nil {
		return err
	}
	if b.Search {
		return b.most(ctx)
	}
	_, err := b.authors(ctx, b.Authors, 1)
	return err
}

// most searches for the highest number of authors that the server holds.
func (b *bench) most(ctx context.Context) error {
	held, failed := 0, 0
	for n := b.Authors; n > 0 && (failed == 0 || failed-held > max(1, failed/nearest)); {
		late, err := b.authors(ctx, n, 1)
		if err != nil {
			return err
		}
		if late < holds*time.Millisecond {
			held = n
		} else {
			failed = n
		}
		switch {
		case failed == 0:
			n += max(1, n/4)
		case held == 0:
			n = n * 3 / 4
		default:
			n = (held + failed) / 2
		}
	}
	b.scenario = "most authors"
	b.add(fmt.Sprintf("p95 under %d ms", holds), Metric{"authors", float64(held), ""})
	return nil
}

// authors measures n who type in one document, each at a rate, and returns the
// 95th percentile of the time until others had what one typed.
func (b *bench) authors(ctx context.Context, n int, rate float64) (late time.Duration, err error) {
	what := fmt.Sprintf("%d authors × %s/s", n, Figure(rate))
	err = b.crowd(ctx, func(c *crowd) error {
		if err := c.create(ctx, 1); err != nil {
			return err
		}
		watching, err := c.join(ctx, times(c.docs[0], min(watchers, n)), true)
		if err != nil {
			return err
		}
		others, err := c.join(ctx, times(c.docs[0], n-len(watching)), false)
		if err != nil {
			return err
		}
		c.pace(ctx, append(watching, others...), time.Duration(float64(time.Second)/rate))
		w, err := b.measure(ctx, c, what)
		if err != nil {
			return err
		}
		late = time.Duration(c.arrivals.at(95) * float64(time.Millisecond))
		b.add(what, slices.Concat(w.rates(), c.acks.metrics("ack", 50, 95, 99), c.arrivals.metrics("delivery", 50, 95, 99), w.costs())...)
		return nil
	})
	return late, err
}
