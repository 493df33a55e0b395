package server

import (
	"errors"
	"maps"
	"sync"

	"tutti/server/files"
	"tutti/store"
)

// What one request may spend on finding out sizes: a read costs some lines,
// however few it finds. All of it took 20 ms.
const (
	measureAtOnce = 1000 // lines in one transaction of the store
	measureMost   = 50_000
	measureRead   = 10
)

// sizes knows how much room documents take up. Nobody counts while people
// write: who asks has what is new counted, a bounded piece at a time, so that
// a log is read once in the life of a process, and only if an administrator
// wants to know.
type sizes struct {
	mu   sync.Mutex // guards what follows
	logs map[string]logSize
}

// logSize is how much room a document's log takes up to a revision.
type logSize struct {
	epoch string
	store.LogSize
}

// size is how much room a document takes up on the disk, beside its content.
type size struct {
	log   store.LogSize
	files files.Usage
}

// measured is what is known about how much room documents take up.
type measured struct {
	sizes  map[string]size // by id
	behind int             // documents that were not counted to their ends yet
}

// measure finds out how much room all documents take up, as far as a request
// may spend on it.
func (s *Server) measure() (m measured, err error) {
	var all []store.Info
	if err := s.catalogue.each(func(e *entry) { all = append(all, e.Info) }); err != nil {
		return m, err
	}
	m.sizes = make(map[string]size, len(all))
	s.sizes.mu.Lock()
	defer s.sizes.mu.Unlock()
	if s.sizes.logs == nil {
		s.sizes.logs = map[string]logSize{}
	}
	left := measureMost
	for _, info := range all {
		log, behind, err := s.count(info, &left)
		if errors.Is(err, store.ErrNotFound) {
			continue // it is just being deleted
		}
		if err != nil {
			return m, err
		}
		if behind {
			m.behind++
		}
		this := size{log: log}
		if s.files != nil {
			if this.files, err = s.files.Usage(info.ID); err != nil {
				return m, err
			}
		}
		m.sizes[info.ID] = this
	}
	maps.DeleteFunc(s.sizes.logs, func(id string, _ logSize) bool {
		_, there := m.sizes[id]
		return !there
	})
	return m, nil
}

// recount forgets what was counted of a log that takes up less room now.
func (s *sizes) recount(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.logs, id)
}

// count reads the log of a document on from where it was counted to. The lock
// of s.sizes is held.
func (s *Server) count(info store.Info, left *int) (total store.LogSize, behind bool, err error) {
	at := s.sizes.logs[info.ID]
	if at.epoch != info.Epoch {
		at = logSize{epoch: info.Epoch}
	}
	for at.Rev < info.Head.Rev && *left > 0 {
		more, err := s.store.LogSize(info.ID, at.Rev, measureAtOnce)
		if err != nil {
			return total, false, err
		}
		*left -= measureRead + int(min(more.Rev-at.Rev, measureAtOnce))
		if more.Rev == at.Rev {
			break // another document has the id by now
		}
		at.Rev, at.Raw, at.Packed, at.Unpacked, at.PackedTo = more.Rev, at.Raw+more.Raw, at.Packed+more.Packed, at.Unpacked+more.Unpacked, max(at.PackedTo, more.PackedTo)
	}
	s.sizes.logs[info.ID] = at
	return at.LogSize, at.Rev < info.Head.Rev, nil
}
