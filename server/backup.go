package server

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
	"tutti/server/backup"
)

// getBackup streams all that the server keeps. It holds what passwords are
// checked by, and texts that an administrator may not read here: who runs the
// machine has them anyway, and whoever takes a backup stands in the audit log.
func (s *Server) getBackup(c echo.Context) error {
	who, err := s.authorize(c.Request(), administer, "")
	if err != nil {
		return err
	}
	b, err := s.takeBackup(c.Request().Context())
	if err != nil {
		return err
	}
	defer func() {
		if err := b.Close(); err != nil {
			s.log.Error("the copies that a backup was made of could not be given up", ids(c), "error", err)
		}
		<-s.backups
	}()
	s.note(c, who, accounts.Entry{Action: "backup_taken"})
	defer s.whileAllowed(c, administer, nil)()
	name := "tutti-" + time.Now().UTC().Format("20060102-150405") + ".tar"
	return s.download(c, backup.MediaType, name, func(to io.Writer) error { return b.Write(to) })
}

// nextBackup is how long a backup waits for the one before: who has just got
// its last byte may ask for another before its copies are given up.
const nextBackup = 3 * time.Second

// takeBackup copies the databases, and fills s.backups: each copy takes as much
// room as they do, so there is one at a time. Nothing is deleted for good
// between the one and the other, or it came back without its owners.
func (s *Server) takeBackup(ctx context.Context) (*backup.Backup, error) {
	if s.backup == nil {
		return nil, newProblem(http.StatusNotFound, "not_found", "this server keeps nothing in files that could be backed up")
	}
	ctx, cancel := context.WithTimeout(ctx, nextBackup)
	defer cancel()
	select {
	case s.backups <- struct{}{}:
	case <-ctx.Done():
		return nil, unavailable("a backup is being made already")
	}
	s.purging.Lock()
	defer s.purging.Unlock()
	b, err := s.backup.Take()
	if err != nil {
		<-s.backups
	}
	return b, err
}
