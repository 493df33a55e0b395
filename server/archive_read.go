package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/session"
	"tutti/store"
)

const (
	// archiveBytes bounds an archive: the history of a busy document of years.
	archiveBytes = 1 << 30
	// archiveLine bounds one line of it but the first: a record may have
	// become longer than what was submitted.
	archiveLine = 16 << 20
	// batchBytes is how much of a log is stored at once.
	batchBytes = 1 << 20
)

// addArchive takes in a document with its history.
func (s *Server) addArchive(c echo.Context) error {
	who, err := s.authorize(c.Request(), create, "")
	if err != nil {
		return err
	}
	info, err := wanted(c)
	if err != nil {
		return err
	}
	body, _, err := openBody(c.Request(), archiveBytes, archiveType)
	if err != nil {
		return err
	}
	info, err = s.readArchive(body, info.ID, who, s.importer(who))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Location", "/api/v1/documents/"+info.ID)
	return c.JSON(http.StatusCreated, newResource(info, who))
}

// importer is what takes in a document: the store, or for a rehearsal nobody.
type importer func(info store.Info, content []byte, fill func(store.Draft) (store.Head, error)) error

// importer takes documents into the store, as those of who asks.
func (s *Server) importer(who principal) importer {
	return func(info store.Info, content []byte, fill func(store.Draft) (store.Head, error)) error {
		if err := s.own(who, info); err != nil {
			return err
		}
		if err := s.store.Import(info, content, fill); err != nil {
			return errors.Join(err, s.disown(info))
		}
		return nil
	}
}

// archiveReader reads an archive line by line.
type archiveReader struct {
	in     *bufio.Reader
	number int                      // of the line
	credit func(user string) string // as whom somebody is known here
	replay *session.Replay
	draft  store.Draft
	lines  []store.Line // read, and not stored yet
	bytes  int
	count  archiveEnd
}

// readArchive takes in an archive under its own id or another. Everything is
// checked on the way; what is wrong is a problem that names the line.
func (s *Server) readArchive(from io.Reader, id string, who principal, take importer) (store.Info, error) {
	r := &archiveReader{in: bufio.NewReaderSize(from, 64<<10), credit: s.crediting(who)}
	info, content, err := r.head()
	if err == nil {
		r.replay, err = s.hub.NewReplay(info.Kind, content)
	}
	if err != nil {
		return info, r.flaw(err)
	}
	if id != "" {
		info.ID = id
	}
	info.Epoch, info.Head = newID(), r.replay.Head()
	err = take(info, content.AppendJSON(nil), func(d store.Draft) (store.Head, error) {
		r.draft = d
		if err := r.rest(); err != nil {
			return store.Head{}, r.flaw(err)
		}
		return r.replay.Head(), nil
	})
	info.Head = r.replay.Head()
	return info, err
}

// flaw says where an archive is wrong, unless it is the store that failed, or
// what the archive came in.
func (r *archiveReader) flaw(err error) error {
	var tooBig *http.MaxBytesError
	var zip *zipFlaw
	if errors.As(err, &tooBig) || errors.As(err, &zip) || errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrClosed) {
		return err
	}
	return newProblem(http.StatusUnprocessableEntity, "archive_invalid", "line %d: %v", r.number, err)
}

var (
	errNoArchive = errors.New("this is no archive of a document, or of a newer format")
	errCutShort  = errors.New("the archive is cut short")
	errBehindEnd = errors.New("there is something behind the end")
	errStray     = errors.New("this is no line of an archive")
	errLong      = errors.New("the line is too long")
)

// line reads the next one, without its end.
func (r *archiveReader) line(most int) ([]byte, error) {
	r.number++
	var line []byte
	for {
		piece, err := r.in.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case len(line) > most:
			return nil, errLong
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, errCutShort
		case err != nil:
			return nil, err
		}
		return bytes.TrimSuffix(line, []byte("\n")), nil
	}
}

// head reads the first line.
func (r *archiveReader) head() (info store.Info, content ot.Delta, err error) {
	line, err := r.line(contentBytes)
	if err != nil {
		return info, nil, err
	}
	var h archiveHead
	if err := decode(line, &h); err != nil {
		return info, nil, err
	}
	if h.Tutti != "archive" || h.Format != archiveFormat || h.Kind != ot.Text && h.Kind != ot.Rich {
		return info, nil, errNoArchive
	}
	h.CreatedBy.ID = r.credit(h.CreatedBy.ID)
	info = store.Info{Kind: h.Kind, CreatedAt: h.CreatedAt, ChangedAt: h.ChangedAt, CreatedBy: h.CreatedBy}
	if info.ID, err = identifier([]byte(quote(h.ID))); err != nil {
		return info, nil, err
	}
	if info.Title, err = title([]byte(quote(h.Title))); err != nil {
		return info, nil, err
	}
	if info.Language, err = language([]byte(quote(h.Language))); err != nil {
		return info, nil, err
	}
	if info.Tags, err = checkTags(h.Tags.All()); err != nil {
		return info, nil, err
	}
	if err := errors.Join(checkTime(h.CreatedAt), checkTime(h.ChangedAt), checkUser(h.CreatedBy)); err != nil {
		return info, nil, err
	}
	content, err = ot.Parse(h.Content)
	return info, content, err
}

// rest reads all behind the first line into the draft.
func (r *archiveReader) rest() error {
	for {
		line, err := r.line(archiveLine)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(line, []byte(`{"rev":`)) {
			err = r.record(line)
		} else {
			var ended bool
			if ended, err = r.note(line); ended {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

func (r *archiveReader) record(line []byte) error {
	record, err := store.ParseRecord(line)
	if err == nil && r.count.Versions+r.count.Names > 0 {
		err = errStray
	}
	record.User = r.credit(record.User)
	if err == nil {
		err = errors.Join(checkTime(record.At), checkUser(store.User{ID: record.User}), checkClient(record.Client))
	}
	if err == nil {
		err = r.replay.Add(record)
	}
	if err != nil {
		return err
	}
	r.count.Records++
	// Spelled as it is committed, whatever stood between its parts.
	json := record.AppendJSON(nil)
	r.lines, r.bytes = append(r.lines, store.Line{Rev: record.Rev, JSON: json}), r.bytes+len(json)
	if len(r.lines) < archiveChunk && r.bytes < batchBytes {
		return nil
	}
	return r.store(false)
}

// store hands on what was read of the log, with a snapshot where one is due.
func (r *archiveReader) store(end bool) error {
	if len(r.lines) > 0 {
		if err := r.draft.Append(r.lines); err != nil {
			return err
		}
		r.lines, r.bytes = r.lines[:0], 0
	}
	if s, due := r.replay.Snapshot(end); due {
		return r.draft.SaveSnapshot(s)
	}
	return nil
}

// note reads a line behind the records, and reports whether it was the last.
func (r *archiveReader) note(line []byte) (ended bool, err error) {
	var n archiveNote
	if err := decode(line, &n); err != nil {
		return false, err
	}
	if r.count.Versions+r.count.Names == 0 {
		if err := r.store(true); err != nil {
			return false, err
		}
	}
	switch {
	case n.Version != nil:
		r.count.Versions++
		v := store.Version{Rev: n.Version.Rev, Name: n.Version.Name, CreatedAt: n.Version.CreatedAt, CreatedBy: n.Version.CreatedBy}
		v.CreatedBy.ID = r.credit(v.CreatedBy.ID)
		_, flaw := field("name", []byte(quote(v.Name)), titleUnits)
		if err := errors.Join(flaw, checkTime(v.CreatedAt), checkUser(v.CreatedBy)); err != nil {
			return false, err
		}
		return false, r.draft.SaveVersion(v)
	case n.Name != nil:
		r.count.Names++
		n.Name.ID = r.credit(n.Name.ID)
		if err := checkUser(*n.Name); err != nil {
			return false, err
		}
		return false, r.draft.SaveName(*n.Name)
	case n.End == nil:
		return false, errStray
	case *n.End != r.count:
		return true, fmt.Errorf("%w: of %+v there are %+v", errCutShort, *n.End, r.count)
	}
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) {
		return true, errBehindEnd
	}
	return true, nil
}

// decode reads a line that is a JSON object, strictly.
func decode(line []byte, into any) error {
	if err := scan.Valid(line); err != nil {
		return err
	}
	if scan.HasLone(line) {
		return errors.New("there is a lone surrogate")
	}
	return json.Unmarshal(line, into)
}

var errRange = errors.New("a time, a name or an id is out of range")

func checkTime(ms int64) error {
	if ms < 0 || ms >= 1<<53 {
		return errRange
	}
	return nil
}

// userBytes bounds the ids of people and clients.
const userBytes = 255

func checkUser(u store.User) error {
	_, flaw := field("name", []byte(quote(u.Name)), titleUnits)
	if len(u.ID) > userBytes || flaw != nil {
		return errRange
	}
	return nil
}

func checkClient(id string) error {
	if id == "" || len(id) > userBytes {
		return errRange
	}
	return nil
}
