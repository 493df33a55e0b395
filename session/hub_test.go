package session

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

func idleAfter(d time.Duration) func(*Options) { return func(o *Options) { o.IdleAfter = d } }

func TestThoseWhoComeAtOnceLoadADocumentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "abc")
		release := r.store.stall("Snapshot")
		var joining sync.WaitGroup
		for i := range 20 {
			joining.Go(func() { r.join(string(rune('a' + i))) })
		}
		synctest.Wait()
		release()
		joining.Wait()
		if n := r.store.count("Snapshot"); n != 1 {
			t.Errorf("it was loaded %d times", n)
		}
	})
}

func TestALoadThatFailsIsTriedAgainByTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "abc")
		release := r.store.stall("Snapshot")
		var joining sync.WaitGroup
		for range 5 {
			joining.Go(func() {
				_, err := r.hub.Join(docID, helloOf("a"), who("a"))
				wantClose(t, err, CodeNotFound)
			})
		}
		synctest.Wait()
		if err := r.store.Delete(docID); err != nil {
			t.Fatal(err)
		}
		release()
		joining.Wait()
		_, err := r.hub.Join(docID, helloOf("a"), who("a"))
		wantClose(t, err, CodeNotFound)
		r.create(docID, "e2", "again")
		if a := r.join("a"); string(a.welcome.Content) != `[{"insert":"again"}]` {
			t.Errorf("welcomed with %s", a.welcome.Content)
		}
	})
}

func TestADocumentIsClosedWhenNobodyIsInItForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "abc", idleAfter(time.Minute))
		a := r.join("a")
		for i := range int64(snapshotWorth) {
			a.op(i+1, i, insert(0, "x"))
		}
		time.Sleep(time.Hour)
		if n := r.hub.openNow(); n != 1 {
			t.Errorf("%d documents are open, want the one that somebody is in", n)
		}
		a.leave()
		time.Sleep(2*time.Minute + time.Second)
		if n := r.hub.openNow(); n != 0 {
			t.Errorf("%d documents are open, want 0", n)
		}
		if snap, err := r.store.Snapshot(docID, 1<<40); err != nil || snap.Rev != snapshotWorth {
			t.Errorf("the newest snapshot is of %d, %v", snap.Rev, err)
		}
		a = r.join("a", Place{snapshotWorth, docEpoch})
		if a.welcome.Seq != snapshotWorth {
			t.Errorf("welcomed back with seq %d", a.welcome.Seq)
		}
	})
}

func TestWhoJoinsWhileADocumentIsBeingClosedLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "", idleAfter(time.Minute))
		a := r.join("a")
		for i := range int64(snapshotWorth) {
			a.op(i+1, i, insert(0, "x"))
		}
		release := r.store.stall("SaveSnapshot")
		a.leave()
		time.Sleep(2 * time.Minute) // now it saves its last snapshot
		b := r.join("b", Place{snapshotWorth, docEpoch})
		b.op(1, snapshotWorth, insert(0, "b"))
		release()
		synctest.Wait()
		b.op(2, snapshotWorth+1, insert(0, "b"))
		if got := b.stream("b"); got != "129:b/1 130:b/2" {
			t.Errorf("got %s", got)
		}
		if a = r.join("a"); a.welcome.Seq != snapshotWorth || a.welcome.Rev != snapshotWorth+2 {
			t.Errorf("a is welcomed back at %d with seq %d", a.welcome.Rev, a.welcome.Seq)
		}
	})
}

func TestAnIdleDocumentThatWasReplacedDoesNotThrowOutItsSuccessor(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	old := a.seq
	a.leave()
	r.hub.remove(old) // as its end begins
	b := r.join("b")
	if b.seq == old {
		t.Fatal("the old one is still given out")
	}
	r.hub.retire(old)
	if c := r.join("c"); c.seq != b.seq {
		t.Error("one document is open twice")
	}
	old.end(closeBusy)
}

func TestManyVisitorsOfAnOpenDocumentLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		stays := r.join("stays")
		for i := range 3 * marksKept {
			s, err := r.hub.Join(docID, Hello{Key: newID() + newID()}, who("visitor"))
			if err != nil {
				t.Fatal(err)
			}
			s.Leave()
			if i%50 == 0 {
				pause()
				stays.got()
			}
		}
		stays.op(1, 0, `[]`)
		if n := len(stays.seq.marks); n > marksKept+2 {
			t.Errorf("%d marks are kept", n)
		}
		if n := len(stays.doc.presence.gone); n > 200 {
			t.Errorf("%d departures are kept", n)
		}
	})
}

func trash(info *store.Info) error {
	info.TrashedAt = 1
	return nil
}

func restore(info *store.Info) error {
	info.TrashedAt = 0
	return nil
}

func TestATrashedDocumentEndsItsSessionsAndTakesNoNewOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a, b := r.join("a"), r.join("b")
		release := r.store.stall("Append")
		var submitted sync.WaitGroup
		submitted.Go(func() { a.op(1, 0, insert(0, "x")) })
		synctest.Wait()
		submitted.Go(func() {
			if _, err := r.hub.Trash(docID, trash); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		release()
		submitted.Wait()
		for _, p := range []*peer{a, b} {
			if got := p.got(); len(got) > 0 {
				t.Errorf("who may not read any more is told %+v", got)
			}
			wantClose(t, p.ended, CodeDeleted)
		}
		_, err := r.hub.Join(docID, helloOf("c"), who("c"))
		wantClose(t, err, CodeDeleted)
		_, err = r.hub.Submit(t.Context(), docID, Submission{Client: "p", Seq: 1})
		wantClose(t, err, CodeDeleted)

		if _, err := r.store.Update(docID, restore); err != nil {
			t.Fatal(err)
		}
		a = r.join("a", Place{0, docEpoch})
		if a.welcome.Seq != 1 || a.welcome.Rev != 1 {
			t.Errorf("what was decided before the trash: welcomed at %d with seq %d", a.welcome.Rev, a.welcome.Seq)
		}
	})
}

func TestNothingIsCommittedOnceTrashHasReturned(t *testing.T) {
	for range 20 {
		r := newRig(t, "")
		var busy sync.WaitGroup
		for i := range 4 {
			name := string(rune('a' + i))
			busy.Go(func() {
				for seq := int64(1); ; seq++ {
					s, err := r.hub.Join(docID, helloOf(name), who(name))
					if err != nil {
						var why *Close
						if !errors.As(err, &why) || why.Code != CodeDeleted && why.Code != CodeBusy {
							t.Errorf("Join: %v", err)
						}
						if why.Code == CodeDeleted {
							return
						}
						continue
					}
					s.Handle([]byte(opFrame(seq, s.rev, `[]`)))
					s.Leave()
				}
			})
		}
		for r.store.count("Append") < 3 {
			time.Sleep(100 * time.Microsecond)
		}
		if _, err := r.hub.Trash(docID, trash); err != nil {
			t.Fatal(err)
		}
		before, err := r.store.Info(docID)
		if err != nil {
			t.Fatal(err)
		}
		busy.Wait()
		if after, _ := r.store.Info(docID); after.Head != before.Head {
			t.Errorf("the head went on from %d to %d", before.Head.Rev, after.Head.Rev)
		}
		if n := r.hub.openNow(); n != 0 {
			t.Errorf("%d documents are open", n)
		}
	}
}

func TestAnIdThatIsUsedAgainIsAnotherHistory(t *testing.T) {
	r := newRig(t, "abc")
	a := r.join("a")
	a.op(1, 0, insert(0, "x"))
	if _, err := r.hub.Trash(docID, trash); err != nil {
		t.Fatal(err)
	}
	if err := r.store.Delete(docID); err != nil {
		t.Fatal(err)
	}
	r.create(docID, "e2", "other")
	a.wantEnd(CodeDeleted)
	_, err := r.hub.Join(docID, helloOf("a", Place{1, docEpoch}), who("a"))
	wantClose(t, err, CodeCannotResume)
	_, err = r.hub.Join(docID, helloOf("a", Place{0, docEpoch}), who("a"))
	wantClose(t, err, CodeCannotResume)
	if a = r.join("a"); a.welcome.Seq != 0 || a.welcome.Epoch != "e2" {
		t.Errorf("welcomed with seq %d, epoch %s", a.welcome.Seq, a.welcome.Epoch)
	}
	_, err = r.hub.Join(docID, helloOf("a", Place{1, "e2"}), who("a"))
	wantClose(t, err, CodeCannotResume)
}

func TestCloseSpreadsTheReturnOfItsSessions(t *testing.T) {
	r := newRig(t, "")
	var peers []*peer
	for i := range 40 {
		peers = append(peers, r.join(string(rune('0'+i))))
	}
	peers[0].op(1, 0, insert(0, "x"))
	r.close(r.hub)
	after := map[int]int{}
	for _, p := range peers {
		if got := p.gotOf("records"); len(got) != 1 {
			t.Errorf("%d frames of records before the end, want 1", len(got))
		}
		after[wantClose(t, p.ended, CodeRestart).RetryAfter]++
	}
	if after[0] > 0 || len(after) < 2 {
		t.Errorf("they come back after %v", after)
	}
	_, err := r.hub.Join(docID, helloOf("a"), who("a"))
	wantClose(t, err, CodeRestart)
	_, err = r.hub.Submit(t.Context(), docID, Submission{Client: "p", Seq: 1})
	wantClose(t, err, CodeRestart)
	if !r.hub.Closing() {
		t.Error("it does not say that it is closing")
	}
	r.close(r.hub)
}

func TestCloseDecidesWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a, b := r.join("a"), r.join("b")
		release := r.store.stall("Append")
		var all sync.WaitGroup
		all.Go(func() { a.op(1, 0, insert(0, "a")) })
		synctest.Wait()
		all.Go(func() { b.op(1, 0, insert(0, "b")) })
		synctest.Wait()
		all.Go(func() { r.close(r.hub) })
		all.Go(func() { r.close(r.hub) })
		synctest.Wait()
		release()
		all.Wait()
		for _, p := range []*peer{a, b} {
			if got := p.stream("a", "b"); got != "1:a/1 2:b/1" {
				t.Errorf("got %q", got)
			}
			wantClose(t, p.ended, CodeRestart)
		}
	})
}

func TestCloseGivesUpWaitingForADiskThatStands(t *testing.T) {
	for _, method := range []string{"Snapshot", "Append"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, "")
			var a *peer
			if method == "Append" {
				a = r.join("a")
			}
			release := r.store.stall(method)
			var all sync.WaitGroup
			all.Go(func() {
				if a == nil {
					s, err := r.hub.Join(docID, helloOf("a"), who("a"))
					for err == nil { // just in time to be sent away
						_, err = s.Next(t.Context())
					}
					wantClose(t, err, CodeRestart)
					return
				}
				a.op(1, 0, `[]`)
			})
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := r.hub.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s stands still, Close: %v", method, err)
			}
			release()
			all.Wait()
			r.close(r.hub)
		})
	}
}

func TestCloseWhileManyComeAndGo(t *testing.T) {
	for range 20 {
		r := newRig(t, "", idleAfter(time.Microsecond))
		var busy sync.WaitGroup
		for i := range 6 {
			name := string(rune('a' + i))
			busy.Go(func() {
				for {
					p, err := r.tryJoin(r.hub, who(name), helloOf(name))
					if err != nil {
						wantClose(t, err, CodeRestart)
						return
					}
					p.Handle([]byte(opFrame(p.welcome.Seq+1, p.welcome.Rev, `[]`)))
					p.leave()
				}
			})
		}
		for r.store.count("Append") < 10 {
			time.Sleep(100 * time.Microsecond)
		}
		r.close(r.hub)
		busy.Wait()
	}
}
