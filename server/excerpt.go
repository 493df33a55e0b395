package server

import (
	"errors"
	"strings"
	"sync"
	"unicode/utf16"

	"tutti/ot"
	"tutti/store"
)

const (
	excerptUnits = 160  // of an excerpt
	excerptFrom  = 2048 // units of a content that are looked at for it
	// excerptsKept bounds the excerpts in memory: two megabytes.
	excerptsKept = 4096
	// excerptRoom is how many units the documents may have together that are
	// opened for one list. The next list goes on from there.
	excerptRoom = 16 << 20

	peopleShown = 5
)

// excerpts remembers how documents begin: to find out, one that is not open is
// read from the disk.
type excerpts struct {
	mu   sync.Mutex
	kept map[string]excerpt // by the document's id
}

type excerpt struct {
	epoch string
	rev   int64
	text  string
}

func (e *excerpts) get(id, epoch string, rev int64) (text string, found bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x := e.kept[id]
	return x.text, x.epoch == epoch && x.rev == rev
}

func (e *excerpts) put(id string, x excerpt) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.kept == nil {
		e.kept = map[string]excerpt{}
	}
	if _, replaces := e.kept[id]; !replaces && len(e.kept) >= excerptsKept {
		for other := range e.kept { // any
			delete(e.kept, other)
			break
		}
	}
	e.kept[id] = x
}

// excerpt says of documents how their texts begin.
func (s *Server) excerpt(items []resource) {
	room := int64(excerptRoom)
	for i := range items {
		r := &items[i]
		text, found := s.excerpts.get(r.ID, r.Epoch, r.Revision)
		if !found {
			if r.Length > room {
				continue
			}
			room -= r.Length
			info, v, err := s.hub.View(r.ID)
			if err != nil {
				if !errors.Is(err, store.ErrNotFound) {
					s.log.Warn("a document can't be read for a list", "document", r.ID, "error", err)
				}
				continue
			}
			text = beginning(v.Doc)
			s.excerpts.put(r.ID, excerpt{info.Epoch, v.Rev, text})
		}
		r.Excerpt = &text
	}
}

// beginning is how a text begins, on one line and without embeds.
func beginning(doc ot.Document) string {
	var text strings.Builder
	for _, op := range doc.Slice(0, excerptFrom) {
		if op.Embed() != "" {
			text.WriteByte(' ')
			continue
		}
		text.WriteString(op.Text())
	}
	short := strings.TrimSuffix(text.String(), "\uFFFD") // half of a pair, perhaps
	short = strings.Join(strings.Fields(short), " ")
	units := 0
	for i, r := range short {
		if units += utf16.RuneLen(r); units > excerptUnits {
			return strings.TrimSpace(strings.Clone(short[:i]))
		}
	}
	return short
}

// visitor is somebody in a document, as a list shows people.
type visitor struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

// seat says of documents who is in them. Somebody with several windows is one
// person.
func (s *Server) seat(items []resource) {
	for i := range items {
		people := []visitor{}
		seen := map[string]bool{}
		for _, p := range s.hub.People(items[i].ID) {
			if seen[p.User.ID] {
				continue
			}
			seen[p.User.ID] = true
			if len(people) < peopleShown {
				people = append(people, visitor{p.User.Name, p.Color})
			}
		}
		count := len(seen)
		items[i].People, items[i].PeopleCount = people, &count
	}
}
