package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"tutti/ot"
	"tutti/store"
)

var documentTests = []test{
	{"CreateKeepsInfoAndContent", createKeeps},
	{"CreateRefusesATakenId", createTaken},
	{"CreateRefusesWhatNoDocumentCanBe", createMalformed},
	{"WhatIsNotThereIsNotFound", notFound},
	{"ListYieldsAllInOrderOfIds", listOrder},
	{"ListMayBeLeftAndMayWrite", listBody},
	{"UpdateChangesMetadata", updateChanges},
	{"UpdateLeavesWhatNeverChanges", updateFixed},
	{"UpdateReturnsTheErrorOfChange", updateRefused},
	{"DeleteRemovesAll", deleteAll},
	{"DeleteFreesTheId", deleteFrees},
	{"DeleteLeavesTheOthers", deleteOthers},
	{"UpdatedAtIsTheNewestChange", updatedAt},
	{"ProbeWrites", func(t *testing.T, s store.Store) { must(t, s.Probe()) }},
}

func createKeeps(t *testing.T, s store.Store) {
	want := info("a")
	want.Kind, want.ChangedAt, want.TrashedAt, want.Tags = ot.Rich, 7, 9, store.NewTags("b", "a")
	mine := content("text")
	must(t, s.Create(want, mine))
	copy(mine, "overwritten by its owner")

	got, err := s.Info("a")
	must(t, err)
	if got != want {
		t.Errorf("Info = %+v, want %+v", got, want)
	}
	wantSnapshot(t, s, "a", 0, 0, "text")
}

func createTaken(t *testing.T, s store.Store) {
	create(t, s, "a")
	fails(t, s.Create(info("a"), content("other")), store.ErrExists)
	_, err := s.Update("a", func(i *store.Info) error { i.TrashedAt = 5; return nil })
	must(t, err)
	fails(t, s.Create(info("a"), content("other")), store.ErrExists)
	wantSnapshot(t, s, "a", 0, 0, "a")
}

func createMalformed(t *testing.T, s store.Store) {
	for _, id := range []string{"", "a\x00b", string(make([]byte, 40_000))} {
		fails(t, s.Create(info(id), content("")), store.ErrMalformed)
	}
	later := info("a")
	later.Head.Rev = 1
	fails(t, s.Create(later, content("")), store.ErrMalformed)
}

func notFound(t *testing.T, s store.Store) {
	create(t, s, "a", "ab")
	for _, id := range []string{"b", "aa", "", "a\x00", "a\x00\x00\x00\x00\x00\x00\x00\x00\x00"} {
		for method, err := range all(s, id) {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s(%q) = %v, want ErrNotFound", method, id, err)
			}
		}
	}
}

func listOrder(t *testing.T, s store.Store) {
	var want []string
	for i := range 600 { // more than a keeper would read at once
		want = append(want, fmt.Sprintf("d%d", i*7919%600))
	}
	want = append(want, "a", "a-b", "a_", "A", "a0", "z")
	create(t, s, want...)
	_, err := s.Update("a_", func(i *store.Info) error { i.TrashedAt = 5; return nil })
	must(t, err)
	slices.Sort(want)
	if got := ids(t, s); !slices.Equal(got, want) {
		t.Errorf("List yields %q, want %q", got, want)
	}
}

func ids(t *testing.T, s store.Store) (ids []string) {
	t.Helper()
	for info, err := range s.List() {
		must(t, err)
		ids = append(ids, info.ID)
	}
	return ids
}

func listBody(t *testing.T, s store.Store) {
	create(t, s, "a", "b", "c")
	for info, err := range s.List() {
		must(t, err)
		appendRun(t, s, info.ID, 0, 1)
		if info.ID == "b" {
			break
		}
	}
	for id, want := range map[string]int64{"a": 1, "b": 1, "c": 0} {
		if got, err := s.Info(id); err != nil || got.Head.Rev != want {
			t.Errorf("%q is at %d, %v; want %d", id, got.Head.Rev, err, want)
		}
	}
}

func updateChanges(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 3)
	want := info("a")
	want.Head = head(3)
	want.Title, want.Language, want.ChangedAt, want.TrashedAt = "New <&> \u2028 title", "", 8, 9
	want.Tags = store.NewTags("two words", "語")
	got, err := s.Update("a", func(i *store.Info) error {
		i.Title, i.Language, i.ChangedAt, i.TrashedAt = want.Title, want.Language, want.ChangedAt, want.TrashedAt
		i.Tags = want.Tags
		return nil
	})
	must(t, err)
	if got != want {
		t.Errorf("Update returns %+v, want %+v", got, want)
	}
	if got, err := s.Info("a"); err != nil || got != want {
		t.Errorf("Info = %+v, %v; want %+v", got, err, want)
	}
}

func updateFixed(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 1)
	want := info("a")
	want.Head = head(1)
	got, err := s.Update("a", func(i *store.Info) error {
		i.ID, i.Kind, i.Epoch, i.Head = "b", ot.Rich, "e2", head(5)
		i.CreatedAt, i.CreatedBy = 1, store.User{ID: "u2"}
		return nil
	})
	must(t, err)
	if got != want {
		t.Errorf("Update returns %+v, want %+v", got, want)
	}
	appendRun(t, s, "a", 1, 1)
}

func updateRefused(t *testing.T, s store.Store) {
	create(t, s, "a")
	refusal := errors.New("precondition failed")
	_, err := s.Update("a", func(i *store.Info) error {
		if *i != info("a") {
			t.Errorf("change is given %+v", *i)
		}
		i.Title = "other"
		return refusal
	})
	fails(t, err, refusal)
	if got, err := s.Info("a"); err != nil || got != info("a") {
		t.Errorf("Info = %+v, %v", got, err)
	}
}

func deleteAll(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 5)
	must(t, s.SaveSnapshot("a", epoch, store.Snapshot{Rev: 5, Content: content("x"), Clients: []store.ClientMark{{Client: "c1", Seq: 5, Rev: 5}}}))
	must(t, s.Delete("a"))
	for method, err := range all(s, "a") {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s = %v, want ErrNotFound", method, err)
		}
	}
	if got := ids(t, s); len(got) > 0 {
		t.Errorf("List yields %q", got)
	}
}

func deleteFrees(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 5)
	must(t, s.SaveSnapshot("a", epoch, store.Snapshot{Rev: 5, Content: content("x"), Clients: []store.ClientMark{{Client: "c1", Seq: 5, Rev: 5}}}))
	must(t, s.Delete("a"))

	again := info("a")
	again.Epoch = "e2"
	must(t, s.Create(again, content("again")))
	wantSnapshot(t, s, "a", 100, 0, "again")
	wantLines(t, s, "a", 0, 100)
	if mark, err := s.Mark("a", "c1"); err != nil || mark != (store.ClientMark{}) {
		t.Errorf("Mark = %+v, %v", mark, err)
	}
	lines, head := run(0, 1)
	fails(t, s.Append("a", epoch, 0, lines, head), store.ErrConflict)
	must(t, s.Append("a", "e2", 0, lines, head))
}

func deleteOthers(t *testing.T, s store.Store) {
	neighbours := []string{"a", "a-", "a-b", "a0", "aa", "a_", "A", "b"}
	create(t, s, append(neighbours, "a-a")...)
	for _, id := range neighbours {
		appendRun(t, s, id, 0, 3)
		must(t, s.SaveSnapshot(id, epoch, store.Snapshot{Rev: 2, Content: content("at 2")}))
	}
	must(t, s.Delete("a"))
	must(t, s.Delete("a-a"))
	for _, id := range neighbours[1:] {
		wantLines(t, s, id, 0, 10, 1, 2, 3)
		wantSnapshot(t, s, id, 3, 2, "at 2")
	}
}

func updatedAt(t *testing.T, s store.Store) {
	create(t, s, "a")
	for _, step := range []struct {
		change func()
		want   int64
	}{
		{func() {}, 1000},
		{func() { appendRun(t, s, "a", 0, 2) }, 1002},
		{func() {
			_, err := s.Update("a", func(i *store.Info) error { i.ChangedAt = 2000; return nil })
			must(t, err)
		}, 2000},
	} {
		step.change()
		if got, err := s.Info("a"); err != nil || got.UpdatedAt() != step.want {
			t.Errorf("UpdatedAt = %d, %v; want %d", got.UpdatedAt(), err, step.want)
		}
	}
}
