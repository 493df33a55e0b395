package server

import (
	"context"
	"net"
	"testing"
	"time"

	"tutti/session"
	"tutti/store"
)

// Browsers open connections ahead of need; a stop must not wait for them.
func TestShutdownDoesNotWaitForConnectionsWithoutARequest(t *testing.T) {
	st := store.NewMemory()
	metrics := session.NewMetrics()
	s, err := New(Options{Store: store.Watch(st), Hub: session.NewHub(st, session.Options{Metrics: metrics}), Metrics: metrics})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for seen := 0; seen == 0; { // until the server has accepted it
		s.unused.mu.Lock()
		seen = len(s.unused.conns)
		s.unused.mu.Unlock()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second) // net/http waits 5 s for such
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Fatal(err)
	}
}
