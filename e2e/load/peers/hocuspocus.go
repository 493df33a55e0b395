package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/gorilla/websocket"

	"tutti/e2e/load"
)

// hocuspocus speaks the protocol of Hocuspocus, with updates of Yjs that are
// made by hand. An edit is acknowledged by its SyncStatus: it is then in the
// server's memory, and goes to the disk within ten seconds.
type hocuspocus struct{ made }

// Types of messages, and of those of the synchronisation.
const (
	messageSync       = 0
	messageAwareness  = 1
	messageAuth       = 2
	messageSyncReply  = 4
	messageSyncStatus = 8

	syncStep1  = 0
	syncStep2  = 1
	syncUpdate = 2

	authDenied = 1
)

// firstClient has inserted the text that a document begins with.
const firstClient = 1

// Join implements load.Dialect.
func (hocuspocus) Join(ctx context.Context, server *load.Server, document string) (*websocket.Conn, load.Session, error) {
	conn, err := dial(ctx, server, "/")
	if err != nil {
		return nil, nil, err
	}
	id := 1<<16 + uint64(rand.Uint32()>>1)
	s := &hocuspocusSession{
		id: id, author: string(binary.AppendUvarint(nil, id)), address: appendString(nil, document),
		clocks: map[uint64]uint64{firstClient: uint64(len(load.Text))},
	}
	auth := append(bytes.Clone(s.address), messageAuth, 0, 0)             // an empty token
	step1 := append(bytes.Clone(s.address), messageSync, syncStep1, 1, 0) // of one who has nothing
	err = greet(conn, websocket.BinaryMessage, [][]byte{auth, step1}, func(frame []byte) (bool, error) {
		r := reader{frame}
		r.skip(len(s.address))
		kind, sub := r.uvarint(), r.uvarint()
		if kind == messageAuth && sub == authDenied {
			return false, fmt.Errorf("hocuspocus: %.300q", frame)
		}
		return (kind == messageSync || kind == messageSyncReply) && sub == syncStep2, nil
	})
	return conn, s, err
}

type hocuspocusSession struct {
	id      uint64
	author  string            // the id as it is encoded
	address []byte            // that messages begin with
	clock   uint64            // the next of its own
	clocks  map[uint64]uint64 // the next of each client
	frame   []byte
	update  []byte
}

// Author implements load.Session.
func (s *hocuspocusSession) Author() string { return s.author }

// What an item of Yjs consists of.
const (
	refGC      = 0
	refDeleted = 1
	refString  = 4
	refSkip    = 10
	hasOrigin  = 0x80
	hasRight   = 0x40
)

// Edit implements load.Session. What is typed stands behind what the session
// typed before, and that behind a character of the first text.
func (s *hocuspocusSession) Edit(at int, text string) (int, []byte) {
	at = max(at, 1)
	u := append(s.update[:0], 1, 1) // one client, one item
	u = append(u, s.author...)
	u = binary.AppendUvarint(u, s.clock)
	u = append(u, refString|hasOrigin|hasRight)
	if s.clock == 0 {
		u = append(u, firstClient)
		u = binary.AppendUvarint(u, uint64(at-1))
	} else {
		u = append(u, s.author...)
		u = binary.AppendUvarint(u, s.clock-1)
	}
	u = append(u, firstClient)
	u = binary.AppendUvarint(u, uint64(at))
	u = appendString(u, text)
	s.update = append(u, 0) // nothing is deleted
	s.clock += uint64(len(text))

	b := append(s.frame[:0], s.address...)
	b = append(b, messageSync, syncUpdate)
	b = binary.AppendUvarint(b, uint64(len(s.update)))
	s.frame = append(b, s.update...)
	return websocket.BinaryMessage, s.frame
}

var errUpdate = errors.New("hocuspocus: an update that is none of ours")

// Take implements load.Session.
func (s *hocuspocusSession) Take(frame []byte, seen load.Seen) (t load.Taken, err error) {
	r := reader{frame}
	r.skip(len(s.address))
	switch kind := r.uvarint(); kind {
	case messageSyncStatus:
		if r.uvarint() != 1 {
			return t, fmt.Errorf("hocuspocus: an edit was refused: %.300q", frame)
		}
		t.Acks = 1
	case messageSync, messageSyncReply:
		if r.uvarint() == syncUpdate {
			r.uvarint() // its length
			if t.Edits, err = s.count(&r, seen); err != nil {
				return t, fmt.Errorf("%w: %.200x", err, frame)
			}
		}
	case messageAwareness, messageAuth:
	default:
		return t, fmt.Errorf("hocuspocus: %.300q", frame)
	}
	if r.b == nil {
		err = fmt.Errorf("%w: %.200x", errUpdate, frame)
	}
	return t, err
}

// count goes through an update, in which those of several people may be
// merged, and returns how many characters of others are new.
func (s *hocuspocusSession) count(r *reader, seen load.Seen) (edits int, err error) {
	for range r.uvarint() {
		items := r.uvarint()
		before := r.b
		id := r.uvarint()
		author := before[:len(before)-len(r.b)]
		clock := r.uvarint()
		for range items {
			length, ok := r.item()
			if !ok {
				return edits, errUpdate
			}
			clock += length
		}
		next := s.clocks[id]
		if id == s.id || clock <= next {
			continue
		}
		s.clocks[id] = clock
		edits += int(clock - next)
		for ; seen != nil && next < clock; next++ {
			seen(author, int64(next+1))
		}
	}
	return edits, nil
}

// reader reads what lib0 has encoded; b is nil once that was too short.
type reader struct{ b []byte }

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b = nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) skip(n int) {
	if n > len(r.b) {
		r.b = nil
		return
	}
	r.b = r.b[n:]
}

// item skips one and returns how many characters it has.
func (r *reader) item() (length uint64, ok bool) {
	if len(r.b) == 0 {
		return 0, false
	}
	info := r.b[0]
	r.b = r.b[1:]
	ref := info & 31
	if ref == refGC || ref == refSkip {
		return r.uvarint(), r.b != nil
	}
	if info&hasOrigin != 0 {
		r.uvarint()
		r.uvarint()
	}
	if info&hasRight != 0 {
		r.uvarint()
		r.uvarint()
	}
	if info&(hasOrigin|hasRight) == 0 { // as the first text: it says what its parent is
		if r.uvarint() != 1 {
			return 0, false // and that is no name
		}
		r.skip(int(r.uvarint()))
	}
	switch ref {
	case refDeleted:
		return r.uvarint(), r.b != nil
	case refString:
		n := r.uvarint()
		r.skip(int(n))
		return n, r.b != nil
	}
	return 0, false
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
