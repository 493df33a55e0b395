package files

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"os"

	_ "golang.org/x/image/webp"
)

// Save adds an image to a document and returns what it is. media is what it is
// said to be. Errors are those above, and the store's.
func (f *Folder) Save(document, media string, from io.Reader) (File, error) {
	if extensions[media] == "" {
		return File{}, ErrType
	}
	if !validDocument.MatchString(document) {
		return File{}, ErrNotFound
	}
	temporary := incoming + "/" + rand.Text()
	file, err := f.receive(temporary, from)
	if err == nil && file.Type != media {
		err = ErrType
	}
	if err == nil {
		err = f.keep(document, temporary, file)
	}
	if err != nil {
		f.root.Remove(temporary) // if it is there; what stays is removed by the next Open
		return File{}, refused(err)
	}
	return file, nil
}

// refused says in our words what the disk says.
func refused(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	if errors.As(err, &path) || errors.As(err, &link) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// receive writes what comes to a file, synced, and finds out what it is.
func (f *Folder) receive(temporary string, from io.Reader) (file File, err error) {
	to, err := f.root.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return file, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	sum := sha256.New()
	source := &remembering{from: io.LimitReader(from, MaxFile+1)}
	size, err := io.Copy(io.MultiWriter(to, sum), source)
	if source.err != nil {
		return file, fmt.Errorf("%w: %w", ErrRead, source.err)
	}
	if err != nil {
		return file, err
	}
	if size > MaxFile {
		return file, fmt.Errorf("%w: an image has at most %d MiB", ErrTooLarge, MaxFile>>20)
	}
	if _, err := to.Seek(0, io.SeekStart); err != nil {
		return file, err
	}
	if file, err = inspect(to); err != nil {
		return file, err
	}
	file.Name = hex.EncodeToString(sum.Sum(nil)[:16]) + extensions[file.Type]
	return file, to.Sync()
}

// remembering tells a reader's failure from a writer's.
type remembering struct {
	from io.Reader
	err  error
}

func (r *remembering) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// inspect finds out what an image is, and refuses one that would burst the
// memory of who shows it.
func inspect(from *os.File) (file File, err error) {
	stat, err := from.Stat()
	if err != nil {
		return file, err
	}
	config, format, err := image.DecodeConfig(bufio.NewReader(from))
	switch {
	case err != nil || formats[format] == "" || config.Width < 1 || config.Height < 1:
		return file, ErrType
	case config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels:
		return file, fmt.Errorf("%w: an image has at most %d pixels a side and %d megapixels", ErrTooLarge, maxSide, maxPixels/1_000_000)
	}
	return File{Type: formats[format], Size: stat.Size(), Width: config.Width, Height: config.Height}, nil
}

// keep gives a file that has arrived its place.
func (f *Folder) keep(document, temporary string, file File) error {
	turn := f.turn(document)
	turn.Lock()
	defer turn.Unlock()
	defer f.used.Delete(document)
	if err := f.must(document); err != nil {
		return err
	}
	if err := f.room(document, file); err != nil {
		return err
	}
	if err := f.folder(document); err != nil {
		return err
	}
	if err := f.root.Rename(temporary, document+"/"+file.Name); err != nil {
		return err
	}
	return f.sync(document)
}

// must returns ErrNotFound if there is no such document.
func (f *Folder) must(document string) error {
	there, err := f.exists(document)
	if err == nil && !there {
		err = ErrNotFound
	}
	return err
}

// room makes sure that a document may have one more file.
func (f *Folder) room(document string, file File) error {
	entries, err := f.entries(document)
	if err != nil {
		return err
	}
	total, count := file.Size, 1
	for _, e := range entries {
		stat, err := e.Info()
		if err != nil {
			return err
		}
		if e.Name() == file.Name {
			return nil // it takes its own place
		}
		total += stat.Size()
		count++
	}
	if total > f.total {
		return fmt.Errorf("%w: the images of this document would have more than %d MiB; delete some", ErrTooLarge, f.total>>20)
	}
	if count > f.most {
		return fmt.Errorf("%w: this document has %d images already; delete some", ErrTooLarge, f.most)
	}
	return nil
}

// folder makes a document's folder.
func (f *Folder) folder(document string) error {
	err := f.root.Mkdir(document, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.sync(".")
}

// Copy gives a document those files of another that have these names and are
// there. They take no room of their own where the file system has links.
func (f *Folder) Copy(from, to string, names []string) error {
	if !validDocument.MatchString(to) {
		return ErrNotFound
	}
	turn := f.turn(to)
	turn.Lock()
	defer turn.Unlock()
	if err := f.must(to); err != nil {
		return err
	}
	if err := f.folder(to); err != nil {
		return refused(err)
	}
	for _, name := range names {
		err := f.twin(from, to, name)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return refused(err)
		}
	}
	return refused(f.sync(to))
}

// twin links a file into another folder, or copies it where that can't be.
func (f *Folder) twin(from, to, name string) error {
	source, err := f.Get(from, name)
	if err != nil {
		return err
	}
	defer source.Close()
	err = f.root.Link(from+"/"+name, to+"/"+name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	temporary := incoming + "/" + rand.Text()
	if _, err := f.receive(temporary, source); err != nil {
		return err
	}
	return f.root.Rename(temporary, to+"/"+name)
}
