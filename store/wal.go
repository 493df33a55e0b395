package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A commit of bbolt is two syncs, one behind the other, and rewrites pages for
// every record. So what is appended goes to a write-ahead log first, which
// costs one sync, and into the file for many commits at once: measured, a
// quarter of the disk's time and a sixth of the processor's (README.md).
//
// The log is a small file of fixed size, written over and over from its start.
// All of it is written once when it is made, so that a frame only overwrites:
// the file system has no block to find and nothing of its own to sync, and a
// full disk is none for it. A frame begins on a page of its own, so no write
// touches a page that holds what was acknowledged.
//
// Frames are numbered without a gap, for as long as the file lives, and the
// file keeps the number up to which all is in it (keyApplied). So it is known
// of each frame whether it is still to be brought in, and of one that is
// missing that it is. A store that was closed in good order leaves no log.

const (
	walSize  = 1 << 20
	walPage  = 4096
	walMagic = 0x74574C31 // "tWL1"
	walHead  = 20         // magic, sum of what follows, number, length of the entries
)

// walPath is where the log of the file at path lies.
func walPath(path string) string { return path + "-wal" }

// wal is the log, as the committer writes to it.
type wal struct {
	file *os.File
	at   int64  // where the next frame goes
	next uint64 // its number
	used bool   // there may be frames that the file's number does not say to be of an earlier round
	buf  []byte
}

// openWAL opens the log at path, of which the last frame has a number, or makes
// one. It is to be begun anew before anything is written to it.
func openWAL(path string, last uint64) (*wal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	w := &wal{file: file, next: last + 1}
	if err := w.fill(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return w, nil
}

// fill gives the log its size.
func (w *wal) fill() error {
	stat, err := w.file.Stat()
	if err != nil || stat.Size() == walSize {
		return err
	}
	size := min(stat.Size(), walSize)
	if _, err := w.file.WriteAt(make([]byte, walSize-size), size); err != nil {
		return err
	}
	if err := errors.Join(w.file.Truncate(walSize), w.file.Sync()); err != nil {
		return err
	}
	syncFolders(filepath.Dir(w.file.Name()))
	return nil
}

// errWALFull says that there is no room for a frame before the file has all
// that is in the log.
var errWALFull = errors.New("store: the write-ahead log is full")

// append writes a frame, and returns when it is durable. After a failure the
// next frame takes its place; until then it may be there, if maybe.
func (w *wal) append(entries []*entry) (maybe bool, err error) {
	if len(entries) == 0 {
		return false, nil
	}
	b := append(w.buf[:0], make([]byte, walHead)...)
	for _, e := range entries {
		b = e.appendTo(b)
	}
	binary.BigEndian.PutUint32(b, walMagic)
	binary.BigEndian.PutUint64(b[8:], w.next)
	binary.BigEndian.PutUint32(b[16:], uint32(len(b)-walHead))
	binary.BigEndian.PutUint32(b[4:], crc32.Checksum(b[8:], castagnoli))
	b = append(b, make([]byte, -len(b)&(walPage-1))...)
	w.buf = b[:0]
	if w.at+int64(len(b)) > walSize {
		return false, errWALFull
	}
	w.used = true
	if _, err := w.file.WriteAt(b, w.at); err != nil {
		return false, err // a part of it has another sum
	}
	if err := syncData(w.file); err != nil {
		return true, err
	}
	w.at, w.next = w.at+int64(len(b)), w.next+1
	return false, nil
}

// restart says that the file has all up to a number.
func (w *wal) restart(applied uint64) { w.at, w.next, w.used = 0, applied+1, false }

// keep keeps a copy of the log.
func (w *wal) keep() error {
	b, err := os.ReadFile(w.file.Name())
	if err != nil {
		return err
	}
	return os.WriteFile(fmt.Sprintf("%s.%d.kept", w.file.Name(), time.Now().UnixNano()), b, 0o600)
}

// close closes the log, and takes it away if the file has everything.
func (w *wal) close(empty bool) error {
	err := w.file.Close()
	if empty {
		err = errors.Join(err, os.Remove(w.file.Name()))
	}
	return err
}

// wholeRound is more frames than a round has: each begins on a page of its own.
const wholeRound = walSize / walPage

// readWAL returns what the log at path holds in the frames after a number, some
// frames at most, and the number of the last: none, and that number, if there is
// no log. ErrDamaged comes with what is whole, if a frame is missing
// before one that is there: only the last may be torn, since nobody was answered
// for it.
func readWAL(path string, applied, frames uint64) (entries []*entry, last uint64, err error) {
	log, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, applied, nil
	}
	if err != nil {
		return nil, applied, err
	}
	last, missing := applied, uint64(0)
	for at := 0; at < len(log); {
		number, payload, whole := parseFrame(log[at:])
		if !whole || number <= last {
			at += walPage // torn, never written, or of an earlier round
			continue
		}
		if number > last+1 && missing == 0 {
			missing = last + 1
		}
		if number > applied+frames {
			break // of another file, or a text that looks like it
		}
		at += (walHead + len(payload) + walPage - 1) &^ (walPage - 1)
		last = number
		for len(payload) > 0 {
			var e *entry
			if e, payload, err = parseEntry(payload); err != nil {
				return entries, last, err
			}
			entries = append(entries, e)
		}
	}
	if missing > 0 {
		return entries, last, fmt.Errorf("%w: in %s frame %d is missing, or not what was written", ErrDamaged, path, missing)
	}
	return entries, last, nil
}

// parseFrame returns what a frame holds.
func parseFrame(b []byte) (number uint64, payload []byte, whole bool) {
	if len(b) < walHead || binary.BigEndian.Uint32(b) != walMagic {
		return 0, nil, false
	}
	end := walHead + uint64(binary.BigEndian.Uint32(b[16:]))
	if end > uint64(len(b)) || crc32.Checksum(b[8:end], castagnoli) != binary.BigEndian.Uint32(b[4:]) {
		return 0, nil, false
	}
	return binary.BigEndian.Uint64(b[8:]), b[walHead:end], true
}
