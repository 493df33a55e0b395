package session

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

// follower applies what a session is sent, and fails the test at the first
// record that does not follow.
type follower struct {
	t    testing.TB
	rev  int64
	seen map[string]int // how often each record came with its op, by client/seq
}

func (f *follower) take(m message) {
	f.t.Helper()
	for _, r := range m.Records {
		if r.Op == nil {
			continue
		}
		if r.Rev != f.rev+1 {
			f.t.Errorf("record %d after %d", r.Rev, f.rev)
		}
		f.rev = r.Rev
		f.seen[fmt.Sprint(r.Client, "/", r.Seq)]++
	}
}

func follow(t testing.TB, p *peer) *follower {
	f := &follower{t: t, rev: p.welcome.Rev, seen: map[string]int{}}
	if p.welcome.Content == nil {
		f.rev -= int64(len(p.welcome.Records))
	}
	f.take(p.welcome)
	return f
}

func (f *follower) all(p *peer) {
	f.t.Helper()
	for _, m := range p.gotOf("records") {
		f.take(m)
	}
}

func TestASlowReaderFarBehindTheTailGetsEverythingOnceAndInOrder(t *testing.T) {
	r := newRig(t, "")
	slow, a := r.join("slow"), r.join("a")
	const n = 2*tailRecords + 3
	for rev := range int64(n) {
		a.op(rev+1, rev, insert(0, "x"))
	}
	f := follow(t, slow)
	f.all(slow)
	if f.rev != n || len(f.seen) != n {
		t.Errorf("it has come to %d with %d records, want %d", f.rev, len(f.seen), n)
	}
	if r.store.count("Lines") == 0 {
		t.Error("nothing was read from the store: the tail holds more than it should")
	}
	a.op(n+1, n, insert(0, "x"))
	if f.all(slow); f.rev != n+1 {
		t.Errorf("and then it stays at %d", f.rev)
	}
}

func TestASlowReaderBehindTheTailIsAnsweredBeforeItHasCaughtUp(t *testing.T) {
	r := newRig(t, "")
	r.fill(10, insert(0, "x"))
	slow := r.join("slow", Place{0, docEpoch})
	b := r.join("b")
	for i := range int64(5) {
		b.op(i+1, 10+i, `[]`)
	}
	r.forgetTail(1)
	slow.say(`{"t":"ping","n":5}`)
	got := slow.got()
	if len(got) < 2 || got[0].T != "pong" {
		t.Fatalf("got %+v", got)
	}
	f := follow(t, slow)
	for _, m := range got {
		f.take(m)
	}
	if f.rev != 15 {
		t.Errorf("it has come to %d, want 15", f.rev)
	}
}

func TestAnAnswerIsNotLostWhenTheSessionEndsBehindTheTail(t *testing.T) {
	r := newRig(t, "")
	slow, b := r.join("slow"), r.join("b")
	for i := range int64(5) {
		b.op(i+1, i, `[]`)
	}
	r.forgetTail(1)
	slow.say(`{"t":"ping","n":5}`)
	slow.End(&Close{Code: CodeRestart})
	if got := slow.got(); len(got) != 1 || got[0].T != "pong" {
		t.Errorf("got %+v, want the pong", got)
	}
	wantClose(t, slow.ended, CodeRestart)
}

func TestFramesOfRecordsAreBounded(t *testing.T) {
	r := newRig(t, "")
	long := strings.Repeat("x", 100<<10)
	slow, a := r.join("slow"), r.join("a")
	for rev := range int64(10) {
		a.op(rev+1, rev, insert(0, long))
	}
	a.op(11, 10, insert(0, strings.Repeat("y", 2*frameBytes)))
	check := func(what string, p *peer) {
		t.Helper()
		f := follow(t, p)
		for _, m := range append(p.gotOf("records"), p.welcome) {
			if m.size > frameBytes+1024 && len(m.Records) != 1 {
				t.Errorf("%s: a frame of %d bytes with %d records", what, m.size, len(m.Records))
			}
			if m.T == "records" {
				f.take(m)
			}
		}
		if f.rev != 11 {
			t.Errorf("%s: it has come to %d, want 11", what, f.rev)
		}
	}
	check("from the tail", slow)
	check("welcomed from the tail", r.join("b", Place{0, docEpoch}))
	r.forgetTail(1)
	check("welcomed from the store", r.join("c", Place{0, docEpoch}))
	slow = r.join("slow", Place{0, docEpoch})
	check("from the store", slow)
}

func TestReadersAtOnePlaceShareAFrame(t *testing.T) {
	r := newRig(t, "")
	a, b, c := r.join("a"), r.join("b"), r.join("c")
	a.op(1, 0, insert(0, "x"))
	one, err := b.Next(passed)
	if err != nil {
		t.Fatal(err)
	}
	two, err := c.Next(passed)
	if err != nil {
		t.Fatal(err)
	}
	if &one[0] != &two[0] {
		t.Error("the same records were encoded twice")
	}
}

func TestWhoDoesNotReadItsAnswersIsNotReadEither(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		var asked int
		var asking sync.WaitGroup
		asking.Go(func() {
			for asked = range 3 * directSize {
				a.say(fmt.Sprintf(`{"t":"ping","n":%d}`, asked))
			}
		})
		synctest.Wait()
		if asked != directSize {
			t.Errorf("%d frames were taken, want %d", asked, directSize)
		}
		var answers []message
		for len(answers) < 3*directSize {
			answers = append(answers, a.got()...)
			synctest.Wait()
		}
		asking.Wait()
		for i, m := range answers {
			if m.T != "pong" || m.N != int64(i) {
				t.Fatalf("answer %d is %+v", i, m)
			}
		}
	})
}

func TestWhoWaitsToAnswerIsFreedByTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		handled := make(chan struct{})
		go func() {
			defer close(handled)
			for n := range 10 * directSize {
				if a.Handle(fmt.Appendf(nil, `{"t":"ping","n":%d}`, n)) != nil {
					return
				}
			}
			t.Error("a session that has ended answers for ever")
		}()
		synctest.Wait()
		a.End(&Close{Code: CodeDone})
		<-handled
		if got := a.got(); len(got) > directSize+1 {
			t.Errorf("%d answers are queued", len(got))
		}
		wantClose(t, a.ended, CodeDone)
	})
}

func TestAnEndedSessionCannotPutOffItsCloseByAsking(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.End(&Close{Code: CodeRestart})
	for range 3 {
		a.Handle([]byte(`{"t":"ping","n":1}`))
		if _, err := a.Next(passed); err == nil {
			t.Error("it is answered after its end")
		}
	}
}

// TestOwnRecordComesOnce lets an editor resend at random while its stream is
// read at random: of each delta the op comes exactly once.
func TestOwnRecordComesOnceInEveryInterleaving(t *testing.T) {
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 0))
			r := newRig(t, "")
			a, b := r.join("a"), r.join("b")
			done := make(chan struct{})
			read := make(chan *follower)
			go func() {
				f := follow(t, a)
				for {
					select {
					case <-done:
						f.all(a)
						read <- f
						return
					case <-time.After(time.Duration(dice.IntN(3)) * time.Millisecond):
						f.all(a)
					}
				}
			}()
			pace := rand.New(rand.NewPCG(seed, 1))
			const n = 60
			for seq := int64(1); seq <= n; seq++ {
				for range 1 + pace.IntN(3) {
					a.op(seq, 0+max(0, r.lastOf("a")), `[]`)
					if pace.IntN(3) == 0 {
						time.Sleep(time.Millisecond)
					}
				}
				b.op(seq, 0+max(0, r.lastOf("b")), `[]`)
			}
			close(done)
			f := <-read
			if f.rev != 2*n {
				t.Errorf("seed %d: it has come to %d, want %d", seed, f.rev, 2*n)
			}
			for id, times := range f.seen {
				if times != 1 {
					t.Errorf("seed %d: %s came %d times", seed, id, times)
				}
			}
		})
	}
}

// lastOf is the revision of a client's newest record.
func (r *rig) lastOf(name string) (rev int64) {
	for _, rec := range r.log(docID) {
		if rec.Client == ClientID(keyOf(name)) {
			rev = rec.Rev
		}
	}
	return rev
}

func TestReadingTheLogForOneSlowSessionTakesLittleMemory(t *testing.T) {
	r := newRig(t, "")
	const n, long = 200, 20 << 10
	r.fill(n, insert(0, strings.Repeat("x", long)))
	slow := r.join("slow", Place{0, docEpoch})
	r.forgetTail(1)
	most := 0
	r.store.lines = func(lines []store.Line) {
		size := 0
		for _, l := range lines {
			size += len(l.JSON)
		}
		most = max(most, size)
	}
	f := follow(t, slow)
	f.all(slow)
	if f.rev != n {
		t.Errorf("it has come to %d, want %d", f.rev, n)
	}
	if most > n*long/4 {
		t.Errorf("%d KiB were read at once for frames of %d KiB", most>>10, frameBytes>>10)
	}
}
