package sim

import (
	"flag"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

var (
	from  = flag.Uint64("from", 1, "the first seed")
	seeds = flag.Uint64("seeds", 200, "how many seeds are tried")
	soak  = flag.Duration("for", 0, "how long seeds are tried, instead of a number of them")
)

// TestSeeds lives through one world after the other.
func TestSeeds(t *testing.T) {
	var next atomic.Uint64
	began := time.Now()
	more := func(n uint64) bool {
		if *soak > 0 {
			return time.Since(began) < *soak
		}
		return n < *seeds
	}
	for i := range runtime.GOMAXPROCS(0) {
		t.Run(fmt.Sprint("worker ", i), func(t *testing.T) {
			t.Parallel()
			for n := next.Add(1) - 1; more(n); n = next.Add(1) - 1 {
				try(t, *from+n)
			}
		})
	}
}

// try lives through one seed and reports what did not hold.
func try(t *testing.T, seed uint64) {
	violations := Run(t, seed)
	if len(violations) == 0 {
		return
	}
	t.Errorf("seed %d: %v\nreplay: GOMAXPROCS=1 go test ./e2e/sim -run TestSeeds -from %d -seeds 1", seed, newSwarm(seed), seed)
	for _, v := range violations {
		t.Log(v)
	}
}
