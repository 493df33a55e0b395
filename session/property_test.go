package session

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

var (
	seed   = flag.Uint64("session.seed", 1, "the first seed of the random test")
	rounds = flag.Int("session.rounds", 6, "how many seeds it tries")
)

// TestEverybodyConvergesWhateverTheDiskAndTheLinesDo lets clients edit over
// appends that fail, stores that stand still for a moment, lines that drop and
// documents that are closed and opened again. In the end all show the same,
// each token stands there once, and the log tells the same story.
func TestEverybodyConvergesWhateverTheDiskAndTheLinesDo(t *testing.T) {
	for i := range uint64(*rounds) {
		t.Run(fmt.Sprint("seed ", *seed+i), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { converge(t, *seed+i) })
		})
	}
}

func converge(t *testing.T, seed uint64) {
	r := newRig(t, "", idleAfter(500*time.Millisecond))
	r.upset(rand.New(rand.NewPCG(seed, 0)))
	var machines []*machine
	var living sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		m := newMachine(r, name, seed)
		machines = append(machines, m)
		living.Go(func() { m.live(400) })
	}
	var forgetting sync.WaitGroup
	done := make(chan struct{})
	forgetting.Go(func() { // so that much is read from the log
		for dice := rand.New(rand.NewPCG(seed, 1)); ; {
			select {
			case <-done:
				return
			case <-time.After(time.Duration(dice.IntN(1000)) * time.Microsecond):
				r.forgetTail(1 + dice.IntN(3))
			}
		}
	})
	living.Wait()
	close(done)
	forgetting.Wait()
	if t.Failed() {
		return
	}
	r.calm()
	for _, m := range machines { // they may have been sent away by another's last failure
		m.settle()
	}
	for _, m := range machines {
		m.read()
		m.settle()
		m.read()
	}
	for _, m := range machines {
		defer m.leave()
		if got, want := m.local.Text(), r.text(); got != want {
			t.Errorf("%s shows\n%s\nand the server\n%s", m.name, got, want)
		}
	}
	r.wantTokens(machines)
	r.wantLog(machines)
}

// upset makes the store fail now and then, before or after it has stored, and
// be slow.
func (r *rig) upset(dice *rand.Rand) {
	var mu sync.Mutex
	roll := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return dice.IntN(n)
	}
	r.store.on("Append", func(do func() error) error {
		time.Sleep(time.Duration(roll(3)) * time.Millisecond)
		switch roll(12) {
		case 0:
			return store.ErrUnavailable
		case 1:
			return store.ErrUnknown
		case 2:
			return failsAfter(store.ErrUnknown)(do)
		}
		return do()
	})
	for _, method := range []string{"Mark", "Lines", "Info", "Snapshot"} {
		r.store.on(method, func(do func() error) error {
			if roll(40) == 0 {
				return store.ErrUnavailable
			}
			return do()
		})
	}
}

// calm ends what upset began.
func (r *rig) calm() {
	for _, method := range []string{"Append", "Mark", "Lines", "Info", "Snapshot"} {
		r.store.on(method, nil)
	}
}

func (r *rig) wantTokens(machines []*machine) {
	r.t.Helper()
	text, deleted := r.text(), map[string]bool{}
	for _, m := range machines {
		for token := range m.deleted {
			deleted[token] = true
		}
	}
	for _, m := range machines {
		for i := 1; i <= m.typed; i++ {
			token := fmt.Sprintf("%s.%d;", m.name, i)
			want := 1
			if deleted[token] {
				want = 0
			}
			if got := strings.Count(";"+text, ";"+token); got != want {
				r.t.Errorf("%s is there %d times, want %d", token, got, want)
			}
		}
	}
}

func (r *rig) wantLog(machines []*machine) {
	r.t.Helper()
	seen := map[string]int{}
	for i, rec := range r.log(docID) {
		if rec.Rev != int64(i+1) {
			r.t.Errorf("record %d is of revision %d", i+1, rec.Rev)
		}
		seen[fmt.Sprint(rec.Client, "/", rec.Seq)]++
	}
	acked := 0
	for _, m := range machines {
		acked += len(m.acked)
		for seq := range m.acked {
			if n := seen[fmt.Sprint(ClientID(keyOf(m.name)), "/", seq)]; n != 1 {
				r.t.Errorf("%s/%d was acknowledged and is in the log %d times", m.name, seq, n)
			}
		}
	}
	if acked != len(seen) {
		r.t.Errorf("%d deltas were acknowledged, %d are in the log", acked, len(seen))
	}
	l, err := load(r.store.Memory, docID, -1)
	if err != nil {
		r.t.Fatal(err)
	}
	if l.version.Doc.Text() != r.text() {
		r.t.Error("the log does not lead to what is shown")
	}
}
