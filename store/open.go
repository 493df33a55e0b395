package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// What can be wrong with a file. Open puts the path before them.
var (
	// ErrLocked is returned when another process has the file open.
	ErrLocked = errors.New("in use by another process")
	// ErrFormat is returned when a newer program has written the file.
	ErrFormat = errors.New("written by a newer version of tutti")
	// ErrForeign is returned when the file is not one that tutti has written,
	// or damaged beyond telling.
	ErrForeign = errors.New("not a file of tutti")
)

// lockTimeout is how long a process that is just ending has to give the file
// up. Whoever starts a second one by mistake shall not wait for the message.
const lockTimeout = 200 * time.Millisecond

// openFile opens the database at path, or makes it.
func openFile(path string) (db *bolt.DB, file *os.File, err error) {
	size, err := inspect(path)
	if errors.Is(err, errOlder) {
		if err = rewrite(path); err == nil {
			size, err = inspect(path)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if size == 0 {
		if err := create(path); err != nil {
			return nil, nil, err
		}
	}
	// bbolt panics on what it finds wrong in the tree, with the lock held.
	defer func() {
		if p := recover(); p != nil {
			file.Close()
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	db, err = bolt.Open(path, 0o600, &bolt.Options{
		FreelistType:    bolt.FreelistMapType,
		NoFreelistSync:  true, // it is read from the tree when the file is opened
		InitialMmapSize: mapSize(size),
		NoStatistics:    true,
		Timeout:         lockTimeout,
		OpenFile: func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	})
	if err != nil {
		return nil, nil, openError(err)
	}
	if err = inPlace(path, file); err == nil {
		err = prepare(db)
	}
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	if size == 0 {
		syncFolders(filepath.Dir(path))
	}
	return db, file, nil
}

// create makes a file in one step, so that one that is found empty was cut
// short. Not by a rename: another process may have made one, and serve it.
func create(path string) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	beside, err := os.CreateTemp(folder, filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	err = errors.Join(beside.Close(), writeAnew(beside.Name(), func(*rewriting) error { return nil }))
	if err == nil {
		err = os.Link(beside.Name(), path)
		switch {
		case errors.Is(err, fs.ErrExist):
			err = nil
		case err != nil: // a file system that has no links
			return os.Rename(beside.Name(), path)
		}
	}
	return errors.Join(err, os.Remove(beside.Name()))
}

// inPlace returns ErrLocked if the file was replaced while its lock was waited
// for, by a process that wrote it anew.
func inPlace(path string, file *os.File) error {
	there, err := os.Stat(path)
	if err != nil {
		return err
	}
	opened, err := file.Stat()
	if err == nil && !os.SameFile(there, opened) {
		err = ErrLocked
	}
	return err
}

// prepare makes the buckets in a new file.
func prepare(db *bolt.DB) error {
	if err := db.View(checkFormat); !errors.Is(err, errEmpty) {
		return err
	}
	return db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		none := newTallies().body()
		return errors.Join(
			tx.Bucket(bucketMeta).Put(keyTallies, seal(bucketMeta, keyTallies, none)),
			tx.Bucket(bucketMeta).Put(keyFormat, strconv.AppendInt(nil, format, 10)),
		)
	})
}

// inspect returns the size of the file, 0 if there is none yet, having made
// sure that it is one that this program can serve. It opens the file only for
// reading, so that one that is not is left as it was; and it visits every
// page, because what bbolt itself does when it opens a file for writing would
// meet a damaged page on a goroutine of its own, whose panic nobody can catch.
// errOlder comes with the size, after all that.
func inspect(path string) (size int64, err error) {
	stat, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if stat.Mode().IsRegular() && stat.Size() == 0 {
		return 0, fmt.Errorf("%w: it is empty, as no server leaves it; restore a backup, or remove it to begin anew", ErrDamaged)
	}
	if !stat.Mode().IsRegular() || stat.Size() < 2*int64(os.Getpagesize()) {
		return 0, fmt.Errorf("%w: %v of %d bytes", ErrForeign, stat.Mode(), stat.Size())
	}
	db, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, NoStatistics: true, Timeout: lockTimeout})
	if err != nil {
		return 0, openError(err)
	}
	err = checkFile(path)
	if err == nil {
		err = db.View(checkFormat)
	}
	if errors.Is(err, errEmpty) {
		err = nil
	}
	return stat.Size(), errors.Join(err, db.Close())
}

// checkFile returns ErrDamaged if pages can't be read, or say that they hold
// less than they do: of a mark or a snapshot that isn't met nobody would know.
func checkFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	met, kept := newTallies(), []byte(nil)
	err = checkPages(file, func(bucket, key, value []byte) {
		switch {
		case isTallied(bucket):
			met.swap(bucket, nil, value)
		case bytes.Equal(bucket, bucketMeta) && bytes.Equal(key, keyTallies):
			kept, _ = unseal(bucket, key, bytes.Clone(value)) // what is damaged is found out by checkFormat
		}
	})
	if all, bad := parseTallies(kept); err == nil && bad == nil {
		for _, bucket := range tallied {
			if all[string(bucket)].count != met[string(bucket)].count {
				err = fmt.Errorf("%w: of what is kept in %s something is missing", ErrDamaged, bucket)
			}
		}
	}
	return errors.Join(err, file.Close())
}

// errEmpty says that a file is new: bbolt has made it, and nobody has written
// to it.
var errEmpty = errors.New("store: the file is empty")

// errOlder says that a file was written by an older version of this program.
var errOlder = errors.New("it has an older format, without sums; start a server, which writes it anew")

// checkFormat returns nil if the file is ours and of our format.
func checkFormat(tx *bolt.Tx) (err error) {
	defer damaged(&err)()
	if first, _ := tx.Cursor().First(); first == nil {
		return errEmpty
	}
	number, err := readFormat(tx)
	if err != nil {
		return err
	}
	if number > format {
		return fmt.Errorf("%w: its format is %d, this one knows format %d", ErrFormat, number, format)
	}
	if number < 4 && tx.Bucket(bucketMeta).Get(keyTallies) != nil {
		return fmt.Errorf("%w: it says that its format is %d", ErrDamaged, number)
	}
	if number < 4 {
		return errOlder
	}
	if _, err := readTallies(tx); err != nil {
		return err
	}
	for _, name := range buckets {
		if tx.Bucket(name) == nil {
			return fmt.Errorf("%w: there are no %s", ErrDamaged, name)
		}
	}
	return nil
}

func readFormat(tx *bolt.Tx) (number int, err error) {
	meta := tx.Bucket(bucketMeta)
	if meta == nil {
		return 0, fmt.Errorf("%w: a bbolt file of another program", ErrForeign)
	}
	if number, err = strconv.Atoi(string(meta.Get(keyFormat))); err != nil || number < 1 {
		return 0, fmt.Errorf("%w: it has no format number", ErrForeign)
	}
	return number, nil
}

// damaged turns the panics of a damaged or unreadable page into ErrDamaged.
// It is used as `defer damaged(&err)()`.
func damaged(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			*err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}
}

// openError says in our words what bbolt says about a file.
func openError(err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return ErrLocked
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return fmt.Errorf("%w: %w", ErrForeign, err)
	}
	return err
}

// mapSize is how much of the address space to take. To take more later, bbolt
// waits for all readers to be gone, and lets no new one in: seconds, once a
// backup is being made. On 64-bit Linux it costs nothing; elsewhere it may
// cost memory, or a file of that size.
func mapSize(fileSize int64) int {
	if runtime.GOOS != "linux" || strconv.IntSize < 64 {
		return 0
	}
	return int(fileSize + 8<<30)
}

// syncFolders makes a new file's name durable: a synced file that has lost
// its name in a power cut is lost. Not every file system can do it, and none
// needs it for a file that was there, so a failure is not one of Open.
func syncFolders(folder string) {
	for _, path := range []string{folder, filepath.Dir(folder)} {
		if dir, err := os.Open(path); err == nil {
			_ = dir.Sync()
			_ = dir.Close()
		}
	}
}
