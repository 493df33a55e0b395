package store

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// A file may be cut short, overwritten or removed while it is open, and bbolt,
// which reads it as memory, trusts it: a transaction that begins where no meta
// page is ends the process, or panics with locks held that nobody gives back;
// a commit onto pages that are gone makes holes that look like a file. So it
// is looked at before each, as bytes. Between the look and the use a
// microsecond is left, in which the process may still die.

// newest returns what the newest whole meta page says, that a transaction
// begins with. ErrDamaged if there is none, or only one older than what was
// answered for; bbolt looks at both.
func (c *committer) newest() (meta, error) {
	durable := uint64(c.durable.Load()) // before the look: it only grows
	newest, err := readMeta(c.file, 0)
	second, err2 := readMeta(c.file, int64(c.pageSize))
	if errors.Is(err, io.EOF) || errors.Is(err2, io.EOF) {
		return meta{}, fmt.Errorf("%w: it ends before its meta pages do", ErrDamaged)
	}
	if err2 == nil && (err != nil || second.txid > newest.txid) {
		newest, err = second, nil
	}
	switch {
	case errors.Is(err, errMeta):
		return meta{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	case err == nil && newest.txid < durable:
		return meta{}, fmt.Errorf("%w: the meta page that was written last is not what was written", ErrDamaged)
	}
	return newest, err
}

// sound returns nil if the file is one to write to: all that is in use is in
// it, and it lies where it was. Where pages are gone, what is known of the file
// is no longer true of it, and nothing is written to it any more by this
// process. That another or none lies in its place may pass.
func (c *committer) sound() error {
	if c.unsound != nil {
		return c.unsound
	}
	newest, err := c.newest()
	var opened os.FileInfo
	if err == nil {
		opened, err = c.file.Stat()
	}
	if err == nil {
		if has, used := opened.Size(), int64(newest.end)*int64(c.pageSize); has < used {
			err = fmt.Errorf("%w: of %d bytes that are in use it has %d", ErrDamaged, used, has)
		}
	}
	if errors.Is(err, ErrDamaged) {
		c.giveUp(err)
	}
	if err != nil {
		return err
	}
	there, err := os.Stat(c.file.Name())
	if err == nil && !os.SameFile(there, opened) {
		err = fmt.Errorf("at %s lies another file than the one that is open", c.file.Name())
	}
	return err
}

// giveUp writes nothing more, and says what to do.
func (c *committer) giveUp(why error) {
	c.unsound = why
	c.log.Error("the file was damaged while it was open, and is not written to any more; stop the server, look at it with tutti verify, and repair it or restore a backup",
		"file", c.file.Name(), "error", why)
}
