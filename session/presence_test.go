package session

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pause lets everything happen that is due, in a bubble: presence is told at
// most once each presenceEvery.
func pause() { time.Sleep(2 * presenceEvery) }

// people is what the presence frames that are there say of each session, the
// last word only; names are those of the tested peers.
func (p *peer) people(peers map[string]*peer) map[string]string {
	p.t.Helper()
	said := map[string]string{}
	for _, m := range p.gotOf("presence") {
		p.add(said, m.People, peers)
	}
	return said
}

func (p *peer) add(said map[string]string, people []figure, peers map[string]*peer) {
	p.t.Helper()
	for _, f := range people {
		name := f.Session
		for n, q := range peers {
			if q.ID == f.Session {
				name = n
			}
		}
		said[name] = f.at()
	}
}

func wantPeople(t *testing.T, what string, got map[string]string, want string) {
	t.Helper()
	if g := fmt.Sprint(got); g != "map["+want+"]" {
		t.Errorf("%s: told %s, want [%s]", what, g, want)
	}
}

func TestPresenceTellsOfComingMovingAndGoing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		a := r.join("a")
		if len(a.welcome.People) != 0 {
			t.Errorf("a is welcomed to %+v", a.welcome.People)
		}
		b := r.join("b")
		names := map[string]*peer{"a": a, "b": b}
		welcomed := map[string]string{}
		b.add(welcomed, b.welcome.People, names)
		wantPeople(t, "b in its welcome", welcomed, "a:nowhere")
		pause()
		wantPeople(t, "a", a.people(names), "b:nowhere")
		wantPeople(t, "b of itself", b.people(names), "")

		b.point(0, 4)
		pause()
		wantPeople(t, "a of a move", a.people(names), "b:4-4")
		b.point(0, 4)
		pause()
		wantPeople(t, "a of no move", a.people(names), "")
		b.say(`{"t":"presence","rev":0,"cursor":null}`)
		pause()
		wantPeople(t, "a of no cursor", a.people(names), "b:nowhere")
		wantPeople(t, "b of itself again", b.people(names), "")
		b.leave()
		pause()
		wantPeople(t, "a of a departure", a.people(names), "b:gone")
	})
}

func TestPresenceComesAtMostOnceInEach50Milliseconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		a, b := r.join("a"), r.join("b")
		pause()
		var came []time.Time
		last := ""
		ctx, stop := context.WithCancel(t.Context())
		var reading sync.WaitGroup
		reading.Go(func() {
			for {
				frame, err := a.Next(ctx)
				if err != nil {
					return
				}
				if m := read(t, frame); m.T == "presence" {
					came, last = append(came, time.Now()), m.People[0].at()
				}
			}
		})
		synctest.Wait()
		began, first := time.Now(), len(came)
		for i := range 200 {
			b.point(0, i%10)
			time.Sleep(3 * time.Millisecond)
		}
		pause()
		stop()
		reading.Wait()
		came = came[first:]
		for i := 1; i < len(came); i++ {
			if d := came[i].Sub(came[i-1]); d < presenceEvery {
				t.Errorf("two frames within %v", d)
			}
		}
		if most := int(time.Since(began)/presenceEvery) + 1; len(came) > most || len(came) < most/2 {
			t.Errorf("%d frames in %v", len(came), time.Since(began))
		}
		if last != "9-9" {
			t.Errorf("the last word is %s", last)
		}
	})
}

func TestCursorsOutOfRangeAreClamped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		a, b := r.join("a"), r.join("b")
		names := map[string]*peer{"b": b}
		for _, test := range []struct{ cursor, want string }{
			{`{"anchor":-5,"head":3}`, "0-3"},
			{`{"anchor":11,"head":10}`, "10-10"},
			{`{"anchor":9007199254740991,"head":-9007199254740991}`, "10-0"},
			{`{"head":2,"anchor":1,"color":"no cursor has a colour"}`, "1-2"},
			{`{"anchor":0,"head":2147483648}`, "0-10"},
		} {
			b.say(`{"t":"presence","rev":0,"cursor":` + test.cursor + `}`)
			pause()
			if got := a.people(names)["b"]; got != test.want {
				t.Errorf("%s: at %s, want %s", test.cursor, got, test.want)
			}
		}
	})
}

// TestRecordsMoveCursors says nothing of the moves: everybody knows them.
func TestRecordsMoveCursors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		a, b := r.join("a"), r.join("b")
		a.point(0, 5)
		b.point(0, 5)
		pause()
		a.got()
		b.got()
		a.op(1, 0, insert(5, "xx")) // its own goes behind it, the other's stays
		b.op(1, 1, erase(0, 2))     // both move
		pause()
		names := map[string]*peer{"a": a, "b": b}
		wantPeople(t, "a", a.people(names), "")
		welcomed := map[string]string{}
		a.add(welcomed, r.join("c").welcome.People, names)
		wantPeople(t, "who comes", welcomed, "a:5-5 b:3-3")
	})
}

func TestACursorGivenAtAnOldRevisionIsCarriedForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		a, b := r.join("a"), r.join("b")
		a.op(1, 0, insert(0, "xx"))
		a.op(2, 1, insert(7, "y")) // just where b will be
		b.point(0, 5)
		pause()
		names := map[string]*peer{"b": b}
		wantPeople(t, "a", a.people(names), "b:7-7")
		r.forgetTail(1)
		b.point(0, 1)
		pause()
		wantPeople(t, "a of one from behind the tail", a.people(names), "")
		b.point(9, 1)
		pause()
		wantPeople(t, "a of one beyond the head", a.people(names), "b:1-1")
	})
}

// TestACursorIsToldWithTheRevisionThatItIsAt reads slowly: a cursor comes
// after the records that moved it, and where they moved it to.
func TestACursorIsToldWithTheRevisionThatItIsAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		a, b, slow := r.join("a"), r.join("b"), r.join("slow")
		pause()
		slow.got()
		b.point(0, 5)
		pause()
		a.got()                    // the frame is made for the first who reads
		a.op(1, 0, insert(0, "x")) // and this moves the cursor
		got := slow.got()
		if len(got) != 2 || got[0].T != "records" || got[1].T != "presence" || got[1].People[0].at() != "6-6" {
			t.Errorf("got %+v", got)
		}
	})
}

// TestACursorSetAnewIsNotToldWhereItWas: b's cursor is told to a, set anew,
// and then a record comes that would have moved the old place and not the new.
func TestACursorSetAnewIsNotToldWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		a, b, slow := r.join("a"), r.join("b"), r.join("slow")
		pause()
		slow.got()
		a.got()
		b.point(0, 8)
		if got := a.got(); len(got) != 1 {
			t.Fatalf("a is told %+v", got)
		}
		b.point(0, 2)              // is told at the next flush
		a.op(1, 0, insert(5, "x")) // the 8 would be a 9 now
		for _, m := range slow.gotOf("presence") {
			for _, f := range m.People {
				if f.at() != "9-9" && f.at() != "2-2" {
					t.Errorf("told %s at revision 1", f.at())
				}
			}
		}
	})
}

func TestWhoIsWelcomedBelowTheHeadIsToldCursorsWhenItGetsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		r.fill(2*storeChunk, insert(0, "x"))
		a := r.join("a")
		a.op(1, 2*storeChunk, `[]`)
		a.point(2*storeChunk+1, 3)
		pause()
		r.forgetTail(1)
		b := r.join("b", Place{0, docEpoch})
		if b.welcome.Rev == 2*storeChunk+1 {
			t.Fatal("it is at the head at once")
		}
		names := map[string]*peer{"a": a}
		welcomed := map[string]string{}
		b.add(welcomed, b.welcome.People, names)
		wantPeople(t, "in the welcome", welcomed, "a:nowhere")
		pause()
		wantPeople(t, "at the head", b.people(names), "a:3-3")
	})
}

func TestWhoFallsBehindIsToldOfAllWhoCameAndWentMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "0123456789")
		slow, stays := r.join("slow"), r.join("stays")
		names := map[string]*peer{"stays": stays}
		pause()
		slow.got()
		for i := range 200 {
			p := r.join(fmt.Sprint("v", i))
			names[fmt.Sprint("v", i)] = p
			pause()
			p.leave()
		}
		came := r.join("came")
		names["came"] = came
		stays.point(0, 1)
		pause()
		said := slow.people(names)
		if said["came"] != "nowhere" || said["stays"] != "1-1" {
			t.Errorf("came %s, stays %s", said["came"], said["stays"])
		}
		for name, at := range said {
			if name != "came" && name != "stays" && at != "gone" {
				t.Errorf("%s is %s", name, at)
			}
		}
		if len(said) != 202 {
			t.Errorf("told of %d", len(said))
		}
	})
}

func TestTheReplacedSessionIsGoneAndTheNewOneIsHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a, old := r.join("a"), r.join("b")
		pause()
		a.got()
		b := r.join("b")
		pause()
		wantPeople(t, "a", a.people(map[string]*peer{"old": old, "new": b}), "new:nowhere old:gone")
		old.leave()
		pause()
		wantPeople(t, "a once the old one has left", a.people(nil), "")
	})
}
