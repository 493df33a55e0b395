package session

import (
	"sync"
	"testing"
	"testing/synctest"

	"tutti/store"
)

// Whoever opens a document that is being closed finds what was still decided:
// a delta that is committed is not said to be unknown, nor refused.
func TestWhoComesWhileADocumentIsExpelledFindsAllOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "abc")
		release := r.store.stall("Append")
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := r.hub.Submit(t.Context(), docID, Submission{Client: "p", Seq: 1, User: store.User{ID: "u"}, Op: parse(t, insert(0, "x"))}); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		group.Go(func() { r.hub.Expel(docID, closeBusy()) })
		synctest.Wait()
		group.Go(func() {
			if _, found, err := r.hub.Committed(t.Context(), docID, "p", 1); err == nil && !found {
				t.Error("it is said not to be committed while it is being stored")
			}
		})
		synctest.Wait()
		release()
		group.Wait()
		if rec, found, err := r.hub.Committed(t.Context(), docID, "p", 1); !found || rec.Rev != 1 || err != nil {
			t.Errorf("record %d, %v, %v", rec.Rev, found, err)
		}
	})
}
