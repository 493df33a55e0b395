package e2e

import (
	"flag"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tutti/e2e/client"
)

var (
	rollingRestarts = flag.Int("rolling.restarts", 3, "restarts in order under many clients")
	rollingClients  = flag.Int("rolling.clients", 500, "how many these are")
)

// The server is stopped in order and started anew, again and again, under many
// of whom some type: everybody is back each time, nothing is lost, and they
// are told to come back one after another, not all at once.
func TestRollingRestartsLoseNobody(t *testing.T) {
	turn(t)
	const documents, typists = 10, 2
	const faster = 8 // than the server wishes, everybody comes back
	s := serve(t, withArgs(unlimited), measured)
	var mu sync.Mutex
	wishes, last := map[time.Duration]int{}, map[time.Duration]int{}
	config := func(string) client.Config {
		return client.Config{Pause: func(wish time.Duration) time.Duration {
			mu.Lock()
			defer mu.Unlock()
			wishes[wish]++
			return (wish + rand.N(time.Second)) / faster
		}}
	}
	y := types(t, s, documents, typists, *rollingClients/documents-typists, config)
	var everybody []*typist
	for _, r := range y.rooms {
		everybody = append(everybody, r.typists...)
	}
	began := time.Now()
	for range *rollingRestarts {
		y.more(10)
		var came []int
		for _, c := range everybody {
			came = append(came, c.Welcomes())
		}
		if exit := s.stop(); exit != 0 {
			t.Errorf("exit code %d", exit)
		}
		s.start()
		for i, c := range everybody {
			if err := c.Welcomed(soon(t), came[i]+1); err != nil {
				t.Fatal(err)
			}
		}
		y.audit()
		mu.Lock()
		last = wishes
		wishes = map[time.Duration]int{}
		mu.Unlock()
		for wish, n := range last {
			if n > len(everybody)/2 {
				t.Errorf("of %d, %d are told to come back after %v", len(everybody), n, wish)
			}
		}
		if len(last) == 0 {
			t.Error("nobody is told when to come back")
		}
	}
	took := time.Since(began)
	y.rest()
	acked := y.verify()
	t.Logf("%d restarts under %d clients in %v; %d acknowledged, 0 lost, 0 twice; told to come back after: %v",
		*rollingRestarts, len(everybody), took.Round(time.Millisecond), acked, last)
}
