package e2e

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"tutti/e2e/client"
	"tutti/ot"
)

// A room is the people in one document, their ledger, and the audit of both.
type room struct {
	t       testing.TB
	s       *server
	doc     string
	ledger  *ledger
	audit   *audit
	typists []*typist
	rich    bool
}

func newRoom(t testing.TB, s *server, doc string) *room {
	l := newLedger()
	r := &room{t: t, s: s, doc: doc, ledger: l, audit: audits(t, s, doc, l)}
	r.rich = s.resource(doc).Kind == "rich"
	return r
}

// add lets one more in.
func (r *room) add(cfg client.Config) *typist {
	r.t.Helper()
	cfg.URL, cfg.Document, cfg.Acked, cfg.Diff = r.s.URL, r.doc, r.ledger.acknowledged, tokenDiff
	number := len(r.typists)
	ty := &typist{
		Client: client.Start(cfg), ledger: r.ledger, number: number, rich: r.rich,
		rng: rand.New(rand.NewPCG(seed, uint64(number))),
	}
	r.t.Cleanup(ty.Close)
	r.typists = append(r.typists, ty)
	if err := ty.Reached(soon(r.t), 0); err != nil {
		r.t.Fatal(err)
	}
	return ty
}

// typeToken has one type a token.
func (r *room) typeToken(ty *typist) {
	r.t.Helper()
	if err := ty.token(); err != nil {
		r.t.Fatal(err)
	}
}

// settle waits until all is acknowledged and everybody has all of it.
func (r *room) settle() {
	r.t.Helper()
	ctx := soon(r.t)
	for _, ty := range r.typists {
		if err := ty.Settled(ctx); err != nil {
			r.t.Fatal(err)
		}
	}
	head := r.s.resource(r.doc).Revision
	for _, ty := range r.typists {
		if err := ty.Reached(ctx, head); err != nil {
			r.t.Fatal(err)
		}
	}
}

// verify asserts that all is well once everybody has settled: the same
// content everywhere, and every token in it once.
func (r *room) verify() {
	r.t.Helper()
	r.audit.run()
	r.audit.complete()
	want := spell(r.audit.content)
	for _, ty := range r.typists {
		ty.View(func(m *client.Machine, _ map[string]client.Person) {
			if got := spell(m.Local()); got != want {
				r.t.Errorf("typist %d has %.300s\nthe server %.300s", ty.number, got, want)
			}
		})
		if err := ty.Err(); err != nil {
			r.t.Errorf("typist %d: %v", ty.number, err)
		}
	}
}

// all has everybody type at once, each in their own way and time, and returns
// the errors they met.
func (r *room) all(do func(*typist) error) <-chan error {
	var group sync.WaitGroup
	errs := make([]error, len(r.typists))
	for i, ty := range r.typists {
		group.Go(func() { errs[i] = do(ty) })
	}
	done := make(chan error, 1)
	go func() {
		group.Wait()
		done <- errors.Join(errs...)
	}()
	return done
}

// upTo is a delay of at most d, anew each time.
func upTo(d time.Duration) func() time.Duration {
	return func() time.Duration { return rand.N(d) }
}

// A room of people who type, delete and format at once, whose sockets break,
// and whose server is restarted and crashes under them.
func TestRoomConvergesThroughCutsAndRestarts(t *testing.T) {
	turn(t)
	for _, c := range []struct {
		kind    string
		people  int
		edits   int
		content string
	}{
		{"text", 30, 24, "The beginning.\n"},
		{"rich", 10, 24, "The beginning.\n"},
	} {
		t.Run(c.kind, func(t *testing.T) {
			s := serve(t, withArgs(unlimited))
			room := newRoom(t, s, s.create(c.content, object{"kind": c.kind}).ID)
			for range c.people {
				room.add(client.Config{Delay: upTo(4 * time.Millisecond)})
			}
			typed := room.all(func(ty *typist) error {
				for i := range c.edits {
					if err := ty.edit(); err != nil {
						return err
					}
					switch {
					case ty.rng.IntN(12) == 0:
						ty.Cut()
					case ty.rng.IntN(30) == 0 && !room.rich:
						ty.CutFresh()
					}
					// Some wait for their acknowledgement, as slow typists
					// do; the others' deltas gather in their buffers.
					if i%3 == 0 {
						if err := ty.Settled(soon(t)); err != nil {
							return err
						}
					}
				}
				return nil
			})
			// Each third of the way, the server goes and comes back.
			third := c.people * c.edits / 3 / 3
			room.ledger.await(t, third)
			if exit := s.stop(); exit != 0 {
				t.Errorf("exit code %d", exit)
			}
			s.start()
			room.ledger.await(t, 2*third)
			s.kill()
			s.start()
			if err := <-typed; err != nil {
				t.Fatal(err)
			}
			room.settle()
			room.verify()
			for _, ty := range room.typists {
				ty.Check()
			}
			if err := <-room.all(func(ty *typist) error { return ty.Settled(soon(t)) }); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d people, %d revisions, %d acknowledgements", c.people, room.audit.rev, room.audit.audited)
		})
	}
}

// People who type at one place at the same time get two clean runs of text.
func TestTwoAtOnePlaceGetTwoCleanRuns(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("").ID
	room := newRoom(t, s, doc)
	slow := func() time.Duration { return 15 * time.Millisecond }
	a, b := room.add(client.Config{Delay: slow}), room.add(client.Config{Delay: slow})
	letter := func(ty *typist, at int, s string) {
		err := ty.Edit(func(ot.Document) ot.Delta { return ot.Delta{}.Retain(at, nil).Insert(s, nil) })
		if err != nil {
			t.Fatal(err)
		}
	}
	// Both begin at 0 and go on behind their own last letter.
	for i := range 30 {
		for _, p := range []struct {
			ty *typist
			s  string
		}{{a, "a"}, {b, "b"}} {
			at := 0
			if i > 0 {
				p.ty.View(func(m *client.Machine, _ map[string]client.Person) {
					at = strings.LastIndex(m.Local().Text(), p.s) + 1
				})
			}
			letter(p.ty, at, p.s)
		}
		if i%4 == 0 {
			<-time.After(5 * time.Millisecond) // a typing pace, beside which frames are slow
		}
	}
	room.settle()
	room.verify()
	text := s.text(doc)
	runs := 1
	for i := 1; i < len(text); i++ {
		if text[i] != text[i-1] {
			runs++
		}
	}
	if len(text) != 60 || runs != 2 {
		t.Errorf("%d runs in %q, want 2 in 60 letters", runs, text)
	}
}
