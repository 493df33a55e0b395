package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

// A raw is a socket that says exactly what a test tells it to, right or wrong.
type raw struct {
	t       testing.TB
	ws      *websocket.Conn
	key     string
	welcome client.Frame
}

var subprotocol = websocket.Dialer{Subprotocols: []string{"tutti.v1"}, HandshakeTimeout: patience}

func (s *server) socket(id string) string {
	return "ws" + strings.TrimPrefix(s.URL(), "http") + api + "/documents/" + id + "/socket"
}

// dial opens a socket and says nothing.
func (s *server) dial(t testing.TB, id string) *raw {
	t.Helper()
	return s.dialWith(t, id, &subprotocol)
}

func (s *server) dialWith(t testing.TB, id string, dialer *websocket.Dialer) *raw {
	t.Helper()
	ws, _, err := dialer.Dial(s.socket(id), nil)
	if err != nil {
		t.Fatalf("dial %s: %v", id, err)
	}
	t.Cleanup(func() { ws.Close() })
	return &raw{t: t, ws: ws, key: client.NewKey()}
}

// join opens a socket and is welcomed.
func (s *server) join(t testing.TB, id string) *raw {
	t.Helper()
	return s.dial(t, id).hello(object{})
}

// hello says hello, with more fields than the key, and waits for the welcome.
func (r *raw) hello(more object) *raw {
	r.t.Helper()
	hello := object{"t": "hello", "key": r.key}
	for k, v := range more {
		hello[k] = v
	}
	r.key = hello["key"].(string)
	r.send(hello)
	r.welcome = r.want("welcome")
	return r
}

// send writes one text frame: a string as it is, anything else as JSON. Where
// the server has closed already, what it said is still to be read.
func (r *raw) send(frame any) {
	r.t.Helper()
	data, ok := frame.(string)
	if !ok {
		encoded, err := json.Marshal(frame)
		if err != nil {
			r.t.Fatal(err)
		}
		data = string(encoded)
	}
	r.ws.SetWriteDeadline(time.Now().Add(patience))
	_ = r.ws.WriteMessage(websocket.TextMessage, []byte(data))
}

// op submits a delta given as JSON.
func (r *raw) op(seq, rev int64, op string) {
	r.t.Helper()
	r.send(fmt.Sprintf(`{"t":"op","seq":%d,"rev":%d,"op":%s}`, seq, rev, op))
}

// read is the next frame, of any type.
func (r *raw) read() (client.Frame, error) {
	r.ws.SetReadDeadline(time.Now().Add(patience))
	_, data, err := r.ws.ReadMessage()
	if err != nil {
		return client.Frame{}, err
	}
	var f client.Frame
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("frame %.300q: %w", data, err)
	}
	return f, nil
}

// want is the next frame but presence, which must be of this type.
func (r *raw) want(typ string) client.Frame {
	r.t.Helper()
	for {
		f, err := r.read()
		if err != nil {
			r.t.Fatalf("want %s: %v", typ, err)
		}
		if f.T == "presence" && typ != "presence" {
			continue
		}
		if f.T != typ {
			r.t.Fatalf("got %s %s %s, want %s", f.T, f.Code, f.Message, typ)
		}
		return f
	}
}

// record is the next record of the stream, which must come alone.
func (r *raw) record() client.Record {
	r.t.Helper()
	f := r.want("records")
	if len(f.Records) != 1 {
		r.t.Fatalf("%d records in a frame, want 1", len(f.Records))
	}
	return f.Records[0]
}

// stream reads until the record of a revision has come, and returns that.
func (r *raw) stream(rev int64) client.Record {
	r.t.Helper()
	for {
		for _, record := range r.want("records").Records {
			if record.Rev == rev {
				return record
			}
		}
	}
}

// acknowledged waits for a record of one's own.
func (r *raw) acknowledged(seq int64) client.Record {
	r.t.Helper()
	for {
		for _, record := range r.want("records").Records {
			if record.Client == client.ID(r.key) && record.Seq == seq {
				return record
			}
		}
	}
}

// refused waits for the refusal of a seq and returns its code.
func (r *raw) refused(seq int64) string {
	r.t.Helper()
	f := r.want("refused")
	if f.Seq != seq {
		r.t.Fatalf("seq %d refused, want %d", f.Seq, seq)
	}
	if f.Message == "" {
		r.t.Error("refused without a message")
	}
	return string(f.Code)
}

// alive asserts that the session goes on, and that nothing was waiting to be
// read before the answer.
func (r *raw) alive() {
	r.t.Helper()
	r.send(`{"t":"ping","n":4711}`)
	if f := r.want("pong"); f.N != 4711 {
		r.t.Errorf("pong %d, want 4711", f.N)
	}
}

// closed reads until the server closes, and asserts the code. A bye must have
// announced it wherever the contract promises one. It returns the bye.
func (r *raw) closed(code int) client.Frame {
	r.t.Helper()
	bye, err := r.ending()
	if !websocket.IsCloseError(err, code) {
		r.t.Fatalf("ended with %v, want close %d", err, code)
	}
	if announced(code) && bye.Code.Close() != code {
		r.t.Fatalf("close %d came after bye %q", code, bye.Code)
	}
	if bye.T != "" && bye.Reason == "" {
		r.t.Error("bye without a reason")
	}
	return bye
}

// ending reads to the end of the session, and returns the bye, if there was
// one, and what the end was.
func (r *raw) ending() (bye client.Frame, err error) {
	for {
		f, err := r.read()
		switch {
		case err != nil:
			return bye, err
		case bye.T != "":
			return bye, fmt.Errorf("a frame %s came after bye", f.T)
		case f.T == "bye":
			bye = f
		}
	}
}

func announced(code int) bool {
	return code >= 4000 || code == websocket.CloseGoingAway ||
		code == websocket.CloseServiceRestart || code == websocket.CloseTryAgainLater
}

// handshake tries to open a socket and returns the status that it got.
func (s *server) handshake(id string, dialer *websocket.Dialer, header http.Header) int {
	s.t.Helper()
	ws, resp, err := dialer.Dial(s.socket(id), header)
	if ws != nil {
		ws.Close()
	}
	if resp == nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode
}
