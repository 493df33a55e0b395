package session

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheEndComesAfterWhatIsOwed(t *testing.T) {
	r := newRig(t, "")
	a, b := r.join("a"), r.join("b")
	b.op(1, 0, insert(0, "1"))
	a.say(ping)
	a.End(&Close{Code: CodeDone, Reason: "first"})
	a.End(&Close{Code: CodeRestart, Reason: "second"})
	b.op(2, 1, insert(0, "2"))
	types := ""
	for _, m := range a.got() {
		types += m.T + " "
	}
	if types != "pong records " {
		t.Errorf("before the end came %s", types)
	}
	if why := wantClose(t, a.ended, CodeDone); why.Reason != "first" {
		t.Errorf("it ended by %q", why.Reason)
	}
	if got := a.got(); len(got) > 0 {
		t.Errorf("after the end came %+v", got)
	}
}

func TestWhoLostTheRightToReadGetsNothingMore(t *testing.T) {
	for _, code := range []int{CodeUnauthorized, CodeForbidden, CodeNotFound, CodeDeleted} {
		r := newRig(t, "")
		a, b := r.join("a"), r.join("b")
		b.op(1, 0, insert(0, "1"))
		a.say(ping)
		a.End(&Close{Code: code})
		if got := a.got(); len(got) > 0 {
			t.Errorf("%d: and yet %+v", code, got)
		}
		wantClose(t, a.ended, code)
	}
}

// Seeds 944 and 1813 of the simulation: a session that had ended, and was still
// being given what it was owed, got it after its person was put out.
func TestWhoLosesTheRightToReadAfterTheEndGetsNothingMore(t *testing.T) {
	r := newRig(t, "")
	a, b := r.join("a"), r.join("b")
	b.op(1, 0, insert(0, "1"))
	a.End(&Close{Code: CodeRestart, Reason: "first"})
	a.End(&Close{Code: CodeForbidden})
	if got := a.got(); len(got) > 0 {
		t.Errorf("and yet %+v", got)
	}
	wantClose(t, a.ended, CodeRestart)
}

func TestASecondHelloWithAKeyEndsTheFirstAfterItsDeltas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		old, other := r.join("a"), r.join("b")
		release := r.store.stall("Append")
		var all sync.WaitGroup
		all.Go(func() { other.op(1, 0, insert(0, "b")) })
		synctest.Wait()
		all.Go(func() { old.op(1, 0, insert(0, "a")) })
		synctest.Wait()
		var a *peer
		all.Go(func() { a = r.join("a", Place{0, docEpoch}) })
		synctest.Wait()
		release()
		all.Wait()
		if a.welcome.Seq != 1 || a.welcome.Rev != 2 {
			t.Errorf("the second is welcomed at %d with seq %d", a.welcome.Rev, a.welcome.Seq)
		}
		if got := old.stream("a", "b"); got != "1:b/1 2:a/1" {
			t.Errorf("the first got %q", got)
		}
		old.wantEnd(CodeReplaced)
		if old.Handle([]byte(opFrame(2, 2, insert(0, "no")))) == nil {
			t.Error("the first goes on")
		}
		old.leave()
		a.op(2, 2, insert(0, "A"))
		r.wantText("Aab")
	})
}

func TestWhatIsCommittedAfterTheEndIsNotOwed(t *testing.T) {
	r := newRig(t, "")
	a, b := r.join("a"), r.join("b")
	a.End(&Close{Code: CodeDone})
	b.op(1, 0, insert(0, "1"))
	if got := a.got(); len(got) > 0 {
		t.Errorf("and yet it is told %+v", got)
	}
}

// TestADeltaBehindTheSecondHelloIsNotTaken: the contract has those before it
// decided, and the client knows by its welcome which these are.
func TestADeltaBehindTheSecondHelloIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		old, b := r.join("a"), r.join("b")
		release := r.store.stall("Append")
		var all sync.WaitGroup
		all.Go(func() { b.op(1, 0, insert(0, "b")) })
		synctest.Wait()
		var a *peer
		all.Go(func() { a = r.join("a") })
		synctest.Wait()
		all.Go(func() {
			if old.Handle([]byte(opFrame(1, 0, insert(0, "x")))) == nil {
				t.Error("the first session goes on")
			}
		})
		synctest.Wait()
		release()
		all.Wait()
		r.wantText("b")
		if a.welcome.Seq != 0 {
			t.Errorf("the second is welcomed with seq %d", a.welcome.Seq)
		}
	})
}

// TestADeltaOfAReplacedSessionIsNotTaken: it was being carried forward, on its
// author's goroutine, when the second session came.
func TestADeltaOfAReplacedSessionIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		r.fill(5, `[]`)
		old, b := r.join("a"), r.join("b")
		b.op(1, 5, `[]`)
		r.forgetTail(1)
		release := r.store.stall("Lines")
		var all sync.WaitGroup
		all.Go(func() {
			if old.Handle([]byte(opFrame(1, 0, insert(0, "x")))) == nil {
				t.Error("the first session goes on")
			}
		})
		synctest.Wait()
		a := r.join("a")
		release()
		all.Wait()
		old.wantEnd(CodeReplaced)
		r.wantText("")
		a.op(1, 6, insert(0, "x"))
		r.wantText("x")
	})
}

func TestAMisbehavedFrameEndsTheSession(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	if err := a.Handle([]byte(`{"t":"hello","key":"` + keyOf("a") + `"}`)); err == nil {
		t.Error("a second hello is taken")
	}
	a.wantEnd(CodeBadFrame)
}

func TestNextIsWokenByItsContextAndByTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		pause()
		ctx, cancel := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		time.AfterFunc(time.Second, func() { cancel(enough) })
		if _, err := a.Next(ctx); !errors.Is(err, enough) {
			t.Errorf("Next: %v", err)
		}
		time.AfterFunc(time.Second, func() { a.End(&Close{Code: CodeDone}) })
		_, err := a.Next(t.Context())
		wantClose(t, err, CodeDone)
	})
}

func TestWhoLeavesIsNotSpokenForAnyMore(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.leave()
	if a.Handle([]byte(opFrame(1, 0, insert(0, "x")))) == nil {
		t.Error("it still submits")
	}
	if n := a.doc.size(); n != 0 {
		t.Errorf("%d sessions are there", n)
	}
	r.wantText("")
}

func TestAStoreThatCannotBeReadEndsTheSlowReader(t *testing.T) {
	r := newRig(t, "")
	slow, b := r.join("slow"), r.join("b")
	for i := range int64(3) {
		b.op(i+1, i, `[]`)
	}
	r.forgetTail(1)
	r.store.on("Lines", fails(errors.New("torn")))
	if _, err := slow.Next(passed); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("Next: %v", err)
	}
	r.store.on("Lines", nil)
	f := follow(t, slow)
	if f.all(slow); f.rev != 3 {
		t.Errorf("once it can be read: it has come to %d", f.rev)
	}
}
