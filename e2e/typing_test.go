package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"tutti/e2e/client"
)

// typing is people who type in some documents, all the time.
type typing struct {
	t     testing.TB
	s     *server
	rooms []*room
	stop  chan struct{}
	done  []<-chan error
}

// types has as many people as wanted type in each of some new documents, and
// others read along, with clients of that configuration; nil: of none.
func types(t testing.TB, s *server, documents, typists, readers int, config func(document string) client.Config) *typing {
	t.Helper()
	y := &typing{t: t, s: s, stop: make(chan struct{})}
	for i := range documents {
		r := newRoom(t, s, s.create(fmt.Sprintf("Document %d, as it began.\n", i)).ID)
		for range typists + readers {
			if config == nil {
				r.add(client.Config{})
			} else {
				r.add(config(r.doc))
			}
		}
		y.rooms = append(y.rooms, r)
	}
	for _, r := range y.rooms {
		y.done = append(y.done, r.all(func(ty *typist) error {
			if ty.number >= typists {
				return nil
			}
			return ty.work(t, y.stop)
		}))
	}
	return y
}

// more waits until n more deltas are acknowledged in each document.
func (y *typing) more(n int) {
	y.t.Helper()
	var have []int
	for _, r := range y.rooms {
		acks, _ := r.ledger.from(0)
		have = append(have, len(acks))
	}
	for i, r := range y.rooms {
		r.ledger.await(y.t, have[i]+n)
	}
}

// audit looks up what was acknowledged since the last time.
func (y *typing) audit() {
	y.t.Helper()
	for _, r := range y.rooms {
		r.audit.run()
	}
}

// rest has all come to rest.
func (y *typing) rest() {
	y.t.Helper()
	close(y.stop)
	for _, done := range y.done {
		if err := <-done; err != nil {
			y.t.Error(err)
		}
	}
	for _, r := range y.rooms {
		r.settle()
	}
}

// verify asserts that all is there once, and what anybody has is that; from
// the very beginning once more, so that nothing has changed the past. It
// returns how many deltas were acknowledged.
func (y *typing) verify() (acknowledged int) {
	y.t.Helper()
	for _, r := range y.rooms {
		r.verify()
		again := audits(y.t, y.s, r.doc, r.ledger)
		again.run()
		again.complete()
		acknowledged += again.audited
	}
	return acknowledged
}

// work types until it is stopped, a few deltas ahead of the acknowledgements
// at most.
func (ty *typist) work(t testing.TB, stop <-chan struct{}) error {
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		for range 1 + ty.rng.IntN(3) {
			if err := ty.edit(); err != nil {
				return err
			}
		}
		if err := ty.Settled(soon(t)); err != nil {
			return err
		}
	}
}

// metric is the value of a metric without labels.
func (s *server) metric(name string) float64 {
	s.t.Helper()
	for line := range strings.Lines(string(s.call("GET", "/metrics", nil).body)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				s.t.Fatal(err)
			}
			return n
		}
	}
	s.t.Fatalf("there is no metric %s", name)
	return 0
}
