package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

// Tutti speaks the contract. The zero value needs no token and offers no
// compression, which a load generator on the same machine pays for twice.
type Tutti struct {
	Token    string
	Compress bool
}

// Create implements Dialect.
func (d Tutti) Create(ctx context.Context, server *Server, document, text string) error {
	body, err := json.Marshal(map[string]string{"id": document, "content": text})
	if err != nil {
		return err
	}
	return d.call(ctx, http.MethodPost, server.URL+"/api/v1/documents", "application/json", bytes.NewReader(body))
}

// Delete implements Dialect.
func (d Tutti) Delete(ctx context.Context, server *Server, document string) error {
	return d.call(ctx, http.MethodDelete, server.URL+"/api/v1/documents/"+document+"?permanent=true", "", nil)
}

// web keeps a connection for each who makes documents: a million of them would
// else be a million connections.
var web = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}

func (d Tutti) call(ctx context.Context, method, url, kind string, body io.Reader) error {
	_, err := d.ask(ctx, method, url, kind, body)
	return err
}

// ask returns what is answered.
func (d Tutti) ask(ctx context.Context, method, url, kind string, body io.Reader) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if d.Token != "" {
		r.Header.Set("Authorization", "Bearer "+d.Token)
	}
	answer, err := web.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %.300s", method, url, answer.Status, said)
	}
	return said, err
}

// Join implements Dialect.
func (d Tutti) Join(ctx context.Context, server *Server, document string) (*websocket.Conn, Session, error) {
	dialer := websocket.Dialer{
		HandshakeTimeout:  JoinWithin,
		Subprotocols:      []string{"tutti.v1"},
		EnableCompression: d.Compress,
		WriteBufferPool:   writeBuffers,
		ReadBufferSize:    frameBytes,
	}
	conn, _, err := dialer.DialContext(ctx, socketURL(server.URL)+"/api/v1/documents/"+document+"/socket", nil)
	if err != nil {
		return nil, nil, err
	}
	key := client.NewKey()
	hello := client.Hello{T: "hello", Key: key, Token: d.Token}
	if err := conn.WriteJSON(hello); err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	_, frame, err := conn.ReadMessage()
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	var welcome struct { // and not the people in it, who are many
		T      string `json:"t"`
		Rev    int64  `json:"rev"`
		Reason string `json:"reason"`
	}
	if err := json.Unmarshal(frame, &welcome); err != nil || welcome.T != "welcome" {
		return nil, nil, errors.Join(fmt.Errorf("load: no welcome: %.300s", frame), conn.Close())
	}
	return conn, &tuttiSession{author: client.ID(key), rev: welcome.Rev}, nil
}

// frameBytes is what a frame with a record of each of 50 people takes: read at
// once, as the peers' smaller ones are.
const frameBytes = 8 << 10

func socketURL(url string) string { return "ws" + strings.TrimPrefix(url, "http") }

type tuttiSession struct {
	author string
	rev    int64 // the last that was taken
	seq    int64 // the last that was given out
	acked  int64 // the last that was acknowledged
	frame  []byte
}

// Author implements Session.
func (s *tuttiSession) Author() string { return s.author }

// Edit implements Session.
func (s *tuttiSession) Edit(at int, text string) (int, []byte) {
	rev := s.rev + s.seq - s.acked // what is under way comes before it
	s.seq++
	b := append(s.frame[:0], `{"t":"op","seq":`...)
	b = strconv.AppendInt(b, s.seq, 10)
	b = append(b, `,"rev":`...)
	b = strconv.AppendInt(b, rev, 10)
	b = append(b, `,"op":[`...)
	if at > 0 {
		b = append(b, `{"retain":`...)
		b = strconv.AppendInt(b, int64(at), 10)
		b = append(b, `},`...)
	}
	b = append(b, `{"insert":"`...)
	b = append(b, text...)
	s.frame = append(b, `"}]}`...)
	return websocket.TextMessage, s.frame
}

var (
	recordsFrame = []byte(`{"t":"records"`)
	recordBegin  = []byte(`{"rev":`)
	clientField  = []byte(`,"client":"`)
	seqField     = []byte(`","seq":`)
)

// Take implements Session.
func (s *tuttiSession) Take(frame []byte, seen Seen) (t Taken, err error) {
	if !bytes.HasPrefix(frame, recordsFrame) {
		if bytes.HasPrefix(frame, []byte(`{"t":"refused"`)) || bytes.HasPrefix(frame, []byte(`{"t":"bye"`)) {
			return t, fmt.Errorf("load: %.300s", frame)
		}
		return t, nil
	}
	// The begin of a record stands nowhere inside of one: in a string its
	// quotes would be escaped.
	for rest := frame; ; {
		i := bytes.Index(rest, recordBegin)
		if i < 0 {
			return t, nil
		}
		rev, rest2 := Number(rest[i+len(recordBegin):])
		author, seq, ok := authorship(rest2)
		if !ok {
			return t, fmt.Errorf("load: a record that is spelt in another way than it was: %.300s", rest[i:])
		}
		rest = rest2
		s.rev = rev
		if string(author) == s.author {
			s.acked++
			t.Acks++
			continue
		}
		t.Edits++
		if seen != nil {
			n, _ := Number(seq)
			seen(author, n)
		}
	}
}

// authorship finds the client and the seq of a record behind its revision.
func authorship(rest []byte) (author, seq []byte, ok bool) {
	if !bytes.HasPrefix(rest, clientField) {
		return nil, nil, false
	}
	rest = rest[len(clientField):]
	end := bytes.IndexByte(rest, '"')
	if end < 0 || !bytes.HasPrefix(rest[end:], seqField) {
		return nil, nil, false
	}
	return rest[:end], rest[end+len(seqField):], true
}

// Number reads the digits that bytes begin with.
func Number(b []byte) (n int64, rest []byte) {
	for len(b) > 0 && '0' <= b[0] && b[0] <= '9' {
		n = 10*n + int64(b[0]-'0')
		b = b[1:]
	}
	return n, b
}
