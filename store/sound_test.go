package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// opened is a file with two documents, which a store has open.
func opened(t *testing.T) (b *Bolt, path string) {
	t.Helper()
	path = filepath.Join(inMemory(t), "tutti.db")
	b, err := Open(path, noLog)
	must(t, err)
	t.Cleanup(func() { b.Close() })
	for _, id := range []string{"a", "b"} {
		must(t, b.Create(testInfo(id), []byte(`[{"insert":"abc"}]`)))
		lines, head := testRun(0, 1000)
		must(t, b.Append(id, "e1", 0, lines, head))
	}
	must(t, b.committer.flush())
	return b, path
}

// A file that is cut short while it is open is not written to any more, what is
// read of it is what was written or an error, and nothing ends the process. The
// next process is told.
func TestAFileCutShortWhileOpen(t *testing.T) {
	for _, to := range []int64{0, 100, 4096, 3 * 4096, 10 * 4096, 30 * 4096} {
		t.Run(fmt.Sprint(to), func(t *testing.T) {
			b, path := opened(t)
			want, err := contents(b)
			must(t, err)
			must(t, os.Truncate(path, to))
			for range 2 {
				wantErr(t, b.appendOne("a", 1000), ErrUnavailable)
				wantErr(t, b.appendOne("a", 1000), ErrDamaged)
				wantErr(t, b.Probe(), ErrDamaged)
			}
			for id := range want {
				if info, err := b.Info(id); err == nil && info.Head.Rev != 1000 || err != nil && !errors.Is(err, ErrDamaged) {
					t.Errorf("%s: %+v, %v", id, info, err)
				}
				if lines, err := b.Lines(id, 0, 2000); err == nil && len(lines) != 1000 || err != nil && !errors.Is(err, ErrDamaged) {
					t.Errorf("%s: %d lines, %v", id, len(lines), err)
				}
			}
			must(t, b.Close())
			if _, err := Open(path, noLog); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) {
				t.Errorf("Open: %v", err)
			}
		})
	}
}

// Without the meta page that was written last, an older state would come back,
// and be written on.
func TestTheNewestMetaPageIsOverwritten(t *testing.T) {
	b, path := opened(t)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer file.Close()
	first, err := readMeta(file, 0)
	must(t, err)
	second, err := readMeta(file, 4096)
	must(t, err)
	at := int64(0)
	if second.txid > first.txid {
		at = 4096
	}
	_, err = file.WriteAt([]byte{0xff}, at+pageHead+40)
	must(t, err)
	_, err = b.Info("a")
	wantErr(t, err, ErrDamaged)
	wantErr(t, b.appendOne("a", 1000), ErrUnavailable)
	wantErr(t, b.appendOne("a", 999), ErrUnavailable)
	must(t, b.Close())
}

// What is written to a file that has no name any more is gone when it is closed.
func TestAFileThatIsNotInItsPlaceIsNotWrittenTo(t *testing.T) {
	b, path := opened(t)
	away := path + ".away"
	must(t, os.Rename(path, away))
	wantErr(t, b.appendOne("a", 1000), ErrUnavailable)
	must(t, os.WriteFile(path, nil, 0o600))
	wantErr(t, b.appendOne("a", 1000), ErrUnavailable)
	if info, err := b.Info("a"); err != nil || info.Head.Rev != 1000 {
		t.Errorf("Info: %+v, %v", info, err)
	}
	must(t, os.Rename(away, path))
	must(t, b.appendOne("a", 1000))
}

// Bytes turn over under a server that reads and writes. What it gives out is as
// it was written, or an error; what it takes is there as long as it lives; and
// it lives. With -race it needs the flags of make test, or checkptr may end the
// process in bbolt.
func TestBytesTurnOverWhileOpen(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 40 {
		b, path := opened(t)
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		must(t, err)
		newest, err := b.committer.newest()
		must(t, err)
		for range 5 {
			at := 2*4096 + rng.Int64N(int64(newest.end-2)*4096)
			if rng.IntN(2) == 0 {
				at = at&^4095 + rng.Int64N(64) // where pages say what they are
			}
			if in := at % 4096; 12 <= in && in < 16 {
				continue // how many pages follow: bbolt frees as many as it says, until no memory is left
			}
			one := make([]byte, 1)
			_, err := file.ReadAt(one, at)
			must(t, err)
			one[0] ^= byte(1 + rng.IntN(255))
			_, err = file.WriteAt(one, at)
			must(t, err)
		}
		must(t, file.Close())
		for _, id := range []string{"a", "b"} {
			rev := int64(1000)
			for range 5 {
				if err := b.appendOne(id, rev); err == nil {
					rev++
				}
			}
			if info, err := b.Info(id); err == nil && info.Head.Rev != rev {
				t.Errorf("%s is at %d, not %d", id, info.Head.Rev, rev)
			}
			lines, err := b.Lines(id, 0, 2000)
			if err == nil && int64(len(lines)) != rev {
				t.Errorf("%s has %d lines of %d", id, len(lines), rev)
			}
			want, _ := testRun(0, 1000)
			for i, line := range lines[:min(len(lines), 1000)] {
				if string(line.JSON) != string(want[i].JSON) {
					t.Errorf("line %d of %s is %s", i+1, id, line.JSON)
				}
			}
		}
		if err := b.Close(); err != nil && !errors.Is(err, errBehind) {
			t.Error(err)
		}
	}
}
