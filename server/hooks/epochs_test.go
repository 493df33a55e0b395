package hooks

import (
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

// A document whose history goes on under another epoch, since a text was erased
// from it, is the same to hooks, also to those that are on it alone: nothing is
// told twice, and what comes is.
func TestAnEpochThatIsCarriedIsTheSameDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e1")
		r.hook(Hook{Document: "a", Records: true})
		r.write("a", 2)
		time.Sleep(2 * time.Second)
		for _, next := range []string{"e2", "e3"} {
			info, err := r.st.Info("a")
			r.must(err)
			r.must(r.x.Carry("a", info.Epoch, next))
			r.must(r.st.Replace("a", info.Epoch, info.Head.Rev, next, func(store.Replacement) error { return nil }))
			time.Sleep(3 * time.Second)
			r.wants("1-2")
		}
		r.restart()
		r.write("a", 1)
		time.Sleep(3 * time.Second)
		r.wants("1-2; 3-3")
		r.must(r.st.Delete("a"))
		time.Sleep(3 * time.Second)
		r.wants("1-2; 3-3; deleted")
	})
}
