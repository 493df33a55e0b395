package load

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// window is what was counted between two moments of a crowd's work.
type window struct {
	seconds    float64
	edits      int64 // acknowledged
	deliveries int64 // that reached those who had not made them
	cpu        time.Duration
	own        time.Duration // CPU of the generator
	rss        int64         // of the server, at the end
}

// reading is one look at the counters.
type reading struct {
	at                time.Time
	edits, deliveries int64
	cpu, own          time.Duration
}

func (c *crowd) look() (r reading, err error) {
	r.at, r.own = time.Now(), ownCPU()
	r.cpu, err = cpu(c.server.PID)
	for _, p := range c.people {
		r.edits += p.acked.Load()
		r.deliveries += p.seen.Load()
	}
	return r, err
}

// measure counts for a while. After it the load has ended, and all of it has
// arrived.
func (b *bench) measure(ctx context.Context, c *crowd, what string) (w window, err error) {
	if w, err = b.count(ctx, c, what); err != nil {
		return w, err
	}
	return w, c.settle(ctx)
}

// count waits until the load runs warm, and then counts for a while; it goes on.
func (b *bench) count(ctx context.Context, c *crowd, what string) (w window, err error) {
	if err := b.wait(ctx, c, b.Warmup); err != nil {
		return w, err
	}
	begin, err := c.look()
	if err != nil {
		return w, err
	}
	finish := b.profiled(ctx, what)
	c.acks.begin()
	c.arrivals.begin()
	last := begin
	for left := b.Seconds; left > 0; left-- {
		if err := b.wait(ctx, c, time.Duration(min(left, 1)*float64(time.Second))); err != nil {
			return w, err
		}
		now, err := c.look()
		if err != nil {
			return w, err
		}
		s := now.at.Sub(last.at).Seconds()
		b.say("%s: %s edits/s, %s deliveries/s, ack p50 %s ms", what,
			Figure(float64(now.edits-last.edits)/s), Figure(float64(now.deliveries-last.deliveries)/s), Figure(c.acks.at(50)))
		last = now
	}
	c.acks.end()
	c.arrivals.end()
	held, err := rss(c.server.PID)
	err = errors.Join(err, finish())
	w = window{
		seconds: last.at.Sub(begin.at).Seconds(), edits: last.edits - begin.edits, deliveries: last.deliveries - begin.deliveries,
		cpu: last.cpu - begin.cpu, own: last.own - begin.own, rss: held,
	}
	return w, err
}

// wait lets time pass, unless the crowd breaks.
func (b *bench) wait(ctx context.Context, c *crowd, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.broken:
		return c.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// The metrics that scenarios share.

func (w window) rates() []Metric {
	return []Metric{
		{"edits", float64(w.edits) / w.seconds, "/s"},
		{"deliveries", float64(w.deliveries) / w.seconds, "/s"},
	}
}

func (w window) costs() []Metric {
	return []Metric{
		{"server CPU", 100 * w.cpu.Seconds() / w.seconds, "%"},
		{"server RSS", float64(w.rss) / (1 << 20), "MiB"},
		{"generator CPU", 100 * w.own.Seconds() / w.seconds, "%"},
	}
}

func (l *latency) metrics(what string, percentiles ...float64) (metrics []Metric) {
	for _, p := range percentiles {
		metrics = append(metrics, Metric{fmt.Sprintf("%s p%g", what, p), l.at(p), "ms"})
	}
	return metrics
}
