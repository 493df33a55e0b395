package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var crashRounds = flag.Int("crash.rounds", 5, "kills of the server under load")

// crashSeries is how many kills one data directory lives through: what is
// looked up after each grows with them.
const crashSeries = 20

// What was acknowledged is there after a crash, once, and so is all else that
// the log promises; writers who were in the middle of something go on.
func TestCrashLosesNothingAcknowledged(t *testing.T) {
	turn(t)
	rng := rand.New(rand.NewPCG(seed, 99))
	kills, acked, began := 0, 0, time.Now()
	for kills < *crashRounds && !t.Failed() {
		n := min(crashSeries, *crashRounds-kills)
		t.Run(fmt.Sprint(kills), func(t *testing.T) { acked += crashes(t, rng, n) })
		kills += n
	}
	if !t.Failed() {
		t.Logf("%d kills in %v; %d acknowledged, 0 lost, 0 twice", kills, time.Since(began).Round(time.Millisecond), acked)
	}
}

// crashes kills a server n times, and returns how many deltas were
// acknowledged meanwhile, all of which are there.
func crashes(t *testing.T, rng *rand.Rand, n int) (acknowledged int) {
	const documents, writers = 5, 4
	s := serve(t, withArgs(unlimited))
	y := types(t, s, documents, writers, 0, nil)
	for round := range n {
		// The moment is random by what was acknowledged in one document, and
		// by a little time on top, so that it falls anywhere in a commit.
		l := y.rooms[rng.IntN(documents)].ledger
		acks, _ := l.from(0)
		l.await(t, len(acks)+1+rng.IntN(60))
		<-time.After(rand.N(3 * time.Millisecond))
		s.kill()
		s.start()
		y.audit()
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	y.rest()
	return y.verify()
}
