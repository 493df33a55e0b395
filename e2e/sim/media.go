package sim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"tutti/store"
)

// A medium keeps what survives a crash.
type medium interface {
	// open gives the store to the next run of the server.
	open() (store.Store, error)
	// crash ends the present run as a power cut does, while nothing is being
	// written, or in the middle of write, if that is given: of it nothing
	// counts then.
	crash(write func() error) error
	// leave ends the present run in good order.
	leave() error
}

// ram is a medium in memory. What store.Memory holds is durable.
type ram struct{ *store.Memory }

func (r ram) open() (store.Store, error) { return r.Memory, nil }
func (r ram) crash(func() error) error   { return nil }
func (r ram) leave() error               { return nil }

// A file is a medium on which bbolt keeps the store. A crash makes a new one
// of what a power cut may leave of the old.
type file struct {
	dir   string
	dice  *dice
	runs  int
	store *store.Bolt
}

// quiet is where the servers of all worlds write their logs.
var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// newFile makes a file in memory, where there is a place for that: nothing is
// gained by syncing to a real disk, which a power cut here never meets.
func newFile(d *dice) (*file, error) {
	place := "/dev/shm"
	if _, err := os.Stat(place); err != nil {
		place = ""
	}
	dir, err := os.MkdirTemp(place, "tutti-sim-")
	return &file{dir: dir, dice: d}, err
}

func (f *file) remove() error { return os.RemoveAll(f.dir) }

func (f *file) path() string { return filepath.Join(f.dir, fmt.Sprint(f.runs)) }

func (f *file) open() (_ store.Store, err error) {
	f.store, err = store.Open(f.path(), store.Options{Log: quiet})
	return f.store, err
}

func (f *file) leave() error { return f.store.Close() }

func (f *file) crash(write func() error) error {
	if write != nil && f.dice.once(2) {
		_, _ = f.store.Info(document) // which leaves nothing in the log alone
	}
	left, err := f.read()
	if err != nil {
		return err
	}
	if write != nil && write() == nil {
		after, err := f.read()
		if err != nil {
			return err
		}
		// A second commit may use the pages of the state before the first.
		if newest(after.file)-newest(left.file) <= 1 {
			left = image{f.tear(left.file, after.file), f.tearLog(left.log, after.log)}
		}
	}
	if err := f.store.Close(); err != nil {
		return err
	}
	if err := os.Remove(f.path()); err != nil {
		return err
	}
	f.runs++
	return errors.Join(os.WriteFile(f.path(), left.file, 0o600), os.WriteFile(f.path()+"-wal", left.log, 0o600))
}

// image is what lies on the disk: the file, up to its last page in use (bbolt
// makes it far longer), and the write-ahead log beside it.
type image struct{ file, log []byte }

func (f *file) read() (i image, err error) {
	// There is none before the first commit.
	if i.log, err = os.ReadFile(f.path() + "-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return i, err
	}
	from, err := os.Open(f.path())
	if err != nil {
		return i, err
	}
	defer from.Close()
	page := os.Getpagesize()
	metas := make([]byte, 2*page)
	if _, err := io.ReadFull(from, metas); err != nil {
		return i, err
	}
	pages := max(inUse(metas), inUse(metas[page:]))
	i.file = make([]byte, pages*uint64(page))
	_, err = io.ReadFull(from, i.file[copy(i.file, metas):])
	return i, err
}

// inUse is how many pages the file has as a meta page knows it.
func inUse(meta []byte) uint64 { return binary.NativeEndian.Uint64(meta[56:]) }

// newest is the number of the newest commit that the meta pages know.
func newest(file []byte) uint64 {
	return max(binary.NativeEndian.Uint64(file[64:]), binary.NativeEndian.Uint64(file[os.Getpagesize()+64:]))
}

// tear is a file of which some of the pages were written that a transaction
// writes, and its meta page, the last, was not, or not wholly.
func (f *file) tear(before, after []byte) []byte {
	page := os.Getpagesize()
	image := bytes.Clone(before)
	if f.dice.once(2) {
		image = append(image, make([]byte, max(0, len(after)-len(before)))...)
	}
	for at := 2 * page; at < min(len(image), len(after)); at += page {
		if f.dice.once(2) {
			copy(image[at:at+page], after[at:at+page])
		}
	}
	if f.dice.once(3) {
		for at := 0; at < 2*page; at += page {
			copy(image[at:at+56], after[at:at+56]) // without the checksum, which comes last
		}
	}
	return image
}

// tearLog is a log of which some sectors of a frame were written, and one was
// not, or only where it begins.
func (f *file) tearLog(before, after []byte) []byte {
	const sector = 512
	log := bytes.Clone(before)
	var written []int
	for at := 0; at < len(log); at += sector {
		if !bytes.Equal(log[at:at+sector], after[at:at+sector]) {
			written = append(written, at)
		}
	}
	if len(written) == 0 {
		return log
	}
	lacks := f.dice.upTo(len(written))
	for i, at := range written {
		switch n := sector; {
		case i == lacks:
			n = 16 // of a frame's head, without its length
			fallthrough
		case f.dice.once(2):
			copy(log[at:at+n], after[at:])
		}
	}
	return log
}
