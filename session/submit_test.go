package session

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"tutti/store"
)

// TestOfStrictSubmissionsInOneBatchOneIsCommitted has them wait together for a
// slow disk: what counts is the head as staged, not as published.
func TestOfStrictSubmissionsInOneBatchOneIsCommitted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		release := r.store.stall("Append")
		var group sync.WaitGroup
		group.Go(func() { a.op(1, 0, insert(0, "a")) })
		synctest.Wait()
		var committed, moved atomic.Int32
		for i := range 8 {
			group.Go(func() {
				rec, err := r.hub.Submit(t.Context(), docID, Submission{Client: fmt.Sprint("p", i), Seq: 1, Rev: 1, Op: parse(t, insert(0, "p")), Strict: true})
				switch {
				case errors.Is(err, ErrMoved):
					moved.Add(1)
				case err != nil || rec.Rev != 2:
					t.Errorf("committed as %d, %v", rec.Rev, err)
				default:
					committed.Add(1)
				}
			})
		}
		synctest.Wait()
		release()
		group.Wait()
		if committed.Load() != 1 || moved.Load() != 7 {
			t.Errorf("%d were committed, %d refused", committed.Load(), moved.Load())
		}
		r.wantText("pa")
	})
}

func TestAProgramsDeltaThatComesToNothingIsNotCommitted(t *testing.T) {
	r := newRig(t, "abc")
	for _, client := range []string{"p", "q"} {
		rec, err := r.hub.Submit(t.Context(), docID, Submission{Client: client, Seq: 1, Op: parse(t, erase(0, 3))})
		if err != nil || rec.Rev != 1 {
			t.Errorf("%s: %+v, %v", client, rec, err)
		}
	}
	if _, found, err := r.hub.Committed(t.Context(), docID, "q", 1); found || err != nil {
		t.Errorf("q's delta is found: %v", err)
	}
	if rec, found, err := r.hub.Committed(t.Context(), docID, "p", 1); !found || rec.Rev != 1 || err != nil {
		t.Errorf("p's delta is %+v, %v", rec, err)
	}
	if n := len(r.log(docID)); n != 1 {
		t.Errorf("%d records", n)
	}
}

func TestASubmissionForAnotherEpochIsRefused(t *testing.T) {
	r := newRig(t, "abc")
	_, err := r.hub.Submit(t.Context(), docID, Submission{Epoch: "e0", Client: "p", Seq: 1, Op: parse(t, erase(0, 3))})
	wantClose(t, err, CodeCannotResume)
	r.wantText("abc")
}

// TestEveryRevisionIsFoundInTheTailOrOnTheDisk writes past what the tail
// holds, and looks at each revision while the document is open.
func TestEveryRevisionIsFoundInTheTailOrOnTheDisk(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	const records = tailRecords + 700
	for i := range records {
		a.op(int64(i+1), int64(i), insert(i, string(rune('a'+i%26))))
	}
	want := r.text()
	for rev := int64(0); rev <= records; rev += 17 {
		_, v, err := r.hub.ViewAt(docID, rev)
		if err != nil || v.Rev != rev || v.Doc.Text() != want[:rev] {
			t.Fatalf("revision %d: %v", rev, err)
		}
	}
	r.store.on("Snapshot", fails(store.ErrUnavailable))
	near, far := 0, 0
	for rev := int64(0); rev <= records; rev++ {
		if _, _, err := r.hub.ViewAt(docID, rev); err == nil {
			near++
		} else {
			far++
		}
	}
	if near < tailRecords/2-versionsApart {
		t.Errorf("%d revisions are found without the disk, %d are not", near, far)
	}
	r.store.on("Snapshot", nil)
	if _, _, err := r.hub.ViewAt(docID, records+1); !errors.Is(err, store.ErrRevision) {
		t.Errorf("a revision to come: %v", err)
	}
}

func TestANameIsKeptOnce(t *testing.T) {
	r := newRig(t, "")
	for i := range int64(3) {
		a, reader := r.join("a"), r.join("reader")
		a.op(i+1, i, insert(0, "x"))
		a.leave()
		reader.leave()
	}
	r.close(r.hub)
	if n := r.store.count("SaveName"); n != 1 {
		t.Errorf("names were saved %d times", n)
	}
	if name, err := r.store.Name(docID, userOfAll); err != nil || name == "" {
		t.Errorf("the name is %q, %v", name, err)
	}
}
