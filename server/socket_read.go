package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"tutti/session"
)

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
	switch {
	case errors.As(err, &closed):
		if !k.closed.Load() {
			k.ends(closed.Code, "peer")
		}
	case !errors.As(err, &broken):
		k.linger()
	}
}

// linger takes in what the peer still sends, for a moment: closing a socket
// with bytes unread resets it, and the peer would not see our close. That
// nothing more comes from here it is told at once; it waits for that.
func (k *socket) linger() {
	conn := k.wire.Conn
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
