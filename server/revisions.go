package server

import (
	"math"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/store"
)

const (
	// pauseBetween is how long an author must rest for what comes then to be
	// another group.
	pauseBetween = 5 * time.Minute
	// groupSize bounds a group, so that one can be read at a bounded cost: it
	// ends at each revision that this divides.
	groupSize = 1000
	// pageRecords is how many records are read for one page. A page ends
	// early where its groups have more.
	pageRecords = 10_000
	// historyChunk is how many lines of the log are read at once: each may
	// have megabytes.
	historyChunk = 64
)

// group is a run of records by one author, as people read a history.
type group struct {
	FromRev   int64      `json:"fromRev"`
	ToRev     int64      `json:"toRev"`
	User      store.User `json:"user"`
	StartedAt string     `json:"startedAt"`
	EndedAt   string     `json:"endedAt"`
	Inserted  int        `json:"inserted"` // UTF-16 code units
	Deleted   int        `json:"deleted"`
	Name      string     `json:"name,omitempty"` // of the version that it ends with
}

// listRevisions answers a document's history, the newest first. Where a group
// begins and ends is said by two neighbouring records alone, and so it is the
// same from whichever page it is seen.
func (s *Server) listRevisions(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	limit, err := intParam(c, "limit", 50, 1, 200)
	if err != nil {
		return err
	}
	before, err := revisionCursor(c, info)
	if err != nil {
		return err
	}
	h := grouping{server: s, info: info, limit: int(limit), names: s.namesOf(info)}
	if err := h.back(min(before-1, info.Head.Rev)); err != nil {
		return err
	}
	page := struct {
		Items []group `json:"items"`
		Next  string  `json:"next,omitempty"`
	}{Items: h.groups}
	if h.more {
		page.Next = encodePlace(place{Number: h.groups[len(h.groups)-1].FromRev, ID: info.Epoch})
	}
	return c.JSON(http.StatusOK, page)
}

// revisionCursor returns the revision before which a page begins.
func revisionCursor(c echo.Context, info store.Info) (int64, error) {
	at, err := decodePlace(c.QueryParam("cursor"))
	switch {
	case err != nil:
		return 0, err
	case at == nil:
		return math.MaxInt64, nil
	case at.ID != info.Epoch || at.Number < 0:
		return 0, badParameter("that is no cursor that this list has given")
	}
	return at.Number, nil
}

// grouping reads a log backwards and makes groups of its records.
type grouping struct {
	server *Server
	info   store.Info
	limit  int
	names  func(user string) (store.User, error)

	groups []group
	newer  store.Record     // the first of the last group
	more   bool             // there are older records
	named  map[int64]string // the versions in the chunk
	read   int
}

// back reads from a revision downwards until the page is full.
func (h *grouping) back(rev int64) error {
	h.groups = []group{}
	for rev > 0 && !h.more {
		from := max(0, rev-historyChunk)
		lines, err := h.server.store.Lines(h.info.ID, from, int(rev-from))
		if err != nil {
			return err
		}
		if err := h.versions(from, rev); err != nil {
			return err
		}
		for i := len(lines) - 1; i >= 0 && !h.more; i-- {
			r, err := store.ParseRecord(lines[i].JSON)
			if err != nil {
				return err
			}
			if err := h.add(r); err != nil {
				return err
			}
		}
		rev = from
	}
	return nil
}

// versions looks up the names of the revisions above from, up to rev.
func (h *grouping) versions(from, rev int64) error {
	list, err := h.server.store.Versions(h.info.ID, rev+1, int(rev-from))
	h.named = make(map[int64]string, len(list))
	for _, v := range list {
		h.named[v.Rev] = v.Name
	}
	return err
}

// add puts a record before those that were added, into their group or one of
// its own; or finds that the page is full.
func (h *grouping) add(r store.Record) error {
	h.read++
	if h.apart(r) {
		if len(h.groups) == h.limit || h.read > pageRecords {
			h.more = true
			return nil
		}
		user, err := h.names(r.User)
		if err != nil {
			return err
		}
		h.groups = append(h.groups, group{ToRev: r.Rev, User: user, EndedAt: timestamp(r.At), Name: h.named[r.Rev]})
	}
	g := &h.groups[len(h.groups)-1]
	g.FromRev, g.StartedAt = r.Rev, timestamp(r.At)
	for _, op := range r.Op {
		switch {
		case op.IsInsert():
			g.Inserted += op.Len()
		case op.IsDelete():
			g.Deleted += op.Len()
		}
	}
	h.newer = r
	return nil
}

// apart tells whether a record ends a group: the next is by someone else or
// after a pause, the revision has a name, or there are enough.
func (h *grouping) apart(r store.Record) bool {
	_, named := h.named[r.Rev]
	return len(h.groups) == 0 || named || r.Rev%groupSize == 0 ||
		r.User != h.newer.User || h.newer.At-r.At > pauseBetween.Milliseconds()
}

// namesOf returns a function that finds the names of a document's users, each
// looked up once. Who has none is called by the id.
func (s *Server) namesOf(info store.Info) func(user string) (store.User, error) {
	known := map[string]store.User{}
	return func(id string) (store.User, error) {
		if u, ok := known[id]; ok {
			return u, nil
		}
		name, err := s.store.Name(info.ID, id)
		switch {
		case err != nil:
			return store.User{}, err
		case name == "" && id == info.CreatedBy.ID:
			name = info.CreatedBy.Name
		}
		if name == "" {
			name = id
		}
		known[id] = store.User{ID: id, Name: name}
		return known[id], nil
	}
}
