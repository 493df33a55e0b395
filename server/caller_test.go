package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// caller is the other end of a socket.
type caller struct {
	t  testing.TB
	ws *websocket.Conn
}

// frame is any frame of the server.
type frame struct {
	T       string          `json:"t"`
	Rev     int64           `json:"rev"`
	Title   string          `json:"title"`
	Content json.RawMessage `json:"content"`
	Records []struct {
		Rev int64 `json:"rev"`
	} `json:"records"`
	Code       any    `json:"code"`
	Reason     string `json:"reason"`
	RetryAfter int    `json:"retryAfter"`
	N          int64  `json:"n"`
}

func (s *site) dialer() *websocket.Dialer {
	return &websocket.Dialer{NetDialContext: s.dial, Subprotocols: []string{"tutti.v1"}, HandshakeTimeout: patience}
}

func (s *site) socketURL(id string) string {
	return "ws" + strings.TrimPrefix(s.url, "http") + path(id, "/socket")
}

// open opens a socket and says nothing.
func (s *site) open(id string, header ...string) *caller {
	s.t.Helper()
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	ws, _, err := s.dialer().Dial(s.socketURL(id), h)
	if err != nil {
		s.t.Fatalf("dial %s: %v", id, err)
	}
	c := &caller{s.t, ws}
	s.t.Cleanup(c.leave)
	return c
}

// join opens a socket and is welcomed.
func (s *site) join(id, name string) *caller {
	s.t.Helper()
	c := s.open(id)
	c.hello(name)
	c.want("welcome")
	return c
}

func (c *caller) hello(name string) {
	c.t.Helper()
	c.say(`{"t":"hello","key":"%s"}`, name+strings.Repeat("-", 22))
}

func (c *caller) leave() { c.ws.Close() }

func (c *caller) say(format string, args ...any) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...)); err != nil {
		c.t.Errorf("write: %v", err)
	}
}

func (c *caller) read() (f frame, err error) {
	if err = c.ws.SetReadDeadline(time.Now().Add(2 * patience)); err != nil {
		return f, err
	}
	_, data, err := c.ws.ReadMessage()
	if err == nil {
		err = json.Unmarshal(data, &f)
	}
	return f, err
}

func (c *caller) next() frame {
	c.t.Helper()
	f, err := c.read()
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return f
}

// want is the next frame but presence.
func (c *caller) want(typ string) frame {
	c.t.Helper()
	for {
		switch f := c.next(); f.T {
		case typ:
			return f
		case "presence":
		default:
			c.t.Fatalf("got %+v, want %s", f, typ)
		}
	}
}

// wantClose reads until the server closes, and returns its bye, if there was
// one.
func (c *caller) wantClose(code int) (bye frame) {
	c.t.Helper()
	for {
		f, err := c.read()
		var closed *websocket.CloseError
		switch {
		case err == nil:
			if f.T == "bye" {
				bye = f
			}
		case errors.As(err, &closed) && closed.Code == code:
			return bye
		default:
			c.t.Fatalf("got %v, want close %d", err, code)
		}
	}
}

// together runs n at once.
func together(n int, run func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { run(i) })
	}
	all.Wait()
}
