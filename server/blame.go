package server

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/store"
)

// blameApart is how many records may lie behind what the store knows of a
// document's origins, before it is told of newer ones. Only the first to ask
// about a long history waits for the whole of it.
const blameApart = 4096

// getBlame says who wrote each run of the content at a revision, and when.
func (s *Server) getBlame(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	rev, err := revisionParam(c)
	if err != nil {
		return err
	}
	if rev > info.Head.Rev {
		return store.ErrRevision
	}
	if rev < 0 {
		rev = info.Head.Rev
	}
	var body []byte
	ctx := c.Request().Context()
	err = reading.do(ctx, func() error {
		body, err = s.blame(ctx, info, rev)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, body)
}

func (s *Server) blame(ctx context.Context, info store.Info, rev int64) ([]byte, error) {
	origins, err := s.origins(ctx, info, rev)
	if err != nil {
		return nil, err
	}
	authors, err := s.authors(info, origins)
	if err != nil {
		return nil, err
	}
	b := []byte(`{"revision":`)
	b = strconv.AppendInt(b, rev, 10)
	b = append(b, `,"items":[`...)
	for n, rev := range origins.Runs() {
		b = append(b, `{"length":`...)
		b = strconv.AppendInt(b, int64(n), 10)
		b = append(append(b, authors[rev]...), "},"...)
	}
	if b[len(b)-1] == ',' {
		b = b[:len(b)-1]
	}
	return append(b, "]}\n"...), nil
}

// origins returns from which record each unit of the content at a revision
// comes: what the store knows, and the records behind that. Before what the
// store knows it is found from the beginning.
func (s *Server) origins(ctx context.Context, info store.Info, rev int64) (ot.Origins, error) {
	known, data, err := s.store.Origins(info.ID)
	if err != nil {
		return ot.Origins{}, err
	}
	origins, err := ot.ParseOrigins(data)
	if err != nil || data == nil || known > rev {
		first, err := s.contentAt(info.ID, 0)
		if err != nil {
			return ot.Origins{}, err
		}
		known, origins = 0, ot.NewOrigins(first.Doc.Length(), 0)
	}
	err = s.eachRecord(ctx, info.ID, known, rev, func(r store.Record) (err error) {
		origins, err = origins.Apply(r.Op, r.Rev)
		return err
	})
	if err == nil && rev == info.Head.Rev && rev-known > blameApart {
		if err := s.store.SaveOrigins(info.ID, info.Epoch, rev, origins.AppendBinary(nil)); err != nil {
			s.log.Warn("origins were not saved", "document", info.ID, "error", err)
		}
	}
	return origins, err
}

// authors returns for each record that is an origin what blame says of it, as
// the rest of a JSON object.
func (s *Server) authors(info store.Info, origins ot.Origins) (map[int64][]byte, error) {
	authors := map[int64][]byte{}
	for _, rev := range origins.Runs() {
		authors[rev] = nil
	}
	names := s.namesOf(info)
	log := authorship{store: s.store, info: info}
	for _, rev := range slices.Sorted(maps.Keys(authors)) {
		r, err := log.record(rev)
		if err != nil {
			return nil, err
		}
		user, err := names(r.User)
		if err != nil {
			return nil, err
		}
		authors[rev] = appendAuthor(nil, r, user)
	}
	return authors, nil
}

// authorship looks up who made the records of a log, some lines at a time: those
// that are asked for in turn are often neighbours.
type authorship struct {
	store store.Store
	info  store.Info
	lines []store.Line
}

// record returns a record without its delta; for revision 0 the creation.
func (h *authorship) record(rev int64) (store.Record, error) {
	if rev == 0 {
		return store.Record{User: h.info.CreatedBy.ID, At: h.info.CreatedAt}, nil
	}
	if n := len(h.lines); n == 0 || rev < h.lines[0].Rev || rev > h.lines[n-1].Rev {
		var err error
		if h.lines, err = h.store.Lines(h.info.ID, rev-1, 64); err != nil {
			return store.Record{}, err
		}
		if len(h.lines) == 0 {
			return store.Record{}, store.ErrNotFound // deleted and made again meanwhile
		}
	}
	return store.ParseRecordHeader(h.lines[rev-h.lines[0].Rev].JSON)
}

func appendAuthor(b []byte, r store.Record, user store.User) []byte {
	b = append(b, `,"rev":`...)
	b = strconv.AppendInt(b, r.Rev, 10)
	b = append(b, `,"user":{"id":`...)
	b = scan.AppendString(b, user.ID)
	b = append(b, `,"name":`...)
	b = scan.AppendString(b, user.Name)
	b = append(b, `},"client":`...)
	b = scan.AppendString(b, r.Client)
	b = append(b, `,"at":`...)
	return strconv.AppendInt(b, r.At, 10)
}
