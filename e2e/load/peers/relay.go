package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
	"tutti/e2e/load"
)

// A relay passes on what one sends to all who are there, the sender too: no
// transformation, no disk, no limits. What it costs is the floor for a server
// that sends a message an edit by gorilla.

// room is who is at one address of a relay.
type room struct {
	mu    sync.Mutex
	peers map[chan []byte]struct{}
}

// waiting is how many messages one peer may be behind; then the others wait.
const waiting = 1024

func serveRelay() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		<-signals
		os.Exit(0) // there is nothing to lose
	}()
	fmt.Printf("relay is at http://%s/\n", l.Addr())
	var rooms sync.Map
	upgrader := websocket.Upgrader{WriteBufferPool: writeBuffers, ReadBufferSize: 1024}
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // it is said
		}
		at, _ := rooms.LoadOrStore(r.URL.Path, &room{peers: map[chan []byte]struct{}{}})
		at.(*room).carry(conn)
	}))
}

// carry is with a connection until it ends.
func (r *room) carry(conn *websocket.Conn) {
	out := make(chan []byte, waiting)
	r.mu.Lock()
	r.peers[out] = struct{}{}
	r.mu.Unlock()
	gone := make(chan struct{})
	go func() {
		out <- []byte("welcome")
		for message := range out {
			if conn.WriteMessage(websocket.TextMessage, message) != nil {
				break
			}
		}
		conn.Close()
		for range out { // nobody is to wait for it
		}
		close(gone)
	}()
	for {
		_, message, err := conn.ReadMessage()
		if err != nil {
			break
		}
		r.mu.Lock()
		for peer := range r.peers {
			peer <- message
		}
		r.mu.Unlock()
	}
	r.mu.Lock()
	delete(r.peers, out)
	r.mu.Unlock()
	close(out)
	<-gone
}

// relayed speaks to a relay: author, number and text, with spaces between.
type relayed struct{}

func relay() (load.Target, error) {
	binary, err := os.Executable()
	return load.Target{Name: "relay", Start: func(ctx context.Context, _ string, _ bool) (*load.Server, error) {
		return load.Spawn(ctx, exec.Command(binary, "relay"), relayed{})
	}}, err
}

func (relayed) Create(context.Context, *load.Server, string, string) error { return nil }

func (relayed) History(context.Context, *load.Server, string, int) error {
	return errors.ErrUnsupported
}

func (relayed) Delete(context.Context, *load.Server, string) error { return nil }

func (relayed) Join(ctx context.Context, server *load.Server, document string) (*websocket.Conn, load.Session, error) {
	conn, err := dial(ctx, server, "/"+document)
	if err != nil {
		return nil, nil, err
	}
	err = greet(conn, websocket.TextMessage, nil, func(frame []byte) (bool, error) { return string(frame) == "welcome", nil })
	return conn, &relayedSession{author: client.NewKey()}, err
}

type relayedSession struct {
	author string
	n      int64
	frame  []byte
}

func (s *relayedSession) Author() string { return s.author }

// Edit pads what it sends to the length of an op.
func (s *relayedSession) Edit(at int, text string) (int, []byte) {
	s.n++
	b := append(s.frame[:0], s.author...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, s.n, 10)
	b = append(b, `  "rev":          ,"op":[{"retain":`...)
	b = strconv.AppendInt(b, int64(at), 10)
	b = append(b, `},{"insert":"`...)
	b = append(b, text...)
	s.frame = append(b, `"}]}`...)
	return websocket.TextMessage, s.frame
}

func (s *relayedSession) Take(frame []byte, seen load.Seen) (t load.Taken, err error) {
	author, rest, ok := bytes.Cut(frame, []byte(" "))
	switch {
	case !ok:
		return t, fmt.Errorf("relay: %.300q", frame)
	case string(author) == s.author:
		t.Acks = 1
	default:
		t.Edits = 1
		if seen != nil {
			n, _ := load.Number(rest)
			seen(author, n)
		}
	}
	return t, nil
}
