package server

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tutti/store"
)

// zipLimits are what a ZIP may hold. Nothing that it says of itself is
// believed: what comes out of it is counted.
type zipLimits struct {
	packed    int64
	directory int64 // read of it before its first file: its names take ten times that in memory
	files     int
	file      int64
	unpacked  int64 // all files together
}

var usualZIP = zipLimits{packed: 256 << 20, directory: 8 << 20, files: 10_000, file: contentBytes, unpacked: 1 << 30}

// taken is a file of a ZIP and the document that it became.
type taken struct {
	Name     string   `json:"name"`
	Document resource `json:"document"`
}

// importDocuments creates a document of each file in a ZIP: all of them, or
// none. It goes through all twice, the first time only to see whether it can.
// Only a crash between two of them leaves some, each of them whole.
func (s *Server) importDocuments(c echo.Context) error {
	who, err := s.authorize(c.Request(), create, "")
	if err != nil {
		return err
	}
	spool, size, err := s.spoolBody(c.Request())
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	z, err := s.openZIP(spool, size)
	if err != nil {
		return err
	}
	if _, err := s.unpack(z, who, true); err != nil {
		return err
	}
	items, err := s.unpack(z, who, false)
	if err != nil {
		for _, item := range items {
			err = errors.Join(err, s.remove(store.Info{ID: item.Document.ID, Epoch: item.Document.Epoch}))
		}
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Items []taken `json:"items"`
	}{items})
}

// openZIP reads the directory of a ZIP, which may be no longer than that of as
// many files as there may be.
func (s *Server) openZIP(from io.ReaderAt, size int64) (*zip.Reader, error) {
	directory := &bounded{ReaderAt: from, left: s.zip.directory}
	z, err := zip.NewReader(directory, size)
	if directory.left < 0 || err == nil && len(z.File) > s.zip.files {
		return nil, contentInvalid("the ZIP has more than %d files, or their names are too long", s.zip.files)
	}
	if err != nil {
		return nil, contentInvalid("the ZIP can't be read: %v", err)
	}
	directory.left = math.MaxInt64 // the files are counted as they are unpacked
	return z, nil
}

// bounded reads as long as there is something left.
type bounded struct {
	io.ReaderAt
	left int64
}

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errLong
	}
	return b.ReaderAt.ReadAt(p, at)
}

// spoolBody keeps a ZIP in a file: it is read from its end.
func (s *Server) spoolBody(r *http.Request) (*os.File, int64, error) {
	body, _, err := openBody(r, s.zip.packed, "application/zip")
	if err != nil {
		return nil, 0, err
	}
	spool, err := os.CreateTemp("", "tutti-*.zip")
	if err != nil {
		return nil, 0, err
	}
	size, err := io.Copy(spool, body)
	if err == nil {
		return spool, size, nil
	}
	spool.Close()
	os.Remove(spool.Name())
	return nil, 0, problemOfBody(err)
}

// unpack makes documents of the files, or only rehearses it. It returns those
// that it has created, also beside an error.
func (s *Server) unpack(z *zip.Reader, who principal, rehearse bool) (items []taken, err error) {
	items = []taken{}
	room := s.zip.unpacked
	ids := map[string]bool{}
	for _, f := range z.File {
		if !filepath.IsLocal(f.Name) || strings.Contains(f.Name, `\`) || !utf8.ValidString(f.Name) {
			return items, nameFile(f.Name, contentInvalid("the name leads out of the ZIP"))
		}
		if passedOver(f.Name) {
			continue
		}
		info, used, err := s.unpackFile(f, who, room, rehearse)
		if err != nil {
			return items, nameFile(f.Name, err)
		}
		room -= used
		if rehearse && info.ID != "" {
			if _, err := s.store.Info(info.ID); err == nil || ids[info.ID] {
				return items, nameFile(f.Name, store.ErrExists)
			}
			ids[info.ID] = true
		}
		if !rehearse {
			items = append(items, taken{f.Name, newResource(info, who)})
		}
	}
	return items, nil
}

// passedOver are folders, and what systems put beside the files.
func passedOver(name string) bool {
	if strings.HasSuffix(name, "/") {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "__MACOSX" || strings.HasPrefix(part, ".") {
			return true
		}
	}
	return false
}

// nameFile says in which file of a ZIP something is wrong.
func nameFile(name string, err error) error {
	p := problemOf(err)
	if p.Status >= 500 {
		return err
	}
	named := *p
	named.Detail = fmt.Sprintf("%.200q: %s", name, p.Detail)
	return &named
}

// unpackFile makes a document of a file of at most room bytes, and returns how
// many it had.
func (s *Server) unpackFile(f *zip.File, who principal, room int64, rehearse bool) (info store.Info, used int64, err error) {
	packed, err := f.Open()
	if err != nil {
		return info, 0, contentInvalid("it can't be unpacked: %v", err)
	}
	defer packed.Close()
	from := &counted{from: packed, room: room}
	if strings.ToLower(path.Ext(f.Name)) == archiveExtension {
		take := s.importer(who)
		if rehearse {
			take = rehearsal
		}
		info, err = s.readArchive(from, "", who, take)
	} else {
		info, err = s.unpackContent(f.Name, from, who, rehearse)
	}
	var flaw *zipFlaw
	if errors.As(err, &flaw) {
		err = flaw.problem()
	}
	return info, from.used, err
}

// unpackContent makes a document of a file without history. The folders that
// it is in become its tags.
func (s *Server) unpackContent(name string, from io.Reader, who principal, rehearse bool) (info store.Info, err error) {
	media := mediaByExtension[strings.ToLower(path.Ext(name))]
	if media == "" {
		return info, contentInvalid("only .txt, .md, .html, .json and .tutti can be read")
	}
	body, err := io.ReadAll(io.LimitReader(from, s.zip.file+1))
	if err != nil {
		return info, err
	}
	if int64(len(body)) > s.zip.file {
		return info, contentInvalid("the file has more than %d bytes", s.zip.file)
	}
	if !utf8.Valid(body) {
		return info, contentInvalid("the file is not UTF-8")
	}
	info.Title = titleOfFile(name)
	if folder := path.Dir(path.Clean(name)); folder != "." {
		if info.Tags, err = checkTags(strings.Split(folder, "/")); err != nil {
			return info, err
		}
	}
	content, err := file{name, media, body}.document(&info)
	if err != nil || rehearse {
		return info, errors.Join(err, s.fits(content.Length(), 0))
	}
	return s.create(who, info, content)
}

// rehearsal takes in nothing.
func rehearsal(_ store.Info, _ []byte, fill func(store.Draft) (store.Head, error)) error {
	_, err := fill(nobody{})
	return err
}

// nobody is a draft that keeps nothing.
type nobody struct{}

func (nobody) Append([]store.Line) error         { return nil }
func (nobody) SaveSnapshot(store.Snapshot) error { return nil }
func (nobody) SaveVersion(store.Version) error   { return nil }
func (nobody) SaveName(store.User) error         { return nil }

// counted reads a file of a ZIP as far as there is room.
type counted struct {
	from io.Reader
	room int64
	used int64
}

// zipFlaw is what is wrong with the ZIP, and not with the file in it.
type zipFlaw struct{ reason string }

func (e *zipFlaw) Error() string { return e.reason }

func (e *zipFlaw) problem() *problem { return contentInvalid("%s", e.reason) }

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	if c.used += int64(n); c.used > c.room {
		return 0, &zipFlaw{"the ZIP unpacks to too many bytes"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = &zipFlaw{"it can't be unpacked: " + err.Error()}
	}
	return n, err
}
