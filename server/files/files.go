// Package files keeps the images of documents on disk, beside the database:
// each document has a folder of its own in the root, each image is a file in
// there.
//
// A file never changes. Its name is made of the hash of its bytes, so the same
// image is kept once in a document, and who has the name may keep the bytes
// for ever. Save returns when the file is durable and not before: it is
// written under another name, synced and renamed, and its folder synced. What
// a file is was found out from its bytes, not from what somebody said.
//
// A file becomes visible only while its document exists, and goes with it:
// Save and Purge of one document take turns, and Open removes what a crash has
// left of documents that are gone. All methods may be called from any
// goroutine.
package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"sync"

	"tutti/store"
)

// What a file and all files of one document may amount to.
const (
	MaxFile   = 10 << 20 // bytes
	maxSide   = 16 << 10 // pixels
	maxPixels = 128 << 20
	maxTotal  = 200 << 20 // bytes of one document's files
	maxFiles  = 2000      // of one document
)

var (
	// ErrNotFound is returned when there is no such file, or no such document.
	ErrNotFound = errors.New("files: no such file")
	// ErrType is returned when the bytes are no image of the type that they
	// are said to be.
	ErrType = errors.New("not an image of that type")
	// ErrTooLarge is returned when an image is too large, or one too many. Its
	// words are for people.
	ErrTooLarge = errors.New("too large")
	// ErrRead is returned when the bytes of an image don't come to their end.
	ErrRead = errors.New("files: the image could not be read")
	// ErrUnavailable is returned when the disk doesn't take the file just now.
	ErrUnavailable = errors.New("files: not stored")
)

// File is an image beside a document.
type File struct {
	Name   string
	Type   string // media type
	Size   int64  // bytes
	Width  int    // pixels
	Height int
}

// extensions are what the files of each media type end in, formats what Go
// calls that.
var (
	extensions = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}
	formats    = map[string]string{"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
)

// NamePattern matches the names that files have.
const NamePattern = `[0-9a-f]{32}\.(?:png|jpg|gif|webp)`

var (
	validName     = regexp.MustCompile(`^` + NamePattern + `$`)
	validDocument = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
)

// TypeOf returns the media type of a file by its name.
func TypeOf(name string) string {
	for media, extension := range extensions {
		if strings.HasSuffix(name, extension) {
			return media
		}
	}
	return ""
}

// incoming is the folder of what is not whole yet; no document has such an id.
const incoming = ".incoming"

// Folder keeps the files of all documents.
type Folder struct {
	root  *os.Root // nothing is reached outside of it, whatever a name says
	store store.Store
	total int64 // maxTotal and maxFiles, but in tests
	most  int

	turns [64]sync.Mutex // by document: who changes which files it has
	used  sync.Map       // by document: its Usage, where it was asked for and is still right
}

// Open opens the folder at path, and makes it if there is none. It removes
// what was left unfinished, and the files of documents that st doesn't have.
func Open(path string, st store.Store) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	f := &Folder{root: root, store: st, total: maxTotal, most: maxFiles}
	if err := f.tidy(); err != nil {
		return nil, errors.Join(fmt.Errorf("files: %s: %w", path, err), root.Close())
	}
	return f, nil
}

// Close gives the folder back.
func (f *Folder) Close() error { return f.root.Close() }

func (f *Folder) tidy() error {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		kept, err := true, error(nil)
		switch {
		case e.Name() == incoming:
			kept = false
		case e.IsDir() && validDocument.MatchString(e.Name()):
			kept, err = f.exists(e.Name())
		}
		if err == nil && !kept {
			err = f.root.RemoveAll(e.Name())
		}
		if err != nil {
			return err
		}
	}
	return f.root.Mkdir(incoming, 0o700)
}

// exists reports whether there is a document, in the trash or not.
func (f *Folder) exists(document string) (bool, error) {
	_, err := f.store.Info(document)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// turn is held while a document's files are changed.
func (f *Folder) turn(document string) *sync.Mutex {
	sum := uint32(2166136261)
	for _, b := range []byte(document) {
		sum = (sum ^ uint32(b)) * 16777619
	}
	return &f.turns[sum%uint32(len(f.turns))]
}

// Get opens a file for reading; the caller closes it. ErrNotFound.
func (f *Folder) Get(document, name string) (*os.File, error) {
	if !validDocument.MatchString(document) || !validName.MatchString(name) {
		return nil, ErrNotFound
	}
	file, err := f.root.Open(document + "/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	return file, err
}

// List returns the files of a document, in the order of their names.
func (f *Folder) List(document string) ([]File, error) {
	entries, err := f.entries(document)
	if err != nil {
		return nil, err
	}
	var all []File
	for _, e := range entries {
		file, err := f.describe(document, e.Name())
		if errors.Is(err, ErrNotFound) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		all = append(all, file)
	}
	return all, nil
}

// entries are what lies in a document's folder under names that files have.
func (f *Folder) entries(document string) ([]fs.DirEntry, error) {
	if !validDocument.MatchString(document) {
		return nil, nil
	}
	entries, err := fs.ReadDir(f.root.FS(), document)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	kept := entries[:0]
	for _, e := range entries {
		if validName.MatchString(e.Name()) {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func (f *Folder) describe(document, name string) (File, error) {
	file, err := f.Get(document, name)
	if err != nil {
		return File{}, err
	}
	defer file.Close()
	what, err := inspect(file)
	what.Name = name
	return what, err
}

// Remove removes a file. ErrNotFound.
func (f *Folder) Remove(document, name string) error {
	if !validDocument.MatchString(document) || !validName.MatchString(name) {
		return ErrNotFound
	}
	turn := f.turn(document)
	turn.Lock()
	defer turn.Unlock()
	defer f.used.Delete(document)
	err := f.root.Remove(document + "/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	return f.sync(document)
}

// Purge deletes a document with remove, and its files if that succeeds. No
// file is added to the document meanwhile, nor to a new one of the same id
// before the old files are gone.
func (f *Folder) Purge(document string, remove func() error) error {
	turn := f.turn(document)
	turn.Lock()
	defer turn.Unlock()
	defer f.used.Delete(document)
	if err := remove(); err != nil || !validDocument.MatchString(document) {
		return err
	}
	return f.root.RemoveAll(document)
}

// sync makes the names in a folder durable.
func (f *Folder) sync(folder string) error {
	dir, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
