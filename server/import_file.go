package server

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/store"
)

// file is one that is to become a document.
type file struct {
	name  string // "" if it has none
	media string
	body  []byte
}

// mediaByExtension tells what a file is by its name.
var mediaByExtension = map[string]string{
	".txt": "text/plain", ".text": "text/plain", ".md": "text/markdown", ".markdown": "text/markdown",
	".html": "text/html", ".htm": "text/html", ".json": deltaType,
}

// importable are the media types of files.
var importable = []string{"text/plain", "text/markdown", "text/html", deltaType, "multipart/form-data"}

// importDocument creates a document of a file.
func (s *Server) importDocument(c echo.Context) error {
	who, err := s.authorize(c.Request(), create, "")
	if err != nil {
		return err
	}
	info, err := wanted(c)
	if err != nil {
		return err
	}
	f, err := readFile(c.Request())
	if err != nil {
		return err
	}
	if info.Title == "" {
		info.Title = titleOfFile(f.name)
	}
	content, err := f.document(&info)
	if err != nil {
		return err
	}
	return s.add(c, who, info, content)
}

// wanted reads what the query says of the document that a file becomes.
func wanted(c echo.Context) (info store.Info, err error) {
	info.ID, info.Kind = c.QueryParam("id"), ot.Kind(c.QueryParam("kind"))
	if info.ID != "" {
		if info.ID, err = identifier([]byte(quote(info.ID))); err != nil {
			return info, err
		}
	}
	if info.Kind != "" && info.Kind != ot.Text && info.Kind != ot.Rich {
		return info, badParameter("kind is text or rich")
	}
	info.Title, err = title([]byte(quote(c.QueryParam("title"))))
	return info, err
}

// readFile reads the file that a request sends, as its body or in a form.
func readFile(r *http.Request) (file, error) {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media == "multipart/form-data" {
		return readForm(r)
	}
	body, media, err := readBody(r, contentBytes, importable...)
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	return file{name: params["filename"], media: media, body: body}, err
}

// readForm reads the part of a form that is the file.
func readForm(r *http.Request) (file, error) {
	if r.ContentLength > contentBytes {
		return file{}, &http.MaxBytesError{Limit: contentBytes}
	}
	r.Body = http.MaxBytesReader(nil, r.Body, contentBytes)
	parts, err := r.MultipartReader()
	if err != nil {
		return file{}, badParameter("the form can't be read: %v", err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return file{}, badParameter("the form has no file")
		}
		if err != nil {
			return file{}, problemOfForm(err)
		}
		if part.FormName() == "file" {
			return readPart(part)
		}
	}
}

func readPart(part *multipart.Part) (file, error) {
	body, err := io.ReadAll(part)
	if err != nil {
		return file{}, problemOfForm(err)
	}
	f := file{name: part.FileName(), body: body}
	if f.media, err = mediaOfPart(part); err != nil {
		return file{}, err
	}
	if !utf8.Valid(body) {
		return file{}, newProblem(http.StatusBadRequest, "not_utf8", "the file is not UTF-8")
	}
	return f, nil
}

// mediaOfPart believes the name of a file more than its type: browsers don't
// know Markdown.
func mediaOfPart(part *multipart.Part) (string, error) {
	if media := mediaByExtension[strings.ToLower(path.Ext(part.FileName()))]; media != "" {
		return media, nil
	}
	media, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	for _, known := range importable[:len(importable)-1] {
		if err == nil && media == known {
			return media, nil
		}
	}
	return "", newProblem(http.StatusUnsupportedMediaType, "unsupported_media_type", "a file is text, Markdown, HTML or a delta")
}

func problemOfForm(err error) error {
	var tooBig *http.MaxBytesError
	var refused *problem
	if errors.As(err, &tooBig) || errors.As(err, &refused) {
		return err
	}
	return badParameter("the form can't be read: %v", err)
}

// document makes a content of a file. It settles what info leaves open: the
// kind, and the language of a text.
func (f file) document(info *store.Info) (ot.Document, error) {
	if info.Kind == "" {
		info.Kind = ot.Text
		if f.media == "text/html" || f.media == deltaType {
			info.Kind = ot.Rich
		}
	}
	if info.Kind == ot.Text && f.media == "text/html" {
		return ot.Document{}, fieldInvalid("HTML becomes a rich document")
	}
	if info.Kind == ot.Text && f.media == "text/markdown" {
		info.Language = "markdown"
	}
	body := bytes.TrimPrefix(f.body, []byte("\uFEFF"))
	content := ot.Delta{}.Insert(string(unixLines(body)), nil)
	if info.Kind != ot.Rich || f.media != "text/plain" {
		var err error
		if content, err = readContent(info.Kind, f.media, body); err != nil {
			return ot.Document{}, err
		}
	}
	if info.Kind == ot.Rich && !endsInNewline(content) {
		content = content.Insert("\n", nil)
	}
	return ot.NewDocument(content)
}

// titleOfFile is the name of a file without folders and extension, as far as a
// title can be that.
func titleOfFile(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" {
		return ""
	}
	if mediaByExtension[strings.ToLower(path.Ext(name))] != "" {
		name = name[:len(name)-len(path.Ext(name))]
	}
	name = strings.ToValidUTF8(name, "\uFFFD")
	if _, err := title([]byte(quote(name))); err != nil {
		return ""
	}
	return name
}
