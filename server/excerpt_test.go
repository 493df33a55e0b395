package server_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"tutti/store"
)

// glance is a document in a list.
type glance struct {
	ID          string
	Excerpt     *string
	People      []struct{ Name, Color string }
	PeopleCount *int
}

func (s *rest) glances(query string) (all []glance) {
	s.t.Helper()
	var page struct{ Items []glance }
	s.call("GET", "/documents"+query, "").ok().into(&page)
	return page.Items
}

func (s *rest) wantExcerpt(want string) {
	s.t.Helper()
	all := s.glances("")
	if len(all) != 1 || all[0].Excerpt == nil || *all[0].Excerpt != want {
		s.t.Errorf("excerpt of %+v, want %q", all, want)
	}
}

func TestAListShowsHowTextsBegin(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "")
		s.wantExcerpt("")
		s.put("d", plain, " \n# Title\n\n\tand   more\u00a0… \n").ok()
		s.wantExcerpt("# Title and more …")
		s.put("d", plain, strings.Repeat("😀", 200)).ok()
		s.wantExcerpt(strings.Repeat("😀", 80))
		s.put("d", plain, "x"+strings.Repeat("😀", 2000)).ok() // a pair is cut where it is looked at no further
		s.wantExcerpt("x" + strings.Repeat("😀", 79))
		s.put("d", plain, strings.Repeat("word ", 100)).ok()
		s.wantExcerpt(strings.TrimSpace(strings.Repeat("word ", 32)))
		s.call("DELETE", "/documents/d", "").ok()
		if all := s.glances("?trashed=true"); len(all) != 1 || all[0].Excerpt == nil || !strings.HasPrefix(*all[0].Excerpt, "word") {
			s.t.Errorf("in the trash: %+v", all)
		}
		s.call("DELETE", "/documents/d?permanent=true", "").ok()
		s.create("d", "rich", `[{"insert":"a"},{"insert":{"image":"x"}},{"insert":"b\n"}]`)
		s.wantExcerpt("a b")
	})
}

func TestExcerptsAreReadOnce(t *testing.T) {
	keeper := &counting{Memory: store.NewMemory()}
	s := newRest(t, keeper)
	for i := range 5 {
		s.create(fmt.Sprint("d", i), "text", fmt.Sprint("text ", i))
	}
	s.glances("")
	before := keeper.snapshots.Load()
	for _, d := range s.glances("") {
		if *d.Excerpt != "text "+d.ID[1:] {
			t.Errorf("%s begins %q", d.ID, *d.Excerpt)
		}
	}
	if n := keeper.snapshots.Load() - before; n != 0 {
		t.Errorf("the second list read %d documents", n)
	}
}

// TestADamagedDocumentDoesNotHideTheOthers: it has no excerpt.
func TestADamagedDocumentDoesNotHideTheOthers(t *testing.T) {
	keeper := &counting{Memory: store.NewMemory()}
	s := newRest(t, keeper)
	s.create("good", "text", "fine")
	s.create("bad", "text", "x")
	keeper.damaged = "bad"
	for _, d := range s.glances("") {
		if (d.Excerpt == nil) != (d.ID == "bad") {
			t.Errorf("%s: %v", d.ID, d.Excerpt)
		}
	}
}

func TestALargeDocumentOfALongListIsReadLater(t *testing.T) {
	s := inMemory(t)
	long := strings.Repeat("long ", 2_000_000)
	s.create("a", "text", long)
	s.create("b", "text", long)
	for _, want := range []int{1, 2} {
		got := 0
		for _, d := range s.glances("") {
			if d.Excerpt != nil {
				got++
			}
		}
		if got != want {
			t.Errorf("%d have excerpts, want %d", got, want)
		}
	}
}

func TestAListShowsWhoIsThere(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "hello")
	all := s.glances("")
	if all[0].People == nil || len(all[0].People) != 0 || all[0].PeopleCount == nil || *all[0].PeopleCount != 0 {
		t.Errorf("nobody is %+v", all[0])
	}
	for i := range 7 {
		s.dial("d", fmt.Sprint("p", i))
	}
	all = s.glances("")
	if *all[0].PeopleCount != 7 || len(all[0].People) != 5 || all[0].People[0].Name != "p0" || all[0].People[4].Name != "p4" || len(all[0].People[0].Color) != 7 {
		t.Errorf("seven are %d, %+v", *all[0].PeopleCount, all[0].People)
	}
	s.eventually("the search finds it", func() bool { all = s.glances("?q=hello"); return len(all) == 1 })
	if all[0].Excerpt != nil || *all[0].PeopleCount != 7 {
		t.Errorf("searched: %+v", all[0])
	}
	var one glance
	s.call("GET", "/documents/d", "").ok().into(&one)
	if one.PeopleCount != nil || one.People != nil || one.Excerpt != nil {
		t.Errorf("alone: %+v", one)
	}
}

// counting counts how often a snapshot is read; of a damaged document none is.
type counting struct {
	*store.Memory
	snapshots atomic.Int64
	damaged   string
}

func (c *counting) Snapshot(id string, rev int64) (store.Snapshot, error) {
	c.snapshots.Add(1)
	if id == c.damaged {
		return store.Snapshot{}, store.ErrDamaged
	}
	return c.Memory.Snapshot(id, rev)
}
