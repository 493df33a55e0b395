package store

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
)

// A committer is the one goroutine that writes. It takes a job, drains what
// else waits, runs them all in one transaction and answers them all: those
// that come while one sync is under way share the next, and nobody waits for
// company.
//
// The transaction outlives the batch. Where a batch only appends, the
// write-ahead log makes it durable, and the transaction is committed for many
// batches at once: when the log is full, when somebody writes something else
// or wants to read, or after a moment.
type committer struct {
	begin    func(bool) (*bolt.Tx, error) // of the database; tests make it fail
	commitTx func(*bolt.Tx) error         // Tx.Commit; tests make it fail
	file     *os.File                     // under the database
	pageSize int
	wal      *wal
	log      *slog.Logger
	stats    counters

	jobs chan *job
	done chan struct{} // closed when run has returned

	gate   sync.RWMutex // held for reading while a job is put in jobs
	closed bool         // guarded by gate; jobs is closed after it is set

	w      *writer               // in the transaction that is open; nil: none is
	inLog  []*entry              // what the log has and the file lacks
	lazy   []func(*writer) error // lazy jobs that the file lacks
	ahead  atomic.Bool           // isAhead, for who reads
	damage error                 // what was wrong with the log that was found
	aside  bool                  // that is kept beside, with what did not go into the file
	behind bool                  // no commit has gone well since the last that failed, or since the beginning: nothing goes to the log

	durable     atomic.Int64 // the newest transaction that is surely on the disk
	failedBytes int          // the most that a failed commit had put; 0: as much has been written since
	doubt       bool         // a newer one may be in the file, and is not surely on the disk
	// lost is set when a panic kept bbolt from giving up its write lock: no
	// transaction can begin any more, and db cannot be closed.
	lost    bool
	unsound error // why nothing is written any more
}

// A job is one write, or a look at what was written last.
type job struct {
	id string // the document's: a batch runs in the order of ids
	// run makes the changes. An error that it returns is a refusal: the job
	// has written nothing, and the batch goes on without it. A write that
	// fails is kept by the writer and fails the batch.
	run     func(*writer) error
	entry   *entry // what the log keeps of it; nil: nothing
	lazy    bool   // it is answered before it is durable, and a crash may take it back
	flush   bool   // all that is in the log by then is to be brought into the file
	wrote   bool
	refusal error
	fell    bool       // it panicked, and is left out
	done    chan error // holds one, so that an answer never waits
}

// maxBatch bounds a batch, and the queue before it. Beyond some hundred jobs
// the sync is no longer what costs.
const maxBatch = 1024

// walTime is how long what was appended may be in the log alone. The log is as
// good a place, but for who takes the file away and leaves the log.
const walTime = time.Second

// newCommitter brings in what the last process has left in the log beside the
// file. Where that can't be done yet, as on a full disk, what it reads is served.
func newCommitter(db *bolt.DB, file *os.File, log *slog.Logger) (*committer, error) {
	var applied uint64
	if err := db.View(func(tx *bolt.Tx) (err error) {
		applied, err = readApplied(tx)
		return err
	}); err != nil {
		return nil, err
	}
	path := walPath(file.Name())
	left, last, damage := readWAL(path, applied)
	if damage != nil && !errors.Is(damage, ErrDamaged) {
		return nil, damage
	}
	c := &committer{
		begin:    db.Begin,
		commitTx: (*bolt.Tx).Commit,
		file:     file,
		pageSize: db.Info().PageSize,
		wal:      &wal{path: path, sync: syncData, next: last + 1, used: last > applied || damage != nil},
		log:      log,
		jobs:     make(chan *job, maxBatch),
		done:     make(chan struct{}),
		doubt:    true,
		behind:   true,
		inLog:    left,
		damage:   damage,
	}
	if c.wal.used {
		log.Info("the last process has not brought all into the file; that is done now", "appends", len(left))
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as in run
		if err := c.bringIn(); err != nil {
			c.stuck(err)
		}
	}
	return c, nil
}

// submit runs a job and returns when it is durable, refused or failed.
func (c *committer) submit(id string, run func(*writer) error) error {
	return c.do(&job{id: id, run: run})
}

// append is submit for what the log can keep.
func (c *committer) append(e *entry) error { return c.do(e.job()) }

// later is submit for what may be taken back by a crash together with all that
// was written after it, and is not worth a sync.
func (c *committer) later(id string, run func(*writer) error) error {
	return c.do(&job{id: id, run: run, lazy: true})
}

// read runs fn in the transaction that has what the file lacks, once: if a job
// beside it panics all others run again, and fn may have collected something.
func (c *committer) read(fn func(*bolt.Tx) error) (err error) {
	ran := false
	bad := c.submit("", func(w *writer) error {
		if !ran {
			ran = true
			if err = c.wal.exorcise(); err != nil {
				err = fmt.Errorf("%w: %w", ErrUnavailable, err)
				return nil
			}
			defer damaged(&err)()
			err = fn(w.tx)
		}
		return nil
	})
	return cmp.Or(bad, err)
}

// flush returns when the file has all that was acknowledged before. errBehind if
// that was tried in vain a moment ago.
func (c *committer) flush() error {
	return c.do(&job{flush: true, run: func(*writer) error {
		if c.behind {
			return errBehind
		}
		return nil
	}})
}

// errBehind says that the file lacks what the log has.
var errBehind = errors.New("store: what was written last is in the write-ahead log alone")

// bringIn tries to bring into the file what only the log has. It is for the
// committer itself.
func (c *committer) bringIn() error {
	j := &job{flush: true, run: func(*writer) error { return nil }, done: make(chan error, 1)}
	c.commit([]*job{j})
	return <-j.done
}

// do puts a job in the queue and waits for its answer. The gate makes sure of
// one: jobs is closed only when nobody is about to send, and what is in it by
// then is still run.
func (c *committer) do(j *job) error {
	j.done = make(chan error, 1)
	c.gate.RLock()
	if c.closed {
		c.gate.RUnlock()
		return ErrClosed
	}
	c.jobs <- j
	c.gate.RUnlock()
	return <-j.done
}

// stop runs what waits, and returns when all is answered.
func (c *committer) stop() {
	c.gate.Lock()
	c.closed = true
	close(c.jobs)
	c.gate.Unlock()
	<-c.done
}

func (c *committer) run() {
	defer close(c.done)
	// A page that cannot be read from the disk is a panic, which transact
	// survives, not the end of the process.
	debug.SetPanicOnFault(true)
	batch := make([]*job, 0, maxBatch)
	var due <-chan time.Time // when the log has waited long enough; nil: it holds nothing
	for {
		switch ahead := c.isAhead(); {
		case ahead && due == nil:
			due = time.After(walTime)
		case !ahead:
			due = nil
		}
		select {
		case first, ok := <-c.jobs:
			if !ok {
				c.finish()
				return
			}
			// Those who were just answered often have their next job at hand.
			// To let them run first fills the batch: without it, half of the
			// writers wait for each commit and half are late for it. Measured
			// with 10 writers: 9.3 jobs a commit instead of 5.0, twice as many
			// a second; a lone writer pays nothing.
			runtime.Gosched()
			batch = c.drain(append(batch, first))
		case <-due:
			due = nil
			_ = c.bringIn() // it says so itself, and the log has it
			continue
		}
		c.commit(batch)
		clear(batch)
		batch = batch[:0]
	}
}

// finish leaves nothing in the log alone, if it can.
func (c *committer) finish() {
	if c.isAhead() {
		_ = c.bringIn()
	}
	if c.w != nil {
		c.abandon()
	}
}

// drain adds to the batch what waits.
func (c *committer) drain(batch []*job) []*job {
	for len(batch) < maxBatch {
		select {
		case j, ok := <-c.jobs:
			if !ok {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch and answers it. The sort keeps the jobs of one document
// in their order, and lets each page of the tree be met once.
func (c *committer) commit(batch []*job) {
	slices.SortStableFunc(batch, func(a, b *job) int { return cmp.Compare(a.id, b.id) })
	began := time.Now()
	wrote, err := c.transact(batch)
	switch {
	case err != nil:
		c.stats.failed(time.Since(began), err)
	case wrote:
		c.stats.committed(time.Since(began), len(batch))
	}
	c.ahead.Store(c.isAhead()) // before anybody is answered, who may read then
	for _, j := range batch {
		if err != nil {
			j.done <- err
			continue
		}
		j.done <- j.refusal
	}
}
