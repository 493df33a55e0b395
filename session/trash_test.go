package session

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

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
