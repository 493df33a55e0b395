package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"
)

// image is what a power cut leaves of a store: its file and its log as they are.
type image struct{ file, log []byte }

func imageOf(t *testing.T, path string) (i image) {
	t.Helper()
	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	tree, err := newTree(file) // what lies behind its end is nothing, and 16 MiB
	must(t, err)
	i.file = make([]byte, tree.end*tree.page)
	_, err = file.ReadAt(i.file, 0)
	must(t, err)
	if i.log, err = os.ReadFile(walPath(path)); !errors.Is(err, os.ErrNotExist) {
		must(t, err)
	}
	return i
}

// boot opens a copy of an image.
func (i image) boot(t *testing.T) *Bolt {
	t.Helper()
	path := filepath.Join(inMemory(t), "tutti.db")
	must(t, os.WriteFile(path, i.file, 0o600))
	must(t, os.WriteFile(walPath(path), i.log, 0o600))
	b, err := Open(path, noLog)
	must(t, err)
	t.Cleanup(func() { b.Close() })
	return b
}

func wantRev(t *testing.T, s Store, id string, rev int64) {
	t.Helper()
	info, err := s.Info(id)
	if err != nil || info.Head.Rev != rev {
		t.Errorf("%s is at %d, %v; want %d", id, info.Head.Rev, err, rev)
	}
	lines, err := s.Lines(id, 0, int(rev)+1)
	if err != nil || int64(len(lines)) != rev {
		t.Errorf("%s has %d lines, %v; want %d", id, len(lines), err, rev)
	}
	want, _ := testRun(0, rev)
	for n, line := range lines {
		if !bytes.Equal(line.JSON, want[n].JSON) {
			t.Fatalf("line %d of %s is %s", line.Rev, id, line.JSON)
		}
	}
}

// logging is a store that has a document, and appends to the log.
func logging(t *testing.T) (b *Bolt, path string) {
	b = open(t)
	must(t, b.Create(testInfo("a"), nil))
	return b, b.file.Name()
}

func TestAppendsAreInTheLogAndNotInTheFile(t *testing.T) {
	b, path := logging(t)
	before := imageOf(t, path)
	for rev := range int64(50) {
		must(t, b.appendOne("a", rev))
	}
	after := imageOf(t, path)
	if !bytes.Equal(before.file, after.file) {
		t.Error("the file was written to")
	}
	wantRev(t, after.boot(t), "a", 50)
	wantRev(t, before.boot(t), "a", 0)
	wantRev(t, b, "a", 50) // brings it in
	if now := imageOf(t, path); bytes.Equal(before.file, now.file) {
		t.Error("the file was not written to")
	}
	wantRev(t, image{imageOf(t, path).file, make([]byte, walSize)}.boot(t), "a", 50)
}

// A file is served by any of its names, and has one log.
func TestTheLogOfALink(t *testing.T) {
	b, path := logging(t)
	must(t, b.appendOne("a", 0))
	left := imageOf(t, path)
	file, link := filepath.Join(inMemory(t), "file"), filepath.Join(inMemory(t), "link")
	must(t, os.WriteFile(file, left.file, 0o600))
	must(t, os.WriteFile(file+"-wal", left.log, 0o600))
	must(t, os.Symlink(file, link))
	wantRev(t, reopened(t, link), "a", 1)
}

func TestALogThatWasLeftIsGoneAfterAClose(t *testing.T) {
	b, path := logging(t)
	must(t, b.appendOne("a", 0))
	must(t, b.Close())
	if _, err := os.Stat(walPath(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log: %v", err)
	}
	wantRev(t, reopened(t, path), "a", 1)
}

// What waits in the log alone is brought in after a moment.
func TestTheLogIsEmptiedAfterAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, path := logging(t)
		defer b.Close()
		before := imageOf(t, path)
		must(t, b.appendOne("a", 0))
		time.Sleep(walTime + 1)
		synctest.Wait()
		if now := imageOf(t, path); bytes.Equal(before.file, now.file) || b.committer.ahead.Load() {
			t.Error("it is still in the log alone")
		}
	})
}

// TestPowerCuts cuts the power at any moment of a life with all kinds of writes,
// in the middle of one too, and goes on with what is left. Nothing that was
// acknowledged is missing, and nothing is there twice.
func TestPowerCuts(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 5 {
		b, _ := logging(t)
		revs := map[string]int64{"a": 0}
		for range 8 {
			for range rng.IntN(60) {
				live(t, b, rng, revs)
			}
			path := b.file.Name()
			before := imageOf(t, path)
			torn := before
			if rng.IntN(2) == 0 {
				lines, head := testRun(revs["a"], int64(1+rng.IntN(200)))
				must(t, b.Append("a", "e1", revs["a"], lines, head))
				torn = tear(rng, before, imageOf(t, path))
				if b = torn.boot(t); headOf(t, b, "a") == head.Rev {
					revs["a"] = head.Rev // it was as good as stored
				}
			} else {
				b = torn.boot(t)
			}
			for id, rev := range revs {
				wantRev(t, b, id, rev)
			}
			if b.committer.aside {
				t.Error("something did not go into the file")
			}
		}
		must(t, b.Close())
		if r, err := Verify(b.file.Name()); err != nil || len(r.Damage) > 0 {
			t.Errorf("%v, %v", r.Damage, err)
		}
	}
}

func headOf(t *testing.T, b *Bolt, id string) int64 {
	t.Helper()
	info, err := b.Info(id)
	must(t, err)
	return info.Head.Rev
}

// live writes something.
func live(t *testing.T, b *Bolt, rng *rand.Rand, revs map[string]int64) {
	t.Helper()
	id := string(rune('a' + rng.IntN(4)))
	rev, there := revs[id]
	switch n := rng.IntN(40); {
	case !there:
		must(t, b.Create(testInfo(id), nil))
		revs[id] = 0
	case n == 0 && id != "a":
		must(t, b.Delete(id))
		delete(revs, id)
	case n < 3:
		wantRev(t, b, id, rev)
	case n < 5:
		must(t, b.SaveSnapshot(id, "e1", Snapshot{Rev: rev, Content: []byte(`[]`)}))
	case n == 5:
		must(t, b.SaveName(id, "e1", User{"u", fmt.Sprint(rev)}))
	case n == 6:
		lines, head := testRun(rev, 3000) // more than goes into the log
		must(t, b.Append(id, "e1", rev, lines, head))
		revs[id] = head.Rev
	default:
		must(t, b.appendOne(id, rev))
		revs[id]++
	}
}

// tear is what there may be of a write in the middle of it: some pages of it,
// but the meta page, or a part of the log's frame.
func tear(rng *rand.Rand, before, after image) image {
	torn := image{bytes.Clone(before.file), bytes.Clone(before.log)}
	torn.file = append(torn.file, make([]byte, max(0, len(after.file)-len(before.file)))...)
	for at := 2 * walPage; at+walPage <= min(len(torn.file), len(after.file)); at += walPage {
		if rng.IntN(2) == 0 {
			copy(torn.file[at:at+walPage], after.file[at:])
		}
	}
	for at := 0; at < walSize; at += 512 {
		if rng.IntN(4) > 0 {
			copy(torn.log[at:at+512], after.log[at:])
		}
	}
	return torn
}

// A page of the log that is damaged costs what was written to it. The rest is
// served, and the log is kept beside.
func TestADamagedFrame(t *testing.T) {
	b, path := logging(t)
	must(t, b.Create(testInfo("b"), nil))
	for rev := range int64(10) {
		must(t, b.appendOne("a", rev))
		must(t, b.appendOne("b", rev))
	}
	left := imageOf(t, path)
	rng := rand.New(rand.NewPCG(1, 0))
	for frame := range 20 {
		broken := image{left.file, bytes.Clone(left.log)}
		broken.log[frame*walPage+walHead+1+rng.IntN(60)] ^= 1
		b := broken.boot(t)
		a, other := headOf(t, b, "a"), headOf(t, b, "b")
		whole := map[bool]int64{true: int64(frame / 2), false: 10}
		if a != whole[frame%2 == 0] || other != whole[frame%2 == 1] {
			t.Errorf("without frame %d, a is at %d and b at %d", frame, a, other)
		}
		kept, err := filepath.Glob(b.file.Name() + "-wal.*.kept")
		must(t, err)
		if want := min(19-frame, 1); len(kept) < want || len(kept) > 2*want {
			t.Errorf("without frame %d, there are %v", frame, kept)
		}
	}
}

// Where nothing goes into the file, what is in the log is read, and is there
// after a crash. No more is taken than the log has.
func TestFullDiskBehindTheLog(t *testing.T) {
	b, path := logging(t)
	must(t, b.appendOne("a", 0))
	b.committer.commitTx = func(tx *bolt.Tx) error { return errors.Join(tx.Rollback(), syscall.ENOSPC) }
	wantRev(t, b, "a", 1)
	wantErr(t, b.appendOne("a", 1), ErrUnavailable)
	wantErr(t, b.Create(testInfo("b"), nil), syscall.ENOSPC)
	wantErr(t, b.Probe(), ErrUnavailable)
	wantErr(t, b.Backup(&bytes.Buffer{}), ErrUnavailable)
	wantRev(t, b, "a", 1)
	wantRev(t, imageOf(t, path).boot(t), "a", 1)

	b.committer.commitTx = (*bolt.Tx).Commit
	must(t, b.appendOne("a", 1))
	must(t, b.appendOne("a", 2))
	wantRev(t, b, "a", 3)
	wantRev(t, imageOf(t, path).boot(t), "a", 3)
}

// A start on a disk that takes nothing serves what it reads.
func TestTheLogStaysWhereItCannotBeBroughtIn(t *testing.T) {
	b, path := logging(t)
	must(t, b.appendOne("a", 0))
	b.committer.commitTx = func(tx *bolt.Tx) error { return errors.Join(tx.Rollback(), syscall.ENOSPC) }
	wantErr(t, b.Close(), errBehind)
	if r, err := Verify(path); err != nil || r.Logged != 1 || len(r.Damage) > 0 {
		t.Errorf("Verify: %+v, %v", r, err)
	}
	var backup bytes.Buffer
	must(t, BackupFile(path, &backup))
	wantRev(t, image{backup.Bytes(), nil}.boot(t), "a", 1)
	wantRev(t, reopened(t, path), "a", 1)
}

func TestALogThatCannotBeWritten(t *testing.T) {
	b, path := logging(t)
	must(t, b.appendOne("a", 0))
	must(t, b.committer.wal.file.Close())
	must(t, b.appendOne("a", 1))
	must(t, b.appendOne("a", 2))
	wantRev(t, imageOf(t, path).boot(t), "a", 3)
}

// A job that panics takes its transaction with it. What is in the log goes into
// the next.
func TestAPanicBehindTheLog(t *testing.T) {
	b, path := logging(t)
	must(t, b.appendOne("a", 0))
	must(t, b.SaveSnapshot("a", "e1", Snapshot{Rev: 1, Content: []byte("[1]"), Clients: []ClientMark{{"c", 7, 1}}}))
	errs := batch(b,
		func() error { return b.committer.submit("b", func(*writer) error { panic("a bug") }) },
		func() error { return b.appendOne("a", 1) },
	)
	wantErr(t, errs[0], ErrUnavailable)
	must(t, errs[1])
	wantRev(t, imageOf(t, path).boot(t), "a", 2)
	wantRev(t, b, "a", 2)
	if mark, err := b.Mark("a", "c"); err != nil || mark.Seq != 7 {
		t.Errorf("the mark is %+v, %v", mark, err)
	}
}

// What the log has is in memory too: who takes it away, or ends it, costs
// nothing as long as the server runs.
func TestALogThatIsTakenAway(t *testing.T) {
	for name, take := range map[string]func(path string) error{
		"removed": os.Remove,
		"cut":     func(path string) error { return os.Truncate(path, walPage) },
	} {
		t.Run(name, func(t *testing.T) {
			b, path := logging(t)
			for rev := range int64(3) {
				must(t, b.appendOne("a", rev))
			}
			must(t, take(walPath(path)))
			wantErr(t, b.committer.submit("b", func(*writer) error { panic("a bug") }), ErrUnavailable)
			wantRev(t, b, "a", 3)
			must(t, b.Close())
			wantRev(t, reopened(t, path), "a", 3)
		})
	}
}

// Where the log is gone, what is appended next would be written to a file that
// has no name, and gone after a crash: another is made as soon as the file has
// everything.
func TestALogThatIsGoneIsMadeAnew(t *testing.T) {
	for name, take := range map[string]func(path string) error{
		"removed":  os.Remove,
		"moved":    func(path string) error { return os.Rename(path, path+".away") },
		"replaced": func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600)) },
	} {
		t.Run(name, func(t *testing.T) {
			b, path := logging(t)
			must(t, b.appendOne("a", 0))
			must(t, take(walPath(path)))
			wantRev(t, b, "a", 1)
			for rev := int64(1); rev < 4; rev++ {
				must(t, b.appendOne("a", rev))
			}
			wantRev(t, imageOf(t, path).boot(t), "a", 4)
		})
	}
}

// The frames of a log that does not go with its file lie there with numbers that
// the file has yet to come to. They don't count then.
func TestTheLogOfAnotherFile(t *testing.T) {
	b, path := logging(t)
	must(t, b.Create(testInfo("b"), nil))
	left := imageOf(t, path)
	other := filepath.Join(inMemory(t), "other")
	w := wal{path: other, sync: syncData, next: wholeRound + 1}
	must(t, w.begin())
	lines, head := testRun(0, 1)
	for range 2 {
		_, err := w.append([]*entry{{"b", "e1", 0, lines, head}})
		must(t, err)
	}
	var err error
	left.log, err = os.ReadFile(other)
	must(t, err)
	b = left.boot(t)
	for rev := range int64(3) {
		must(t, b.appendOne("a", rev))
		wantRev(t, b, "a", rev+1)
	}
	must(t, b.appendOne("a", 3))
	b = imageOf(t, b.file.Name()).boot(t)
	wantRev(t, b, "a", 4)
	wantRev(t, b, "b", 0)
	if kept, _ := filepath.Glob(b.file.Name() + "-wal.*.kept"); len(kept) > 0 {
		t.Errorf("it is taken for damaged: %v", kept)
	}
}

// A read that runs between the writes is not run twice: what it has collected
// would be there twice.
func TestAReadRunsOnceBesideAPanic(t *testing.T) {
	b, _ := logging(t)
	ran := 0
	errs := batch(b,
		func() error { return b.committer.read(func(*bolt.Tx) error { ran++; return nil }) },
		func() error { return b.committer.submit("b", func(*writer) error { panic("a bug") }) },
	)
	must(t, errs[0])
	wantErr(t, errs[1], ErrUnavailable)
	if ran != 1 {
		t.Errorf("it ran %d times", ran)
	}
}

// As long as the newest meta page may not be on the disk, the log is what has
// it.
func TestTheLogStaysUntilADoubtIsSettled(t *testing.T) {
	b, path := logging(t)
	must(t, b.appendOne("a", 0))
	wantRev(t, b, "a", 1)
	b.committer.doubt, b.committer.file = true, deadFile(t)
	if b.Close() == nil {
		t.Error("Close has settled nothing, and says so to nobody")
	}
	if _, err := os.Stat(walPath(path)); err != nil {
		t.Error(err)
	}
}

// What was not worth a sync is not written again when it turns out that it is
// in the file: it may have been replaced there meanwhile.
func TestWhatIsLateIsWrittenOnce(t *testing.T) {
	b, _ := logging(t)
	c := b.committer
	must(t, b.SaveSnapshot("a", "e1", Snapshot{Content: []byte("[1]")}))
	c.commitTx = func(tx *bolt.Tx) error { return errors.Join(tx.Commit(), syscall.EIO) }
	wantErr(t, b.Create(testInfo("b"), nil), ErrUnknown)
	c.commitTx = (*bolt.Tx).Commit
	must(t, c.submit("a", func(w *writer) error {
		if len(c.lazy) > 0 {
			t.Error("it is")
		}
		return nil
	}))
}

// FuzzWAL reads any bytes as a log, and as what a frame holds.
func FuzzWAL(f *testing.F) {
	path := filepath.Join(f.TempDir(), "log")
	w := wal{path: path, sync: syncData, next: 1}
	must(f, w.begin())
	for at := range int64(3) {
		lines, head := testRun(at, 1)
		_, err := w.append([]*entry{{"a", "e1", at, lines, head}})
		must(f, err)
	}
	log, err := os.ReadFile(path)
	must(f, err)
	f.Add(log[:3*walPage], uint64(0))
	f.Add(log[:3*walPage], uint64(1))
	f.Add([]byte{}, uint64(7))
	f.Fuzz(func(t *testing.T, log []byte, applied uint64) {
		path := filepath.Join(inMemory(t), "log")
		must(t, os.WriteFile(path, log, 0o600))
		entries, last, err := readWAL(path, applied)
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Error(err)
		}
		if last-applied > wholeRound {
			t.Errorf("its last frame is %d after %d", last, applied)
		}
		for rest, bad := log, error(nil); bad == nil && len(rest) > 0; { // as if the sum were right
			var e *entry
			if e, rest, bad = parseEntry(rest); bad == nil {
				entries = append(entries, e)
			}
		}
		for _, e := range entries {
			if err := checkLines(e.id, e.at, e.lines, e.head); err != nil {
				t.Error(err)
			}
		}
	})
}
