package session

import (
	"testing"
	"testing/synctest"
	"time"
)

// Who takes nothing is counted as slow, and for how long; who takes what there
// is isn't, nor is the one who was slow once it has caught up.
func TestLagIsThatOfWhoTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "abc")
		writer, reader := r.join("writer"), r.join("reader")
		lag := func(when string, want time.Duration, wantSlow int) {
			t.Helper()
			if longest, slow := r.hub.Lag(); longest != want || slow != wantSlow {
				t.Errorf("%s: %v, %d slow; want %v, %d", when, longest, slow, want, wantSlow)
			}
		}
		lag("at rest", 0, 0)
		writer.op(1, 0, insert(0, "x"))
		time.Sleep(time.Second)
		writer.op(2, 1, insert(0, "y"))
		writer.got()
		lag("a second", time.Second, 0)
		time.Sleep(2 * time.Second)
		lag("three", 3*time.Second, 1)
		reader.got()
		lag("caught up", 0, 0)
	})
}
