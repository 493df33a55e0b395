package sim

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"time"
)

// dice are one actor's random choices.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

// newDice are the dice that a seed gives to a name.
func newDice(seed uint64, name string) *dice {
	h := fnv.New64a()
	h.Write([]byte(name))
	return &dice{r: rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// upTo picks a number below n.
func (d *dice) upTo(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

// once in n times it is true.
func (d *dice) once(n int) bool { return d.upTo(n) == 0 }

// between picks a time in nanoseconds, so that it is hardly ever picked twice.
func (d *dice) between(least, most time.Duration) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return least + time.Duration(d.r.Int64N(int64(most-least)+1))
}

// A swarm is what may befall the world of one seed. Each fault is there in
// about half of the seeds, so that none hides what another would find.
type swarm struct {
	Bolt bool // the store is bbolt

	Late        bool // slow lines
	Cuts        bool // lines that break
	HalfOpen    bool // of a broken line one side learns late
	Fresh       bool // clients that join again without what they had
	Duplicates  bool // deltas that are sent twice
	Stalls      bool // clients that stop reading
	Crashes     bool // of the server, in the middle of an append too
	Restarts    bool // of the server, in good order
	DiskErrors  bool // appends that fail, or whose outcome is unknown
	ReadErrors  bool
	SlowDisk    bool
	Roles       bool // persons who may not write for a while
	Revocations bool // persons who are put out
	Takeovers   bool // two that hold one key
	Restores    bool // a backup takes the place of the log while the server is down
	Lulls       bool // long times in which nobody does anything
	Programs    bool // that submit, follow and view past the sockets
	ClockBack   bool // an earlier run of the server had a clock that was ahead
	Evictions   bool // of the document, with everybody in it
	Packs       bool // old records are packed meanwhile

	People, Edits  int // edits of each person
	Tail, Snapshot int
	Window         int           // frames that are under way at once
	Idle           time.Duration // until a document that nobody is in is closed
}

func newSwarm(seed uint64) swarm {
	d := newDice(seed, "swarm")
	var s swarm
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.Bool {
			v.Field(i).SetBool(d.once(2))
		}
	}
	s.Bolt = d.once(4)
	// A delta that was refused must not be there again when its author may
	// write once more: no client sends it twice then.
	s.Duplicates = s.Duplicates && !s.Roles
	// Which of two contents holds a delta that was sent under another key
	// cannot be told.
	if s.Takeovers {
		s.Fresh, s.Restores = false, false
	}
	s.Crashes = s.Crashes || s.Restores
	s.People, s.Edits = 2+d.upTo(4), 8+d.upTo(25)
	s.Tail, s.Snapshot = 2+d.upTo(30), 4+d.upTo(60)
	s.Window = 1 + d.upTo(8)
	s.Idle = d.between(100*time.Millisecond, 2*time.Second)
	return s
}

// String names what is there.
func (s swarm) String() string {
	var on []string
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Bool && f.Bool() {
			on = append(on, v.Type().Field(i).Name)
		}
	}
	return fmt.Sprintf("%d people, %d edits each, tail %d, snapshots %d; %s", s.People, s.Edits, s.Tail, s.Snapshot, strings.Join(on, " "))
}
