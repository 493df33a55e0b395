package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"tutti/session"
	"tutti/store"
)

// besideRoutes are what belongs to a document and is no part of it.
func (s *Server) besideRoutes(api *echo.Group) {
	document := api.Group("/documents/:id")
	document.GET("/chat", s.listMessages)
	document.POST("/chat", s.addMessage)
	document.DELETE("/chat/:message", s.deleteMessage)
	document.GET("/files", s.listFiles)
	document.POST("/files", s.addFile)
	document.GET("/files/:name", s.getFile)
	document.HEAD("/files/:name", s.getFile)
	document.DELETE("/files/:name", s.deleteFile)
}

// listMessages answers the chat beside a document, the newest first. Ids have
// no gaps, so a page is a range of them.
func (s *Server) listMessages(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	limit, err := intParam(c, "limit", 50, 1, 200)
	if err != nil {
		return err
	}
	last, err := s.store.LastMessage(info.ID)
	if err != nil {
		return err
	}
	before, err := intParam(c, "before", last+1, 1, last+1)
	if err != nil {
		return err
	}
	after := max(0, before-1-limit)
	items, err := s.store.Messages(info.ID, after, int(before-1-after))
	if err != nil {
		return err
	}
	// Where the oldest are not kept any more, these may be later ones.
	items = slices.DeleteFunc(items, func(m store.Message) bool { return m.ID >= before })
	page := struct {
		Items []store.Message `json:"items"`
		Next  string          `json:"next,omitempty"`
	}{Items: append([]store.Message{}, items...)}
	slices.Reverse(page.Items)
	if len(items) > 0 && items[0].ID > 1 && items[0].ID > last-store.MessagesKept+1 {
		page.Next = strconv.FormatInt(items[0].ID, 10)
	}
	return c.JSON(http.StatusOK, page)
}

// addMessage says something in the chat.
func (s *Server) addMessage(c echo.Context) error {
	info, who, err := s.document(c, comment, false)
	if err == nil {
		err = s.pace(who, "say", sayings)
	}
	if err != nil {
		return err
	}
	m := store.Message{User: who.User}
	given := false
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		if key == "text" {
			given = true
			m.Text, err = text(key, raw)
		}
		return err
	})
	if err == nil && !given {
		err = badParameter("text is missing")
	}
	if err != nil {
		return err
	}
	kept, flaw := session.ChatText(m.Text)
	if flaw != "" {
		return fieldInvalid("%s", flaw)
	}
	m.Text = kept
	if m, err = s.hub.Say(info.ID, info.Epoch, m); err != nil {
		return err
	}
	c.Response().Header().Set("Location", "/api/v1/documents/"+info.ID+"/chat/"+strconv.FormatInt(m.ID, 10))
	return c.JSON(http.StatusCreated, m)
}

// deleteMessage takes a message away: who said it may, and who manages the
// document.
func (s *Server) deleteMessage(c echo.Context) error {
	info, who, err := s.document(c, comment, false)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("message"), 10, 64)
	if err != nil || id < 1 {
		return store.ErrNoMessage
	}
	found, err := s.store.Messages(info.ID, id-1, 1)
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].ID != id {
		return store.ErrNoMessage
	}
	if found[0].User.ID != who.User.ID {
		if _, err := s.authorize(c.Request(), manage, info.ID); err != nil {
			return err
		}
	}
	if err := s.hub.Unsay(info.ID, info.Epoch, id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
