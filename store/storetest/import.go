package storetest

import (
	"errors"
	"testing"

	"tutti/store"
)

var importTests = []test{
	{"ImportKeepsEverything", importKeeps},
	{"ImportShowsNothingBeforeItsEnd", importHidden},
	{"ImportLeavesNothingWhenItFails", importFails},
	{"ImportRefusesATakenId", importTaken},
	{"ImportRefusesGaps", importGaps},
}

func importKeeps(t *testing.T, s store.Store) {
	lines, end := run(0, 2500)
	must(t, s.Import(info("a"), content("a"), func(d store.Draft) (store.Head, error) {
		must(t, d.Append(lines[:1000]))
		must(t, d.SaveSnapshot(store.Snapshot{Rev: 1000, Content: content("at 1000"), Clients: []store.ClientMark{{Client: "c1", Seq: 1000, Rev: 1000}}}))
		must(t, d.Append(lines[1000:]))
		must(t, d.SaveVersion(store.Version{Rev: 7, Name: "seven", CreatedAt: 8, CreatedBy: store.User{ID: "u1"}}))
		must(t, d.SaveName(store.User{ID: "u1", Name: "Ada"}))
		return end, nil
	}))
	want := info("a")
	want.Head = end
	if got, err := s.Info("a"); err != nil || got != want {
		t.Errorf("Info = %+v, %v; want %+v", got, err, want)
	}
	wantSnapshot(t, s, "a", 999, 0, "a")
	wantSnapshot(t, s, "a", 2500, 1000, "at 1000")
	if mark, err := s.Mark("a", "c1"); err != nil || mark.Seq != 1000 {
		t.Errorf("Mark = %+v, %v", mark, err)
	}
	if name, err := s.Name("a", "u1"); err != nil || name != "Ada" {
		t.Errorf("Name = %q, %v", name, err)
	}
	if v, err := s.Versions("a", 100, 10); err != nil || len(v) != 1 || v[0].Name != "seven" {
		t.Errorf("Versions = %+v, %v", v, err)
	}
	appendRun(t, s, "a", 2500, 2)
}

func importHidden(t *testing.T, s store.Store) {
	lines, end := run(0, 3)
	must(t, s.Import(info("a"), content("a"), func(d store.Draft) (store.Head, error) {
		must(t, d.Append(lines))
		for method, err := range all(s, "a") {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s = %v, want ErrNotFound", method, err)
			}
		}
		if got := ids(t, s); len(got) > 0 {
			t.Errorf("List yields %q", got)
		}
		return end, nil
	}))
	if got := ids(t, s); len(got) != 1 {
		t.Errorf("List yields %q", got)
	}
}

func importFails(t *testing.T, s store.Store) {
	mine := errors.New("mine")
	lines, end := run(0, 3)
	for range 2 {
		fails(t, s.Import(info("a"), content("a"), func(d store.Draft) (store.Head, error) {
			must(t, d.Append(lines))
			must(t, d.SaveVersion(store.Version{Rev: 2, Name: "n"}))
			return end, mine
		}), mine)
	}
	must(t, s.Create(info("a"), content("new")))
	if lines, err := s.Lines("a", 0, 10); err != nil || len(lines) > 0 {
		t.Errorf("Lines = %d, %v", len(lines), err)
	}
	if v, err := s.Versions("a", 100, 10); err != nil || len(v) > 0 {
		t.Errorf("Versions = %+v, %v", v, err)
	}
	wantSnapshot(t, s, "a", 5, 0, "new")
}

func importTaken(t *testing.T, s store.Store) {
	create(t, s, "a")
	never := func(store.Draft) (store.Head, error) {
		t.Error("fill was called")
		return store.Head{}, nil
	}
	fails(t, s.Import(info("a"), content("b"), never), store.ErrExists)
	fails(t, s.Import(info(""), content("b"), never), store.ErrMalformed)
	wantSnapshot(t, s, "a", 0, 0, "a")
}

func importGaps(t *testing.T, s store.Store) {
	lines, end := run(0, 3)
	for name, fill := range map[string]func(store.Draft) (store.Head, error){
		"a gap":    func(d store.Draft) (store.Head, error) { return end, d.Append(lines[1:]) },
		"too few":  func(d store.Draft) (store.Head, error) { return end, d.Append(lines[:2]) },
		"no lines": func(store.Draft) (store.Head, error) { return end, nil },
	} {
		if err := s.Import(info("a"), content("a"), fill); !errors.Is(err, store.ErrMalformed) {
			t.Errorf("%s: %v, want ErrMalformed", name, err)
		}
	}
	fails(t, s.Import(info("a"), content("a"), func(d store.Draft) (store.Head, error) {
		must(t, d.Append(lines))
		return end, d.SaveSnapshot(store.Snapshot{Rev: 4})
	}), store.ErrRevision)
}
