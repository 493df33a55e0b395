package server

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

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
	pieceBytes   = 64 << 10         // a slow peer takes each piece of a frame within stalledFor
)

// socket carries one session over one WebSocket, with a goroutine that reads.
// It is written to by those who bring the news, which never waits for the peer.
type socket struct {
	server  *Server
	conn    *websocket.Conn
	wire    *wire                        // under conn
	request string                       // names the handshake in the log
	span    trace.Span                   // nil: it is not traced
	by      atomic.Pointer[http.Request] // the handshake, with the token that was shown last
	joined  atomic.Bool                  // it has, or had, a session
	closed  atomic.Bool                  // a close frame was sent: what still comes is ignored
	writing sync.Mutex                   // held by who writes
	left    atomic.Bool                  // the reader has ended, and with it the socket

	// Set once it has joined.
	session  *session.Session
	unfollow func() // no change of rights is told any more
	wake     func() // write, made once
	ping     *time.Timer
}

var upgrader = websocket.Upgrader{
	Subprotocols:      []string{subprotocol},
	ReadBufferSize:    256,
	WriteBufferPool:   &sync.Pool{}, // of buffers that nobody needs: only control frames are written by it
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
	up := upgrade{ResponseWriter: c.Response()}
	conn, err := upgrader.Upgrade(&up, r, nil)
	if err == nil {
		handOver(r)
	}
	var refused websocket.HandshakeError
	switch {
	case errors.As(err, &refused):
		return newProblem(http.StatusBadRequest, "bad_parameter", "%v", err)
	case err != nil:
		s.log.Debug("a handshake failed", "error", err) // and the connection is gone
		return nil
	}
	k := &socket{server: s, conn: conn, wire: up.wire, request: requestID(c)}
	if !s.sockets.add(k) {
		k.bye(restarting())
		k.wire.flush()
		k.cut()
		return nil
	}
	c.Response().Status = http.StatusSwitchingProtocols // gorilla has said so, behind its back
	id := c.Param("id")
	k.begin(r, id)
	// The handler returns and its goroutine with its buffers is free again.
	go k.serve(r, id)
	return nil
}

// outlive ends this connection alone where something panics: no handler of
// HTTP stands around it. The peer comes back, as after any that breaks.
func (k *socket) outlive() {
	if p := recover(); p != nil {
		k.server.log.Error("a socket panicked", k.ids(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
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
	k.conn.SetPingHandler(k.pong)
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
			k.wire.flush()
		}
		k.lingerAfter(err)
		return
	}
	k.session = sess
	k.joined.Store(true)
	if sess.Span = k.span; k.span != nil {
		k.span.SetAttributes(attribute.String("tutti.session", sess.ID))
	}
	k.server.log.Debug("a session begins", "document", id, "session", sess.ID, "user", sess.User.ID, k.ids())
	if k.server.accounts == nil {
		k.by.Store(nil) // nobody asks again, and a request is as large as all else here
	} else {
		sess.Renew = func(token string) *session.Close { return k.renew(bearing(r, token), id, sess) }
		k.unfollow = k.server.follow(k.by.Load, id, sess)
	}
	k.ping = time.AfterFunc(time.Hour, k.pinger)
	k.ping.Reset(pingEvery) // only now: pinger goes on with k.ping
	k.wake = k.write
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
	if k.span != nil {
		defer k.span.End()
	}
	if k.session == nil {
		return
	}
	defer k.server.log.Debug("a session has ended", "session", k.session.ID, k.ids())
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

// pinger keeps the connection alive and finds out when it isn't. A peer can't
// answer before it has taken what it is being sent, and has a clock for that.
func (k *socket) pinger() {
	var err error
	if k.wire.idle() {
		err = k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(stalledFor))
	} else {
		err = k.extend()
	}
	if err == nil {
		k.ping.Reset(pingEvery)
	}
}

// pong answers a peer that finds out likewise, unless it does not take what it
// was sent before.
func (k *socket) pong(ping string) error {
	if !k.wire.idle() {
		return nil
	}
	return k.conn.WriteControl(websocket.PongMessage, []byte(ping), time.Now().Add(stalledFor))
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
	k.by.Store(bearing(r, hello.Token))
	who, err := k.server.authorize(k.by.Load(), read, id)
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

// renew goes on with another token, if it is the same person's.
func (k *socket) renew(by *http.Request, id string, sess *session.Session) *session.Close {
	who, err := k.server.authorize(by, read, id)
	if err == nil && !who.Open && who.User.ID != sess.User.ID {
		err = forbidden("the token is another person's")
	}
	if err != nil {
		return closeOf(err)
	}
	k.by.Store(by)
	return nil
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
	case errors.Is(err, store.ErrDamaged):
		return session.CloseDamaged()
	}
	return &session.Close{Code: session.CodeBusy, Reason: "the document could not be opened", RetryAfter: 3}
}
