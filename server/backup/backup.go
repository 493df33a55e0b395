// Package backup writes all that a server keeps as one stream, and makes a
// data folder of such a stream on another machine.
//
// A backup is a tar file. First comes tutti-backup.json, which says of what
// format it is; then tutti.db, with accounts accounts.db, and hooks.db, each as
// it was at one moment; then the images in files; last SHA256SUMS, as sha256sum reads
// it: one without it was cut short. The search index isn't in it, since it is
// made anew, nor are certificates. It holds every text, and what passwords are
// checked by: whoever has it has all.
//
// The databases are of nearly the same moment: accounts are taken after the
// documents that they are about, so that none comes back without its owners.
// Images are read while the backup is written, after both: what a document
// shows is there, unless it was removed meanwhile.
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
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/server/accounts"
	"tutti/server/files"
	"tutti/server/hooks"
	"tutti/store"
)

// The names in a backup.
const (
	head  = "tutti-backup.json"
	docs  = "tutti.db"
	book  = "accounts.db"
	told  = "hooks.db"
	image = "files/"
	sums  = "SHA256SUMS"
)

// MediaType is that of a backup.
const MediaType = "application/x-tar"

// format is the number of what is described above.
const format = 1

var imageName = regexp.MustCompile(`^files/[A-Za-z0-9][A-Za-z0-9_-]{0,63}/` + files.NamePattern + `$`)

// manifest is what stands in tutti-backup.json.
type manifest struct {
	Format  int       `json:"format"`
	TakenAt time.Time `json:"takenAt"`
}

// Source is what a backup is made of.
type Source struct {
	folder   string
	docs     func(io.Writer) error
	accounts func(io.Writer) error // nil: there are none
	hooks    func(io.Writer) error // nil: there are none
}

// Live is the data of a running server. people is nil where it is open, and
// outbox where there are no hooks.
func Live(folder string, st *store.Bolt, people *accounts.Book, outbox *hooks.Outbox) Source {
	s := Source{folder: folder, docs: st.Backup}
	if people != nil {
		s.accounts = people.Backup
	}
	if outbox != nil {
		s.hooks = outbox.Backup
	}
	return s
}

// Offline is a data folder that no server has open.
func Offline(folder string) Source {
	s := Source{folder: folder, docs: func(w io.Writer) error { return store.BackupFile(filepath.Join(folder, docs), w) }}
	for name, write := range map[string]*func(io.Writer) error{book: &s.accounts, told: &s.hooks} {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			*write = func(w io.Writer) error { return copyBolt(path, w) }
		}
	}
	return s
}

func copyBolt(path string, w io.Writer) error {
	db, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return errors.Join(db.View(func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(w)
		return err
	}), db.Close())
}

// Backup is the databases of one moment, copied: who it is sent to may take
// their time.
type Backup struct {
	folder    string
	takenAt   time.Time
	databases []database
}

type database struct {
	name string
	file *os.File // without a name, so that a crash leaves none
}

// Take copies the databases into the data folder's file system, which needs
// room for them. The caller closes the backup.
func (s Source) Take() (*Backup, error) {
	b := &Backup{folder: s.folder, takenAt: time.Now().UTC()}
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{{docs, s.docs}, {book, s.accounts}, {told, s.hooks}} {
		if part.write == nil {
			continue
		}
		file, err := os.CreateTemp(s.folder, ".backup-")
		if err != nil {
			return nil, errors.Join(err, b.Close())
		}
		b.databases = append(b.databases, database{part.name, file})
		_ = os.Remove(file.Name()) // where an open file can't be removed, Close does it
		if err := part.write(file); err != nil {
			return nil, errors.Join(err, b.Close())
		}
	}
	return b, nil
}

// Close gives the room back.
func (b *Backup) Close() (err error) {
	for _, d := range b.databases {
		err = errors.Join(err, d.file.Close())
		_ = os.Remove(d.file.Name())
	}
	return err
}

// Write writes the backup. It can be called once.
func (b *Backup) Write(to io.Writer) error {
	w := &writer{tar: tar.NewWriter(to), at: b.takenAt}
	said, err := json.Marshal(manifest{Format: format, TakenAt: b.takenAt})
	if err != nil {
		return err
	}
	if err := w.add(head, strings.NewReader(string(said)), int64(len(said))); err != nil {
		return err
	}
	for _, d := range b.databases {
		size, err := d.file.Seek(0, io.SeekEnd)
		if err == nil {
			_, err = d.file.Seek(0, io.SeekStart)
		}
		if err == nil {
			err = w.add(d.name, d.file, size)
		}
		if err != nil {
			return err
		}
	}
	if err := b.writeImages(w); err != nil {
		return err
	}
	if err := w.add(sums, strings.NewReader(w.sums.String()), int64(w.sums.Len())); err != nil {
		return err
	}
	return w.tar.Close()
}

// writeImages adds the images that are there when their turn comes.
func (b *Backup) writeImages(w *writer) error {
	return filepath.WalkDir(filepath.Join(b.folder, "files"), func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() {
			return err
		}
		relative, err := filepath.Rel(b.folder, path)
		name := filepath.ToSlash(relative)
		if err != nil || !imageName.MatchString(name) {
			return err
		}
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		return w.add(name, file, info.Size())
	})
}

// writer is a backup as far as it is written.
type writer struct {
	tar  *tar.Writer
	at   time.Time
	sums strings.Builder
}

func (w *writer) add(name string, from io.Reader, size int64) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: w.at}); err != nil {
		return err
	}
	hash := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(w.tar, hash), from, size); err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	fmt.Fprintf(&w.sums, "%s  %s\n", hex.EncodeToString(hash.Sum(nil)), name)
	return nil
}
