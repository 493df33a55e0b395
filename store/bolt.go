package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Bolt keeps documents in one file, with bbolt, and what was appended last in a
// write-ahead log beside it (wal.go). All writes go through its committer; reads
// are short transactions of their own, on the caller's goroutine.
type Bolt struct {
	db        *bolt.DB
	file      *os.File // under db
	committer *committer
	log       *slog.Logger
	sweeping  sync.WaitGroup // the clean-up that Open started
	replacing sync.Mutex     // held by Replace
	close     func() error   // once
	runs      runCache
}

var _ Store = (*Bolt)(nil)

// Options of Open. The zero value is usable.
type Options struct {
	Log *slog.Logger // slog.Default() if nil
}

// Open opens the store in the file at path, and makes it with its folder if
// there is none. Its errors name the path. ErrLocked, ErrFormat, ErrForeign,
// ErrDamaged; after one of these the file is as it was.
//
// A Delete that was interrupted is carried on in the background, and what is
// left of an Import is removed: a start must not wait for it, nor fail by it,
// as it would on a full disk. A Replace that was decided is finished before
// anybody reads the document; where that fails, the next one does it.
func Open(path string, opts Options) (*Bolt, error) {
	log := opts.Log
	if log == nil {
		log = slog.Default()
	}
	db, file, err := openFile(path)
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", path, err)
	}
	if t, err := newTree(file); err == nil && t.torn != nil { // the next write hides it
		log.Error("a meta page of the file can't be read: unless the last process crashed, what was saved last is gone", "file", path, "error", t.torn)
	}
	committer, err := newCommitter(db, file, log)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: %s: %w", path, err), db.Close())
	}
	b := &Bolt{db: db, file: file, committer: committer, log: log}
	b.close = sync.OnceValue(b.shutDown)
	go b.committer.run()
	if err := b.carryOn(); err != nil {
		log.Error("what was to be replaced in a history is still there, wholly or in part", "error", err)
	}
	graves, err := b.leftovers() // those of now: what comes in meanwhile isn't left over
	if err != nil {
		log.Error("what the last process was deleting can't be read", "error", err)
	}
	b.sweeping.Go(func() { b.sweepAll(graves) })
	return b, nil
}

// Close implements Store.
func (b *Bolt) Close() error { return b.close() }

func (b *Bolt) shutDown() error {
	c := b.committer
	c.stop()
	b.sweeping.Wait()
	var err error
	if len(c.inLog) > 0 {
		err = errBehind
	}
	if !c.lost {
		err = errors.Join(err, c.settle()) // before the log goes: in doubt, it alone surely has everything
	}
	err = errors.Join(err, c.wal.close(err == nil && !c.doubt))
	if c.lost {
		// db.Close would wait for the write lock. Closing the file gives the
		// data back to the next process all the same.
		return errors.Join(err, b.file.Close())
	}
	return errors.Join(err, b.db.Close())
}

// Stats returns what was counted since Open.
func (b *Bolt) Stats() Stats { return b.committer.stats.read() }

// probeRoom is more than the pages that a batch rewrites beside its values.
const probeRoom = 256 << 10

// Probe implements Store. After a batch that failed it writes more than that
// one would have: on a full disk there is always room for a little, in pages
// that the file has and does not use.
func (b *Bolt) Probe() error {
	return b.committer.submit("", func(w *writer) error {
		value := make([]byte, 8)
		if failed := b.committer.failedBytes; failed > 0 {
			value = make([]byte, failed+probeRoom)
		}
		binary.BigEndian.PutUint64(value, uint64(w.tx.ID()))
		w.probe(keyProbe, value)
		return nil
	})
}

// view runs fn in a read transaction, and returns when the disk has what fn
// has seen, which is all that was acknowledged before. What fn reads is valid
// only within, so it copies; and it is quick, since pages that are freed
// meanwhile pile up in the file.
//
// Where the file lacks what only the log has, as on a full disk, fn runs in the
// transaction that has it, between the writes.
func (b *Bolt) view(fn func(*bolt.Tx) error) error {
	if !b.committer.ahead.Load() {
		return b.viewFile(fn)
	}
	err := b.committer.flush()
	if err == nil {
		return b.viewFile(fn)
	}
	if errors.Is(err, ErrClosed) {
		return err
	}
	return b.committer.read(fn)
}

// viewFile is view for what the file has.
//
// A page that is damaged, or that the disk does not give out, is a panic in
// bbolt. It costs the document that was asked for, not the process.
func (b *Bolt) viewFile(fn func(*bolt.Tx) error) error {
	if _, err := b.committer.newest(); errors.Is(err, ErrDamaged) {
		return err
	}
	seen := 0
	err := b.db.View(func(tx *bolt.Tx) (err error) {
		defer damaged(&err)()
		seen = tx.ID()
		return fn(tx)
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	if errors.Is(err, berrors.ErrInvalidMapping) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if notYet := b.committer.await(seen); notYet != nil {
		return notYet
	}
	return err
}
