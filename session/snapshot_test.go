package session

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// typeOn commits n deltas of one insert each, from where the document is.
func (p *peer) typeOn(n int, text string) {
	p.t.Helper()
	head := p.doc.head.Load().Rev
	for range n {
		p.op(head+1, head, insert(0, text))
		head++
	}
}

// snapshots are the revisions that snapshots are kept of.
func (r *rig) snapshots() (revs []int64) {
	r.t.Helper()
	for rev := int64(1 << 40); ; {
		snap, err := r.store.Memory.Snapshot(docID, rev)
		if err != nil {
			r.t.Fatal(err)
		}
		revs = append([]int64{snap.Rev}, revs...)
		if snap.Rev == 0 {
			return revs
		}
		rev = snap.Rev - 1
	}
}

func (r *rig) wantSnapshots(want string) {
	r.t.Helper()
	if got := fmt.Sprint(r.snapshots()); got != want {
		r.t.Errorf("snapshots of %s, want %s", got, want)
	}
}

func TestASnapshotIsWrittenWhenManyRecordsCameSinceTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		a.typeOn(snapshotRecords-1, "x")
		synctest.Wait()
		r.wantSnapshots("[0]")
		a.typeOn(1, "x")
		synctest.Wait()
		r.wantSnapshots("[0 1024]")
		a.typeOn(snapshotRecords, "x")
		synctest.Wait()
		r.wantSnapshots("[0 2048]")
	})
}

func TestASnapshotIsWrittenWhenManyBytesCameSinceTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		a.typeOn(1, strings.Repeat("x", 1<<20))
		for rev := a.doc.head.Load().Rev; len(r.snapshots()) == 1 && rev < 20; rev++ {
			a.op(rev+1, rev, `[{"insert":"`+strings.Repeat("y", 1<<20)+`"},{"delete":`+fmt.Sprint(1<<20)+`}]`)
			synctest.Wait()
		}
		r.wantSnapshots("[0 4]")
	})
}

func TestALongDocumentMayHaveALongerTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, strings.Repeat("x", 1200*1024))
		a := r.join("a")
		a.typeOn(1199, "x")
		synctest.Wait()
		r.wantSnapshots("[0]")
		a.typeOn(2, "x")
		synctest.Wait()
		if got := r.snapshots(); len(got) != 2 {
			t.Errorf("snapshots of %v", got)
		}
	})
}

func TestOneSnapshotOfEachStretchIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		r.fill(snapshotApart-snapshotRecords/2, insert(0, "x"))
		a := r.join("a")
		a.typeOn(1, "x")
		synctest.Wait() // one is due at once: the last was 0
		a.typeOn(snapshotRecords, "x")
		synctest.Wait()
		a.typeOn(snapshotRecords, "x")
		synctest.Wait()
		r.wantSnapshots("[0 15873 17921]")
	})
}

func TestOpeningCostsABoundedRunOfRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "", idleAfter(time.Minute))
		a := r.join("a")
		a.typeOn(5*snapshotRecords+7, "x")
		synctest.Wait()
		before := r.store.count("Lines")
		other := r.newHub() // as after a crash: nothing was closed in order
		b, err := r.tryJoin(other, who("b"), helloOf("b"))
		if err != nil {
			t.Fatal(err)
		}
		if b.welcome.Rev != 5*snapshotRecords+7 {
			t.Errorf("welcomed at %d", b.welcome.Rev)
		}
		if n := r.store.count("Lines") - before; n > snapshotRecords/storePiece+1 {
			t.Errorf("the log was read %d times", n)
		}
		b.leave()
		before = r.store.count("Lines")
		if _, v, err := other.ViewAt(docID, 3*snapshotRecords+5); err != nil || v.Doc.Length() != 3*snapshotRecords+5 {
			t.Errorf("an old revision: %v", err)
		}
		if n := r.store.count("Lines") - before; n > snapshotApart/storePiece {
			t.Errorf("an old revision: the log was read %d times", n)
		}
	})
}

func TestALogWithoutSnapshotIsGivenOneAtTheNextEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		r.fill(3*snapshotRecords, insert(0, "x")) // a process that crashed
		a := r.join("a")
		a.typeOn(1, "x")
		synctest.Wait()
		r.wantSnapshots("[0 3073]")
	})
}

func TestAnIdleDocumentWithFewRecordsIsGivenNoSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		r.join("a").typeOn(snapshotWorth-1, "x")
		r.close(r.hub)
		r.wantSnapshots("[0]")
		r.hub = r.newHub()
		r.join("a").typeOn(1, "x")
		r.close(r.hub)
		r.wantSnapshots("[0 128]")
	})
}

func TestEditsDoNotWaitForASnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		release := r.store.stall("SaveSnapshot")
		a := r.join("a")
		a.typeOn(3*snapshotRecords, "x")
		if n := r.store.count("SaveSnapshot"); n != 1 {
			t.Errorf("%d snapshots are under way", n)
		}
		release()
		synctest.Wait()
		a.typeOn(1, "x") // and the next is due at once
		synctest.Wait()
		r.wantSnapshots("[0 3073]")
	})
}

func TestASnapshotThatFailsIsNotMissed(t *testing.T) {
	for _, method := range []string{"SaveSnapshot", "DropSnapshot"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, "")
			a, b := r.join("a"), r.join("b")
			b.op(1, 0, `[]`)
			b.leave()
			a.typeOn(snapshotRecords, "x")
			synctest.Wait()
			r.store.on(method, fails(errors.New("no")))
			a.typeOn(snapshotRecords, "x")
			synctest.Wait()
			r.store.on(method, nil)
			a.typeOn(snapshotRecords, "x")
			synctest.Wait()
			a.typeOn(snapshotRecords, "x")
			synctest.Wait()
			r.wantSnapshots("[0 4096]")
			r.close(r.hub)
			r.hub = r.newHub()
			if b = r.join("b", Place{1, docEpoch}); b.welcome.Seq != 1 {
				t.Errorf("welcomed back with seq %d", b.welcome.Seq)
			}
		})
	}
}

func TestViewAtShowsEveryRevision(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.typeOn(20, "x")
	for rev := range int64(21) {
		info, v, err := r.hub.ViewAt(docID, rev)
		if err != nil || v.Rev != rev || int64(v.Doc.Length()) != rev || info.ID != docID {
			t.Errorf("revision %d: %v", rev, err)
		}
	}
	if _, _, err := r.hub.ViewAt(docID, 21); err == nil {
		t.Error("a revision beyond the head is shown")
	}
}
