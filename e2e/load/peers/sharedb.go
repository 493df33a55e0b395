package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
	"tutti/e2e/load"
)

// shareDB speaks the protocol of ShareDB with documents of type json0, whose
// text stands in a field. An edit is acknowledged by the reply to its op: it
// is then in the server's memory.
type shareDB struct{ made }

// Join implements load.Dialect.
func (shareDB) Join(ctx context.Context, server *load.Server, document string) (*websocket.Conn, load.Session, error) {
	conn, err := dial(ctx, server, "/")
	if err != nil {
		return nil, nil, err
	}
	s := &shareDBSession{author: client.NewKey(), document: document}
	s.foreign = fmt.Appendf(nil, `{"a":"op","c":"docs","d":"%s","v":`, document)
	s.own = fmt.Appendf(nil, `{"src":"%s","seq":`, s.author)
	hello := [][]byte{
		fmt.Appendf(nil, `{"a":"hs","id":"%s","protocol":1,"protocolMinor":2}`, s.author),
		fmt.Appendf(nil, `{"a":"s","c":"docs","d":"%s"}`, document),
	}
	err = greet(conn, websocket.TextMessage, hello, func(frame []byte) (bool, error) {
		var reply struct {
			A     string          `json:"a"`
			Error json.RawMessage `json:"error"`
			Data  struct {
				V int64 `json:"v"`
			} `json:"data"`
		}
		if err := json.Unmarshal(frame, &reply); err != nil || reply.Error != nil {
			return false, fmt.Errorf("sharedb: %.300s", frame)
		}
		s.version = reply.Data.V
		return reply.A == "s", nil
	})
	return conn, s, err
}

type shareDBSession struct {
	author, document string
	foreign, own     []byte // how frames begin that have an op of others, or acknowledge one
	version          int64  // the next
	seq              int64  // the last that was given out
	frame            []byte
}

// Author implements load.Session.
func (s *shareDBSession) Author() string { return s.author }

// Edit implements load.Session.
func (s *shareDBSession) Edit(at int, text string) (int, []byte) {
	s.seq++
	b := append(s.frame[:0], `{"a":"op","c":"docs","d":"`...)
	b = append(b, s.document...)
	b = append(b, `","v":`...)
	b = strconv.AppendInt(b, s.version, 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, s.seq, 10)
	b = append(b, `,"x":{},"op":[{"p":["text",`...)
	b = strconv.AppendInt(b, int64(at), 10)
	b = append(b, `],"si":"`...)
	b = append(b, text...)
	s.frame = append(b, `"}]}`...)
	return websocket.TextMessage, s.frame
}

var (
	versionField = []byte(`,"v":`)
	srcField     = []byte(`,"src":"`)
	seqField     = []byte(`","seq":`)
	errorField   = []byte(`"error":{`)
)

// Take implements load.Session.
func (s *shareDBSession) Take(frame []byte, seen load.Seen) (t load.Taken, err error) {
	switch {
	case bytes.HasPrefix(frame, s.own) && !bytes.Contains(frame, errorField):
		_, rest := load.Number(frame[len(s.own):])
		version, _ := load.Number(bytes.TrimPrefix(rest, versionField))
		if version != s.version {
			return t, fmt.Errorf("sharedb: version %d is not the next, %d: %.300s", version, s.version, frame)
		}
		s.version++
		t.Acks = 1
	case bytes.HasPrefix(frame, s.foreign):
		version, rest := load.Number(frame[len(s.foreign):])
		if version < s.version {
			return t, nil // it comes with the reply to an op, and again from the stream
		}
		if version > s.version || !bytes.HasPrefix(rest, srcField) {
			return t, fmt.Errorf("sharedb: version %d is not the next, %d: %.300s", version, s.version, frame)
		}
		s.version++
		t.Edits = 1
		author, rest, ok := bytes.Cut(rest[len(srcField):], seqField)
		if seen != nil && ok {
			n, _ := load.Number(rest)
			seen(author, n)
		}
	default:
		return t, fmt.Errorf("sharedb: %.300s", frame)
	}
	return t, nil
}
