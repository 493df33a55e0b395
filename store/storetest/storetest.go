// Package storetest is the contract of store.Store in executable form: a
// subtest for every sentence of it.
package storetest

import (
	"errors"
	"fmt"
	"testing"

	"tutti/ot"
	"tutti/store"
)

// Run runs the suite. open returns a new store without documents for each
// test, and closes it in a Cleanup if the test did not.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"Documents", documentTests},
		{"Log", logTests},
		{"Snapshots", snapshotTests},
		{"Pack", packTests},
		{"History", historyTests},
		{"Chat", chatTests},
		{"Import", importTests},
		{"Replace", replaceTests},
		{"Concurrency", concurrencyTests},
		{"Close", closeTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) {
					s := open(t)
					t.Cleanup(func() { Check(t, s) })
					test.run(t, s)
				})
			}
		})
	}
}

type test struct {
	name string
	run  func(t *testing.T, s store.Store)
}

// Check fails t unless each document's log is dense from revision 1 to the
// head, each line is the record of its revision, and there is a snapshot to
// start from. It passes over a store that is closed.
func Check(t *testing.T, s store.Store) {
	t.Helper()
	last := ""
	for info, err := range s.List() {
		if errors.Is(err, store.ErrClosed) {
			return
		}
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		if info.ID <= last {
			t.Errorf("List yields %q after %q", info.ID, last)
		}
		last = info.ID
		checkDocument(t, s, info)
	}
}

func checkDocument(t *testing.T, s store.Store, info store.Info) {
	t.Helper()
	if alone, err := s.Info(info.ID); err != nil || alone != info {
		t.Errorf("Info(%q) = %+v, %v; List yields %+v", info.ID, alone, err, info)
	}
	var last store.Record
	for last.Rev < info.Head.Rev {
		lines, err := s.Lines(info.ID, last.Rev, 1000)
		if err != nil || len(lines) == 0 {
			t.Fatalf("Lines(%q, %d) = %d lines, %v; the head is %d", info.ID, last.Rev, len(lines), err, info.Head.Rev)
		}
		for _, line := range lines {
			record, err := store.ParseRecord(line.JSON)
			if err != nil || line.Rev != last.Rev+1 || record.Rev != line.Rev {
				t.Fatalf("%q: after record %d comes line %d: %s, %v", info.ID, last.Rev, line.Rev, line.JSON, err)
			}
			last = record
		}
	}
	if beyond, err := s.Lines(info.ID, info.Head.Rev, 1); err != nil || len(beyond) > 0 {
		t.Errorf("%q: lines behind the head: %v, %v", info.ID, beyond, err)
	}
	if last.At != info.Head.At {
		t.Errorf("%q: the head is of %d, its record of %d", info.ID, info.Head.At, last.At)
	}
	if first, err := s.Snapshot(info.ID, 0); err != nil || first.Rev != 0 {
		t.Errorf("%q: Snapshot(0) = %+v, %v", info.ID, first, err)
	}
}

const epoch = "e1"

// info describes a document that the suite creates.
func info(id string) store.Info {
	return store.Info{
		ID:        id,
		Kind:      ot.Text,
		Title:     "Title of " + id,
		Language:  "go",
		Epoch:     epoch,
		CreatedAt: 1000,
		CreatedBy: store.User{ID: "u1", Name: "Ada Ωλ"},
		Head:      store.Head{Length: 2},
	}
}

// create adds documents with the content "id".
func create(t *testing.T, s store.Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		must(t, s.Create(info(id), content(id)))
	}
}

func content(text string) []byte { return fmt.Appendf(nil, `[{"insert":%q}]`, text) }

// line is a record that the suite appends.
func line(rev int64) store.Line {
	op := ot.Delta{}.Insert(fmt.Sprint(rev), nil)
	r := store.Record{Rev: rev, Client: "c1", Seq: rev, User: "u1", At: 1000 + rev, Op: op}
	return store.Line{Rev: rev, JSON: r.AppendJSON(nil)}
}

// run returns n lines that follow a revision, and the head that they lead to.
func run(at int64, n int) ([]store.Line, store.Head) {
	var lines []store.Line
	for rev := at + 1; rev <= at+int64(n); rev++ {
		lines = append(lines, line(rev))
	}
	return lines, head(at + int64(n))
}

func head(rev int64) store.Head { return store.Head{Rev: rev, At: 1000 + rev, Length: 2 * rev} }

// appendRun appends n lines behind a revision.
func appendRun(t *testing.T, s store.Store, id string, at int64, n int) {
	t.Helper()
	lines, head := run(at, n)
	must(t, s.Append(id, epoch, at, lines, head))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails makes sure that err is the one that the contract names.
func fails(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// all calls every method of s that takes an id.
func all(s store.Store, id string) map[string]error {
	errs := make(map[string]error)
	_, errs["Info"] = s.Info(id)
	_, errs["Update"] = s.Update(id, func(*store.Info) error { return nil })
	_, errs["Lines"] = s.Lines(id, 0, 10)
	_, errs["LogSize"] = s.LogSize(id, 0, 10)
	_, errs["Pack"] = s.Pack(id, epoch, 10)
	_, errs["Snapshot"] = s.Snapshot(id, 0)
	_, errs["Mark"] = s.Mark(id, "c1")
	lines, head := run(0, 1)
	errs["Append"] = s.Append(id, epoch, 0, lines, head)
	errs["SaveSnapshot"] = s.SaveSnapshot(id, epoch, store.Snapshot{Content: content("x")})
	errs["DropSnapshot"] = s.DropSnapshot(id, epoch, 1)
	errs["SaveVersion"] = s.SaveVersion(id, epoch, store.Version{})
	_, errs["Versions"] = s.Versions(id, 1, 1)
	errs["DropVersion"] = s.DropVersion(id, epoch, 0)
	errs["SaveName"] = s.SaveName(id, epoch, store.User{ID: "u1"})
	_, errs["Name"] = s.Name(id, "u1")
	errs["SaveOrigins"] = s.SaveOrigins(id, epoch, 0, nil)
	_, _, errs["Origins"] = s.Origins(id)
	_, errs["AddMessage"] = s.AddMessage(id, epoch, store.Message{})
	errs["DropMessage"] = s.DropMessage(id, epoch, 1)
	_, errs["Messages"] = s.Messages(id, 0, 1)
	_, errs["LastMessage"] = s.LastMessage(id)
	errs["Replace"] = s.Replace(id, epoch, 0, "e2", func(store.Replacement) error { return nil })
	errs["Delete"] = s.Delete(id)
	return errs
}
