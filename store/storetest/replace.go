package storetest

import (
	"errors"
	"testing"

	"tutti/ot"
	"tutti/store"
)

var replaceTests = []test{
	{"ReplaceKeepsAllElse", replaceKeeps},
	{"ReplaceTakesALongLog", replaceLong},
	{"ReplaceLeavesAllWhereItFails", replaceFails},
	{"ReplaceComparesEpochAndHead", replaceRefused},
	{"ReplacedDocumentsCanBeDeleted", replaceDeleted},
}

// other is a record that takes the place of line(rev).
func other(rev int64) store.Line {
	op := ot.Delta{}.Insert("██", nil)
	r := store.Record{Rev: rev, Client: "c1", Seq: rev, User: "u1", At: 1000 + rev, Op: op}
	return store.Line{Rev: rev, JSON: r.AppendJSON(nil)}
}

func wantEach(t *testing.T, s store.Store, id string, n int64, want func(rev int64) store.Line) {
	t.Helper()
	for rev := int64(0); rev < n; {
		lines, err := s.Lines(id, rev, int(min(500, n-rev)))
		must(t, err)
		for _, got := range lines {
			if rev++; got.Rev != rev || string(got.JSON) != string(want(rev).JSON) {
				t.Fatalf("line %d of %q is %d %s, want %s", rev, id, got.Rev, got.JSON, want(rev).JSON)
			}
		}
		if len(lines) == 0 {
			t.Fatalf("%q ends at %d", id, rev)
		}
	}
}

func replaceKeeps(t *testing.T, s store.Store) {
	create(t, s, "a", "aa")
	for _, id := range []string{"a", "aa"} {
		appendRun(t, s, id, 0, 5)
		save(t, s, id, 3, "at 3", store.ClientMark{Client: "c1", Seq: 3, Rev: 3})
	}
	name(t, s, "a", 2)
	must(t, s.SaveName("a", epoch, store.User{ID: "u1", Name: "Ada"}))
	must(t, s.SaveOrigins("a", epoch, 4, []byte("o")))
	_, err := s.AddMessage("a", epoch, store.Message{Text: "hello"})
	must(t, err)
	before, err := s.Info("a")
	must(t, err)

	must(t, s.Replace("a", epoch, 5, "e2", func(r store.Replacement) error {
		return errors.Join(
			r.Lines([]store.Line{other(2), other(5)}), r.Lines([]store.Line{other(3)}), r.Lines(nil),
			r.Snapshot(0, content("██")), r.Snapshot(3, content("██ 3")))
	}))

	want := before
	want.Epoch = "e2"
	if got, err := s.Info("a"); err != nil || got != want {
		t.Errorf("Info = %+v, %v; want %+v", got, err, want)
	}
	wantEach(t, s, "a", 5, func(rev int64) store.Line {
		if rev == 2 || rev == 3 || rev == 5 {
			return other(rev)
		}
		return line(rev)
	})
	wantEach(t, s, "aa", 5, line)
	wantSnapshot(t, s, "a", 2, 0, "██")
	wantSnapshot(t, s, "a", 5, 3, "██ 3")
	wantSnapshot(t, s, "aa", 5, 3, "at 3")
	wantVersions(t, s, "a", 10, 10, 2)
	wantName(t, s, "a", "u1", "Ada")
	if mark, err := s.Mark("a", "c1"); err != nil || mark.Seq != 3 {
		t.Errorf("Mark = %+v, %v", mark, err)
	}
	if rev, data, err := s.Origins("a"); err != nil || rev != 4 || string(data) != "o" {
		t.Errorf("Origins = %d, %s, %v", rev, data, err)
	}
	if m, err := s.Messages("a", 0, 10); err != nil || len(m) != 1 || m[0].Text != "hello" {
		t.Errorf("Messages = %+v, %v", m, err)
	}
	lines, end := run(5, 2)
	fails(t, s.Append("a", epoch, 5, lines, end), store.ErrConflict)
	must(t, s.Append("a", "e2", 5, lines, end))
}

func replaceLong(t *testing.T, s store.Store) {
	create(t, s, "a")
	const n = 3000
	appendRun(t, s, "a", 0, n)
	must(t, s.Replace("a", epoch, n, "e2", func(r store.Replacement) error {
		var lines []store.Line
		for rev := int64(1); rev <= n; rev++ {
			if lines = append(lines, other(rev)); len(lines) == 700 || rev == n {
				must(t, r.Lines(lines))
				lines = lines[:0]
			}
		}
		return nil
	}))
	wantEach(t, s, "a", n, other)
}

func replaceFails(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 3)
	mine := errors.New("mine")
	for _, test := range []struct {
		name string
		fill func(store.Replacement) error
		want error
	}{
		{"it says so", func(r store.Replacement) error { must(t, r.Lines([]store.Line{other(1)})); return mine }, mine},
		{"no such line", func(r store.Replacement) error { return r.Lines([]store.Line{other(3), other(4)}) }, store.ErrRevision},
		{"no line", func(r store.Replacement) error { return r.Lines([]store.Line{other(0)}) }, store.ErrRevision},
		{"no such snapshot", func(r store.Replacement) error { return r.Snapshot(2, content("x")) }, store.ErrRevision},
		{"the head moves", func(r store.Replacement) error {
			must(t, r.Lines([]store.Line{other(1)}))
			appendRun(t, s, "a", 3, 1)
			return nil
		}, store.ErrConflict},
	} {
		if err := s.Replace("a", epoch, 3, "e2", test.fill); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	wantEach(t, s, "a", 4, line)
	wantSnapshot(t, s, "a", 3, 0, "a")
	// Nothing of them is left to hold with the next.
	must(t, s.Replace("a", epoch, 4, "e2", func(r store.Replacement) error { return r.Lines([]store.Line{other(4)}) }))
	wantEach(t, s, "a", 3, line)
	if i, err := s.Info("a"); err != nil || i.Epoch != "e2" {
		t.Errorf("Info = %+v, %v", i, err)
	}
}

func replaceRefused(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 3)
	never := func(store.Replacement) error {
		t.Error("fill was called")
		return nil
	}
	fails(t, s.Replace("a", "e0", 3, "e2", never), store.ErrConflict)
	fails(t, s.Replace("a", epoch, 2, "e2", never), store.ErrConflict)
	fails(t, s.Replace("b", epoch, 0, "e2", never), store.ErrNotFound)
}

func replaceDeleted(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 3)
	fails(t, s.Replace("a", epoch, 3, "e2", func(r store.Replacement) error {
		must(t, r.Lines([]store.Line{other(1)}))
		must(t, s.Delete("a"))
		create(t, s, "a")
		appendRun(t, s, "a", 0, 2)
		return nil
	}), store.ErrConflict)
	wantEach(t, s, "a", 2, line)
	must(t, s.Replace("a", epoch, 2, "e2", func(r store.Replacement) error { return r.Lines([]store.Line{other(2)}) }))
	must(t, s.Delete("a"))
	create(t, s, "a")
	if lines, err := s.Lines("a", 0, 10); err != nil || len(lines) > 0 {
		t.Errorf("Lines = %d, %v", len(lines), err)
	}
}
