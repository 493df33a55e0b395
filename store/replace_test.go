package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"tutti/ot"
)

// errCrashed is returned where a test has the process end.
var errCrashed = errors.New("the process ends here")

func replaceable(t *testing.T, n int64) (path string, b *Bolt) {
	t.Helper()
	path = filepath.Join(inMemory(t), "tutti.db")
	b = reopened(t, path)
	if err := b.Create(Info{ID: "a", Kind: ot.Text, Epoch: "e1"}, []byte(`[]`)); err != nil {
		t.Fatal(err)
	}
	var lines []Line
	for rev := int64(1); rev <= n; rev++ {
		lines = append(lines, secretLine(rev, "hunter2"))
	}
	if err := b.Append("a", "e1", 0, lines, Head{Rev: n, At: n}); err != nil {
		t.Fatal(err)
	}
	return path, b
}

// packed has the history of a document packed.
func packed(t *testing.T, b *Bolt) {
	t.Helper()
	for more := true; more; {
		info, err := b.Info("a")
		if err == nil {
			more, err = b.Pack("a", info.Epoch, info.Head.Rev)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func reopened(t *testing.T, path string) *Bolt {
	t.Helper()
	b, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func secretLine(rev int64, text string) Line {
	r := Record{Rev: rev, Client: "c", Seq: rev, User: "u", At: rev, Op: ot.Delta{}.Insert(text, nil)}
	return Line{rev, r.AppendJSON(nil)}
}

// TestReplaceInterrupted ends the process after each transaction of a Replace:
// when the file is opened again, all of it is there or nothing, and Verify
// finds nothing wrong at any time.
func TestReplaceInterrupted(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, *Bolt){"raw": func(*testing.T, *Bolt) {}, "packed": packed} {
		t.Run(name, func(t *testing.T) { replaceInterrupted(t, prepare) })
	}
}

func replaceInterrupted(t *testing.T, prepare func(*testing.T, *Bolt)) {
	const n = 3 * replaceKeys / 2
	for last := 1; ; last++ {
		path, b := replaceable(t, n)
		prepare(t, b)
		commits := 0
		b.committer.commitTx = func(tx *bolt.Tx) error {
			if commits == last {
				return errors.Join(tx.Rollback(), errCrashed)
			}
			commits++
			return tx.Commit()
		}
		err := b.Replace("a", "e1", n, "e2", func(r Replacement) error {
			for rev := int64(1); rev <= n; rev++ {
				if err := r.Lines([]Line{secretLine(rev, "███████")}); err != nil {
					return err
				}
				rev += 255 * min(1, rev%2) // a few rows one by one, and runs
				var run []Line
				for ; rev <= n && len(run) < 2000; rev++ {
					run = append(run, secretLine(rev, "███████"))
				}
				if err := r.Lines(run); err != nil {
					return err
				}
				rev--
			}
			return nil
		})
		b.Close()
		wantWhole(t, path)
		b = reopened(t, path)
		info, infoErr := b.Info("a")
		lines, linesErr := b.Lines("a", 0, n)
		if infoErr != nil || linesErr != nil {
			t.Fatal(infoErr, linesErr)
		}
		b.Close()
		wantWhole(t, path)
		left, replaced := 0, 0
		for _, line := range lines {
			if strings.Contains(string(line.JSON), "hunter2") {
				left++
			} else {
				replaced++
			}
		}
		t.Logf("after %d transactions: %v; epoch %s, %d replaced", last, err, info.Epoch, replaced)
		if (info.Epoch == "e2") != (replaced > 0) || len(lines) != n {
			t.Fatalf("after %d transactions the epoch is %s, and %d of %d lines are replaced", last, info.Epoch, replaced, len(lines))
		}
		if err == nil {
			if info.Epoch != "e2" {
				t.Fatal("it was not done")
			}
			return
		}
	}
}

func wantWhole(t *testing.T, path string) {
	t.Helper()
	if r, err := Verify(path); err != nil || len(r.Damage) > 0 {
		t.Fatal(err, r.Damage)
	}
}

// TestReplaceLeavesNothingInTheFile looks for what was replaced in the bytes of
// the file, once it is written anew.
func TestReplaceLeavesNothingInTheFile(t *testing.T) {
	path, b := replaceable(t, 500)
	err := b.Replace("a", "e1", 500, "e2", func(r Replacement) error {
		var lines []Line
		for rev := int64(1); rev <= 500; rev++ {
			lines = append(lines, secretLine(rev, "███████"))
		}
		return r.Lines(lines)
	})
	if err = errors.Join(err, b.Close()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compact(path); err != nil {
		t.Fatal(err)
	}
	if file, err := os.ReadFile(path); err != nil || strings.Contains(string(file), "hunter2") {
		t.Error("the file still holds it", err)
	}
	lines, err := reopened(t, path).Lines("a", 0, 500) // what is packed doesn't stand there in words
	if err != nil || len(lines) != 500 {
		t.Fatal(len(lines), err)
	}
	for _, line := range lines {
		if !strings.Contains(string(line.JSON), "███████") {
			t.Fatalf("line %d is %s", line.Rev, line.JSON)
		}
	}
}

// TestReplaceDoesNotSealDamage has a record that isn't what was written, beside
// one that is to be replaced: a new seal must not make it good.
func TestReplaceDoesNotSealDamage(t *testing.T) {
	for _, hurt := range []int64{2, 3} {
		path, b := replaceable(t, 4)
		key := appendKey(nil, "a", hurt)
		err := b.committer.submit("a", func(w *writer) error {
			value := append([]byte(nil), w.tx.Bucket(bucketRecords).Get(key)...)
			value[9] ^= 1
			w.set(bucketRecords, key, value)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = b.Replace("a", "e1", 4, "e2", func(r Replacement) error { return r.Lines([]Line{secretLine(2, "███████")}) })
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("beside record %d: %v", hurt, err)
		}
		b.Close()
		r, err := Verify(path)
		if err != nil || len(r.Damage) == 0 || r.Damage[0].Rev != hurt {
			t.Errorf("record %d: %v, %v", hurt, err, r.Damage)
		}
		t.Log(fmt.Sprint(r.Damage))
	}
}
