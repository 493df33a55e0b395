package server

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/store"
)

// An archive is a document with its whole history, one JSON value a line:
// first what is known about the document, then its records as they are in the
// log, then the names of its revisions and its people, and last how many there
// were of each, so that one that was cut short is known.

const (
	archiveType      = "application/x-ndjson"
	archiveFormat    = 1
	archiveExtension = ".tutti"
	archiveChunk     = 512 // records that are read at once
)

// archiveHead is the first line.
type archiveHead struct {
	Tutti     string          `json:"tutti"` // "archive"
	Format    int             `json:"format"`
	ID        string          `json:"id"`
	Kind      ot.Kind         `json:"kind"`
	Title     string          `json:"title"`
	Language  string          `json:"language"`
	Tags      store.Tags      `json:"tags"`
	Epoch     string          `json:"epoch"`     // that it had
	CreatedAt int64           `json:"createdAt"` // Unix milliseconds, as in records
	ChangedAt int64           `json:"changedAt"`
	CreatedBy store.User      `json:"createdBy"`
	Content   json.RawMessage `json:"content"` // at revision 0
}

// archiveNote is a line behind the records: one of these.
type archiveNote struct {
	Version *archiveVersion `json:"version,omitempty"`
	Name    *store.User     `json:"name,omitempty"`
	End     *archiveEnd     `json:"end,omitempty"`
}

type archiveVersion struct {
	Rev       int64      `json:"rev"`
	Name      string     `json:"name"`
	CreatedAt int64      `json:"createdAt"`
	CreatedBy store.User `json:"createdBy"`
}

type archiveEnd struct {
	Records  int64 `json:"records"`
	Versions int64 `json:"versions"`
	Names    int64 `json:"names"`
}

// getArchive streams a document with its history, as far as that goes now.
func (s *Server) getArchive(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	first, err := s.store.Snapshot(info.ID, 0)
	if err != nil {
		return err
	}
	defer s.whileAllowed(c, read, &info)()
	return s.download(c, archiveType, fileName(info)+archiveExtension, func(w io.Writer) error {
		return s.writeArchive(w, info, first.Content)
	})
}

// writeArchive writes all that there is of a document up to info's head.
func (s *Server) writeArchive(to io.Writer, info store.Info, content []byte) error {
	w := bufio.NewWriterSize(to, 64<<10)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	err := out.Encode(archiveHead{
		Tutti: "archive", Format: archiveFormat, ID: info.ID, Kind: info.Kind, Title: info.Title, Language: info.Language, Tags: info.Tags,
		Epoch: info.Epoch, CreatedAt: info.CreatedAt, ChangedAt: info.ChangedAt, CreatedBy: info.CreatedBy, Content: content,
	})
	if err != nil {
		return err
	}
	end := archiveEnd{Records: info.Head.Rev}
	users, err := s.writeRecords(w, info)
	if err != nil {
		return err
	}
	if end.Versions, err = s.writeVersions(out, info); err != nil {
		return err
	}
	for _, user := range slices.Sorted(maps.Keys(users)) {
		name, err := s.store.Name(info.ID, user)
		if err != nil {
			return err
		}
		if name == "" {
			continue
		}
		end.Names++
		if err := out.Encode(archiveNote{Name: &store.User{ID: user, Name: name}}); err != nil {
			return err
		}
	}
	if err := out.Encode(archiveNote{End: &end}); err != nil {
		return err
	}
	return w.Flush()
}

// writeRecords writes the log and returns who stands in it.
func (s *Server) writeRecords(w *bufio.Writer, info store.Info) (users map[string]struct{}, err error) {
	users = map[string]struct{}{}
	for rev := int64(0); rev < info.Head.Rev; {
		lines, err := s.store.Lines(info.ID, rev, int(min(archiveChunk, info.Head.Rev-rev)))
		if err != nil {
			return nil, err
		}
		if len(lines) == 0 {
			return nil, fmt.Errorf("archive of %s: no record %d", info.ID, rev+1)
		}
		for _, line := range lines {
			r, err := store.ParseRecordHeader(line.JSON)
			if err != nil {
				return nil, err
			}
			users[r.User] = struct{}{}
			w.Write(line.JSON) // bufio keeps the error for Flush
			w.WriteByte('\n')
			rev = line.Rev
		}
	}
	return users, nil
}

func (s *Server) writeVersions(out *json.Encoder, info store.Info) (n int64, err error) {
	for below := info.Head.Rev + 1; ; {
		versions, err := s.store.Versions(info.ID, below, archiveChunk)
		if err != nil || len(versions) == 0 {
			return n, err
		}
		for _, v := range versions {
			if err := out.Encode(archiveNote{Version: &archiveVersion{v.Rev, v.Name, v.CreatedAt, v.CreatedBy}}); err != nil {
				return n, err
			}
			n++
			below = v.Rev
		}
	}
}
