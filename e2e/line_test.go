package e2e

import (
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

var lineEdits = flag.Int("line.edits", 25, "deltas of each who types over a bad line")

// A badLine relays connections to the server, each with a fate of its own, as
// bad networks do. What is said on it arrives in order and unchanged, or late,
// in pieces, in part, or never.
type badLine struct {
	s *server
	l net.Listener

	mu     sync.Mutex // guards all below
	rng    *rand.Rand
	closed bool
	conns  []net.Conn
	fates  [fates]int // how many connections had each
	relays sync.WaitGroup
}

// What becomes of a connection once it has carried some bytes.
const (
	slow     = iota // each piece was late, and it ends
	shredded        // each byte came alone, and it ends
	cut             // it ends, in the middle of a frame as likely as not
	reset           // it ends, and what was not yet read is thrown away
	halfOpen        // nothing goes through any more, and nobody is told
	deafened        // what the server says doesn't come for a while
	muted           // what the client says doesn't, and then after it was given up
	fates
)

func newBadLine(t testing.TB, s *server) *badLine {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &badLine{s: s, l: l, rng: rand.New(rand.NewPCG(seed, 7))}
	b.relays.Go(b.accept)
	t.Cleanup(b.close)
	return b
}

func (b *badLine) address() string { return b.l.Addr().String() }

func (b *badLine) accept() {
	for {
		client, err := b.l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", b.s.address())
		if err != nil {
			client.Close()
			continue
		}
		b.mu.Lock()
		if b.closed {
			client.Close()
			server.Close()
		} else {
			fate := b.rng.IntN(fates)
			b.fates[fate]++
			b.conns = append(b.conns, client, server)
			w := &wire{fate: fate, left: 200 + b.rng.IntN(6000), client: client, server: server}
			b.relays.Go(func() { w.relay(server, client) })
			b.relays.Go(func() { w.relay(client, server) })
		}
		b.mu.Unlock()
	}
}

func (b *badLine) close() {
	b.mu.Lock()
	b.closed = true
	b.l.Close()
	for _, c := range b.conns {
		c.Close()
	}
	b.mu.Unlock()
	b.relays.Wait()
}

// A wire is one connection over the line.
type wire struct {
	fate           int
	client, server net.Conn

	mu   sync.Mutex
	left int // bytes until the fate befalls it, if it is one that comes once
}

// relay carries one direction, until it ends.
func (w *wire) relay(to, from net.Conn) {
	buffer := make([]byte, 1024)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !w.carry(to, buffer[:n]) {
			return
		}
		if err == io.EOF && !w.isLost() {
			to.(*net.TCPConn).CloseWrite()
		}
		if err != nil {
			return
		}
	}
}

// carry brings a piece over, and reports whether the wire is still there.
func (w *wire) carry(to net.Conn, piece []byte) bool {
	before, befallen := w.pass(len(piece))
	switch {
	case w.fate == slow:
		<-time.After(rand.N(10 * time.Millisecond))
	case w.fate == halfOpen && befallen:
		return true // into nothing
	case befallen && (w.fate == deafened && to == w.client || w.fate == muted && to == w.server):
		<-time.After(2 * lineWithin)
	}
	ends := befallen && w.fate <= reset
	if ends {
		piece = piece[:before]
	}
	if err := w.write(to, piece); err != nil {
		return false
	}
	if !ends {
		return true
	}
	for _, c := range []net.Conn{w.client, w.server} {
		if w.fate == reset {
			c.(*net.TCPConn).SetLinger(0)
		}
		c.Close()
	}
	return false
}

func (w *wire) write(to net.Conn, piece []byte) error {
	at := len(piece)
	if w.fate == shredded {
		at = 1
	}
	for some := range slices.Chunk(piece, max(at, 1)) {
		if _, err := to.Write(some); err != nil {
			return err
		}
	}
	return nil
}

// pass counts a piece, and tells how many of its bytes come before the fate
// befalls the wire, if it does.
func (w *wire) pass(n int) (before int, befallen bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before = min(max(w.left, 0), n)
	w.left -= n
	return before, w.left <= 0
}

// isLost tells whether nobody at one end learns any more of the other.
func (w *wire) isLost() bool {
	_, befallen := w.pass(0)
	return w.fate == halfOpen && befallen
}

// lineWithin is after what silence those at the end of a bad line give it up.
const lineWithin = 250 * time.Millisecond

func TestABadLineLosesNothing(t *testing.T) {
	turn(t)
	const writers = 6
	s := serve(t, withArgs(unlimited))
	b := newBadLine(t, s)
	people := &impatient{within: lineWithin}
	var rooms []*room
	for _, kind := range []string{"text", "rich"} {
		r := newRoom(t, s, s.create("The beginning.\n", object{"kind": kind}).ID)
		for range writers {
			r.add(people.config(t, r.doc, b.address))
		}
		rooms = append(rooms, r)
	}
	var typing []<-chan error
	for _, r := range rooms {
		typing = append(typing, r.all(func(ty *typist) error {
			for range *lineEdits {
				if err := ty.edit(); err != nil {
					return err
				}
				if err := ty.Settled(soon(t)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for _, done := range typing {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	acked, welcomes := 0, 0
	for _, r := range rooms {
		r.settle()
		r.verify()
		acked += r.audit.audited
		for _, ty := range r.typists {
			welcomes += ty.Welcomes()
		}
	}
	b.mu.Lock()
	fates := b.fates
	b.mu.Unlock()
	for fate, n := range fates {
		if n == 0 {
			t.Errorf("no connection had the fate %d", fate)
		}
	}
	t.Logf("%d people, %d connections were taken up and %d given up; %d acknowledged, 0 lost, 0 twice", 2*writers, welcomes, people.gaveUp.Load(), acked)
}
