package session

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

// syncing is a store whose every append takes as long as a sync.
type syncing struct {
	*store.Memory
	appends int
}

func (s *syncing) Append(id, epoch string, after int64, lines []store.Line, head store.Head) error {
	s.appends++
	time.Sleep(300 * time.Microsecond)
	return s.Memory.Append(id, epoch, after, lines, head)
}

// typing has people submit edits, each as long after the answer to the last as
// said, and returns how many edits there were to an append, and how long the
// slowest waited for its answer.
func typing(t *testing.T, think ...time.Duration) (edits float64, slowest time.Duration) {
	r := newRig(t, "")
	st := &syncing{Memory: r.store.Memory}
	r.hub.store = st
	const each = 50
	waited := make(chan time.Duration)
	for i, think := range think {
		p := r.join(fmt.Sprint("p", i))
		go func() {
			longest := time.Duration(0)
			for seq := range int64(each) {
				time.Sleep(think)
				began := time.Now()
				p.op(seq+1, p.doc.head.Load().Rev, insert(0, "x"))
				longest = max(longest, time.Since(began))
			}
			waited <- longest
		}()
	}
	for range think {
		slowest = max(slowest, <-waited)
	}
	if got := len(r.log(docID)); got != each*len(think) {
		t.Errorf("%d edits were committed, want %d", got, each*len(think))
	}
	return float64(each*len(think)) / float64(st.appends), slowest
}

// Ten who write as fast as they are answered, each a little faster or slower
// than the others, share their commits instead of waiting for each other's.
func TestWhoWritesAtFullSpeedSharesCommits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var think []time.Duration
		for i := range 10 {
			think = append(think, time.Duration(60+10*i)*time.Microsecond)
		}
		edits, slowest := typing(t, think...)
		if edits < 9 {
			t.Errorf("%.1f edits an append, want nearly 10", edits)
		}
		if slowest > 800*time.Microsecond {
			t.Errorf("somebody waited %v", slowest)
		}
	})
}

// One alone waits for nobody, nor do people who type, however many: for no more
// than a sync that is under way, and their own.
func TestNobodyWaitsForWhoDoesNotCome(t *testing.T) {
	const sync = 300 * time.Microsecond
	var crowd []time.Duration
	for i := range 40 {
		crowd = append(crowd, time.Duration(61_003+1_009*i)*time.Microsecond)
	}
	for name, think := range map[string][]time.Duration{
		"alone":  {50 * time.Microsecond},
		"crowd":  crowd,
		"people": {90 * time.Millisecond, 107 * time.Millisecond, 131 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if _, slowest := typing(t, think...); slowest > 2*sync {
					t.Errorf("somebody waited %v", slowest)
				}
			})
		})
	}
}
