package store

import (
	"fmt"
	"os"
)

// bbolt makes a transaction valid by the meta page that it writes last, and
// shows it to readers from then on: before that page is synced, and also if
// the sync fails. What is here keeps to the disk's side of that moment.

// verdict says what a failed transaction means for those who wait for it. If
// the newest meta page is older, nothing was stored.
func (c *committer) verdict(txid int, cause error) error {
	if txid == 0 {
		return fmt.Errorf("%w: %w", ErrUnavailable, cause)
	}
	if newest, err := c.newest(); err == nil && newest.txid < uint64(txid) {
		return fmt.Errorf("%w: %w", ErrUnavailable, cause)
	}
	c.doubt = true
	return fmt.Errorf("%w: %w", ErrUnknown, cause)
}

// settle ends a doubt, before anything else is written: the next commit would
// overwrite pages that the older state, still the newest on the disk, needs.
// A store begins in doubt, since the last process may have ended in it.
func (c *committer) settle() error {
	if !c.doubt {
		return nil
	}
	if err := syncMeta(c.file, c.pageSize); err != nil {
		return err
	}
	newest, err := c.newest()
	if err != nil {
		return err
	}
	c.durable.Store(int64(newest.txid))
	c.doubt = false
	return nil
}

// syncMeta brings the meta pages that are read to the disk. To sync alone is
// not enough: after an error the kernel may count the pages as written. So
// they are written again, as they are. The pages that they point to were
// synced before them.
func syncMeta(file *os.File, pageSize int) error {
	pages := make([]byte, 2*pageSize)
	if _, err := file.ReadAt(pages, 0); err != nil {
		return err
	}
	if _, err := file.WriteAt(pages, 0); err != nil {
		return err
	}
	return file.Sync()
}

// await returns nil when the disk has the transaction that a reader has seen:
// nobody may be told of an edit that a power cut takes back. Mostly it has.
// Else the commit under way is waited for, by a job behind it that does
// nothing; if that commit ends in doubt, the job comes after the settling.
func (c *committer) await(seen int) error {
	if c.reached(seen) {
		return nil
	}
	err := c.submit("", func(*writer) error { return nil })
	if c.reached(seen) {
		return nil
	}
	return err
}

func (c *committer) reached(txid int) bool { return int64(txid) <= c.durable.Load() }
