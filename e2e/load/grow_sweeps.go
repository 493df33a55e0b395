package load

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// growSize has one type in the middle of a document that grows.
func growSize(ctx context.Context, p *point) error {
	if err := p.start(ctx); err != nil {
		return err
	}
	return p.people(ctx, func(c *crowd) error {
		if err := c.create(ctx, 1); err != nil {
			return err
		}
		if err := c.createOf(ctx, 1, strings.Repeat(Text, 1+p.n/len(Text))[:p.n]); err != nil {
			return err
		}
		opens, err := p.cold(ctx, c, c.docs[0].id, c.docs[1].id)
		if err != nil {
			return err
		}
		writer, err := c.join(ctx, c.docs[1:], false)
		if err != nil {
			return err
		}
		writer[0].at = p.n / 2
		if _, err := p.calm(ctx, c); err != nil {
			return err
		}
		typed, err := p.typed(ctx, c, writer)
		if err != nil {
			return err
		}
		p.add(p.what(), slices.Concat([]Metric{{"size", float64(p.n), "units"}}, typed, opens[1:])...)
		return nil
	})
}

// growHistory has one type in a document whose history grows, and whose
// content stays as short as it is.
func growHistory(ctx context.Context, p *point) error {
	const id = "grown"
	err := p.seeded(ctx, func() error { return p.server.Dialect.History(ctx, p.server, id, p.n) })
	if err != nil {
		return err
	}
	return p.people(ctx, func(c *crowd) error {
		if err := c.create(ctx, 1); err != nil {
			return err
		}
		opens, err := p.cold(ctx, c, c.docs[0].id, id)
		if err != nil {
			return err
		}
		file, err := p.file()
		if err != nil {
			return err
		}
		c.docs = append(c.docs, &document{id: id})
		writer, err := c.join(ctx, c.docs[1:], false)
		if err != nil {
			return err
		}
		if _, err := p.calm(ctx, c); err != nil {
			return err
		}
		typed, err := p.typed(ctx, c, writer)
		if err != nil {
			return err
		}
		p.add(p.what(), slices.Concat([]Metric{{"history", float64(p.n), "edits"}}, typed, opens, []Metric{file})...)
		return nil
	})
}

// growReaders has one type before more and more who read.
func growReaders(ctx context.Context, p *point) error {
	if err := p.reach(); err != nil {
		return err
	}
	if err := p.start(ctx); err != nil {
		return err
	}
	return p.people(ctx, func(c *crowd) error {
		if err := c.create(ctx, 1); err != nil {
			return err
		}
		p.say("%s: joining", p.what())
		if _, err := c.join(ctx, times(c.docs[0], p.n), true); err != nil {
			return err
		}
		writer, err := c.join(ctx, c.docs, false)
		if err != nil {
			return err
		}
		memory, err := p.held(ctx, c)
		if err != nil {
			return err
		}
		c.pace(ctx, writer, time.Duration(float64(time.Second)/p.of.Broadcast))
		w, err := p.measure(ctx, c, p.what())
		if err != nil {
			return err
		}
		p.add(p.what(), slices.Concat([]Metric{{"readers", float64(p.n), ""}},
			c.arrivals.metrics("delivery", 50, 99), c.acks.metrics("ack", 50, 99), []Metric{
				{"CPU/delivery", 1e6 * w.cpu.Seconds() / float64(max(w.deliveries, 1)), "µs"},
				{"CPU/edit", 1e6 * w.cpu.Seconds() / float64(max(w.edits, 1)), "µs"},
				{"server CPU", 100 * w.cpu.Seconds() / w.seconds, "%"},
				{"generator CPU", 100 * w.own.Seconds() / w.seconds, "%"},
			}, memory)...)
		return nil
	})
}

// growOpen has one type in one of more and more documents, each of which
// somebody is in.
func growOpen(ctx context.Context, p *point) error {
	if err := p.reach(); err != nil {
		return err
	}
	if err := p.start(ctx); err != nil {
		return err
	}
	return p.people(ctx, func(c *crowd) error {
		p.say("%s: making them", p.what())
		if err := c.create(ctx, p.n); err != nil {
			return err
		}
		// What making them has left in its memory is not counted.
		if err := p.restart(ctx); err != nil {
			return err
		}
		c.server = p.server
		empty, err := p.held(ctx, c)
		if err != nil {
			return err
		}
		p.say("%s: joining", p.what())
		people, err := c.join(ctx, c.docs, false)
		if err != nil {
			return err
		}
		if _, err := p.calm(ctx, c); err != nil {
			return err
		}
		typed, err := p.typed(ctx, c, people[:1])
		if err != nil {
			return err
		}
		per := Metric{"a document", 1024 * (typed[3].Value - empty[0].Value) / float64(p.n), "KiB"}
		p.add(p.what(), slices.Concat([]Metric{{"open", float64(p.n), "documents"}}, typed, []Metric{per})...)
		return nil
	})
}

// storedText is in each of many documents.
const storedText = "The quick brown fox jumps over the lazy dog."

// growStored has one type in a document beside more and more that nobody has
// open.
func growStored(ctx context.Context, p *point) error {
	id := func(i int) string { return fmt.Sprintf("stored-%07d", i) }
	err := p.seeded(ctx, func() error {
		return p.people(ctx, func(c *crowd) error {
			err := each(make([]struct{}, p.n), func(i int, _ struct{}) error {
				return p.server.Dialect.Create(ctx, p.server, id(i), storedText)
			})
			if err != nil {
				return err
			}
			return p.indexed(ctx, c)
		})
	})
	if err != nil {
		return err
	}
	return p.crowd(ctx, func(c *crowd) error {
		opens, err := p.cold(ctx, c, id(0), id(p.n/2))
		if err != nil {
			return err
		}
		file, err := p.file()
		if err != nil {
			return err
		}
		calm, err := p.calm(ctx, c)
		if err != nil {
			return err
		}
		if err := c.create(ctx, 1); err != nil {
			return err
		}
		writer, err := c.join(ctx, c.docs, false)
		if err != nil {
			return err
		}
		typed, err := p.typed(ctx, c, writer)
		if err != nil {
			return err
		}
		first, err := p.list(ctx)
		if err != nil {
			return err
		}
		again, err := p.list(ctx)
		if err != nil {
			return err
		}
		p.add(p.what(), slices.Concat([]Metric{{"stored", float64(p.n), "documents"}}, typed, opens,
			[]Metric{calm, {"first list", first, "ms"}, {"list", again, "ms"}, file})...)
		return nil
	})
}

// list returns how long the page took that everybody sees first, in
// milliseconds.
func (p *point) list(ctx context.Context) (float64, error) {
	began := time.Now()
	_, err := Tutti{}.ask(ctx, http.MethodGet, p.server.URL+"/api/v1/documents?limit=50", "", nil)
	return float64(time.Since(began).Microseconds()) / 1000, err
}
