package store

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// errLost says that a panic in a commit keeps the write lock: most likely the
// commit met a page that was damaged meanwhile.
var errLost = errors.New("store: the write lock was lost in a panic")

// mostAhead bounds the transaction that is open, in bytes of values: the commit
// of a quarter of a mebibyte holds others up for a millisecond or two, and costs
// hardly more for each edit than one of four times as much.
const mostAhead = 256 << 10

// transact runs a batch and makes what it wrote durable: by the log if that can
// keep it, or by a commit. It is not durable if there was nothing to do.
func (c *committer) transact(batch []*job) (durable bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = c.verdict(0, c.panicked(p))
		}
	}()
	for {
		if err := c.open(); err != nil {
			return false, c.verdict(0, err)
		}
		if c.runAll(batch) {
			break
		}
		c.abandon() // what a panicking job has written; the others run again
	}
	if err := c.w.err; err != nil {
		c.abandon()
		return false, c.verdict(0, err)
	}
	entries, lazy, flush := c.sift(batch)
	if len(entries)+len(lazy) == 0 && !flush {
		if !c.isAhead() {
			c.abandon() // a refusal costs no sync
		}
		return false, nil
	}
	maybe := false
	if !flush && !c.behind && c.w.bytes < mostAhead {
		maybe, err = c.wal.append(entries)
		if err == nil {
			for _, e := range entries {
				c.inLog = append(c.inLog, e.own())
			}
			c.lazy = append(c.lazy, lazy...)
			return true, nil
		}
		if !errors.Is(err, errWALFull) {
			c.log.Error("the write-ahead log can't be written; what it does not take goes to the file", "error", err)
		}
	}
	err = c.checkpoint()
	if err != nil && maybe {
		err = fmt.Errorf("%w: %v", ErrUnknown, err)
	}
	return err == nil, err
}

// panicked makes an error of a panic, in which the write lock may be lost.
func (c *committer) panicked(p any) error {
	c.log.Error("panic in a commit", "panic", p, "stack", string(debug.Stack()))
	// Unless the transaction was given up, the lock is still held.
	if c.lost = c.w == nil || c.w.tx.DB() != nil; c.lost {
		c.giveUp(errLost)
	}
	c.w = nil
	return fmt.Errorf("panic: %v", p)
}

// open begins a transaction if none is open, on a file that is sound, and puts
// into it what only the log has.
func (c *committer) open() error {
	if c.w != nil {
		return nil
	}
	if err := c.sound(); err != nil {
		return err
	}
	if err := c.settle(); err != nil {
		return err
	}
	tx, err := c.begin(true)
	if err != nil {
		return err
	}
	c.w = &writer{tx: tx}
	applied, err := readApplied(tx)
	if err == nil && applied >= c.wal.next {
		c.caughtUp(applied) // the commit that was doubtful has been stored
	}
	if err == nil {
		err = c.again()
	}
	if err != nil {
		c.abandon()
	}
	return err
}

// again runs in a new transaction what the file lacks: what is in the log, and
// what was not worth a sync.
func (c *committer) again() error {
	refused := c.damage
	for _, e := range c.inLog {
		refused = errors.Join(refused, e.run(c.w))
	}
	for _, run := range c.lazy {
		_ = run(c.w) // it may be refused: its document lacks something, as was said
	}
	if refused != nil && !c.aside {
		c.log.Error("what was acknowledged last is damaged, or does not go into the file; the log is kept beside it", "error", refused)
		if err := c.wal.keep(); err != nil {
			return err
		}
		c.aside = true
	}
	return c.w.err
}

// abandon gives up the transaction that is open. What is in the log goes into
// the next one.
func (c *committer) abandon() {
	tx := c.w.tx
	c.w = nil
	if err := tx.Rollback(); err != nil {
		c.log.Error("a transaction that was given up", "error", err)
	}
}

// runAll runs the jobs of a batch that have not fallen, and reports whether
// none of them has.
func (c *committer) runAll(batch []*job) bool {
	for _, j := range batch {
		if !j.fell && c.fells(j) {
			return false
		}
	}
	return true
}

// fells runs a job, and reports whether it panicked: at a page that is damaged,
// or that the disk does not give out. That costs the document that it was for.
func (c *committer) fells(j *job) (fell bool) {
	defer func() {
		if p := recover(); p != nil {
			fell, j.fell = true, true
			j.refusal = fmt.Errorf("%w: panic: %v", ErrUnavailable, p)
			c.stats.failed(0, j.refusal)
			c.log.Error("panic in a write", "document", j.id, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	before := c.w.writes
	j.refusal = j.run(c.w)
	j.wrote = c.w.writes > before
	return false
}

// sift returns what the log has to keep of a batch, what may be taken back, and
// whether anything else was written, or is to be.
func (c *committer) sift(batch []*job) (entries []*entry, lazy []func(*writer) error, flush bool) {
	for _, j := range batch {
		switch {
		case j.fell || j.refusal != nil:
		case j.entry != nil:
			entries = append(entries, j.entry)
		case j.lazy:
			lazy = append(lazy, j.run)
		default:
			flush = flush || j.flush || j.wrote
		}
	}
	return entries, lazy, flush
}

// checkpoint commits, and begins the log anew.
func (c *committer) checkpoint() error {
	w, applied := c.w, c.wal.next-1
	if c.wal.used || c.isAhead() {
		applied++ // a frame of that number may be there, and is not to count; and it tells that this was stored
		w.applied(applied)
	}
	if w.writes == 0 {
		c.abandon()
		return nil
	}
	w.finish()
	txid, err := c.end(w)
	if err != nil {
		if !c.behind && len(c.inLog) > 0 {
			c.stuck(err)
		}
		c.behind = true
		return c.verdict(txid, err)
	}
	c.durable.Store(int64(txid))
	c.caughtUp(applied)
	return nil
}

// stuck says that there is no room in the file for what the log has.
func (c *committer) stuck(err error) {
	c.log.Error("what is in the write-ahead log can't be brought into the file; it is safe where it is, and tried again", "error", err)
}

// end commits the transaction that is open, and returns its number; 0 if
// nothing of it was written.
func (c *committer) end(w *writer) (txid int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = c.panicked(p)
		}
	}()
	if err := errors.Join(w.err, c.sound()); err != nil {
		c.abandon()
		return 0, err
	}
	txid = w.tx.ID()
	err = c.commitTx(w.tx)
	c.w = nil
	switch {
	case err != nil:
		c.failedBytes = max(c.failedBytes, w.bytes-w.probed)
	case w.bytes >= c.failedBytes:
		c.failedBytes = 0
	}
	return txid, err
}

// caughtUp says that the file has all that was written. That is when a log is
// made: a disk that has no room for it serves what it has, and one that somebody
// took away is not written to any more.
func (c *committer) caughtUp(applied uint64) {
	gone := c.wal.leave()
	if gone != nil {
		c.log.Error("the write-ahead log is not in its place any more, and is made anew", "error", gone)
	}
	if c.wal.file == nil && (c.behind || gone != nil) {
		if err := c.wal.begin(); err != nil {
			c.log.Error("there is no write-ahead log: each write takes two syncs, until one can be made", "error", err)
		}
	}
	c.inLog, c.lazy, c.behind = nil, nil, false
	c.wal.restart(applied)
}

// isAhead tells whether something was answered for that the file lacks, or may
// have been stored in the log alone.
func (c *committer) isAhead() bool { return len(c.inLog) > 0 || len(c.lazy) > 0 || c.wal.ghost }
