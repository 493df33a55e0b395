package e2e

import (
	"flag"
	"strings"
	"syscall"
	"testing"
	"time"

	"tutti/e2e/client"
)

var stoppedFor = flag.Duration("stopped", 0, "how long the server stands still after all have given it up")

// A server that stands still, as in a machine that swaps or a virtual one that
// is moved, keeps its sockets open and says nothing: people give it up, and
// wait at its door. When it goes on, it meets what they had sent before beside
// the same once more from those who come anew.
func TestAServerThatStandsStillLosesNothing(t *testing.T) {
	turn(t)
	const writers, rounds = 12, 3
	s := serve(t, withArgs(unlimited))
	people := &impatient{within: 400 * time.Millisecond}
	y := types(t, s, 3, writers/3, 0, func(doc string) client.Config { return people.config(t, doc, s.address) })
	for range rounds {
		y.more(30)
		before := people.gaveUp.Load()
		s.signal(syscall.SIGSTOP)
		s.until("all have given it up, and have tried again", func() bool { return people.gaveUp.Load() >= before+2*writers })
		<-time.After(*stoppedFor)
		s.signal(syscall.SIGCONT)
		y.more(30)
		y.audit()
	}
	y.rest()
	acked := y.verify()
	if got := s.metric("tutti_sessions"); got != writers {
		t.Errorf("%v sessions are left, of %d people", got, writers)
	}
	t.Logf("stopped %d times, %d acknowledged, 0 lost, 0 twice", rounds, acked)
}

func (s *server) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// address is where the server listens.
func (s *server) address() string { return strings.TrimPrefix(s.URL(), "http://") }
