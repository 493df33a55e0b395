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

// walPath is where the log of the file at path lies: beside the file itself,
// whatever links lead to it.
func walPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path + "-wal"
}

// wal is the log, as the committer writes to it.
type wal struct {
	path string
	file *os.File // nil: there is none to write to
	at   int64    // where the next frame goes
	next uint64   // its number
	used bool     // there may be frames that the file's number does not say to be of an earlier round
	// ghost says that the last frame may be there, and nobody knows: it could
	// not be synced. Until that ends, nobody may be told that it isn't.
	ghost bool
	buf   []byte
	sync  func(*os.File) error // syncData; tests make it fail
}

// begin makes the log, or empties the one that the last process has left, of
// which the file has everything. Frames that the file's number does not tell of,
// as in the log of another file, would count when the numbers come to theirs.
func (w *wal) begin() error {
	file, err := os.OpenFile(w.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteAt(make([]byte, walSize), 0)
	if err == nil {
		err = errors.Join(file.Truncate(walSize), file.Sync())
	}
	if err != nil { // on a full disk, a part of it would only take room
		return errors.Join(err, file.Close(), os.Remove(w.path))
	}
	syncFolders(filepath.Dir(w.path))
	w.file = file
	return nil
}

// errWALFull says that there is no room for a frame before the file has all
// that is in the log, or no log.
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
	if w.file == nil || w.at+int64(len(b)) > walSize {
		return false, errWALFull
	}
	w.used = true
	if _, err := w.file.WriteAt(b, w.at); err != nil {
		return false, err // a part of it has another sum
	}
	err = w.sync(w.file)
	if w.ghost = err != nil; w.ghost {
		return true, err
	}
	w.at, w.next = w.at+int64(len(b)), w.next+1
	return false, nil
}

// restart says that the file has all up to a number.
func (w *wal) restart(applied uint64) { w.at, w.next, w.used, w.ghost = 0, applied+1, false, false }

// exorcise makes sure that the frame that could not be synced is not there.
func (w *wal) exorcise() error {
	if !w.ghost {
		return nil
	}
	if _, err := w.file.WriteAt(make([]byte, walPage), w.at); err != nil {
		return err
	}
	err := w.sync(w.file)
	w.ghost = err != nil
	return err
}

// keep keeps a copy of the log, durably: the log itself is written over.
func (w *wal) keep() error {
	b, err := os.ReadFile(w.path)
	if err != nil {
		return err
	}
	to, err := os.OpenFile(fmt.Sprintf("%s.%d.kept", w.path, time.Now().UnixNano()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = to.Write(b)
	err = errors.Join(err, to.Sync(), to.Close())
	syncFolders(filepath.Dir(w.path))
	return err
}

// leave closes a log that lies where it was no longer, and says so.
func (w *wal) leave() (gone error) {
	if w.file == nil {
		return nil
	}
	if inPlace(w.path, w.file) != nil {
		gone = errors.Join(fmt.Errorf("at %s lies another or none", w.path), w.file.Close())
		w.file = nil
	}
	return gone
}

// close closes the log, and takes it away if the file has everything.
func (w *wal) close(empty bool) (err error) {
	if w.file != nil {
		err = w.file.Close()
	}
	if !empty {
		return err
	}
	if gone := os.Remove(w.path); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// wholeRound is more frames than a round has: each begins on a page of its own.
const wholeRound = walSize / walPage

// readWAL returns what the log at path holds in the frames after a number, those
// of one round at most, and the number of the last: none, and that number, if
// there is no log. ErrDamaged comes with what is whole, if a frame is missing
// before one that is there: only the last may be torn, since nobody was answered
// for it.
func readWAL(path string, applied uint64) (entries []*entry, last uint64, err error) {
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
		if number-applied > wholeRound {
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
