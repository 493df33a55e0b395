package store

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"tutti/ot"
)

// open opens a store whose errors on Close are the test's own affair.
func open(t *testing.T) *Bolt {
	t.Helper()
	path := filepath.Join(inMemory(t), "tutti.db")
	b, err := Open(path, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	b.sweeping.Wait() // it would be in the way of tests that count
	return b
}

// inMemory is a folder in memory, where there is a place for that: no test here
// cuts the power of a real disk, so that to sync to one only takes time.
func inMemory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "tutti-store-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func testInfo(id string) Info { return Info{ID: id, Kind: ot.Text, Epoch: "e1"} }

func testRun(at, n int64) (lines []Line, head Head) {
	for rev := at + 1; rev <= at+n; rev++ {
		lines = append(lines, Line{rev, Record{Rev: rev, At: rev}.AppendJSON(nil)})
	}
	return lines, Head{Rev: at + n, At: at + n}
}

func (b *Bolt) appendOne(id string, at int64) error {
	lines, head := testRun(at, 1)
	return b.Append(id, "e1", at, lines, head)
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// batch holds the committer up until all calls wait, in their order, and
// returns what they return.
func batch(b *Bolt, calls ...func() error) []error {
	held, release := make(chan struct{}), make(chan struct{})
	go b.committer.submit("", func(*writer) error {
		close(held)
		<-release
		return nil
	})
	<-held
	errs := make([]error, len(calls))
	done := make(chan struct{})
	for i, call := range calls {
		go func() {
			errs[i] = call()
			done <- struct{}{}
		}()
		for len(b.committer.jobs) <= i {
			runtime.Gosched()
		}
	}
	close(release)
	for range calls {
		<-done
	}
	return errs
}

func TestJobsOfABatchSeeEachOther(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("b"), nil); err != nil {
		t.Fatal(err)
	}
	before := b.Stats()
	errs := batch(b,
		func() error { return b.Create(testInfo("z"), nil) },
		func() error { return b.appendOne("z", 0) },
		func() error { return b.appendOne("b", 0) },
		func() error { return b.appendOne("z", 0) },
		func() error { return b.appendOne("z", 1) },
		func() error { return b.SaveSnapshot("z", "e1", Snapshot{Rev: 2}) },
		func() error { return b.SaveSnapshot("z", "e1", Snapshot{Rev: 3}) },
		func() error { return b.Create(testInfo("z"), nil) },
		func() error { return b.appendOne("a", 0) },
		func() error { return b.Delete("b") },
	)
	for i, want := range []error{nil, nil, nil, ErrConflict, nil, nil, ErrRevision, ErrExists, ErrNotFound, nil} {
		wantErr(t, errs[i], want)
	}
	if info, err := b.Info("z"); err != nil || info.Head.Rev != 2 {
		t.Errorf("Info = %+v, %v", info, err)
	}
	// The batch, and the second step of Delete.
	if got := b.Stats().Commits - before.Commits; got != 2 {
		t.Errorf("%d commits, want 2", got)
	}
}

func TestPanicFailsItsJobOnly(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	errs := batch(b,
		func() error { return b.appendOne("a", 0) },
		func() error { return b.committer.submit("b", func(*writer) error { panic("a bug") }) },
		func() error { return b.Create(testInfo("c"), nil) },
	)
	for i, want := range []error{nil, ErrUnavailable, nil} {
		wantErr(t, errs[i], want)
	}
	if err := b.appendOne("a", 1); err != nil {
		t.Errorf("after the panic: %v", err)
	}
	if s := b.Stats(); s.Failures != 1 || !errors.Is(s.LastError, ErrUnavailable) {
		t.Errorf("Stats = %+v", s)
	}
}

// A panic before the transaction exists leaves bbolt's write lock held: to
// wait for it, in a later write or in Close, would be for ever.
func TestPanicThatLosesTheLock(t *testing.T) {
	b := open(t)
	b.committer.begin = func(bool) (*bolt.Tx, error) { panic("in Begin") }
	wantErr(t, b.Probe(), ErrUnavailable)
	b.committer.begin = b.db.Begin
	wantErr(t, b.Probe(), ErrUnavailable)
	if err := b.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	wantErr(t, b.Probe(), ErrClosed)
}

func TestFailedPutFailsItsBatch(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	errs := batch(b,
		func() error { return b.appendOne("a", 0) },
		func() error {
			return b.committer.submit("b", func(w *writer) error {
				w.put(bucketMeta, nil, nil)
				w.delete(bucketDocuments, []byte("a"))
				return nil
			})
		},
	)
	for _, err := range errs {
		wantErr(t, err, ErrUnavailable)
		wantErr(t, err, berrors.ErrKeyRequired)
	}
	if info, err := b.Info("a"); err != nil || info.Head.Rev != 0 {
		t.Errorf("Info = %+v, %v", info, err)
	}
}

func TestDeadFileIsUnavailable(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	b.file.Close()
	wantErr(t, b.appendOne("a", 0), ErrUnavailable)
	wantErr(t, b.appendOne("a", 0), os.ErrClosed)
	wantErr(t, b.Probe(), ErrUnavailable)
	if info, err := b.Info("a"); err != nil || info.Head.Rev != 0 {
		t.Errorf("Info = %+v, %v", info, err)
	}
}

// A commit whose last sync fails may be on the disk or not. What is read
// afterwards must be on the disk, so reads wait until that is so.
func TestUnknownOutcomeIsSettledBeforeReads(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	c := b.committer
	broken := errors.New("input/output error")
	c.behind = true // so that it goes to the file
	c.commitTx = func(tx *bolt.Tx) error { return errors.Join(tx.Commit(), broken) }
	err := b.appendOne("a", 0)
	wantErr(t, err, ErrUnknown)
	wantErr(t, err, broken)

	c.commitTx = (*bolt.Tx).Commit
	file, dead := c.file, deadFile(t)
	c.file = dead
	_, err = b.Info("a")
	wantErr(t, err, ErrUnavailable)
	_, err = b.Lines("a", 0, 10)
	wantErr(t, err, ErrUnavailable)
	wantErr(t, b.appendOne("a", 1), ErrUnavailable)

	c.file = file
	if info, err := b.Info("a"); err != nil || info.Head.Rev != 1 {
		t.Errorf("Info = %+v, %v", info, err)
	}
	if err := b.appendOne("a", 1); err != nil {
		t.Error(err)
	}
}

// A commit can be read before its last sync is done. It is not given out
// before, though.
func TestReadsWaitForTheSync(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	written, synced := make(chan struct{}), make(chan struct{})
	var first sync.Once
	b.committer.behind = true // so that it goes to the file
	b.committer.commitTx = func(tx *bolt.Tx) error {
		err := tx.Commit()
		first.Do(func() {
			close(written)
			<-synced
		})
		return err
	}
	go b.appendOne("a", 0)
	<-written
	revs := make(chan int64)
	go func() {
		info, err := b.Info("a")
		if err != nil {
			t.Error(err)
		}
		revs <- info.Head.Rev
	}()
	select {
	case rev := <-revs:
		t.Errorf("revision %d was given out before it was synced", rev)
		close(synced)
	case <-time.After(20 * time.Millisecond):
		close(synced)
		if rev := <-revs; rev != 1 {
			t.Errorf("after the sync, the head is %d", rev)
		}
	}
}

func deadFile(t *testing.T) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "dead"))
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	return file
}

// The change may take as long as it likes, and what is committed in the
// meantime is neither held up nor lost.
func TestUpdateRunsAgainOnWhatWasChanged(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	runs := 0
	info, err := b.Update("a", func(i *Info) error {
		if runs++; runs == 1 {
			if err := b.appendOne("a", 0); err != nil {
				t.Error(err)
			}
			if _, err := b.Update("a", func(i *Info) error { i.Title = "other"; return nil }); err != nil {
				t.Error(err)
			}
		}
		i.Language = "go"
		return nil
	})
	if err != nil || runs != 2 || info.Title != "other" || info.Language != "go" || info.Head.Rev != 1 {
		t.Errorf("after %d runs: %+v, %v", runs, info, err)
	}
}

// Two may sweep one grave. The one that comes late must not touch the
// document that has the id by then.
func TestLateSweepTakesNothing(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	if err := b.appendOne("a", 0); err != nil {
		t.Fatal(err)
	}
	if err := b.sweep("a", dead); err != nil {
		t.Fatal(err)
	}
	if lines, err := b.Lines("a", 0, 10); err != nil || len(lines) != 1 {
		t.Errorf("%d lines are left, %v", len(lines), err)
	}
}

// A page that bbolt cannot make sense of costs the read, not the process.
func TestPanicInARead(t *testing.T) {
	b := open(t)
	wantErr(t, b.view(func(*bolt.Tx) error { panic("assertion failed") }), ErrDamaged)
	if err := b.Probe(); err != nil {
		t.Errorf("after the panic: %v", err)
	}
}
