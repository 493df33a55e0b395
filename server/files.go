package server

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/server/files"
)

// picture is a file as REST shows it.
type picture struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func newPicture(document string, f files.File) picture {
	return picture{f.Name, filesOf(document) + f.Name, f.Type, f.Size, f.Width, f.Height}
}

// filesOf is what the addresses of a document's files begin with.
func filesOf(document string) string { return "/api/v1/documents/" + document + "/files/" }

// addFile keeps an image beside a document.
func (s *Server) addFile(c echo.Context) error {
	info, who, err := s.document(c, edit, false)
	if err == nil {
		err = s.pace(who, "upload", uploads)
	}
	if err != nil {
		return err
	}
	r := c.Request()
	if r.ContentLength > files.MaxFile {
		return &http.MaxBytesError{Limit: files.MaxFile}
	}
	if s.files == nil {
		return unavailable("this server keeps no files")
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // one that can't be read is none that is taken
	kept, err := s.files.Save(info.ID, media, http.MaxBytesReader(nil, r.Body, files.MaxFile))
	if err != nil {
		return problemOfFile(err)
	}
	s.counts.uploads.Inc()
	f := newPicture(info.ID, kept)
	c.Response().Header().Set("Location", f.URL)
	return c.JSON(http.StatusCreated, f)
}

// listFiles answers the images of a document.
func (s *Server) listFiles(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	page := struct {
		Items []picture `json:"items"`
	}{Items: []picture{}}
	if s.files != nil {
		all, err := s.files.List(info.ID)
		if err != nil {
			return problemOfFile(err)
		}
		for _, f := range all {
			page.Items = append(page.Items, newPicture(info.ID, f))
		}
	}
	return c.JSON(http.StatusOK, page)
}

// filePolicy lets a file that is opened by itself be seen and nothing else,
// whatever a browser takes it for.
const filePolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"

// getFile answers an image. It never changes, but who may see it can.
func (s *Server) getFile(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	if s.files == nil {
		return noFile()
	}
	name := c.Param("name")
	from, err := s.files.Get(info.ID, name)
	if err != nil {
		return problemOfFile(err)
	}
	defer from.Close()
	h := c.Response().Header()
	h.Set("Content-Type", files.TypeOf(name))
	h.Set("Content-Disposition", "inline")
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+name+`"`)
	w := &refusing{ResponseWriter: c.Response()}
	http.ServeContent(w, c.Request(), "", time.Time{}, from)
	switch w.status {
	case http.StatusRequestedRangeNotSatisfiable:
		return newProblem(w.status, "range_invalid", "the file has no such bytes")
	case http.StatusPreconditionFailed:
		return newProblem(w.status, "precondition_failed", "the file is another")
	}
	return nil
}

// refusing keeps back an error of net/http's, so that it is said as all
// others are.
type refusing struct {
	http.ResponseWriter
	status int // of the error; 0: none
}

func (w *refusing) WriteHeader(status int) {
	if status >= 400 {
		w.status = status
		return
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *refusing) Write(b []byte) (int, error) {
	if w.status != 0 {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// deleteFile removes an image. A document that shows it shows a gap then.
func (s *Server) deleteFile(c echo.Context) error {
	info, _, err := s.document(c, edit, false)
	if err != nil {
		return err
	}
	if s.files == nil {
		return noFile()
	}
	if err := s.files.Remove(info.ID, c.Param("name")); err != nil {
		return problemOfFile(err)
	}
	return c.NoContent(http.StatusNoContent)
}

func noFile() error { return newProblem(http.StatusNotFound, "not_found", "there is no such file") }

func problemOfFile(err error) error {
	switch {
	case errors.Is(err, files.ErrNotFound):
		return noFile()
	case errors.Is(err, files.ErrType):
		return newProblem(http.StatusUnsupportedMediaType, "unsupported_media_type", "send an image: PNG, JPEG, GIF or WebP, with its media type")
	case errors.Is(err, files.ErrTooLarge):
		return newProblem(http.StatusRequestEntityTooLarge, "too_large", "%s", err)
	case errors.Is(err, files.ErrUnavailable):
		return fmt.Errorf("%w: %w", unavailable("the file can't be stored just now"), err)
	case errors.Is(err, files.ErrRead):
		return problemOfBody(err)
	}
	return err
}

// moved is a content whose addresses of a document's own files are those of
// another's, with the names of the files. What stands before an address tells
// it from the end of a longer one, on another site.
func moved(content ot.Document, from, to string) (ot.Document, []string, error) {
	raw := content.AppendJSON(nil)
	address := regexp.MustCompile(`(^|[^A-Za-z0-9.:_-])` + regexp.QuoteMeta(filesOf(from)) + `(` + files.NamePattern + `)`)
	found := address.FindAllSubmatch(raw, -1)
	if len(found) == 0 {
		return content, nil, nil
	}
	var names []string
	seen := map[string]bool{}
	for _, f := range found {
		if name := string(f[2]); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	replacement := "${1}" + strings.ReplaceAll(filesOf(to), "$", "$$") + "${2}"
	ops, err := ot.Parse(address.ReplaceAll(raw, []byte(replacement)))
	if err != nil {
		return content, nil, err
	}
	content, err = ot.NewDocument(ops)
	return content, names, err
}
