package server

import (
	"bufio"
	"bytes"
	"cmp"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"
)

// wire is the connection under a WebSocket. Sending never waits for the peer:
// what that does not take at once is written behind, by a goroutine that ends
// with it. So one goroutine can send to a thousand peers, and a slow one holds
// up nobody. What waits is not bounded: who sends more asks taken before.
type wire struct {
	net.Conn
	raw syscall.RawConn       // nil: Conn can only be waited for, as with TLS
	try func(fd uintptr) bool // writeNow, made once

	mu      sync.Mutex
	now     []byte   // for try: what it writes, and leaves
	waits   [][]byte // not written yet
	behind  bool     // a goroutine writes what waits
	then    func()   // called once when that is taken
	err     error    // why nothing is written any more
	deflate bool     // the peer takes compressed frames
}

// upgrade gives gorilla a wire where it takes the connection over.
type upgrade struct {
	http.ResponseWriter
	wire *wire
}

// Hijack implements http.Hijacker.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	u.wire = newWire(conn)
	return u.wire, buffered, nil
}

func newWire(conn net.Conn) *wire {
	w := &wire{Conn: conn}
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			w.raw, w.try = raw, w.writeNow
		}
	}
	return w
}

// send writes whole frames, which must not be changed any more.
func (w *wire) send(frame []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if w.raw != nil && !w.behind {
		w.now = frame
		err := w.raw.Write(w.try)
		frame, w.now = w.now, nil
		if w.err = cmp.Or(w.err, err); w.err != nil || len(frame) == 0 {
			return w.err
		}
	}
	w.waits = append(w.waits, frame)
	if !w.behind {
		w.behind = true
		go w.writeBehind()
	}
	return nil
}

// writeBehind writes what waits, then calls who wants to go on.
func (w *wire) writeBehind() {
	for {
		w.mu.Lock()
		if len(w.waits) == 0 || w.err != nil {
			w.behind, w.waits = false, nil
			then := w.then
			w.then = nil
			w.mu.Unlock()
			if then != nil {
				then()
			}
			return
		}
		frame := w.waits[0]
		w.waits = w.waits[1:]
		w.mu.Unlock()
		if err := w.writePieces(frame); err != nil {
			w.mu.Lock()
			w.err = err
			w.mu.Unlock()
		}
	}
}

// writePieces waits for the peer: stalledFor for each piece, so that a slow one
// has time for a long frame as long as it takes some.
func (w *wire) writePieces(frame []byte) error {
	for piece := range slices.Chunk(frame, pieceBytes) {
		if err := w.Conn.SetWriteDeadline(time.Now().Add(stalledFor)); err != nil {
			return err
		}
		if _, err := w.Conn.Write(piece); err != nil {
			return err
		}
	}
	return w.Conn.SetWriteDeadline(time.Time{})
}

// taken reports whether all that was sent is on its way, or why it never will
// be. Where neither is known yet, then is called as soon as it is.
func (w *wire) taken(then func()) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.behind {
		w.then = then
	}
	return !w.behind, w.err
}

// idle reports whether nothing waits to be written.
func (w *wire) idle() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.behind
}

// flush waits until all that was sent is on its way, or never will be.
func (w *wire) flush() {
	done := make(chan struct{})
	if taken, _ := w.taken(func() { close(done) }); !taken {
		<-done
	}
}

// Write is for gorilla, which answers the handshake and writes control frames,
// each at once. The answer says what was agreed on.
func (w *wire) Write(b []byte) (int, error) {
	if bytes.HasPrefix(b, []byte("HTTP/")) {
		w.deflate = bytes.Contains(b, []byte("permessage-deflate"))
	}
	if err := w.send(bytes.Clone(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// SetWriteDeadline is for gorilla, too: the wire has deadlines of its own.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
