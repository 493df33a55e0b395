package server

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"

	"tutti/session"
	"tutti/store"
)

const (
	subprotocol  = "tutti.v1"
	helloWithin  = 10 * time.Second
	pingEvery    = 25 * time.Second
	silentFor    = 60 * time.Second // who sends nothing for so long is cut
	stalledFor   = 30 * time.Second // who takes nothing for so long is cut
	byeWithin    = 2 * time.Second  // for the peer to answer a close
	lingerFor    = 10 * time.Second // at most, for the peer to get rid of what it was sending
	compressFrom = 1024             // smaller frames don't get smaller
	pieceBytes   = 64 << 10         // a frame is written in pieces, each within stalledFor
)

// socket carries one session over one WebSocket: a goroutine that reads, and
// one that writes while there is something to write.
type socket struct {
	server  *Server
	conn    *websocket.Conn
	token   string      // that the hello has shown
	joined  atomic.Bool // it has, or had, a session
	closed  atomic.Bool // a close frame was sent: what still comes is ignored
	writing sync.Mutex  // held by who writes
	left    atomic.Bool // the reader has ended, and with it the socket

	// Set once it has joined.
	session  *session.Session
	unfollow func() // no change of rights is told any more
	ping     *time.Timer
}

var upgrader = websocket.Upgrader{
	Subprotocols:      []string{subprotocol},
	ReadBufferSize:    512,
	WriteBufferSize:   4096,
	WriteBufferPool:   &sync.Pool{},
	EnableCompression: true,
	CheckOrigin:       func(*http.Request) bool { return true },                // done before, with words
	Error:             func(http.ResponseWriter, *http.Request, int, error) {}, // said after, as a problem
}

// socket takes the handshake. What is wrong with the request itself is told by
// a status; all that concerns the document or the person, after the upgrade,
// by a close code: a browser can't read a status.
func (s *Server) socket(c echo.Context) error {
	r := c.Request()
	if !s.ownOrigin(r) && s.fromHost(r) == "" {
		return forbidden("a page of another site can't open a session here")
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return newProblem(http.StatusBadRequest, "bad_parameter", "this address speaks WebSocket")
	}
	if !slices.Contains(websocket.Subprotocols(r), subprotocol) {
		return newProblem(http.StatusBadRequest, "bad_parameter", "the subprotocol %s is needed", subprotocol)
	}
	conn, err := upgrader.Upgrade(c.Response(), r, nil)
	var refused websocket.HandshakeError
	switch {
	case errors.As(err, &refused):
		return newProblem(http.StatusBadRequest, "bad_parameter", "%v", err)
	case err != nil:
		s.log.Debug("a handshake failed", "error", err) // and the connection is gone
		return nil
	}
	k := &socket{server: s, conn: conn}
	if !s.sockets.add(k) {
		k.bye(restarting())
		k.cut()
		return nil
	}
	id := c.Param("id")
	// The handler returns and its goroutine with its buffers is free again.
	go k.serve(r, id)
	return nil
}

// outlive ends this connection alone where something panics: no handler of
// HTTP stands around it. The peer comes back, as after any that breaks.
func (k *socket) outlive() {
	if p := recover(); p != nil {
		k.server.log.Error("a socket panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		k.cut()
	}
}

// cut ends the connection without a word.
func (k *socket) cut() { k.conn.Close() }

// hurry ends the wait for a hello, because the server stops.
func (k *socket) hurry() {
	if !k.joined.Load() {
		k.conn.SetReadDeadline(time.Now()) // fails only where the connection has ended
	}
}

func restarting() *session.Close {
	return &session.Close{Code: session.CodeRestart, Reason: "the server restarts", RetryAfter: 1 + rand.IntN(3)}
}

func (k *socket) serve(r *http.Request, id string) {
	isLive := false
	defer func() {
		if !isLive {
			k.end()
		}
	}()
	defer k.outlive()
	k.conn.SetReadLimit(int64(k.server.hub.Limits().Frame) + 1024) // of compressed bytes
	if err := k.conn.SetCompressionLevel(1); err != nil {
		k.server.log.Error("compression level", "error", err)
	}
	k.conn.SetPongHandler(func(string) error {
		if !k.joined.Load() {
			return nil // no sign of life puts off the hello
		}
		return k.extend()
	})
	sess, err := k.join(r, id)
	if err != nil {
		var why *session.Close
		if errors.As(err, &why) {
			k.bye(why)
		}
		k.lingerAfter(err)
		return
	}
	k.session = sess
	k.joined.Store(true)
	k.unfollow = k.server.follow(bearing(r, k.token), id, sess)
	k.ping = time.AfterFunc(time.Hour, k.pinger)
	k.ping.Reset(pingEvery) // only now: pinger goes on with k.ping
	k.wake()
	isLive = true
	go k.live()
}

// live is a goroutine of its own: what has grown the stack of the one that
// joined is below it there, and the collector halves a stack only where less
// than a quarter is in use. At rest this one takes 4 KiB instead of 8.
func (k *socket) live() {
	defer k.end()
	defer k.outlive()
	k.read()
}

// end undoes what serve has begun. It waits for who writes.
func (k *socket) end() {
	defer k.server.sockets.remove(k)
	defer k.cut()
	if k.session == nil {
		return
	}
	defer k.session.Leave()
	if k.unfollow != nil {
		k.unfollow()
	}
	if k.ping != nil {
		k.ping.Stop()
	}
	k.left.Store(true)
	k.writing.Lock()
	defer k.writing.Unlock()
}

// pinger keeps the connection alive and finds out when it isn't.
func (k *socket) pinger() {
	if err := k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(stalledFor)); err == nil {
		k.ping.Reset(pingEvery)
	}
}

func (k *socket) extend() error { return k.conn.SetReadDeadline(time.Now().Add(silentFor)) }

// join waits for the hello and enters the document.
func (k *socket) join(r *http.Request, id string) (*session.Session, error) {
	if err := k.conn.SetReadDeadline(time.Now().Add(helloWithin)); err != nil {
		return nil, err
	}
	if k.server.hub.Closing() { // after the deadline is set: hurry may have been before
		return nil, restarting()
	}
	kind, body, err := k.conn.NextReader()
	var frame *bytes.Buffer
	if err == nil {
		frame, err = k.frame(kind, body)
	}
	if err != nil {
		var timeout interface{ Timeout() bool }
		if errors.As(err, &timeout) && timeout.Timeout() {
			if k.server.hub.Closing() {
				return nil, restarting()
			}
			return nil, &session.Close{Code: session.CodeNoHello, Reason: "no hello in time"}
		}
		return nil, err
	}
	hello, bad := session.ParseHello(frame.Bytes())
	putBuffer(frame)
	if bad != nil {
		return nil, bad
	}
	if err := k.extend(); err != nil {
		return nil, err
	}
	if !documentID.MatchString(id) {
		return nil, &session.Close{Code: session.CodeNotFound, Reason: "there is no such document"}
	}
	k.token = hello.Token
	who, err := k.server.authorize(bearing(r, hello.Token), read, id)
	if err == nil {
		err = k.server.pace(who, "join", joins)
	}
	if err != nil {
		return nil, closeOf(err)
	}
	sess, err := k.server.hub.Join(id, hello, identity(hello, who))
	if err != nil {
		return nil, closeOf(err)
	}
	return sess, nil
}

// closeOf finds the close code for an error that a join met.
func closeOf(err error) *session.Close {
	var why *session.Close
	if errors.As(err, &why) {
		return why
	}
	var p *problem
	switch {
	case errors.As(err, &p) && p.Status == http.StatusUnauthorized:
		return &session.Close{Code: session.CodeUnauthorized, Reason: p.Detail}
	case errors.As(err, &p) && p.Status == http.StatusTooManyRequests:
		return &session.Close{Code: session.CodeTooFast, Reason: p.Detail, RetryAfter: p.seconds()}
	case errors.As(err, &p) && p.Status == http.StatusForbidden:
		return &session.Close{Code: session.CodeForbidden, Reason: p.Detail}
	case errors.Is(err, store.ErrNotFound):
		return &session.Close{Code: session.CodeNotFound, Reason: "there is no such document"}
	}
	return &session.Close{Code: session.CodeBusy, Reason: "the document could not be opened", RetryAfter: 3}
}

// read hands frames to the session until the connection ends.
func (k *socket) read() {
	for {
		var frame *bytes.Buffer
		err := k.extend()
		if err == nil {
			var kind int
			var body io.Reader
			if kind, body, err = k.conn.NextReader(); err == nil { // here a connection at rest waits
				frame, err = k.frame(kind, body)
			}
		}
		var why *session.Close
		switch {
		case errors.As(err, &why):
			k.session.End(why)
			k.discard()
			return
		case err != nil:
			k.lingerAfter(err)
			return
		}
		if !k.closed.Load() {
			if err := k.session.Handle(frame.Bytes()); err != nil {
				putBuffer(frame)
				k.discard()
				return
			}
		}
		putBuffer(frame)
	}
}

// discard reads on until the peer has answered our close, or time is up.
func (k *socket) discard() {
	for {
		if _, _, err := k.conn.NextReader(); err != nil {
			return
		}
	}
}

// lingerAfter lingers unless the peer has closed, or the connection is broken:
// then nothing more comes, and others wait to see that it has left.
func (k *socket) lingerAfter(err error) {
	var closed *websocket.CloseError
	var broken net.Error
	if !errors.As(err, &closed) && !errors.As(err, &broken) {
		k.linger()
	}
}

// linger takes in what the peer still sends, for a moment: closing a socket
// with bytes unread resets it, and the peer would not see our close. That
// nothing more comes from here it is told at once; it waits for that.
func (k *socket) linger() {
	conn := k.conn.NetConn()
	if c, ok := conn.(interface{ CloseWrite() error }); ok && c.CloseWrite() != nil {
		return
	}
	rest := make([]byte, 16<<10)
	for began := time.Now(); time.Since(began) < lingerFor; {
		if err := conn.SetReadDeadline(time.Now().Add(byeWithin)); err != nil {
			return
		}
		if _, err := conn.Read(rest); err != nil {
			return
		}
	}
}

// frame reads one text frame. What breaks the contract comes as a *Close.
// The limit is checked here too, on what comes out: gorilla counts what went
// in, and 254 KiB can inflate to 256 MiB.
func (k *socket) frame(kind int, body io.Reader) (*bytes.Buffer, error) {
	limit := k.server.hub.Limits().Frame
	b := getBuffer()
	_, err := b.ReadFrom(io.LimitReader(progress{body, k}, int64(limit)+1))
	switch {
	case err != nil:
	case b.Len() > limit:
		err = &session.Close{Code: session.CodeTooBig, Reason: "the frame is too big"}
	case kind != websocket.TextMessage:
		err = &session.Close{Code: session.CodeBadFrame, Reason: "a binary frame"}
	case !utf8.Valid(b.Bytes()):
		err = &session.Close{Code: session.CodeNotUTF8, Reason: "the frame is not UTF-8"}
	}
	if err != nil {
		putBuffer(b)
		return nil, err
	}
	return b, nil
}

// progress lets a long frame take its time, as long as some of it comes.
type progress struct {
	io.Reader
	k *socket
}

func (p progress) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err == nil && p.k.joined.Load() { // before the hello there is one deadline for all
		err = p.k.extend()
	}
	return n, err
}

// buffers holds frames while they are read; a connection at rest has none.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func getBuffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

func putBuffer(b *bytes.Buffer) {
	if b.Cap() > pieceBytes {
		return // one long frame is no reason to keep so much
	}
	b.Reset()
	buffers.Put(b)
}

// wake is called when there is something to write: a socket at rest has no
// goroutine for that, with a stack of its own.
func (k *socket) wake() { go k.write() }

// write sends all that there is for the session.
func (k *socket) write() {
	defer k.outlive()
	k.writing.Lock()
	defer k.writing.Unlock()
	for !k.left.Load() {
		frame, err := k.session.Poll(k.wake)
		var why *session.Close
		switch {
		case errors.As(err, &why):
			k.bye(why)
			time.AfterFunc(byeWithin, k.cut) // the reader waits for the answer
			return
		case frame == nil && err == nil:
			return
		case err != nil:
			k.server.log.Error("a session could not be served", "session", k.session.ID, "error", err)
			k.session.End(&session.Close{Code: session.CodeBusy, Reason: "the document could not be read", RetryAfter: 3})
			continue // Next says so
		}
		if err := k.send(frame); err != nil {
			// The reader may be waiting for room for an answer, and not see it.
			k.session.End(&session.Close{Code: session.CodeGoingAway, Reason: "the connection broke"})
			k.cut()
			return
		}
	}
}

// send writes one frame. A long one goes in pieces, so that a slow peer has
// time for it as long as it takes some.
func (k *socket) send(frame []byte) error {
	k.conn.EnableWriteCompression(len(frame) > compressFrom)
	if err := k.conn.SetWriteDeadline(time.Now().Add(stalledFor)); err != nil {
		return err
	}
	if len(frame) <= pieceBytes {
		return k.conn.WriteMessage(websocket.TextMessage, frame)
	}
	w, err := k.conn.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	for piece := range slices.Chunk(frame, pieceBytes) {
		if err := k.conn.SetWriteDeadline(time.Now().Add(stalledFor)); err != nil {
			return err
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return w.Close()
}

// bye says why the session ends, in a frame where the contract wants one, and
// in the close.
func (k *socket) bye(why *session.Close) {
	if why.Bye() {
		if err := k.send(session.ByeFrame(why)); err != nil {
			return
		}
	}
	k.closed.Store(true)
	reason := why.Reason
	if len(reason) > 120 {
		reason = reason[:120] // our own words, all ASCII
	}
	message := websocket.FormatCloseMessage(why.Code, reason)
	if err := k.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(byeWithin)); err != nil {
		k.server.log.Debug("a close could not be sent", "error", err)
	}
}
