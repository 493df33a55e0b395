package backup

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tutti/server/accounts"
	"tutti/server/hooks"
	"tutti/store"
)

var (
	// ErrNotEmpty is returned when there is something in the data folder.
	ErrNotEmpty = errors.New("there is something in it already")
	// ErrBackup is returned for what is no backup, or not a whole one.
	ErrBackup = errors.New("not a whole backup of tutti")
)

// unfinished is the folder in the data folder where a restore is made: on the
// same file system, and out of the way of a server that is started too early.
const unfinished = ".restoring"

// Restored says what a restore has brought.
type Restored struct {
	TakenAt   time.Time
	Documents int
	Images    int
	Accounts  bool
}

// Restore makes a data folder of a backup. The folder is empty, or not there
// yet, and stays so where it fails. Every document has a new epoch then, so
// that a client which knows more of it than the backup fetches it anew and
// merges what it has still to send, instead of going on from revisions that
// are others now. ErrNotEmpty, ErrBackup; store.ErrFormat where a newer
// program has made it.
func Restore(from io.Reader, folder string, log *slog.Logger) (r Restored, err error) {
	if err := vacant(folder); err != nil {
		return r, fmt.Errorf("%s: %w", folder, err)
	}
	work := filepath.Join(folder, unfinished)
	if err := os.MkdirAll(work, 0o700); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	u := &unpacking{folder: work, sums: map[string]string{}}
	if err := u.all(from); err != nil {
		return r, err
	}
	r.TakenAt, r.Images = u.manifest.TakenAt, u.images
	if r.Documents, r.Accounts, err = renew(work, log); err != nil {
		return r, err
	}
	return r, moveIn(work, folder)
}

// vacant returns ErrNotEmpty if there is something in a folder. A restore that
// was interrupted has left nothing that counts.
func vacant(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if e.Name() == unfinished {
			err = errors.Join(err, os.RemoveAll(filepath.Join(folder, unfinished)))
		} else if e.Name() != "lost+found" { // what an empty file system has
			return ErrNotEmpty
		}
	}
	return err
}

// renew begins a new epoch of every document, and has hooks and accounts
// follow.
func renew(folder string, log *slog.Logger) (documents int, people bool, err error) {
	st, err := store.Open(filepath.Join(folder, docs), store.Options{Log: log})
	if err != nil {
		return 0, false, err
	}
	renewed, err := st.Renew()
	if err == nil {
		err = renewHooks(filepath.Join(folder, told), st, renewed)
	}
	if err = errors.Join(err, st.Close()); err != nil {
		return 0, false, err
	}
	path := filepath.Join(folder, book)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return len(renewed), false, nil
	}
	known, err := accounts.Open(path, accounts.Options{Log: log})
	if err != nil {
		return 0, false, err
	}
	return len(renewed), true, errors.Join(known.Renew(renewed), known.Close())
}

// renewHooks has hooks, if there are any, go on in the new epochs when they are
// resumed.
func renewHooks(path string, st store.Store, renewed map[string]store.Renewal) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	outbox, err := hooks.Open(hooks.Options{Path: path, Store: store.Watch(st)})
	if err != nil {
		return err
	}
	return errors.Join(outbox.Renewed(renewed), outbox.Close())
}

// moveIn moves what was unpacked to where a server looks for it, the documents
// last: until they are there, there is nothing.
func moveIn(from, to string) error {
	for _, name := range []string{"files", book, told, docs} {
		if err := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return syncFolder(to)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// unpacking is a backup as far as it is read.
type unpacking struct {
	folder   string
	manifest manifest
	sums     map[string]string // by name, of what came so far
	images   int
	whole    bool
}

func (u *unpacking) all(from io.Reader) error {
	in := tar.NewReader(from)
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBackup, err)
		}
		if err := u.one(h.Name, in); err != nil {
			return err
		}
	}
	if _, ok := u.sums[docs]; !ok || !u.whole {
		return fmt.Errorf("%w: it ends too early", ErrBackup)
	}
	return nil
}

// one takes the next part. No name leads out of the folder, since only those
// that a backup has are taken.
func (u *unpacking) one(name string, from io.Reader) error {
	switch _, twice := u.sums[name]; {
	case twice, u.whole, (len(u.sums) == 0) != (name == head):
		return fmt.Errorf("%w: %q is not in its place", ErrBackup, name)
	case name == head:
		return u.begin(from)
	case name == sums:
		return u.compare(from)
	case name == docs, name == book, name == told:
	case imageName.MatchString(name):
		u.images++
	default:
		return fmt.Errorf("%w: there is a %q in it", ErrBackup, name)
	}
	path := filepath.Join(u.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = u.read(name, from, file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil || !strings.HasPrefix(name, image) {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// read copies a part and notes its sum.
func (u *unpacking) read(name string, from io.Reader, to io.Writer) error {
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, hash), from); errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends too early", ErrBackup)
	} else if err != nil {
		return err
	}
	u.sums[name] = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// limit is what is read of the parts that are kept in memory.
const limit = 1 << 30

func (u *unpacking) begin(from io.Reader) error {
	var said strings.Builder
	if err := u.read(head, io.LimitReader(from, limit), &said); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(said.String()), &u.manifest); err != nil || u.manifest.Format < 1 {
		return fmt.Errorf("%w: it doesn't say of what format it is", ErrBackup)
	}
	if u.manifest.Format > format {
		return fmt.Errorf("the backup was %w: its format is %d, this one knows format %d", store.ErrFormat, u.manifest.Format, format)
	}
	return nil
}

// compare reads the sums, and finds them those of what came.
func (u *unpacking) compare(from io.Reader) error {
	var said strings.Builder
	if _, err := io.Copy(&said, io.LimitReader(from, limit)); err != nil {
		return fmt.Errorf("%w: %w", ErrBackup, err)
	}
	left := len(u.sums)
	for line := range strings.Lines(said.String()) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if u.sums[name] != sum {
			return fmt.Errorf("%w: %s is damaged", ErrBackup, name)
		}
		left--
	}
	if left != 0 {
		return fmt.Errorf("%w: its sums are not those of what is in it", ErrBackup)
	}
	u.whole = true
	return nil
}
