package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/ot"
	"tutti/store"
	"tutti/store/storetest"
)

// openAt opens the store at path, and closes it when the test ends.
func openAt(t testing.TB, path string) *store.Bolt {
	t.Helper()
	s, err := store.Open(path, store.Options{Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// checkFile has bbolt check the tree of the file at path.
func checkFile(t *testing.T, path string) {
	t.Helper()
	edit(t, path, func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("the file: %v", err)
		}
		return nil
	})
}

// edit opens the file at path with bbolt alone.
func edit(t *testing.T, path string, f func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, NoFreelistSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(f); err != nil {
		t.Fatal(err)
	}
}

const epoch = "e1"

func newInfo(id string) store.Info {
	return store.Info{ID: id, Kind: ot.Text, Title: id, Epoch: epoch, CreatedAt: 1000}
}

// fill creates a document with n records.
func fill(t testing.TB, s store.Store, id string, n int64) {
	t.Helper()
	if err := s.Create(newInfo(id), []byte(`[]`)); err != nil {
		t.Fatal(err)
	}
	var lines []store.Line
	for rev := int64(1); rev <= n; rev++ {
		r := store.Record{Rev: rev, Client: "c1", Seq: rev, User: "u1", At: 1000 + rev}
		lines = append(lines, store.Line{Rev: rev, JSON: r.AppendJSON(nil)})
	}
	if n == 0 {
		return
	}
	if err := s.Append(id, epoch, 0, lines, store.Head{Rev: n, At: 1000 + n, Length: n}); err != nil {
		t.Fatal(err)
	}
}

func TestReopenKeepsAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "tutti.db")
	s := openAt(t, path)
	fill(t, s, "a", 1000)
	mark := store.ClientMark{Client: "c1", Seq: 900, Rev: 900}
	snapshot := store.Snapshot{Rev: 900, Content: []byte(`[{"insert":"x"}]`), Clients: []store.ClientMark{mark}}
	if err := s.SaveSnapshot("a", epoch, snapshot); err != nil {
		t.Fatal(err)
	}
	before, err := s.Info("a")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = openAt(t, path)
	storetest.Check(t, s)
	if after, err := s.Info("a"); err != nil || after != before {
		t.Errorf("Info = %+v, %v; was %+v", after, err, before)
	}
	if got, err := s.Snapshot("a", 1000); err != nil || got.Rev != 900 || !bytes.Equal(got.Content, snapshot.Content) {
		t.Errorf("Snapshot = %+v, %v", got, err)
	}
	if got, err := s.Mark("a", "c1"); err != nil || got != mark {
		t.Errorf("Mark = %+v, %v", got, err)
	}
}

func TestFileIsPrivateAndSmall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "tutti.db")
	openAt(t, path)
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil || folder.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v", folder.Mode(), err)
	}
	file, err := os.Stat(path)
	if err != nil || file.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", file.Mode(), err)
	}
	if file.Size() > 64<<20 {
		t.Errorf("a new file has %d bytes", file.Size())
	}
}

func TestStoreInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tutti.db")
	fill(t, openAt(t, path), "a", 3)
	began := time.Now()
	_, err := store.Open(path, store.Options{})
	if !errors.Is(err, store.ErrLocked) || err.Error() != "store: "+path+": in use by another process" {
		t.Errorf("a second Open: %v", err)
	}
	if took := time.Since(began); took > 500*time.Millisecond {
		t.Errorf("a second Open took %v", took)
	}
}

func TestNewerFormat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tutti.db")
	if err := openAt(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, path, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("tutti")).Put([]byte("format"), []byte("7"))
	})
	_, err := refused(t, path)
	if !errors.Is(err, store.ErrFormat) || !strings.Contains(err.Error(), "its format is 7, this one knows format 6") {
		t.Errorf("Open: %v", err)
	}
}

// refused opens a file that cannot be opened, and makes sure that it is left
// as it was.
func refused(t *testing.T, path string) (*store.Bolt, error) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(path, store.Options{})
	if err == nil {
		s.Close()
		t.Error("the file was opened")
	}
	after, readErr := os.ReadFile(path)
	if readErr != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed, %v", readErr)
	}
	return s, err
}

func TestForeignFiles(t *testing.T) {
	write := func(data []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, make := range map[string]func(t *testing.T, path string){
		"text":     write([]byte("Dear diary,\n")),
		"long":     write(bytes.Repeat([]byte("not a database\n"), 10_000)),
		"zeros":    write(make([]byte, 1<<16)),
		"onePage":  write(make([]byte, 4096)),
		"database": func(t *testing.T, path string) { edit(t, path, otherBuckets) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "tutti.db")
			make(t, path)
			if _, err := refused(t, path); !errors.Is(err, store.ErrForeign) {
				t.Errorf("Open: %v, want ErrForeign", err)
			}
		})
	}
	t.Run("folder", func(t *testing.T) {
		if _, err := store.Open(t.TempDir(), store.Options{}); !errors.Is(err, store.ErrForeign) {
			t.Errorf("Open: %v, want ErrForeign", err)
		}
	})
}

func otherBuckets(tx *bolt.Tx) error {
	_, err := tx.CreateBucket([]byte("widgets"))
	return err
}

// A file that bbolt has made but nobody has filled is what a crash of an older
// server in its first moment leaves behind. An empty one was cut short: it isn't
// taken for a new one.
func TestUnfinishedFilesAreFinished(t *testing.T) {
	folder := t.TempDir()
	empty, made := filepath.Join(folder, "empty.db"), filepath.Join(folder, "made.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	edit(t, made, func(*bolt.Tx) error { return nil })
	fill(t, openAt(t, made), "a", 3)
	if _, err := refused(t, empty); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("Open: %v, want ErrDamaged", err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*.new")); err != nil || len(left) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
}

// TestDamagedFiles overwrites or cuts off a piece of a file, at every page:
// it is opened as if nothing were wrong, or refused as it is; never a panic.
func TestDamagedFiles(t *testing.T) {
	folder := t.TempDir()
	whole := filepath.Join(folder, "whole.db")
	s := openAt(t, whole)
	fill(t, s, "a", 500)
	fill(t, s, "b", 500)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	data = bytes.TrimRight(data, "\x00") // bbolt makes a file 16 MiB longer than it needs
	data = append(data, make([]byte, page-len(data)%page)...)
	found := 0
	for at := 0; at < len(data); at += page {
		for name, damage := range map[string]func() []byte{
			"overwritten": func() []byte {
				broken := bytes.Clone(data)
				copy(broken[at:], bytes.Repeat([]byte("garbage!"), page/8))
				return broken
			},
			"cut": func() []byte { return data[:at+page/2] },
		} {
			path := filepath.Join(folder, fmt.Sprint(name, at, ".db"))
			if err := os.WriteFile(path, damage(), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(path, store.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
			if err == nil {
				for range s.List() {
				}
				s.Close()
			} else if found++; !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrForeign) {
				t.Errorf("%s at %d: %v", name, at, err)
			}
			os.Remove(path)
		}
	}
	if found < 20 {
		t.Errorf("only %d damaged files were refused", found)
	}
}

func TestInterruptedDeleteIsFinished(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tutti.db")
	s := openAt(t, path)
	fill(t, s, "a", 10_000)
	fill(t, s, "a-b", 10)
	if err := errors.Join(store.Hide(s, "a"), s.Close()); err != nil {
		t.Fatal(err)
	}

	s = openAt(t, path)
	if _, err := s.Info("a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Info = %v", err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for errors.Is(s.Create(newInfo("a"), []byte(`[]`)), store.ErrExists) {
		if time.Now().After(deadline) {
			t.Fatal("the id is still taken")
		}
		time.Sleep(time.Millisecond)
	}
	if lines, err := s.Lines("a", 0, 10); err != nil || len(lines) > 0 {
		t.Errorf("the new document has %d lines, %v", len(lines), err)
	}
	storetest.Check(t, s)
}

// TestDeleteLetsOthersWrite deletes a long log: an append in the meantime
// waits for a piece of it, not for all.
func TestDeleteLetsOthersWrite(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "tutti.db"))
	fill(t, s, "long", 50_000)
	fill(t, s, "other", 0)
	before := s.Stats().Commits
	deleted := make(chan error)
	go func() { deleted <- s.Delete("long") }()
	for at := int64(0); ; at++ {
		r := store.Record{Rev: at + 1, At: at}
		if err := s.Append("other", epoch, at, []store.Line{{Rev: r.Rev, JSON: r.AppendJSON(nil)}}, store.Head{Rev: r.Rev, At: at}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Info("long"); err == nil {
			continue // not begun
		}
		select {
		case err := <-deleted:
			if err != nil {
				t.Fatal(err)
			}
			if at < 10 || s.Stats().Commits-before < 20 {
				t.Errorf("only %d appends while a long log was removed in %d commits", at, s.Stats().Commits-before)
			}
			storetest.Check(t, s)
			return
		default:
		}
	}
}

func TestStats(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "tutti.db"))
	fill(t, s, "a", 1)
	got := s.Stats()
	if got.Commits < 2 || got.Writes < got.Commits || got.CommitSeconds <= 0 || got.Failures != 0 || got.LastError != nil {
		t.Errorf("Stats = %+v", got)
	}
	if got.CommitBuckets[5] < 2 {
		t.Errorf("the commits are in no bucket: %v", got.CommitBuckets)
	}
}

// TestSecondProcess opens the store from another process, which must neither
// wait nor get in.
func TestSecondProcess(t *testing.T) {
	if path := os.Getenv("TUTTI_STORE_SECOND"); path != "" {
		_, err := store.Open(path, store.Options{})
		fmt.Println(err)
		return
	}
	path := filepath.Join(t.TempDir(), "tutti.db")
	fill(t, openAt(t, path), "a", 3)
	second := exec.Command(os.Args[0], "-test.run=^TestSecondProcess$")
	second.Env = append(os.Environ(), "TUTTI_STORE_SECOND="+path)
	if out, err := second.CombinedOutput(); err != nil || !strings.Contains(string(out), store.ErrLocked.Error()) {
		t.Errorf("the second process says: %s, %v", out, err)
	}
}
