package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/ot/scan"
	"tutti/store"
)

// duplicateDocument creates a document with the content that another has, or
// had at a revision.
func (s *Server) duplicateDocument(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	who, err := s.authorize(c.Request(), create, "")
	if err != nil {
		return err
	}
	twin := store.Info{ID: newID(), Kind: info.Kind, Title: titleOfCopy(info.Title), Language: info.Language, Tags: info.Tags}
	rev := int64(-1)
	err = optionalMembers(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "id":
			twin.ID, err = identifier(raw)
		case "title":
			twin.Title, err = title(raw)
		case "rev":
			rev, err = revision(raw)
		case "tags":
			twin.Tags, err = tags(raw)
		}
		return err
	})
	if err != nil {
		return err
	}
	v, err := s.contentAt(info.ID, rev)
	if errors.Is(err, store.ErrRevision) {
		err = newProblem(http.StatusUnprocessableEntity, "rev_beyond_head", "the document has no revision %d", rev)
	}
	if err != nil {
		return err
	}
	content, names, err := moved(v.Doc, info.ID, twin.ID)
	if err != nil {
		return err
	}
	if twin, err = s.create(who, twin, content); err != nil {
		return err
	}
	if len(names) > 0 && s.files != nil {
		if err := s.files.Copy(info.ID, twin.ID, names); err != nil {
			return errors.Join(problemOfFile(err), s.remove(twin))
		}
	}
	return created(c, who, twin)
}

// titleOfCopy tells a copy from what it was made of, where there is room.
func titleOfCopy(title string) string {
	const mark = " (copy)"
	if strings.TrimSpace(title) == "" || units(title)+len(mark) > titleUnits {
		return title
	}
	return title + mark
}

// revision decodes a revision in a body.
func revision(raw []byte) (int64, error) {
	rev, ok := scan.Int(raw)
	if !ok || rev < 0 {
		return 0, badParameter("rev is no whole number from 0 on")
	}
	return rev, nil
}
