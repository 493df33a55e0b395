package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

var noLog = Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}

// library is a file with some of everything, closed.
func library(t testing.TB) (path string) {
	t.Helper()
	path = filepath.Join(inMemory(t), "tutti.db")
	b, err := Open(path, noLog)
	must(t, err)
	for i, id := range []string{"a", "b", "c-d"} {
		must(t, b.Create(testInfo(id), []byte(`[{"insert":"abc"}]`)))
		n := int64(40 * i)
		for at := int64(0); at < n; at += 4 {
			lines, head := testRun(at, 4)
			must(t, b.Append(id, "e1", at, lines, head))
		}
		must(t, b.SaveSnapshot(id, "e1", Snapshot{Rev: n / 2, Content: fmt.Appendf(nil, `[{"insert":"%d"}]`, i), Clients: []ClientMark{{"c1", 3, n / 2}}}))
		must(t, b.SaveVersion(id, "e1", Version{Rev: n / 2, Name: "half"}))
		must(t, b.SaveName(id, "e1", User{"u1", "Ada"}))
		must(t, b.SaveOrigins(id, "e1", n/2, []byte("origins")))
		_, err := b.AddMessage(id, "e1", Message{Text: "hello"})
		must(t, err)
		if id == "b" { // two runs and some records
			for _, upto := range []int64{20, 25} {
				_, err := b.Pack(id, "e1", upto)
				must(t, err)
			}
		}
	}
	must(t, b.Create(testInfo("gone"), nil))
	must(t, b.Delete("gone"))
	must(t, b.Close())
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// contents is all that a store gives out of each document; of one that is
// damaged, the error.
func contents(s Store) (all map[string]string, err error) {
	all = map[string]string{}
	for info, e := range s.List() {
		if e != nil && info.ID == "" {
			return all, e
		}
		all[info.ID] = "?"
	}
	for id := range all {
		info, e1 := s.Info(id)
		lines, e2 := s.Lines(id, 0, 1000)
		later, e3 := s.Lines(id, info.Head.Rev/2, 1000)
		first, e4 := s.Snapshot(id, 0)
		newest, e5 := s.Snapshot(id, info.Head.Rev)
		versions, e6 := s.Versions(id, info.Head.Rev+1, 10)
		name, e7 := s.Name(id, "u1")
		messages, e8 := s.Messages(id, 0, 10)
		mark, e9 := s.Mark(id, "c1")
		if e := errors.Join(e1, e2, e3, e4, e5, e6, e7, e8, e9); e != nil {
			all[id] = e.Error()
			continue
		}
		b, e := json.Marshal([]any{info, len(lines), lines, later, string(first.Content), string(newest.Content), versions, name, messages, mark})
		if e != nil {
			return nil, e
		}
		all[id] = string(b)
	}
	return all, nil
}

func contentsOf(t testing.TB, path string) (map[string]string, error) {
	t.Helper()
	b, err := Open(path, noLog)
	if err != nil {
		return nil, err
	}
	all, err := contents(b)
	if e := b.Close(); e != nil && err == nil {
		t.Errorf("Close: %v", e)
	}
	return all, err
}

func TestVerifyFindsNothingInAWholeFile(t *testing.T) {
	r, err := Verify(library(t))
	if err != nil || len(r.Damage) > 0 || r.Documents != 3 || r.Records != 120 {
		t.Errorf("%+v, %v", r, err)
	}
}

// volume is the bytes of a library and what is in it.
func volume(t testing.TB) (whole []byte, want map[string]string) {
	t.Helper()
	path := library(t)
	whole, err := os.ReadFile(path)
	must(t, err)
	used := len(bytes.TrimRight(whole, "\x00")) // bbolt makes a file longer than it needs
	want, err = contentsOf(t, path)
	must(t, err)
	return whole[:(used+4095)/4096*4096], want
}

// verdict is what is said of a file that was changed.
type verdict struct{ named, ofDocument, refused bool }

// judge fails the test unless Verify names what is damaged, or all is as it
// was; and what is served is as it was, but for what is named.
func judge(t *testing.T, changed string, want map[string]string) (v verdict) {
	t.Helper()
	r, err := Verify(changed)
	v.named = err != nil || len(r.Damage) > 0
	hurt, general := map[string]bool{}, err != nil
	for _, d := range r.Damage {
		hurt[d.Document] = true
		general = general || d.Document == ""
	}
	v.ofDocument = len(hurt) > 0 && !general
	got, err := contentsOf(t, changed)
	if err != nil {
		v.refused = true
		if !v.named {
			t.Errorf("nothing is named, and it can't be read: %v", err)
		}
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrFormat) {
			t.Error(err)
		}
		return v
	}
	for id := range want {
		switch {
		case got[id] == want[id]:
		case !v.named:
			t.Errorf("nothing is named, and %s is %.200q", id, got[id])
		case !hurt[id] && !general:
			t.Errorf("%v are named, and %s is %.200q", r.Damage, id, got[id])
		}
	}
	return v
}

// One byte is changed, anywhere in the file: Verify names what is damaged, or
// all documents are as they were. What is served of a damaged file is never
// other than it was; the documents that aren't named are served as they were,
// unless the file is refused as a whole. Nothing panics.
func TestOneByteThatChangedIsNamedOrHarmless(t *testing.T) {
	const page = 4096
	whole, want := volume(t)
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	var places []int
	for at := 0; at < len(whole); at += page {
		for i := range 80 { // heads, metas, and the first elements
			places = append(places, at+i)
		}
		for range 40 {
			places = append(places, at+rng.IntN(page))
		}
	}
	changed := filepath.Join(inMemory(t), "changed.db")
	named, ofDocument, refusedAll := 0, 0, 0
	for _, at := range places {
		broken := bytes.Clone(whole)
		broken[at] ^= byte(1 + rng.IntN(255))
		must(t, os.WriteFile(changed, broken, 0o600))
		v := judge(t, changed, want)
		if v.named {
			named++
		}
		if v.ofDocument {
			ofDocument++
		}
		if v.refused {
			refusedAll++
		}
		if t.Failed() {
			t.Fatalf("byte %d", at)
		}
	}
	t.Logf("%d bytes changed: %d named, %d of them as of a document; %d files were refused", len(places), named, ofDocument, refusedAll)
	if named < 100 || ofDocument < 20 {
		t.Error("too little was damaged to tell")
	}
}

// What a bit does in a record is said with the revision, and the others of the
// document, and the other documents, are served.
func TestVerifyNamesTheRevision(t *testing.T) {
	path := library(t)
	whole, err := os.ReadFile(path)
	must(t, err)
	for rev := int64(1); rev <= 80; rev += 13 {
		record := Record{Rev: rev, At: rev}.AppendJSON(nil)
		key := appendKey(nil, "c-d", rev)
		at := bytes.LastIndex(whole, append(bytes.Clone(key), record...)) // older pages have it, too, perhaps
		if at < 0 {
			t.Fatalf("record %d is not in the file", rev)
		}
		broken := bytes.Clone(whole)
		for i := bytes.Index(broken, append(bytes.Clone(key), record...)); i >= 0 && i <= at; i++ {
			if bytes.HasPrefix(broken[i:], append(bytes.Clone(key), record...)) {
				broken[i+len(key)+3] ^= 4
			}
		}
		changed := filepath.Join(inMemory(t), "changed.db")
		must(t, os.WriteFile(changed, broken, 0o600))
		r, err := Verify(changed)
		if err != nil || len(r.Damage) != 1 || r.Damage[0].Document != "c-d" || r.Damage[0].Rev != rev {
			t.Errorf("record %d: %+v, %v", rev, r, err)
			continue
		}
		b, err := Open(changed, noLog)
		must(t, err)
		if lines, err := b.Lines("c-d", 0, 1000); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), fmt.Sprintf("record %d ", rev)) {
			t.Errorf("it is served: %d lines, %v", len(lines), err)
		}
		if lines, err := b.Lines("c-d", 0, int(rev-1)); err != nil || len(lines) != int(rev-1) {
			t.Errorf("what comes before: %d lines, %v", len(lines), err)
		}
		if lines, err := b.Lines("b", 0, 1000); err != nil || len(lines) != 40 {
			t.Errorf("another document: %d lines, %v", len(lines), err)
		}
		must(t, b.Close())
	}
}

// A file of format 3 is written anew, and all is in it.
func TestAnOlderFileIsWrittenAnew(t *testing.T) {
	for _, older := range []string{"1", "3"} {
		path := library(t)
		want, err := contentsOf(t, path)
		must(t, err)
		age(t, path, older)
		if _, err := Verify(path); !errors.Is(err, errOlder) {
			t.Errorf("Verify: %v", err)
		}
		must(t, os.WriteFile(path+".new", []byte("what a crash has left"), 0o600))
		got, err := contentsOf(t, path)
		must(t, err)
		if older == "3" {
			for id := range want {
				if got[id] != want[id] {
					t.Errorf("%s was %.300s\nis %.300s", id, want[id], got[id])
				}
			}
		}
		if r, err := Verify(path); err != nil || len(r.Damage) > 0 || r.Documents != 3 || r.Records != 120 {
			t.Errorf("afterwards: %+v, %v", r, err)
		}
		if _, err := os.Stat(path + ".new"); !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	}
}

// age makes a file what an older program has written.
func age(t *testing.T, path, format string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	must(t, db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if string(name) == string(bucketMeta) {
				continue
			}
			values := map[string][]byte{}
			must(t, tx.Bucket(name).ForEach(func(key, value []byte) error {
				body := bytes.Clone(value[:len(value)-sealSize])
				if string(name) == string(bucketHeads) {
					body = append(body[:24:24], body[28:]...)
				}
				values[string(key)] = body
				return nil
			}))
			for key, body := range values {
				must(t, tx.Bucket(name).Put([]byte(key), body))
			}
		}
		if format == "1" {
			for _, later := range [][]byte{bucketVersions, bucketNames, bucketOrigins, bucketMessages} {
				must(t, tx.DeleteBucket(later))
			}
		}
		return errors.Join(tx.Bucket(bucketMeta).Delete(keyTallies), tx.Bucket(bucketMeta).Put(keyFormat, []byte(format)))
	}))
}

// A page that points to itself would end the process, were it let to bbolt.
func TestAPageThatPointsToItselfIsAnError(t *testing.T) {
	path := filepath.Join(inMemory(t), "tutti.db")
	b, err := Open(path, noLog)
	must(t, err)
	must(t, b.Create(testInfo("a"), nil))
	lines, head := testRun(0, 2000)
	must(t, b.Append("a", "e1", 0, lines, head))
	must(t, b.Close())
	data, err := os.ReadFile(path)
	must(t, err)
	found := 0
	for at := 0; at+4096 <= len(data); at += 4096 {
		if page := data[at:]; native.Uint16(page[8:]) == flagBranch && native.Uint64(page) == uint64(at/4096) {
			native.PutUint64(page[pageHead+8:], uint64(at/4096))
			found++
		}
	}
	must(t, os.WriteFile(path, data, 0o600))
	if r, err := Verify(path); err != nil || len(r.Damage) == 0 || found == 0 {
		t.Errorf("Verify: %+v, %v; %d pages", r, err, found)
	}
	if _, err := Open(path, noLog); !errors.Is(err, ErrDamaged) {
		t.Errorf("Open: %v", err)
	}
}

// A document of which a half is missing is damaged, and not unknown: nobody
// shall take it for deleted.
func TestADocumentOfWhichAHalfIsMissingIsDamaged(t *testing.T) {
	for _, bucket := range [][]byte{bucketDocuments, bucketHeads} {
		b := open(t)
		must(t, b.Create(testInfo("d"), nil))
		must(t, b.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucket).Delete([]byte("d")) }))
		_, err := b.Info("d")
		wantErr(t, err, ErrDamaged)
		if bytes.Equal(bucket, bucketHeads) {
			_, err = b.Lines("d", 0, 1)
			wantErr(t, err, ErrDamaged)
			wantErr(t, b.appendOne("d", 0), ErrDamaged)
		}
	}
}

// A meta page that can't be read is not noticed by who reads only the other: what
// was saved last is gone, and that is said before it is written over.
func TestAMetaPageThatCantBeReadIsSaid(t *testing.T) {
	path := library(t)
	data, err := os.ReadFile(path)
	must(t, err)
	for at := range 2 {
		broken := bytes.Clone(data)
		broken[4096*at+pageHead+40] ^= 1
		changed := filepath.Join(inMemory(t), "changed.db")
		must(t, os.WriteFile(changed, broken, 0o600))
		for _, want := range []bool{true, false} { // until the next write
			var said bytes.Buffer
			b, err := Open(changed, Options{Log: slog.New(slog.NewTextHandler(&said, nil))})
			must(t, err)
			if is := strings.Contains(said.String(), "what was saved last is gone"); is != want {
				t.Errorf("meta %d: said is %v: %s", at, is, said.String())
			}
			must(t, b.Probe())
			must(t, b.Probe())
			must(t, b.Close())
		}
	}
}
