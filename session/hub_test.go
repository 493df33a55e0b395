package session

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
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
