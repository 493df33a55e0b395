package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// stock is a document as administrators see each there is: all but what is
// written in it.
type stock struct {
	ID          string     `json:"id"`
	Kind        ot.Kind    `json:"kind"`
	Title       string     `json:"title"`
	Revision    int64      `json:"revision"`
	Length      int64      `json:"length"`
	LogBytes    int64      `json:"logBytes"`
	Packed      packed     `json:"packed"`
	Files       int        `json:"files"`
	FileBytes   int64      `json:"fileBytes"`
	CreatedAt   string     `json:"createdAt"`
	UpdatedAt   string     `json:"updatedAt"`
	TrashedAt   string     `json:"trashedAt,omitempty"`
	CreatedBy   store.User `json:"createdBy"`
	Owners      []holder   `json:"owners"`
	Shared      int        `json:"shared"`
	PeopleCount int        `json:"peopleCount"`
}

// packed is what of a log is packed: up to a revision, into how many bytes, and
// how many there were before.
type packed struct {
	Revision int64 `json:"revision"`
	Bytes    int64 `json:"bytes"`
	From     int64 `json:"from"`
}

// holder is a person or a group that has a document.
type holder struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// owners are those who own a document, and how many others it is shared with.
func (s *Server) owners(info store.Info) (owners []holder, others int) {
	owners = []holder{}
	if s.accounts == nil {
		return owners, 0
	}
	for _, g := range s.accounts.Document(info.ID, info.Epoch).Grants {
		if g.Role == session.Owner {
			owners = append(owners, holder{g.Subject, s.accounts.Name(g.Subject)})
		} else {
			others++
		}
	}
	return owners, others
}

func (s *Server) newStock(info store.Info, room size) stock {
	d := stock{
		ID: info.ID, Kind: info.Kind, Title: info.Title, Revision: info.Head.Rev, Length: info.Head.Length,
		LogBytes: room.log.Raw + room.log.Packed, Packed: packed{room.log.PackedTo, room.log.Packed, room.log.Unpacked}, Files: room.files.Files, FileBytes: room.files.Bytes,
		CreatedAt: timestamp(info.CreatedAt), UpdatedAt: timestamp(info.UpdatedAt()), CreatedBy: info.CreatedBy,
		PeopleCount: len(s.hub.People(info.ID)),
	}
	d.Owners, d.Shared = s.owners(info)
	if info.TrashedAt != 0 {
		d.TrashedAt = timestamp(info.TrashedAt)
	}
	return d
}

// listInventory answers with all documents, whoever they are shared with.
func (s *Server) listInventory(c echo.Context) error {
	if _, err := s.authorize(c.Request(), administer, ""); err != nil {
		return err
	}
	room, err := s.measure()
	if err != nil {
		return err
	}
	q, err := s.readInventoryQuery(c, room)
	if err != nil {
		return err
	}
	first := selection{most: q.limit + 1, compare: q.order.compare}
	if err := s.catalogue.each(func(e *entry) {
		at := q.order.place(e)
		if q.wants(s, e) && (q.after == nil || q.order.compare(*q.after, at) < 0) {
			first.add(found{at: at, entry: e})
		}
	}); err != nil {
		return err
	}
	page := struct {
		Items   []stock `json:"items"`
		Next    string  `json:"next,omitempty"`
		Pending int     `json:"pending,omitempty"`
	}{Items: []stock{}, Pending: room.behind}
	all := first.sorted()
	if len(all) > q.limit {
		all = all[:q.limit]
		last := all[q.limit-1].at
		last.Sort = q.sort
		page.Next = encodePlace(last)
	}
	for _, f := range all {
		page.Items = append(page.Items, s.newStock(f.Info, room.sizes[f.ID]))
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, page)
}

// inventoryQuery is what the inventory is asked for.
type inventoryQuery struct {
	words   string // in lower case
	owner   string
	trashed bool
	sort    string
	order   order
	limit   int
	after   *place
}

func (s *Server) readInventoryQuery(c echo.Context, room measured) (q inventoryQuery, err error) {
	q = inventoryQuery{words: strings.ToLower(strings.TrimSpace(c.QueryParam("q"))), owner: c.QueryParam("owner"), sort: c.QueryParam("sort")}
	if units(q.words) > queryUnits {
		return q, badParameter("q is longer than %d units", queryUnits)
	}
	if q.sort == "" {
		q.sort = "updated"
	}
	by := map[string]order{
		"updated": orders["updated"], "created": orders["created"], "title": orders["title"],
		"revision": {func(e *entry) place { return place{Number: e.Head.Rev, ID: e.ID} }, newestFirst},
		"size": {func(e *entry) place {
			of := room.sizes[e.ID]
			return place{Number: of.log.Raw + of.log.Packed + of.files.Bytes, ID: e.ID}
		}, newestFirst},
	}
	var ok bool
	if q.order, ok = by[q.sort]; !ok {
		return q, badParameter("sort is updated, created, title, revision or size")
	}
	if q.trashed, err = boolParam(c, "trashed"); err != nil {
		return q, err
	}
	limit, err := intParam(c, "limit", 50, 1, 1000)
	if err != nil {
		return q, err
	}
	q.limit = int(limit)
	if q.after, err = decodePlace(c.QueryParam("cursor")); err == nil && q.after != nil && q.after.Sort != q.sort {
		err = badParameter("the cursor is that of another list")
	}
	return q, err
}

// wants reports whether a document is among those asked for: by what stands
// in its title, its id, and the names of its owners.
func (q *inventoryQuery) wants(s *Server, e *entry) bool {
	if (e.TrashedAt != 0) != q.trashed {
		return false
	}
	if q.words == "" && q.owner == "" {
		return true
	}
	owners, _ := s.owners(e.Info)
	owned := q.owner == ""
	named := strings.Contains(e.sortTitle, q.words) || strings.Contains(strings.ToLower(e.ID), q.words)
	for _, o := range owners {
		owned = owned || o.ID == q.owner
		named = named || strings.Contains(strings.ToLower(o.Name), q.words)
	}
	return owned && named
}
