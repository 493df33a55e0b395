package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// packTo packs a document as far as it can be.
func packTo(t *testing.T, b *Bolt, id string, upto int64) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = b.Pack(id, "e1", upto); err != nil {
			t.Fatalf("Pack: %v", err)
		}
	}
}

// hurtRun changes a byte in the run of "a" that begins with a revision.
func hurtRun(t *testing.T, path string, first int64) {
	t.Helper()
	b, err := Open(path, noLog)
	must(t, err)
	key := appendKey(nil, "a", first)
	var value []byte
	must(t, b.view(func(tx *bolt.Tx) error {
		value = bytes.Clone(tx.Bucket(bucketRecords).Get(key))
		return nil
	}))
	must(t, b.Close())
	if !isRun(value) {
		t.Fatalf("there is no run at %d", first)
	}
	data, err := os.ReadFile(path)
	must(t, err)
	broken := bytes.Clone(value)
	broken[len(broken)/2] ^= 4
	must(t, os.WriteFile(path, bytes.ReplaceAll(data, value, broken), 0o600))
}

func TestDamageInARunIsNamedByItsFirstRevision(t *testing.T) {
	path := novel(t)
	b, err := Open(path, noLog)
	must(t, err)
	packTo(t, b, "a", 20)
	packTo(t, b, "a", 28)
	want := textAt(t, b, "a", 60)
	must(t, b.Close())
	hurtRun(t, path, 21)
	r, err := Verify(path)
	if err != nil || len(r.Damage) != 1 || r.Damage[0].Document != "a" || r.Damage[0].Rev != 21 {
		t.Errorf("Verify: %+v, %v", r, err)
	}
	b, err = Open(path, noLog)
	must(t, err)
	for after, ok := range map[int64]bool{0: false, 20: false, 24: false, 28: false, 29: true} {
		lines, err := b.Lines("a", after, 100)
		if ok != (err == nil) || err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("after %d: %d lines, %v", after, len(lines), err)
		}
	}
	if lines, err := b.Lines("a", 0, 20); err != nil || len(lines) != 20 {
		t.Errorf("before it: %d lines, %v", len(lines), err)
	}
	if _, err := b.Pack("a", "e1", 60); !errors.Is(err, ErrDamaged) {
		t.Errorf("Pack: %v", err)
	}
	must(t, b.Close())
	done, err := Repair(path)
	if err != nil || len(done) != 1 || !strings.Contains(done[0], "revisions 21 to 40") {
		t.Fatalf("Repair: %q, %v", done, err)
	}
	if r, err := Verify(path); err != nil || len(r.Damage) > 0 || r.Records != 120 {
		t.Errorf("afterwards: %+v, %v", r, err)
	}
	b, err = Open(path, noLog)
	must(t, err)
	defer b.Close()
	for _, rev := range []int64{5, 20, 40, 60} {
		if got := textAt(t, b, "a", rev); got != want[:rev] {
			t.Errorf("at %d it is %q, was %q", rev, got, want[:rev])
		}
	}
	packTo(t, b, "a", 60)
	if got := textAt(t, b, "a", 60); got != want {
		t.Errorf("packed again it is %q, was %q", got, want)
	}
}

// A file without anything packed is one of format 4, and stays one until
// something is.
func TestFormatRisesWhenSomethingIsPacked(t *testing.T) {
	path := library(t)
	formatOf := func(b *Bolt) (number int) {
		must(t, b.view(func(tx *bolt.Tx) (err error) {
			number, err = readFormat(tx)
			return err
		}))
		return number
	}
	b, err := Open(path, noLog)
	must(t, err)
	must(t, b.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketMeta).Put(keyFormat, []byte("4")) }))
	must(t, b.Close())
	if r, err := Verify(path); err != nil || len(r.Damage) > 0 {
		t.Errorf("Verify: %+v, %v", r, err)
	}
	b, err = Open(path, noLog)
	must(t, err)
	defer b.Close()
	if n := formatOf(b); n != 4 {
		t.Errorf("opened it is of format %d", n)
	}
	packTo(t, b, "c-d", 10)
	if n := formatOf(b); n != format {
		t.Errorf("packed it is of format %d", n)
	}
}

// A transaction that fails leaves all as it was; so does a change meanwhile.
func TestPackIsAllOrNothing(t *testing.T) {
	path := library(t)
	b, err := Open(path, noLog)
	must(t, err)
	defer b.Close()
	want, err := contents(b)
	must(t, err)
	b.committer.commitTx = func(tx *bolt.Tx) error { return errors.Join(tx.Rollback(), errors.New("no room")) }
	if _, err := b.Pack("c-d", "e1", 20); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Pack: %v", err)
	}
	b.committer.commitTx = (*bolt.Tx).Commit
	rows, err := b.packable("c-d", "e1", 20)
	must(t, err)
	packTo(t, b, "c-d", 10)
	err = b.committer.submit("c-d", func(w *writer) error { return w.replace("c-d", "e1", rows, []byte("x")) })
	if !errors.Is(err, ErrConflict) {
		t.Errorf("of other rows: %v", err)
	}
	if got, err := contents(b); err != nil || !maps.Equal(got, want) {
		t.Errorf("it has %v, %v\nit had %v", got, err, want)
	}
}

// While people write and read, documents are packed up to their heads.
func TestPackBesideWritersAndReaders(t *testing.T) {
	path := library(t)
	b, err := Open(path, noLog)
	must(t, err)
	must(t, b.Create(testInfo("busy"), []byte(`[]`)))
	const most = 3000
	var group sync.WaitGroup
	written := make(chan struct{})
	group.Go(func() {
		defer close(written)
		for at := int64(0); at < most; at += 4 {
			lines, head := testRun(at, 4)
			if err := b.Append("busy", "e1", at, lines, head); err != nil {
				t.Error(err)
				return
			}
		}
	})
	group.Go(func() {
		for done := false; !done; {
			select {
			case <-written:
				done = true
			default:
			}
			if _, err := b.Pack("busy", "e1", most); err != nil && !errors.Is(err, ErrConflict) {
				t.Errorf("Pack: %v", err)
			}
		}
	})
	group.Go(func() {
		for at := int64(0); at < most; {
			lines, err := b.Lines("busy", at, 50)
			if err != nil {
				t.Error(err)
				return
			}
			for _, line := range lines {
				if want, _ := testRun(at, 1); line.Rev != at+1 || !bytes.Equal(line.JSON, want[0].JSON) {
					t.Errorf("after %d comes %d: %s", at, line.Rev, line.JSON)
					return
				}
				at = line.Rev
			}
		}
	})
	group.Wait()
	must(t, b.Close())
	if r, err := Verify(path); err != nil || len(r.Damage) > 0 || r.Records != 120+most {
		t.Errorf("Verify: %+v, %v", r, err)
	}
}

// Of the snapshots in a stretch the last stays, deflated.
func TestPackThinsSnapshots(t *testing.T) {
	b, err := Open(t.TempDir()+"/tutti.db", noLog)
	must(t, err)
	defer b.Close()
	must(t, b.Create(testInfo("a"), []byte(`[]`)))
	const most = 3 * packedApart / 2
	for at := int64(0); at < most; at += 16384 {
		lines, head := testRun(at, 16384)
		must(t, b.Append("a", "e1", at, lines, head))
		must(t, b.SaveSnapshot("a", "e1", Snapshot{Rev: head.Rev, Content: fmt.Appendf(nil, "%d%s", head.Rev, strings.Repeat("x", 9000))}))
	}
	packTo(t, b, "a", most)
	var at []int64
	for rev := int64(most); ; {
		s, err := b.Snapshot("a", rev)
		must(t, err)
		if s.Rev == 0 {
			break
		}
		if want := fmt.Sprintf("%d%s", s.Rev, strings.Repeat("x", 9000)); string(s.Content) != want {
			t.Errorf("the snapshot at %d is another", s.Rev)
		}
		at, rev = append(at, s.Rev), s.Rev-1
	}
	if fmt.Sprint(at) != fmt.Sprint([]int64{most, packedApart - 16384}) {
		t.Errorf("there are snapshots at %d", at)
	}
	size, err := b.LogSize("a", 0, 1<<30)
	must(t, err)
	if size.PackedTo != most || size.Raw != 0 || size.Packed > most/2 {
		t.Errorf("%+v", size)
	}
}

// The record behind what is packed gets a new seal, which must not hide that
// it is damaged.
func TestPackMakesNoDamageGood(t *testing.T) {
	path := novel(t)
	hurt(t, path, 50)
	b, err := Open(path, noLog)
	must(t, err)
	if _, err := b.Pack("a", "e1", 49); !errors.Is(err, ErrDamaged) {
		t.Errorf("Pack: %v", err)
	}
	must(t, b.Close())
	if r, err := Verify(path); err != nil || len(r.Damage) != 1 || r.Damage[0].Rev != 50 {
		t.Errorf("Verify: %+v, %v", r, err)
	}
}
