package sim

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

var (
	from  = flag.Uint64("from", 1, "the first seed")
	seeds = flag.Uint64("seeds", 150, "how many seeds are tried")
	soak  = flag.Duration("for", 0, "how long seeds are tried, instead of a number of them")
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

// endless is how long a seed may take that takes some hundredths of a second.
const endless = 3 * time.Minute

// try lives through one seed and reports what did not hold.
func try(t *testing.T, seed uint64) []Violation {
	replay := fmt.Sprintf("seed %d: %v\nreplay: GOMAXPROCS=1 go test ./e2e/sim -run TestSeeds -from %d -seeds 1", seed, newSwarm(seed), seed)
	watchdog := time.AfterFunc(endless, func() {
		fmt.Fprintf(os.Stderr, "it does not come to an end: %s\n", replay)
		panic("sim: a seed without end")
	})
	defer watchdog.Stop()
	violations := Run(t, seed)
	if len(violations) > 0 {
		t.Error(replay)
	}
	for _, v := range violations {
		t.Log(v)
	}
	return violations
}
