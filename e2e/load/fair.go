package load

import (
	"context"
	"errors"
	"slices"
)

// fair asks what people in many documents notice of one who floods another
// document with edits, without waiting for an answer, while one more there
// reads nothing; and then of one who floods it with pastes. The server keeps
// to the limit of frames that it has out of the box.
func fair(ctx context.Context, b *bench) error {
	return b.crowd(ctx, func(c *crowd) error {
		if err := b.pairs(ctx, c); err != nil {
			return err
		}
		if err := b.beside(ctx, c, "quiet", nil); err != nil {
			return err
		}
		for _, flood := range []struct {
			what string
			size int
		}{{"a flood of edits", 1}, {"a flood of pastes of 64 KiB", 64 << 10}} {
			f := b.flood(ctx, flood.size)
			err := b.beside(ctx, c, flood.what, f)
			if err := errors.Join(err, f.end()); err != nil {
				return err
			}
		}
		return c.settle(ctx)
	})
}

// beside measures those who go on typing at their pace.
func (b *bench) beside(ctx context.Context, c *crowd, what string, f *flood) error {
	before := f.acked()
	w, err := b.count(ctx, c, what)
	if err != nil {
		return err
	}
	flooded := Metric{"flood", float64(f.acked()-before) / w.seconds, "edits/s"}
	b.add(what, slices.Concat(w.rates(), c.acks.metrics("ack", 50, 99), c.arrivals.metrics("delivery", 99), []Metric{flooded}, w.costs())...)
	return nil
}
