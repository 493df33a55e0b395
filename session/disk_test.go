package session

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"tutti/store"
)

func TestNothingIsShownBeforeItIsDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "abc")
		a, b := r.join("a"), r.join("b")
		a.point(0, 1)
		b.point(0, 2)
		pause()
		a.got()
		b.got()
		release := r.store.stall("Append")
		var submitted sync.WaitGroup
		submitted.Go(func() { a.op(1, 0, insert(0, "xyz")) })
		pause()
		for name, p := range map[string]*peer{"the author": a, "another": b} {
			if got := p.got(); len(got) > 0 {
				t.Errorf("%s is told %+v", name, got)
			}
		}
		r.wantText("abc")
		if info, v, err := r.hub.View(docID); err != nil || info.Head.Rev != 0 || v.Rev != 0 {
			t.Errorf("View is at %d, %v", info.Head.Rev, err)
		}
		// One who asks for the content now waits in line, and is shown both.
		var c *peer
		submitted.Go(func() { c = r.join("c") })
		release()
		submitted.Wait()
		if c.welcome.Rev != 1 || string(c.welcome.Content) != `[{"insert":"xyzabc"}]` {
			t.Errorf("welcomed at %d with %s", c.welcome.Rev, c.welcome.Content)
		}
		for _, f := range c.welcome.People {
			if want := map[string]string{a.ID: "4-4", b.ID: "5-5"}[f.Session]; f.at() != want {
				t.Errorf("a cursor is at %s, want %s", f.at(), want)
			}
		}
		if got := a.stream("a"); got != "1:a/1" {
			t.Errorf("the author got %s", got)
		}
		if got := b.stream("a"); got != "1:a/1" {
			t.Errorf("the other got %s", got)
		}
	})
}

// failures are what an append may end in: the error, and whether the records
// are stored all the same.
var failures = map[string]struct {
	hook   hook
	stored bool
}{
	"conflict":           {fails(store.ErrConflict), false},
	"unavailable":        {fails(store.ErrUnavailable), false},
	"unknown":            {fails(store.ErrUnknown), false},
	"unknown but stored": {failsAfter(store.ErrUnknown), true},
	"something else":     {fails(errors.New("who knows")), false},
}

func TestAFailedAppendEndsAllSessionsAndShowsNothing(t *testing.T) {
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, "abc")
				a, b, c := r.join("a"), r.join("b"), r.join("c")
				a.op(1, 0, insert(0, "1"))
				release := r.store.stall("Append")
				var submitted sync.WaitGroup
				// One under way, two that wait for the next, one program, one
				// who wants to join.
				submitted.Go(func() { a.op(2, 1, insert(0, "2")) })
				synctest.Wait()
				for i, p := range []*peer{b, c} {
					submitted.Go(func() {
						if err := p.Handle([]byte(opFrame(1, 0, insert(0, fmt.Sprint(i))))); err == nil {
							t.Error("a session goes on")
						}
					})
					synctest.Wait()
				}
				submitted.Go(func() {
					if _, err := r.hub.Submit(t.Context(), docID, Submission{Client: "p", Seq: 1, Op: parse(t, insert(3, "!"))}); err == nil {
						t.Error("a program is told that it is committed")
					}
				})
				synctest.Wait()
				submitted.Go(func() {
					_, err := r.hub.Join(docID, helloOf("d"), who("d"))
					wantClose(t, err, CodeBusy)
				})
				synctest.Wait()
				r.store.on("Append", failure.hook)
				release()
				submitted.Wait()

				for _, p := range []*peer{a, b, c} {
					if got, want := p.stream("a"), "1:a/1 2:a/2"; got != want {
						t.Errorf("%q was told, want %q", got, want)
					}
					if why := wantClose(t, p.ended, CodeBusy); why.RetryAfter < 1 {
						t.Error("without retryAfter")
					}
					if p.Handle([]byte(opFrame(9, 2, `[]`))) == nil {
						t.Error("a session that has ended takes deltas")
					}
				}
				r.store.on("Append", nil)
				r.recovered(failure.stored)
			})
		})
	}
}

// recovered comes back after a failed append of two deltas, of b and of c, and
// of a program's, and sends them again.
func (r *rig) recovered(stored bool) {
	t := r.t
	head, text := int64(2), "1021abc"
	if stored {
		head, text = 5, "1021abc!"
	}
	b, c := r.join("b", Place{2, docEpoch}), r.join("c")
	if b.welcome.Rev != head || c.welcome.Rev != head {
		t.Errorf("welcomed back at %d and %d, want %d", b.welcome.Rev, c.welcome.Rev, head)
	}
	b.op(1, 0, insert(0, "0"))
	c.op(1, 0, insert(0, "1"))
	r.wantText(text)
	if stored {
		wantOne(t, "b's resend", b.acks(), "3:1")
		wantOne(t, "c's resend", c.acks(), "4:1")
		return
	}
	if got := b.stream("b", "c"); got != "3:b/1 4:c/1" {
		t.Errorf("b got %q", got)
	}
}

func TestAStoreThatFailsOnceLosesNothing(t *testing.T) {
	r := newRig(t, "")
	r.store.on("Append", once(fails(store.ErrUnavailable)))
	a := r.join("a")
	if a.Handle([]byte(opFrame(1, 0, insert(0, "x")))) == nil {
		t.Error("the session goes on")
	}
	a.leave()
	a = r.join("a", Place{0, docEpoch})
	a.op(1, 0, insert(0, "x"))
	if got := a.stream("a"); got != "1:a/1" {
		t.Errorf("got %s", got)
	}
	r.wantText("x")
}

func TestAnotherWriterInTheLogDeposesThisOne(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.op(1, 0, insert(0, "a"))
	r.fill(1, insert(0, "f")) // past the hub
	if a.Handle([]byte(opFrame(2, 1, insert(1, "A")))) == nil {
		t.Error("the session goes on")
	}
	a.wantEnd(CodeBusy)
	a.leave()
	a = r.join("a", Place{1, docEpoch})
	a.op(2, 2, insert(2, "A"))
	r.wantText("faA")
}

func TestAStorageErrorIsNeverAnEmptyDocument(t *testing.T) {
	r := newRig(t, "abc")
	r.fill(3, insert(0, "x"))
	for _, method := range []string{"Info", "Snapshot", "Lines"} {
		r.store.on(method, fails(store.ErrUnavailable))
		if _, err := r.hub.Join(docID, helloOf("a"), who("a")); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s fails, Join: %v", method, err)
		}
		if _, _, err := r.hub.View(docID); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s fails, View: %v", method, err)
		}
		r.store.on(method, nil)
	}
	if n := r.hub.openNow(); n != 0 {
		t.Errorf("%d documents are open", n)
	}
	if a := r.join("a"); string(a.welcome.Content) != `[{"insert":"xxxabc"}]` {
		t.Errorf("welcomed with %s", a.welcome.Content)
	}
}

func TestADamagedLogIsNotBuiltUpon(t *testing.T) {
	for name, line := range map[string]store.Line{
		"no record":        {Rev: 1, JSON: []byte(`{"rev":1}`)},
		"a wrong revision": {Rev: 1, JSON: store.Record{Rev: 2, Client: "c", Seq: 1, Op: parse(t, insert(0, "x"))}.AppendJSON(nil)},
		"beyond the end":   {Rev: 1, JSON: store.Record{Rev: 1, Client: "c", Seq: 1, Op: parse(t, insert(9, "x"))}.AppendJSON(nil)},
	} {
		r := newRig(t, "abc")
		if err := r.store.Memory.Append(docID, docEpoch, 0, []store.Line{line}, store.Head{Rev: 1, Length: 4}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.hub.Join(docID, helloOf("a"), who("a")); err == nil {
			t.Errorf("%s: it opens", name)
		}
	}
}

func TestADocumentThatWasReplacedPastTheHubIsShownAsItIs(t *testing.T) {
	r := newRig(t, "abc")
	a := r.join("a")
	if err := r.store.Delete(docID); err != nil {
		t.Fatal(err)
	}
	r.create(docID, "e2", "other")
	r.wantText("other")
	if a.Handle([]byte(opFrame(1, 0, insert(0, "x")))) == nil {
		t.Error("a delta of the old history is taken")
	}
	a.wantEnd(CodeBusy)
	r.wantText("other")
	_, err := r.hub.Join(docID, helloOf("a", Place{0, docEpoch}), who("a"))
	wantClose(t, err, CodeCannotResume)
}
