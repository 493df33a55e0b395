package server

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/session"
	"tutti/store"
)

// versionUnits bounds the name of a revision, in UTF-16 code units.
const versionUnits = 200

// version is a named revision as REST shows it.
type version struct {
	Rev       int64      `json:"rev"`
	Name      string     `json:"name"`
	CreatedAt string     `json:"createdAt"`
	CreatedBy store.User `json:"createdBy"`
}

func newVersion(v store.Version) version {
	return version{v.Rev, v.Name, timestamp(v.CreatedAt), v.CreatedBy}
}

// createVersion names a revision, in place of the name that it has.
func (s *Server) createVersion(c echo.Context) error {
	info, who, err := s.document(c, edit, false)
	if err != nil {
		return err
	}
	v := store.Version{Rev: info.Head.Rev, CreatedAt: time.Now().UnixMilli(), CreatedBy: who.User}
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "name":
			v.Name, err = field(key, raw, versionUnits)
		case "rev":
			v.Rev, err = revision(raw)
		}
		return err
	})
	if err == nil && strings.TrimSpace(v.Name) == "" {
		err = fieldInvalid("a version has a name, not only white space")
	}
	if err != nil {
		return err
	}
	err = s.store.SaveVersion(info.ID, info.Epoch, v)
	if errors.Is(err, store.ErrRevision) {
		return newProblem(http.StatusUnprocessableEntity, string(session.RevBeyondHead), "revision %d is beyond the head, %d", v.Rev, info.Head.Rev)
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Location", "/api/v1/documents/"+info.ID+"/versions/"+strconv.FormatInt(v.Rev, 10))
	return c.JSON(http.StatusCreated, newVersion(v))
}

// listVersions answers the named revisions, the newest first.
func (s *Server) listVersions(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	limit, err := intParam(c, "limit", 100, 1, 1000)
	if err != nil {
		return err
	}
	before, err := revisionCursor(c, info)
	if err != nil {
		return err
	}
	list, err := s.store.Versions(info.ID, before, int(limit)+1)
	if err != nil {
		return err
	}
	page := struct {
		Items []version `json:"items"`
		Next  string    `json:"next,omitempty"`
	}{Items: []version{}}
	for i, v := range list {
		if i == int(limit) {
			page.Next = encodePlace(place{Number: list[i-1].Rev, ID: info.Epoch})
			break
		}
		page.Items = append(page.Items, newVersion(v))
	}
	return c.JSON(http.StatusOK, page)
}

// deleteVersion takes a revision's name away; the revision stays.
func (s *Server) deleteVersion(c echo.Context) error {
	info, _, err := s.document(c, edit, false)
	if err != nil {
		return err
	}
	rev, err := strconv.ParseUint(c.Param("rev"), 10, 53)
	if err == nil {
		err = s.store.DropVersion(info.ID, info.Epoch, int64(rev))
	}
	var syntax *strconv.NumError
	if errors.As(err, &syntax) || errors.Is(err, store.ErrRevision) {
		return newProblem(http.StatusNotFound, "not_found", "there is no version of that revision")
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
