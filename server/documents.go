package server

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/server/access"
	"tutti/server/search"
	"tutti/session"
	"tutti/store"
)

// resource is a document as REST shows it.
type resource struct {
	ID        string       `json:"id"`
	Kind      ot.Kind      `json:"kind"`
	Title     string       `json:"title"`
	Language  string       `json:"language"`
	Tags      store.Tags   `json:"tags"`
	Epoch     string       `json:"epoch"`
	Revision  int64        `json:"revision"`
	Length    int64        `json:"length"`
	CreatedAt string       `json:"createdAt"`
	UpdatedAt string       `json:"updatedAt"`
	TrashedAt string       `json:"trashedAt,omitempty"`
	CreatedBy store.User   `json:"createdBy"`
	Role      session.Role `json:"role,omitempty"` // "" of an administrator who oversees it

	// In lists: who is in it, and how its text begins.
	People      []visitor `json:"people,omitzero"`
	PeopleCount *int      `json:"peopleCount,omitempty"`
	Excerpt     *string   `json:"excerpt,omitempty"`

	// In the results of a search: where its words stand.
	TitleMarks []search.Mark   `json:"titleMarks,omitempty"`
	Snippet    *search.Snippet `json:"snippet,omitempty"`
}

func newResource(i store.Info, who principal) resource {
	r := resource{
		ID: i.ID, Kind: i.Kind, Title: i.Title, Language: i.Language, Tags: i.Tags, Epoch: i.Epoch,
		Revision: i.Head.Rev, Length: i.Head.Length,
		CreatedAt: timestamp(i.CreatedAt), UpdatedAt: timestamp(i.UpdatedAt()),
		CreatedBy: i.CreatedBy, Role: who.role,
	}
	if i.TrashedAt != 0 {
		r.TrashedAt = timestamp(i.TrashedAt)
	}
	return r
}

func timestamp(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// document authorizes a request about one document and returns what is known
// about it; in the trash it is deleted, but for who asks for that too.
func (s *Server) document(c echo.Context, do access.Action, trashToo bool) (store.Info, principal, error) {
	id := c.Param("id")
	who, err := s.authorize(c.Request(), do, id)
	if err != nil {
		return store.Info{}, who, err
	}
	if !documentID.MatchString(id) {
		return store.Info{}, who, documentNotFound()
	}
	info, err := s.store.Info(id)
	if err == nil && info.TrashedAt != 0 && !trashToo {
		err = documentDeleted()
	}
	return info, who, err
}

func (s *Server) createDocument(c echo.Context) error {
	who, err := s.authorize(c.Request(), create, "")
	if err != nil {
		return err
	}
	info, content, err := newDocument(c.Request())
	if err != nil {
		return err
	}
	return s.add(c, who, info, content)
}

// add creates a document for who asks and answers with it.
func (s *Server) add(c echo.Context, who principal, info store.Info, content ot.Document) error {
	info, err := s.create(who, info, content)
	if err != nil {
		return err
	}
	return created(c, who, info)
}

func created(c echo.Context, who principal, info store.Info) error {
	c.Response().Header().Set("Location", "/api/v1/documents/"+info.ID)
	return c.JSON(http.StatusCreated, newResource(info, who))
}

// create adds a document to the store. An id that info lacks is made up, and
// what else a new one has is filled in.
func (s *Server) create(who principal, info store.Info, content ot.Document) (store.Info, error) {
	if info.ID == "" {
		info.ID = newID()
	}
	info.Epoch, info.CreatedAt, info.CreatedBy = newID(), time.Now().UnixMilli(), who.User
	info.ChangedAt = info.CreatedAt
	info.Head = store.Head{Length: int64(content.Length())}
	if limit := int64(s.hub.Limits().Document); info.Head.Length > limit {
		return info, newProblem(http.StatusUnprocessableEntity, string(ot.DocumentTooLarge), "the content has %d units, more than %d", info.Head.Length, limit)
	}
	if err := s.own(who, info); err != nil {
		return info, err
	}
	if err := s.store.Create(info, content.AppendJSON(nil)); err != nil {
		return info, errors.Join(err, s.disown(info))
	}
	return info, nil
}

// newDocument reads what is to be created.
func newDocument(r *http.Request) (store.Info, ot.Document, error) {
	info := store.Info{Kind: ot.Text}
	var content []byte
	err := members(r, contentBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "id":
			info.ID, err = identifier(raw)
		case "kind":
			var kind string
			if kind, err = text(key, raw); err == nil && kind != string(ot.Text) && kind != string(ot.Rich) {
				err = fieldInvalid("kind is text or rich")
			}
			info.Kind = ot.Kind(kind)
		case "title":
			info.Title, err = title(raw)
		case "language":
			info.Language, err = language(raw)
		case "tags":
			info.Tags, err = tags(raw)
		case "content":
			content = raw
		}
		return err
	})
	if err != nil {
		return info, ot.Document{}, err
	}
	doc, err := newContent(info.Kind, content)
	return info, doc, err
}

// newContent makes a document of what a body gives as its content: nothing, a
// string, or for rich a delta.
func newContent(kind ot.Kind, raw []byte) (ot.Document, error) {
	var content ot.Delta
	switch scan.Kind(raw) {
	case scan.KindNone:
	case scan.KindString:
		s, err := text("content", raw)
		if err != nil {
			return ot.Document{}, err
		}
		content = content.Insert(s, nil)
	default:
		if kind != ot.Rich {
			return ot.Document{}, badParameter("content is no string")
		}
		var err error
		if content, err = deltaOf(raw); err != nil {
			return ot.Document{}, err
		}
	}
	if kind == ot.Rich && !endsInNewline(content) {
		content = content.Insert("\n", nil)
	}
	doc, err := ot.NewDocument(content)
	if err != nil {
		return doc, err
	}
	// As if before the last newline: behind it nothing is inserted.
	if flaw := content.CheckKind(kind, 1); flaw != nil {
		return doc, flaw
	}
	return doc, nil
}

func endsInNewline(content ot.Delta) bool {
	if len(content) == 0 {
		return false
	}
	last := content[len(content)-1]
	return strings.HasSuffix(last.Text(), "\n")
}

func (s *Server) getDocument(c echo.Context) error {
	info, who, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newResource(info, who))
}

func (s *Server) patchDocument(c echo.Context) error {
	info, who, err := s.document(c, edit, false)
	if err != nil {
		return err
	}
	change, err := readChange(c.Request())
	if err != nil {
		return err
	}
	info, err = s.hub.Update(info.ID, func(i *store.Info) error {
		if i.TrashedAt != 0 {
			return documentDeleted()
		}
		for _, set := range change {
			set(i)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newResource(info, who))
}

// newID names a document or an epoch: 128 bits in base32.
func newID() string { return strings.ToLower(rand.Text()) }
