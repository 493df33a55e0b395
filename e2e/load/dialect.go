package load

import (
	"context"

	"github.com/gorilla/websocket"
)

// A Dialect is how a kind of server is spoken to.
type Dialect interface {
	// Create makes a document with a text of one line in ASCII.
	Create(ctx context.Context, server *Server, document, text string) error
	// History makes a document of about so many edits, whose text stays as
	// short as Text. ErrUnsupported of errors where none are kept.
	History(ctx context.Context, server *Server, document string, edits int) error
	// Delete takes away what Create made, where the server can.
	Delete(ctx context.Context, server *Server, document string) error
	// Join opens a session with a document, and returns when it is open.
	Join(ctx context.Context, server *Server, document string) (*websocket.Conn, Session, error)
}

// A Session is the state of one connection. Its methods are called under one
// lock.
type Session interface {
	// Author names the session in what the others see; unique in a run.
	Author() string
	// Edit returns the message that types something in ASCII at a position of
	// the text, in bytes that are valid until the next call. Where an edit
	// before is not acknowledged yet, nobody else may be typing.
	Edit(at int, text string) (kind int, frame []byte)
	// Take looks through a frame and tells what was in it. An error means
	// that the server refused something, or that the session is at its end.
	Take(frame []byte, seen Seen) (Taken, error)
}

// Seen is told of each edit of another author in a frame: whose it is, and the
// number that its author gave it, from 1. It may be nil.
type Seen func(author []byte, n int64)

// Taken is what was in a frame.
type Taken struct {
	Acks  int // of the session's own edits
	Edits int // of others
}
