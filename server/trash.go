package server

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
	"tutti/store"
)

func (s *Server) deleteDocument(c echo.Context) error {
	info, who, err := s.document(c, oversee, true)
	if err != nil {
		return err
	}
	permanent, err := boolParam(c, "permanent")
	if err != nil {
		return err
	}
	s.purging.Lock()
	defer s.purging.Unlock()
	// Also for good it goes to the trash first: nobody can open it any more
	// while its log is being removed.
	_, err = s.hub.Trash(info.ID, func(i *store.Info) error {
		if i.TrashedAt == 0 {
			i.TrashedAt = time.Now().UnixMilli()
		}
		return nil
	})
	if err == nil && permanent {
		err = s.remove(info)
	}
	if err != nil {
		return err
	}
	action := "document_trashed"
	if permanent {
		action = "document_deleted"
	}
	s.note(c, who, accounts.Entry{Action: action, Document: info.ID})
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) restoreDocument(c echo.Context) error {
	info, who, err := s.document(c, oversee, true)
	if err != nil {
		return err
	}
	s.purging.Lock()
	defer s.purging.Unlock()
	info, err = s.store.Update(info.ID, func(i *store.Info) error {
		i.TrashedAt = 0
		return nil
	})
	if err != nil {
		return err
	}
	s.note(c, who, accounts.Entry{Action: "document_restored", Document: info.ID})
	return c.JSON(http.StatusOK, newResource(info, who))
}

// emptyTrash deletes for good all that lies in the trash, of what one may
// delete.
func (s *Server) emptyTrash(c echo.Context) error {
	who, err := s.authorize(c.Request(), list, "")
	if err != nil {
		return err
	}
	var ids []string
	err = s.catalogue.each(func(e *entry) {
		if _, mine := s.may(who, manage, &e.Info); mine && e.TrashedAt != 0 {
			ids = append(ids, e.ID)
		}
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.purge(id); err != nil {
			return err
		}
		s.note(c, who, accounts.Entry{Action: "document_deleted", Document: id})
	}
	return c.NoContent(http.StatusNoContent)
}

// purge deletes a document for good if it still lies in the trash. None is
// taken out of it meanwhile: who was told that it is restored has it.
func (s *Server) purge(id string) error {
	s.purging.Lock()
	defer s.purging.Unlock()
	info, err := s.store.Info(id)
	if err == nil && info.TrashedAt != 0 {
		err = s.remove(info)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// remove deletes a document with its files and with what was granted on it.
func (s *Server) remove(info store.Info) (err error) {
	if s.files == nil {
		err = s.store.Delete(info.ID)
	} else {
		err = s.files.Purge(info.ID, func() error { return s.store.Delete(info.ID) })
	}
	if err != nil {
		return err
	}
	return s.disown(info)
}
