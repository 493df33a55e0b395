package sim

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

const (
	document   = "doc" // the id of the one that all are in
	firstEpoch = "epoch0"
)

// patience is how long, in the time of the bubble, a calm world has to come to
// rest. The longest that anything waits for is a minute.
const patience = 10 * time.Minute

// endOfTime is much longer than any world lasts, nights and all.
const endOfTime = 6 * time.Hour

// A world is all that there is in one run.
type world struct {
	seed    uint64
	swarm   swarm
	medium  medium
	crashes *dice
	living  sync.WaitGroup // who types
	actors  sync.WaitGroup // who acts until it is calm
	graves  sync.WaitGroup // the lives that crashed, until nothing of them runs
	down    chan struct{}  // has one when the server is to be started

	mu         sync.Mutex // guards all below
	life       *life      // nil: the server is down
	lives      int
	calm       bool // no fault happens any more
	lull       time.Time
	truths     []*truth // one an epoch, the newest last
	people     map[string]*person
	violations []Violation
}

// Run lives one seed through, and returns what did not hold.
func Run(t *testing.T, seed uint64) (violations []Violation) {
	w := &world{seed: seed, swarm: newSwarm(seed), people: map[string]*person{}, medium: ram{store.NewMemory()}}
	if w.swarm.Bolt {
		f, err := newFile(w.dice("file", 0))
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := f.remove(); err != nil {
				t.Error(err)
			}
		}()
		w.medium = f
	}
	defer func() {
		w.mu.Lock()
		violations = w.violations
		w.mu.Unlock()
		if p := recover(); p != nil { // the bubble's way to say that some are left
			violations = append(violations, Violation{Gone, fmt.Sprint(p)})
		}
	}()
	synctest.Test(t, func(*testing.T) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			w.run()
		}()
		select {
		case <-done:
		case <-time.After(endOfTime):
			w.violate(Rest, "the world goes on after %v", endOfTime)
		}
	})
	return nil
}

func (w *world) run() {
	w.crashes, w.down = w.dice("crashes", 0), make(chan struct{}, 1)
	w.create()
	w.start()
	for i := range w.swarm.People {
		p := w.newPerson(string(rune('a'+i)), "")
		w.living.Go(p.live)
	}
	if w.swarm.Programs {
		w.living.Go(w.program)
		w.actors.Go(w.viewer)
		w.actors.Go(w.follower)
	}
	if w.swarm.Packs {
		w.actors.Go(w.packer)
	}
	done := make(chan struct{})
	w.actors.Go(func() { w.supervise(done) })
	w.actors.Go(w.storm)
	w.living.Wait()
	w.calmDown()
	close(done)
	w.actors.Wait() // nobody comes any more
	w.living.Wait()
	if w.present() == nil {
		w.start()
	}
	w.settle()
	w.part()
	w.audit()
}

// dice are those of an actor.
func (w *world) dice(name string, n int) *dice { return newDice(w.seed, fmt.Sprint(name, "/", n)) }

// weather is the swarm, without faults once it is calm.
func (w *world) weather() swarm {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calm {
		return swarm{}
	}
	return w.swarm
}

func (w *world) violate(i Invariant, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.violations) < 20 {
		w.violations = append(w.violations, Violation{i, fmt.Sprintf(format, args...)})
	}
}

// truth is that of the present epoch.
func (w *world) truth() *truth {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.truths[len(w.truths)-1]
}

// create makes the document, with a short history.
func (w *world) create() {
	doc, err := ot.NewDocument(ot.Delta{}.Insert("the first content", nil))
	if err != nil {
		w.violate(Replay, "the first content: %v", err)
	}
	var records []store.Record
	for rev := range int64(w.dice("history", 0).upTo(10)) {
		at := time.Now().Add(-time.Hour)
		if w.swarm.ClockBack {
			at = at.Add(3 * time.Hour)
		}
		records = append(records, store.Record{
			Rev: rev + 1, Client: session.ClientID("history"), Seq: rev + 1, User: "guest:history",
			At: at.UnixMilli(), Op: ot.Delta{}.Insert(fmt.Sprintf("[h:%d]", rev), nil),
		})
	}
	w.begin(firstEpoch, doc, records)
}

// begin puts a document with a history into the medium, in place of the one
// that is there.
func (w *world) begin(epoch string, doc ot.Document, records []store.Record) {
	t := newTruth(w, epoch, doc)
	var lines []store.Line
	for _, r := range records {
		lines = append(lines, store.Line{Rev: r.Rev, JSON: r.AppendJSON(nil)})
	}
	t.begin()
	t.end(lines)
	w.mu.Lock()
	w.truths = append(w.truths, t)
	w.mu.Unlock()
	if err := w.replace(t, records); err != nil {
		w.violate(Kept, "the document of %s: %v", epoch, err)
	}
}

// replace makes the medium hold what is true.
func (w *world) replace(t *truth, records []store.Record) error {
	st, err := w.medium.open()
	if err != nil {
		return err
	}
	if t.epoch != firstEpoch {
		if err := st.Delete(document); err != nil {
			return err
		}
	}
	first, last, lines := t.docs[0], t.docs[len(t.docs)-1], t.lines
	err = st.Import(store.Info{ID: document, Kind: ot.Text, Title: "A title", Epoch: t.epoch, Head: store.Head{Length: int64(first.Length())}},
		first.AppendJSON(nil), func(draft store.Draft) (store.Head, error) {
			head := store.Head{Rev: int64(len(lines)), Length: int64(last.Length())}
			if len(lines) == 0 {
				return head, nil
			}
			head.At = records[len(records)-1].At
			return head, draft.Append(lines)
		})
	return errors.Join(err, w.medium.leave())
}

// restore takes the document back to an earlier revision, under a new epoch,
// as a backup does. The server is down.
func (w *world) restore(dice *dice) {
	t := w.truth()
	head := t.head()
	rev := head - int64(dice.upTo(int(min(head+1, 12))))
	w.begin(fmt.Sprint("epoch", len(w.truths)), t.docs[0], t.records[:rev])
}
