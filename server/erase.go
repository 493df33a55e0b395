package server

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

const (
	// erasedUnits bounds a text to be erased, in UTF-16 code units.
	erasedUnits = 10_000
	// erasedIn is how many revisions the answer names at most.
	erasedIn = 1000
)

// left is what an erase can't reach, said with every answer. The pages of the
// store's file that are free are not overwritten before they are used again.
const left = "Files that were uploaded are not looked into. What people have copied, and backups that were made before, still hold the text; " +
	"so may free room in the server's files, until `tutti compact` has written them anew."

// erasure is what was found of a text, or erased.
type erasure struct {
	Occurrences int      `json:"occurrences"` // how often it came to stand somewhere in the content
	Revisions   []int64  `json:"revisions"`   // in which it did, the first erasedIn of them
	AlsoIn      []string `json:"alsoIn"`      // what else had it
	Erased      bool     `json:"erased"`
	Revision    int64    `json:"revision"` // of the head
	Epoch       string   `json:"epoch"`    // another than before, if something was erased from the content
	Left        string   `json:"left"`
}

// erase takes a text out of all that a document has ever held. The text itself
// is in no answer, no log and no entry of the audit log.
func (s *Server) erase(c echo.Context) error {
	info, who, err := s.document(c, oversee, false)
	if err == nil {
		err = s.pace(who, "write", writes)
	}
	if err != nil {
		return err
	}
	text, dry, err := readErase(c.Request())
	if err != nil {
		return err
	}
	answer := erasure{Revision: info.Head.Rev, Epoch: info.Epoch, Left: left}
	err = reading.do(c.Request().Context(), func() error { return s.eraseContent(c, info, text, dry, &answer) })
	if errors.Is(err, ot.ErrEraser) {
		return fieldInvalid("text is more than line breaks, and holds no %s", ot.Erased)
	}
	if err == nil {
		err = s.eraseBeside(info.ID, text, dry, &answer)
	}
	if err != nil {
		return err
	}
	action := "text_erased"
	if dry {
		action = "text_sought" // an administrator may learn from it what they may not read
	}
	s.note(c, who, accounts.Entry{Action: action, Document: info.ID, Detail: strconv.Itoa(answer.Occurrences)})
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, answer)
}

func readErase(r *http.Request) (secret string, dry bool, err error) {
	err = members(r, metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "text":
			secret, err = text(key, raw)
		case "dryRun":
			dry, err = boolean(key, raw)
		}
		return err
	})
	switch {
	case err != nil:
		return "", dry, err
	case secret == "":
		return "", dry, fieldInvalid("text is missing, or empty")
	case units(secret) > erasedUnits:
		return "", dry, fieldInvalid("text has more than %d units", erasedUnits)
	}
	return secret, dry, nil
}

// eraseContent erases the text from the content and its history.
func (s *Server) eraseContent(c echo.Context, info store.Info, text string, dry bool, a *erasure) error {
	ctx := c.Request().Context()
	e, err := s.hub.Find(ctx, info.ID, text)
	if err != nil {
		return err
	}
	if !dry && e.Found() > 0 {
		// To find it may have taken its time.
		if _, err := s.authorize(c.Request(), oversee, info.ID); err != nil {
			return err
		}
		if err := s.eraseFound(ctx, e, info, a); err != nil {
			return err
		}
	}
	a.Occurrences, a.Revisions = e.Found(), e.Revisions()
	if len(a.Revisions) > erasedIn {
		a.Revisions = a.Revisions[:erasedIn]
	}
	if a.Revisions == nil {
		a.Revisions = []int64{}
	}
	return nil
}

// eraseFound erases what was found, under the next epoch. No backup has the
// documents after that and the accounts before: it would restore a document
// without its owners.
func (s *Server) eraseFound(ctx context.Context, e *session.Erasing, info store.Info, a *erasure) error {
	s.purging.Lock()
	defer s.purging.Unlock()
	next := newID()
	if err := s.carry(info, next); err != nil {
		return err
	}
	erased, err := e.Erase(ctx, next)
	if erased {
		a.Erased, a.Epoch = true, next
	}
	return err
}

// carry has those who know a document by its epoch know the next one too.
func (s *Server) carry(info store.Info, next string) (err error) {
	if s.accounts != nil {
		err = s.accounts.Carry(info.ID, info.Epoch, next)
	}
	if s.hooks != nil && err == nil {
		err = s.hooks.Carry(info.ID, info.Epoch, next)
	}
	return err
}

// eraseBeside erases the text from what is kept beside the content. Each of
// these can be done again: who got no answer does.
func (s *Server) eraseBeside(id, text string, dry bool, a *erasure) error {
	a.AlsoIn = []string{}
	for _, part := range []struct {
		name  string
		erase func(store.Info, string, bool) (bool, error)
	}{{"title", s.eraseTitle}, {"tags", s.eraseTags}, {"versions", s.eraseVersions}, {"chat", s.eraseChat}} {
		info, err := s.store.Info(id)
		if err != nil {
			return err
		}
		found, err := part.erase(info, text, dry)
		if err != nil {
			return err
		}
		if found {
			a.AlsoIn = append(a.AlsoIn, part.name)
			a.Erased = a.Erased || !dry
		}
	}
	return nil
}

// blackened is a name without the text, as long as before.
func blackened(name, text string) string {
	return strings.ReplaceAll(name, text, strings.Repeat(ot.Erased, units(text)))
}

func (s *Server) eraseTitle(info store.Info, text string, dry bool) (bool, error) {
	if !strings.Contains(info.Title, text) {
		return false, nil
	}
	if dry {
		return true, nil
	}
	_, err := s.hub.Update(info.ID, func(i *store.Info) error {
		i.Title = blackened(i.Title, text)
		return nil
	})
	return true, err
}

// eraseTags takes the tags away that hold the text.
func (s *Server) eraseTags(info store.Info, text string, dry bool) (bool, error) {
	without := func(tags store.Tags) store.Tags {
		var kept []string
		for _, tag := range tags.All() {
			if !strings.Contains(tag, text) {
				kept = append(kept, tag)
			}
		}
		return store.NewTags(kept...)
	}
	if without(info.Tags) == info.Tags {
		return false, nil
	}
	if dry {
		return true, nil
	}
	_, err := s.hub.Update(info.ID, func(i *store.Info) error {
		i.Tags = without(i.Tags)
		return nil
	})
	return true, err
}

func (s *Server) eraseVersions(info store.Info, text string, dry bool) (found bool, err error) {
	for below := int64(math.MaxInt64); ; {
		versions, err := s.store.Versions(info.ID, below, historyChunk)
		if err != nil || len(versions) == 0 {
			return found, err
		}
		for _, v := range versions {
			below = v.Rev
			if !strings.Contains(v.Name, text) {
				continue
			}
			found = true
			if v.Name = blackened(v.Name, text); !dry {
				if err := s.store.SaveVersion(info.ID, info.Epoch, v); err != nil {
					return found, err
				}
			}
		}
	}
}

// eraseChat deletes the messages that hold the text.
func (s *Server) eraseChat(info store.Info, text string, dry bool) (found bool, err error) {
	for after := int64(0); ; {
		messages, err := s.store.Messages(info.ID, after, historyChunk)
		if err != nil || len(messages) == 0 {
			return found, err
		}
		for _, m := range messages {
			after = m.ID
			if !strings.Contains(m.Text, text) {
				continue
			}
			if found = true; !dry {
				if err := s.hub.Unsay(info.ID, info.Epoch, m.ID); err != nil && !errors.Is(err, store.ErrNoMessage) {
					return found, err
				}
			}
		}
	}
}
