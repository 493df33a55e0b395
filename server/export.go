package server

import (
	"fmt"
	"html"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tutti/session"
	"tutti/store"
)

// fileFormats are the kinds of files that a document can be written as, by the
// names that they have in queries.
var fileFormats = map[string]struct{ media, extension string }{
	"txt":   {"text/plain", ".txt"},
	"md":    {"text/markdown", ".md"},
	"html":  {"text/html", ".html"},
	"delta": {deltaType, ".json"},
}

// exportDocument answers a document as a file.
func (s *Server) exportDocument(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	format := c.QueryParam("format")
	if _, ok := fileFormats[format]; !ok {
		return badParameter("format is one of %q", slices.Sorted(maps.Keys(fileFormats)))
	}
	rev, err := revisionParam(c)
	if err != nil {
		return err
	}
	info, v, err := s.at(info.ID, rev)
	if err != nil {
		return err
	}
	media := fileFormats[format].media
	if strings.HasPrefix(media, "text/") {
		media += "; charset=utf-8"
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", attachment(fileName(info)+fileFormats[format].extension))
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-cache")
	return c.Blob(http.StatusOK, media, fileOf(info, v, format))
}

// fileOf writes a document as a file. HTML is a whole page.
func fileOf(info store.Info, v *session.Version, format string) []byte {
	var content []byte
	for _, way := range representations(info) {
		if way.media == fileFormats[format].media {
			content = way.encode(v)
		}
	}
	if format != "html" {
		return content
	}
	return fmt.Appendf(nil, "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n</head>\n<body>\n%s</body>\n</html>\n",
		html.EscapeString(info.Title), content)
}

// revisionParam reads the revision that a query asks for, -1 where it asks for
// none.
func revisionParam(c echo.Context) (int64, error) {
	rev, err := intParam(c, "rev", -1, -1, 1<<53)
	if err == nil && rev < 0 && c.QueryParam("rev") != "" {
		err = badParameter("rev is below 0")
	}
	return rev, err
}

// attachment is a Content-Disposition that saves a file under a name.
func attachment(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

// fileNameBytes leaves room for an extension and for a number on any file
// system.
const fileNameBytes = 180

// fileName is a document's title as the name of a file that any system takes,
// or its id where nothing of the title is left.
func fileName(info store.Info) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, info.Title)
	for len(name) > fileNameBytes {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name = strings.Trim(name, ". "); name == "" {
		return info.ID
	}
	return name
}
