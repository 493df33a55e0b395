package sim

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"testing"
	"time"
)

var (
	from  = flag.Uint64("from", 1, "the first seed")
	seeds = flag.Uint64("seeds", 150, "how many seeds are tried")
	soak  = flag.Duration("for", 0, "how long seeds are tried, instead of a number of them")
	// A seed takes some hundredths of a second.
	endless = flag.Duration("endless", time.Minute, "how long one seed may take")
)

// TestSeeds lives through one world after the other.
func TestSeeds(t *testing.T) {
	var next atomic.Uint64
	var caught atomic.Bool
	began := time.Now()
	more := func(n uint64) bool {
		switch {
		case *stop && caught.Load():
			return false
		case *soak > 0:
			return time.Since(began) < *soak
		}
		return n < *seeds
	}
	for i := range runtime.GOMAXPROCS(0) {
		t.Run(fmt.Sprint("worker ", i), func(t *testing.T) {
			t.Parallel()
			for n := next.Add(1) - 1; more(n); n = next.Add(1) - 1 {
				for _, v := range try(t, *from+n) {
					if *expect == string(v.Invariant) {
						caught.Store(true)
					}
				}
			}
		})
	}
}

// try lives through one seed and reports what did not hold.
func try(t *testing.T, seed uint64) []Violation {
	replay := fmt.Sprintf("seed %d: %v\nreplay: GOMAXPROCS=1 go test ./e2e/sim -run TestSeeds -from %d -seeds 1", seed, newSwarm(seed), seed)
	done := make(chan struct{})
	defer close(done)
	go watch(done, replay)
	violations := Run(t, seed)
	if len(violations) > 0 {
		t.Error(replay)
	}
	for _, v := range violations {
		t.Log(v)
	}
	return violations
}

// watch ends the process when a seed does not come to an end: who waits for a
// mutex stops the bubble's time, and with it all that would notice. It counts
// seconds in which the process runs, so that one that was stopped is not taken
// for one that hangs.
func watch(done <-chan struct{}, replay string) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for began := time.Duration(0); began < *endless; began += time.Second {
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
	fmt.Fprintf(os.Stderr, "%s\n%s: it does not come to an end\n", replay, Rest)
	_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 2)
	os.Exit(2)
}
