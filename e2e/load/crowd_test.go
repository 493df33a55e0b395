package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// echo is a server of one document that passes on what it gets; times says how
// often a message reaches a peer, the sender or another.
type echo struct {
	mu    sync.Mutex
	peers []*websocket.Conn
	count int
	times func(n int, own bool) int
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var upgrader websocket.Upgrader
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	e.mu.Lock()
	conn.WriteMessage(websocket.TextMessage, []byte("welcome"))
	e.peers = append(e.peers, conn)
	e.mu.Unlock()
	for {
		_, message, err := conn.ReadMessage()
		e.mu.Lock()
		if err != nil {
			e.peers = slices.DeleteFunc(e.peers, func(p *websocket.Conn) bool { return p == conn })
			e.mu.Unlock()
			conn.Close()
			return
		}
		e.count++
		for _, p := range e.peers {
			for range e.times(e.count, p == conn) {
				p.WriteMessage(websocket.TextMessage, message)
			}
		}
		e.mu.Unlock()
	}
}

// echoes speaks to it: author and number.
type echoes struct{}

func (echoes) Create(context.Context, *Server, string, string) error { return nil }
func (echoes) History(context.Context, *Server, string, int) error   { return errors.ErrUnsupported }
func (echoes) Delete(context.Context, *Server, string) error         { return nil }

func (echoes) Join(ctx context.Context, server *Server, _ string) (*websocket.Conn, Session, error) {
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, socketURL(server.URL), nil)
	if err != nil {
		return nil, nil, err
	}
	_, _, err = conn.ReadMessage()
	return conn, &echoed{author: conn.LocalAddr().String()}, err
}

type echoed struct {
	author string
	n      int
}

func (s *echoed) Author() string { return s.author }

func (s *echoed) Edit(int, string) (int, []byte) {
	s.n++
	return websocket.TextMessage, fmt.Appendf(nil, "%s %d", s.author, s.n)
}

func (s *echoed) Take(frame []byte, seen Seen) (Taken, error) {
	author, n, _ := strings.Cut(string(frame), " ")
	if author == s.author {
		return Taken{Acks: 1}, nil
	}
	if seen != nil {
		number, _ := Number([]byte(n))
		seen([]byte(author), number)
	}
	return Taken{Edits: 1}, nil
}

// What does not arrive once is noticed.
func TestALostOrDoubledEditFailsTheRun(t *testing.T) {
	for _, test := range []struct {
		name  string
		times func(n int, own bool) int
		want  string // of the error; none if empty
	}{
		{"whole", func(int, bool) int { return 1 }, ""},
		{"a delivery is lost", func(n int, own bool) int {
			if n == 5 && !own {
				return 0
			}
			return 1
		}, "one who is there has"},
		{"a delivery comes twice", func(n int, own bool) int {
			if n == 5 && !own {
				return 2
			}
			return 1
		}, "one who is there has"},
		{"an acknowledgement is lost", func(n int, own bool) int {
			if n == 5 && own {
				return 0
			}
			return 1
		}, "one who is there has"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(&echo{times: test.times})
			defer server.Close()
			target := Target{Name: "echo", Start: func(context.Context, string, bool) (*Server, error) {
				return &Server{URL: server.URL, Dialect: echoes{}}, nil
			}}
			var report Report
			err := Run(t.Context(), target, []string{"hot"}, Options{
				Common:  Common{Seconds: 0.05, Warmup: 20 * time.Millisecond, Patience: 300 * time.Millisecond, Folder: t.TempDir(), Progress: io.Discard},
				Writers: []int{3},
			}, &report)
			if test.want == "" {
				if err != nil || len(report.Results) != 1 || report.Results[0].Total.Delivered != 2*report.Results[0].Total.Edits {
					t.Errorf("%+v, %v", report.Results, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// A latency in an open loop begins when the edit was to be made, not when it
// could be sent.
func TestWaitingToBeSentCounts(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(&echo{times: func(n int, _ bool) int {
		if n == 1 {
			<-release
		}
		return 1
	}})
	defer server.Close()
	c := newCrowd(&Server{URL: server.URL, Dialect: echoes{}}, 10*time.Second)
	defer c.leave(t.Context())
	if err := c.create(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	people, err := c.join(t.Context(), c.docs, false)
	if err != nil {
		t.Fatal(err)
	}
	c.acks.begin()
	long := time.Now().Add(-time.Hour / 12) // 5 minutes
	for range 3 {
		people[0].edit(long)
	}
	close(release)
	if err := c.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, least := c.acks.of.TotalCount(), c.acks.at(0); n != 3 || least < 299_000 {
		t.Errorf("%d latencies, the least %v ms; want 3 of five minutes", n, least)
	}
}
