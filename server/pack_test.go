package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutti/ot"
	"tutti/store"
)

// shelf is a store that notes what is packed, in two steps each time.
type shelf struct {
	*store.Memory
	mu     sync.Mutex // guards what follows, and what else a test notes
	packed []string
	begun  bool
	fail   error
}

func (s *shelf) Pack(id, epoch string, upto int64) (more bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun = !s.begun || s.fail != nil; s.begun {
		s.packed = append(s.packed, fmt.Sprint(id, " to ", upto))
	}
	return s.begun && s.fail == nil, s.fail
}

// put makes a document of records that were written apart from each other, the
// last one some time ago.
func (s *shelf) put(t *testing.T, id string, records int64, apart, ago time.Duration) {
	t.Helper()
	if err := s.Create(store.Info{ID: id, Kind: ot.Text, Epoch: "e1"}, []byte(`[]`)); err != nil {
		t.Fatal(err)
	}
	s.grow(t, id, 0, records, apart, ago)
}

func (s *shelf) grow(t *testing.T, id string, at, records int64, apart, ago time.Duration) {
	t.Helper()
	var lines []store.Line
	var r store.Record
	for i := range records {
		r = store.Record{Rev: at + i + 1, Client: "c", Seq: at + i + 1, User: "u", At: time.Now().Add(-ago - apart*time.Duration(records-1-i)).UnixMilli()}
		lines = append(lines, store.Line{Rev: r.Rev, JSON: r.AppendJSON(nil)})
	}
	if err := s.Append(id, "e1", at, lines, store.Head{Rev: r.Rev, At: r.At}); err != nil {
		t.Fatal(err)
	}
}

func TestOldRecordsArePacked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &shelf{Memory: store.NewMemory()}
		st.put(t, "at-once", 10_000, 0, 0)
		st.put(t, "slowly", 10_000, time.Second, 0) // 3,600 of them in the last hour
		st.put(t, "short", 2500, time.Hour, 0)
		told := map[string]int{}
		tell := func(id string) {
			st.mu.Lock()
			defer st.mu.Unlock()
			told[id]++
		}
		p := packer{store: st, after: time.Hour, done: tell, fail: func(msg string, args ...any) { t.Error(msg, args) }}
		p.start()
		want := []string{"slowly to 6144"}
		expect := func(when string) {
			t.Helper()
			synctest.Wait()
			st.mu.Lock()
			defer st.mu.Unlock()
			if !slices.Equal(st.packed, want) {
				t.Fatalf("%s: %q were packed, want %q", when, st.packed, want)
			}
		}
		time.Sleep(time.Minute)
		expect("at first")
		time.Sleep(30 * time.Minute)
		want = append(want, "slowly to 7168") // the newest 2,048 stay, whatever their age
		expect("half an hour later")
		time.Sleep(40 * time.Minute)
		want = append(want, "at-once to 7168")
		expect("an hour later")
		time.Sleep(21 * time.Hour)
		st.grow(t, "slowly", 10_000, 1, 0, 0)
		time.Sleep(4 * time.Hour)
		want = append(want, "at-once to 10000", "short to 2500")
		expect("when they have come to rest")
		time.Sleep(22 * time.Hour)
		want = append(want, "slowly to 10001")
		expect("at last")
		p.close(t.Context())
		if told["slowly"] != 6 || told["at-once"] != 4 {
			t.Errorf("of smaller documents was told: %v", told)
		}
	})
}

// One document that can't be packed keeps no other from it; a store that takes
// nothing is left alone.
func TestPackingAfterFailures(t *testing.T) {
	for _, test := range []struct {
		fail         error
		packed, said int
		ends         error
	}{{store.ErrDamaged, 2, 2, nil}, {store.ErrConflict, 2, 0, nil}, {store.ErrUnavailable, 1, 0, store.ErrUnavailable}} {
		st := &shelf{Memory: store.NewMemory(), fail: test.fail}
		st.put(t, "a", 3, 0, 100*time.Hour)
		st.put(t, "b", 3, 0, 100*time.Hour)
		said := 0
		p := packer{store: st, after: time.Hour, done: func(string) {}, upto: map[string]packedUpto{}, fail: func(string, ...any) { said++ }, ctx: context.Background()}
		if err := p.walk(); !errors.Is(err, test.ends) || said != test.said || len(st.packed) != test.packed {
			t.Errorf("%v: the walk packs %q, logs %d and ends with %v", test.fail, st.packed, said, err)
		}
	}
}

func TestNothingIsPackedIfNothingShallBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &shelf{Memory: store.NewMemory()}
		st.put(t, "a", 5000, time.Hour, 0)
		p := packer{store: st}
		p.start()
		time.Sleep(100 * time.Hour)
		p.close(t.Context())
		if len(st.packed) > 0 {
			t.Errorf("%q were packed", st.packed)
		}
	})
}
