package session

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"tutti/store"
)

// void stores nothing, at once: what is measured over it is this package.
type void struct{ *store.Memory }

func (void) Append(string, string, int64, []store.Line, store.Head) error { return nil }
func (void) SaveSnapshot(string, string, store.Snapshot) error            { return nil }
func (void) DropSnapshot(string, string, int64) error                     { return nil }

// benchRig is a hub over void, with a document of 100,000 units.
func benchRig(b *testing.B) *rig {
	r := newRig(b, strings.Repeat("All work and no play. ", 5000))
	r.hub.store = void{r.store.Memory}
	return r
}

// keystroke appends the frame of someone who types one character, at a place
// that wanders.
func keystroke(frame []byte, seq, rev int64, at int) []byte {
	frame = strconv.AppendInt(append(frame, `{"t":"op","seq":`...), seq, 10)
	frame = strconv.AppendInt(append(frame, `,"rev":`...), rev, 10)
	frame = strconv.AppendInt(append(frame, `,"op":[{"retain":`...), int64(at), 10)
	return append(frame, `},{"insert":"x"}]}`...)
}

// BenchmarkEdit is the way of an edit from its frame to the frame that tells
// of it, without the disk and the network.
func BenchmarkEdit(b *testing.B) {
	r := benchRig(b)
	s, err := r.hub.Join(docID, helloOf("a"), who("a"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Leave()
	frame := []byte(nil)
	b.ReportAllocs()
	s.limiter.SetLimit(1e9)
	for i := int64(0); b.Loop(); i++ {
		frame = keystroke(frame[:0], i+1, i, 40000+int(i%1000))
		if err := s.Handle(frame); err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := s.Next(passed); err != nil {
				break
			}
		}
	}
}

// BenchmarkCommit is what the sequencer's goroutine does with one decoded
// keystroke, made against a revision some way back.
func BenchmarkCommit(b *testing.B) {
	for _, behind := range []int64{0, 5, 100} {
		b.Run(fmt.Sprint("behind=", behind), func(b *testing.B) {
			r := benchRig(b)
			l, err := load(r.store, docID, -1)
			if err != nil {
				b.Fatal(err)
			}
			q := newSequencer(r.hub, l)
			op := parse(b, insert(40000, "x"))
			sub := &submission{user: userOfAll, op: op, size: 40, reply: make(chan outcome, 1)}
			b.ReportAllocs()
			for i := int64(0); b.Loop(); i++ {
				*sub = submission{client: names[i%int64(len(names))], user: userOfAll, seq: i + 1, op: op, size: 40, reply: sub.reply}
				sub.rev = max(0, i-behind)
				sub.named = i
				if !q.commit([]*submission{sub}) {
					b.Fatal("deposed")
				}
				if o := <-sub.reply; o.err != nil || o.refused != nil {
					b.Fatal(o)
				}
				select {
				case done := <-q.snapshot.saved:
					q.snapshotSaved(done)
				default:
				}
			}
			q.snapshot.wait()
		})
	}
}

var names = func() (all [200]string) {
	for i := range all {
		all[i] = ClientID(keyOf(fmt.Sprint("client", i)))
	}
	return all
}()

// BenchmarkStream is what it costs to give a record to one of many sessions
// that are all at the same place.
func BenchmarkStream(b *testing.B) {
	for _, people := range []int{2, 100} {
		b.Run(fmt.Sprint("people=", people), func(b *testing.B) {
			r := benchRig(b)
			var all []*Session
			for i := range people {
				s, err := r.hub.Join(docID, helloOf(fmt.Sprint("p", i)), who("p"))
				if err != nil {
					b.Fatal(err)
				}
				defer s.Leave()
				s.limiter.SetLimit(1e9)
				all = append(all, s)
			}
			dice := rand.New(rand.NewPCG(1, 1))
			frame := []byte(nil)
			b.ReportAllocs()
			for i := int64(0); b.Loop(); i++ {
				frame = keystroke(frame[:0], i+1, i, dice.IntN(100000))
				if err := all[0].Handle(frame); err != nil {
					b.Fatal(err)
				}
				for _, s := range all {
					for {
						if _, err := s.Next(passed); err != nil {
							break
						}
					}
				}
			}
		})
	}
}

// BenchmarkJoin is a reconnect that has missed a few records.
func BenchmarkJoin(b *testing.B) {
	r := benchRig(b)
	r.fill(20, insert(0, "x"))
	hello := helloOf("a", Place{10, docEpoch})
	b.ReportAllocs()
	for b.Loop() {
		s, err := r.hub.Join(docID, hello, who("a"))
		if err != nil {
			b.Fatal(err)
		}
		s.Leave()
	}
}
