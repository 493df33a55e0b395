package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tutti/e2e/client"
)

var crashRounds = flag.Int("crash.rounds", 5, "kills of the server under load")

// What was acknowledged is there after a crash, once, and so is all else that
// the log promises; writers who were in the middle of something go on.
func TestCrashLosesNothingAcknowledged(t *testing.T) {
	turn(t)
	const documents, writers = 5, 4
	s := serve(t, withArgs(unlimited))
	rng := rand.New(rand.NewPCG(seed, 99))
	var rooms []*room
	for i := range documents {
		room := newRoom(t, s, s.create(fmt.Sprintf("Document %d, as it began.\n", i)).ID)
		for range writers {
			room.add(client.Config{})
		}
		rooms = append(rooms, room)
	}

	stop := make(chan struct{})
	var typing []<-chan error
	for _, room := range rooms {
		typing = append(typing, room.all(func(ty *typist) error { return ty.work(t, stop) }))
	}
	acked, began := 0, time.Now()
	for round := range *crashRounds {
		// The moment is random by what was acknowledged in one document, and
		// by a little time on top, so that it falls anywhere in a commit.
		room := rooms[rng.IntN(documents)]
		acks, _ := room.ledger.from(0)
		room.ledger.await(t, len(acks)+1+rng.IntN(60))
		<-time.After(rand.N(3 * time.Millisecond))
		s.kill()
		s.start()
		for _, room := range rooms {
			room.audit.run()
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	took := time.Since(began)
	close(stop)
	for _, done := range typing {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for _, room := range rooms {
		room.settle()
		room.verify()
		// And once more from the very beginning: no crash changed the past.
		again := audits(t, s, room.doc, room.ledger)
		again.run()
		again.complete()
		acked += again.audited
	}
	t.Logf("%d kills in %v; %d acknowledged, none lost, none twice", *crashRounds, took.Round(time.Millisecond), acked)
}

// work types until it is stopped, a few deltas ahead of the acknowledgements
// at most.
func (ty *typist) work(t testing.TB, stop <-chan struct{}) error {
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		for range 1 + ty.rng.IntN(3) {
			if err := ty.edit(); err != nil {
				return err
			}
		}
		if err := ty.Settled(soon(t)); err != nil {
			return err
		}
	}
}
