package server

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/store"
)

// maxExport is how many documents can be asked for by their ids.
const maxExport = 10_000

// exporting is what shall be in a ZIP.
type exporting struct {
	format string // "": by the document's kind
	ids    []string
	tags   []string
	kind   string
}

// exportDocuments answers many documents as a ZIP, each read when its turn
// comes.
func (s *Server) exportDocuments(c echo.Context) error {
	who, err := s.authorize(c.Request(), list, "")
	if err != nil {
		return err
	}
	what, err := readExport(c.Request())
	if err != nil {
		return err
	}
	infos, err := s.chosen(c, who, what)
	if err != nil {
		return err
	}
	return s.download(c, "application/zip", "documents.zip", func(to io.Writer) error {
		z := zip.NewWriter(to)
		names := map[string]bool{}
		for _, info := range infos {
			done := s.whileAllowed(c, read, &info)
			// A small one may stay in a buffer until it isn't watched any more.
			err := c.Request().Context().Err()
			if err == nil {
				err = s.addToZip(z, names, info.ID, what.format)
			}
			done()
			if err != nil {
				return err
			}
		}
		return z.Close()
	})
}

func readExport(r *http.Request) (what exporting, err error) {
	err = optionalMembers(r, contentBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "format":
			what.format, err = text(key, raw)
			if _, ok := fileFormats[what.format]; err == nil && !ok && what.format != "archive" {
				err = badParameter("format is txt, md, html, delta or archive")
			}
		case "ids":
			what.ids, err = texts(key, raw)
		case "tags":
			what.tags, err = texts(key, raw)
		case "kind":
			what.kind, err = text(key, raw)
			if err == nil && what.kind != string(ot.Text) && what.kind != string(ot.Rich) {
				err = badParameter("kind is text or rich")
			}
		}
		return err
	})
	if err == nil && len(what.ids) > maxExport {
		err = badParameter("ids are at most %d", maxExport)
	}
	return what, err
}

// texts decodes a list of strings, which may be empty but is there.
func texts(key string, raw []byte) ([]string, error) {
	if scan.Kind(raw) != scan.KindArray {
		return nil, badParameter("%s is no list of strings", key)
	}
	all := []string{}
	err := scan.Elements(raw, func(raw []byte) error {
		one, err := text(key, raw)
		all = append(all, one)
		return err
	})
	return all, err
}

// chosen returns the documents that are asked for, in the order of their ids
// where it is not by these.
func (s *Server) chosen(c echo.Context, who principal, what exporting) (infos []store.Info, err error) {
	filter := listQuery{kind: what.kind, tags: what.tags}
	if what.ids == nil {
		err = s.catalogue.each(func(e *entry) {
			if _, seen := s.may(who, read, &e.Info); seen && filter.wants(&e.Info) {
				infos = append(infos, e.Info)
			}
		})
		slices.SortFunc(infos, func(a, b store.Info) int { return strings.Compare(a.ID, b.ID) })
		return infos, err
	}
	for _, id := range what.ids {
		if _, err := s.authorize(c.Request(), read, id); err != nil {
			return nil, err
		}
		info, err := s.store.Info(id)
		if err == nil && info.TrashedAt != 0 {
			err = documentDeleted()
		}
		if err != nil {
			return nil, err
		}
		if filter.wants(&info) {
			infos = append(infos, info)
		}
	}
	return infos, nil
}

// addToZip writes a document as a file of its own.
func (s *Server) addToZip(z *zip.Writer, names map[string]bool, id, format string) error {
	info, v, err := s.hub.View(id)
	if err != nil {
		return err
	}
	switch {
	case format != "":
	case info.Kind == ot.Rich:
		format = "html"
	case info.Language == "markdown":
		format = "md"
	default:
		format = "txt"
	}
	extension := fileFormats[format].extension
	if format == "archive" {
		extension = archiveExtension
	}
	w, err := z.CreateHeader(&zip.FileHeader{
		Name: unique(names, fileName(info), extension), Method: zip.Deflate, Modified: time.UnixMilli(info.UpdatedAt()).UTC(),
	})
	if err != nil {
		return err
	}
	if format != "archive" {
		_, err = w.Write(fileOf(info, v, format))
		return err
	}
	first, err := s.store.Snapshot(id, 0)
	if err != nil {
		return err
	}
	return s.writeArchive(w, info, first.Content)
}

// unique returns a name that no other file has, not even one that differs in
// case alone.
func unique(names map[string]bool, name, extension string) string {
	full := name + extension
	for n := 2; names[strings.ToLower(full)]; n++ {
		full = fmt.Sprintf("%s (%d)%s", name, n, extension)
	}
	names[strings.ToLower(full)] = true
	return full
}
