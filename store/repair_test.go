package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tutti/ot"
)

// novel is a document "a" of 60 records, each a letter more, with snapshots at
// 20 and 40, beside another, "b"; closed.
func novel(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(inMemory(t), "tutti.db")
	b, err := Open(path, noLog)
	must(t, err)
	for _, id := range []string{"a", "b"} {
		must(t, b.Create(testInfo(id), []byte(`[]`)))
		content := ""
		for rev := int64(1); rev <= 60; rev++ {
			letter := string(rune('a' + rev%26))
			r := Record{Rev: rev, Client: "c1", Seq: rev, User: "u1", At: rev, Op: ot.Delta{}.Retain(len(content), nil).Insert(letter, nil)}
			content += letter
			must(t, b.Append(id, "e1", rev-1, []Line{{rev, r.AppendJSON(nil)}}, Head{rev, rev, rev}))
			if rev%20 == 0 && rev < 60 {
				must(t, b.SaveSnapshot(id, "e1", Snapshot{Rev: rev, Content: fmt.Appendf(nil, `[{"insert":%q}]`, content), Clients: []ClientMark{{"c1", rev, rev}}}))
			}
		}
	}
	must(t, b.Close())
	return path
}

// textAt replays a document from its beginning to a revision.
func textAt(t *testing.T, s Store, id string, rev int64) string {
	t.Helper()
	first, err := s.Snapshot(id, 0)
	must(t, err)
	content, err := ot.Parse(first.Content)
	must(t, err)
	doc, err := ot.NewDocument(content)
	must(t, err)
	lines, err := s.Lines(id, 0, int(rev))
	must(t, err)
	for _, line := range lines {
		r, err := ParseRecord(line.JSON)
		must(t, err)
		doc, err = doc.Apply(r.Op)
		must(t, err)
	}
	return doc.Text()
}

// hurt changes the bytes of a record of "a", wherever it is in the file.
func hurt(t *testing.T, path string, rev int64) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	key := appendKey(nil, "a", rev)
	found := 0
	for i := range data {
		if bytes.HasPrefix(data[i:], append(bytes.Clone(key), "{\"rev"...)) {
			data[i+len(key)+3] ^= 1
			found++
		}
	}
	if found == 0 {
		t.Fatalf("record %d is not in the file", rev)
	}
	must(t, os.WriteFile(path, data, 0o600))
}

// What is damaged before a snapshot becomes one change that leads to it: the
// content there and all that follows are what they were.
func TestRepairBridgesWhatASnapshotAllows(t *testing.T) {
	for name, damaged := range map[string][]int64{"in the first stretch": {5, 9}, "in the second": {25}, "in both": {7, 33}, "the first": {1}, "at a snapshot": {20}} {
		t.Run(name, func(t *testing.T) {
			path := novel(t)
			b, err := Open(path, noLog)
			must(t, err)
			want := textAt(t, b, "a", 60)
			must(t, b.Close())
			for _, rev := range damaged {
				hurt(t, path, rev)
			}
			done, err := Repair(path)
			if err != nil || len(done) != 1 {
				t.Fatalf("Repair: %q, %v", done, err)
			}
			if r, err := Verify(path); err != nil || len(r.Damage) > 0 || r.Records != 120 {
				t.Errorf("afterwards: %+v, %v", r, err)
			}
			b, err = Open(path, noLog)
			must(t, err)
			defer b.Close()
			for _, id := range []string{"a", "b"} {
				for _, rev := range []int64{40, 41, 60} {
					if got := textAt(t, b, id, rev); got != want[:rev] {
						t.Errorf("%s at %d is %q, was %q", id, rev, got, want[:rev])
					}
				}
				if s, err := b.Snapshot(id, 60); err != nil || s.Rev != 40 {
					t.Errorf("%s: the newest snapshot is at %d, %v", id, s.Rev, err)
				}
				if m, err := b.Mark(id, "c1"); err != nil || m.Seq < 40 {
					t.Errorf("%s: a client that resends is known up to %+v, %v", id, m, err)
				}
			}
			must(t, b.appendOne("a", 60))
			if r, err := Verify(path + ".damaged"); err != nil || len(r.Damage) == 0 {
				t.Errorf("the file as it was: %+v, %v", r, err)
			}
		})
	}
}

// Where no snapshot follows, a document stays damaged, and nothing of it is
// thrown away; the others are as they were.
func TestRepairKeepsWhatItCantMend(t *testing.T) {
	path := novel(t)
	hurt(t, path, 50)
	done, err := Repair(path)
	if err != nil || len(done) != 0 {
		t.Errorf("Repair: %q, %v", done, err)
	}
	r, err := Verify(path)
	if err != nil || len(r.Damage) != 1 || r.Damage[0].Document != "a" || r.Damage[0].Rev != 50 {
		t.Errorf("Verify: %+v, %v", r, err)
	}
	b, err := Open(path, noLog)
	must(t, err)
	if lines, err := b.Lines("a", 0, 49); err != nil || len(lines) != 49 {
		t.Errorf("what comes before: %d lines, %v", len(lines), err)
	}
	if lines, err := b.Lines("a", 0, 60); !errors.Is(err, ErrDamaged) {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	if len(textAt(t, b, "b", 60)) != 60 {
		t.Error("the other document is another")
	}
	must(t, b.Close())
	if _, err := Repair(path); err == nil {
		t.Error("a second repair would overwrite what the first has kept")
	}
}

// Whatever byte changes, a repair ends, and what it leaves can be opened.
func TestAfterARepairTheFileCanBeOpened(t *testing.T) {
	path := library(t)
	whole, err := os.ReadFile(path)
	must(t, err)
	whole = whole[:(len(bytes.TrimRight(whole, "\x00"))+4095)/4096*4096]
	repaired := 0
	for at := 2 * 4096; at < len(whole); at += 307 {
		broken := bytes.Clone(whole)
		broken[at] ^= 0x11
		changed := filepath.Join(inMemory(t), "changed.db")
		must(t, os.WriteFile(changed, broken, 0o600))
		r, err := Verify(changed)
		if err != nil || len(r.Damage) == 0 {
			continue
		}
		if _, err := Repair(changed); err != nil {
			t.Errorf("byte %d: %v: %v", at, r.Damage, err)
			continue
		}
		repaired++
		if _, err := contentsOf(t, changed); err != nil {
			if left, e := Verify(changed); e != nil || len(left.Damage) == 0 {
				t.Errorf("byte %d: %v; afterwards %v, of which Verify knows nothing: %v", at, r.Damage, err, e)
			}
		}
	}
	if repaired < 20 {
		t.Errorf("only %d files were repaired", repaired)
	}
}
