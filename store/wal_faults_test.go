package store

import (
	"errors"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// faulty is a store of which anything may fail at any time, and what has to be
// in it: of each document the attempts that were acknowledged, in order, and one
// of which nobody knows.
type faulty struct {
	t       *testing.T
	rng     *rand.Rand
	b       *Bolt
	has     map[string][]int64
	unknown map[string]int64 // 0: none
	attempt int64
}

// fail makes some of what follows fail.
func (f *faulty) fail() {
	c := f.b.committer
	commit, sync := f.rng.IntN(5), f.rng.IntN(3)
	_ = c.submit("", func(*writer) error { // on its goroutine, and before its commit
		c.commitTx, c.wal.sync = (*bolt.Tx).Commit, syncData
		switch commit {
		case 0:
			c.commitTx = func(tx *bolt.Tx) error { return errors.Join(tx.Rollback(), syscall.ENOSPC) }
		case 1:
			c.commitTx = func(tx *bolt.Tx) error { return errors.Join(tx.Commit(), syscall.EIO) }
		}
		if sync == 0 {
			c.wal.sync = func(*os.File) error { return syscall.EIO }
		}
		return nil
	})
}

func (f *faulty) append(id string) {
	f.attempt++
	at := int64(len(f.has[id]))
	line := Line{at + 1, Record{Rev: at + 1, Client: "c", Seq: f.attempt}.AppendJSON(nil)}
	switch err := f.b.Append(id, "e1", at, []Line{line}, Head{Rev: at + 1}); {
	case err == nil && f.unknown[id] != 0:
		f.unknown[id] = 0 // it was not stored
		fallthrough
	case err == nil:
		f.has[id] = append(f.has[id], f.attempt)
	case errors.Is(err, ErrUnknown):
		if f.unknown[id] != 0 {
			f.unknown[id] = -1 // one or the other; looked at before this is allowed
		}
		f.unknown[id] = f.attempt
	case errors.Is(err, ErrConflict) && f.unknown[id] != 0:
		f.look(f.b, id)
	case !errors.Is(err, ErrUnavailable):
		f.t.Fatal(err)
	}
}

// look compares, and reports whether it could.
func (f *faulty) look(b *Bolt, id string) bool {
	lines, err := b.Lines(id, 0, 1<<20)
	if errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnknown) {
		return false
	}
	if err != nil {
		f.t.Fatal(err)
	}
	want := f.has[id]
	if len(lines) == len(want)+1 && f.unknown[id] != 0 {
		want = append(want, f.unknown[id])
	}
	if len(lines) != len(want) {
		f.t.Fatalf("%s has %d lines, want %d", id, len(lines), len(want))
	}
	for i, line := range lines {
		r, err := ParseRecord(line.JSON)
		if err != nil || r.Seq != want[i] {
			f.t.Fatalf("%s has attempt %d at %d, want %d, %v", id, r.Seq, line.Rev, want[i], err)
		}
	}
	f.has[id], f.unknown[id] = want, 0
	return true
}

func (f *faulty) step() {
	id := string(rune('a' + f.rng.IntN(3)))
	if f.unknown[id] != 0 && !f.look(f.b, id) {
		return
	}
	switch n := f.rng.IntN(24); {
	case n == 0:
		f.fail()
	case n == 1:
		f.look(f.b, id)
	case n == 2:
		_ = f.b.SaveSnapshot(id, "e1", Snapshot{Content: []byte("[]")})
	case n == 3:
		_ = f.b.SaveName(id, "e1", User{"u", string(rune('a' + f.rng.IntN(20)))})
	case n == 4:
		_ = f.b.committer.submit("z", func(*writer) error { panic("a bug") })
	case n == 5:
		_ = f.b.Probe()
	case n == 6:
		_ = batch(f.b,
			func() error { return f.b.committer.read(func(*bolt.Tx) error { return nil }) },
			func() error { return f.b.committer.submit("z", func(*writer) error { panic("a bug") }) },
		)
	case n == 7:
		_ = f.b.committer.submit("", func(*writer) error { return nil })
	default:
		f.append(id)
	}
}

// TestFailuresAndPowerCuts has the log's syncs and bbolt's commits fail, some of
// them after all was stored, jobs panic, and the power go away. What was
// acknowledged is there, and what was refused is not.
func TestFailuresAndPowerCuts(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	b, _ := logging(t)
	must(t, b.Create(testInfo("b"), nil))
	must(t, b.Create(testInfo("c"), nil))
	f := &faulty{t, rand.New(rand.NewPCG(seed, 0)), b, map[string][]int64{}, map[string]int64{}, 0}
	for range 30 {
		for range f.rng.IntN(150) {
			f.step()
		}
		path := f.b.file.Name()
		left := imageOf(t, path)
		if f.rng.IntN(3) == 0 {
			f.b.Close()
			left = imageOf(t, path)
			if left.log == nil {
				f.b = reopened(t, path)
				continue
			}
		}
		f.b = left.boot(t)
		for _, id := range []string{"a", "b", "c"} {
			if !f.look(f.b, id) {
				t.Fatal("it can't be read")
			}
		}
		if f.b.committer.aside {
			t.Fatal("something did not go into the file")
		}
	}
}
