package e2e

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"tutti/e2e/client"
)

// These wait for the server's own clocks, all at once.

func TestNoHelloClosesWith4408(t *testing.T) {
	t.Parallel()
	s := serve(t)
	doc := s.create("abc")
	for name, meanwhile := range map[string]handframe{
		"silence":        {},
		"pings":          {opcode: pingFrame},
		"half a hello":   {opcode: textFrame, payload: []byte(`{"t":"hello",`), more: true},
		"half a message": {opcode: textFrame, announce: 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			r := s.dial(t, doc.ID)
			if meanwhile.opcode != 0 {
				r.frames(meanwhile)
			}
			r.closed(4408)
			if took := time.Since(began); took < 9*time.Second || took > 15*time.Second {
				t.Errorf("closed after %v, want some 10 s", took)
			}
		})
	}
}

func TestServerPingsEvery25s(t *testing.T) {
	t.Parallel()
	s := serve(t)
	r := s.join(t, s.create("").ID)
	began := time.Now()
	var pinged time.Duration
	r.ws.SetPingHandler(func(string) error {
		pinged = time.Since(began)
		return fmt.Errorf("that will do")
	})
	r.read()
	if pinged < 20*time.Second || pinged > 27*time.Second {
		t.Errorf("pinged after %v, want 25 s", pinged)
	}
}

// Whose network is gone without a word sends no pong: after a minute of
// silence the others are told.
func TestSilenceOfAMinuteIsCut(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	t.Parallel()
	s := serve(t)
	doc := s.create("")
	watcher := s.join(t, doc.ID)
	began := time.Now()
	silent := s.join(t, doc.ID)
	silent.ws.SetPingHandler(func(string) error { return nil })
	cut := make(chan error, 1)
	go func() {
		silent.ws.SetReadDeadline(began.Add(90 * time.Second))
		for {
			if _, _, err := silent.ws.ReadMessage(); err != nil {
				cut <- err
				return
			}
		}
	}()
	watcher.gone(silent.welcome.Session, 75*time.Second)
	if took := time.Since(began); took < 55*time.Second {
		t.Errorf("cut after %v, want a minute", took)
	}
	if err := <-cut; isTimeout(err) {
		t.Error("the others are told that it is gone, and its socket is open")
	}
}

// A client that cannot see pings stays by sending its own.
func TestClientWithoutPongsStaysByItsPings(t *testing.T) {
	if testing.Short() {
		t.Skip("takes more than a minute")
	}
	t.Parallel()
	s := serve(t)
	r := s.join(t, s.create("").ID)
	r.ws.SetPingHandler(func(string) error { return nil })
	pace := time.NewTicker(24 * time.Second)
	defer pace.Stop()
	for range 3 {
		<-pace.C
		r.alive()
	}
}

// gone reads presence until it says that a session has ended.
func (r *raw) gone(session string, within time.Duration) {
	r.t.Helper()
	deadline := time.Now().Add(within)
	for {
		r.ws.SetReadDeadline(deadline)
		_, data, err := r.ws.ReadMessage()
		if err != nil {
			r.t.Fatalf("%s is not gone within %v: %v", session, within, err)
		}
		if strings.Contains(string(data), `"gone":true`) && strings.Contains(string(data), session) {
			return
		}
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// Who takes nothing for 30 s while there is something to take is cut, and
// has lost nothing when it comes back.
func TestReaderStalledFor30sIsCut(t *testing.T) {
	t.Parallel()
	s := serve(t, withArgs(unlimited))
	doc := s.create("")
	writer := s.join(t, doc.ID)
	stalled := startStalled(t, s, doc.ID)
	var session string
	for session == "" {
		for _, p := range writer.want("presence").People {
			session = p.Session
		}
	}
	began := time.Now()
	large := writer.pours(megabytes(8, writer.welcome.Limits))
	writer.gone(session, 50*time.Second)
	if took := time.Since(began); took < 25*time.Second {
		t.Errorf("cut after %v, want 30 s", took)
	}
	stalled.Stall(false)
	if err := stalled.Reached(soon(t), large); err != nil {
		t.Fatal(err)
	}
	if got := stalled.Welcomes(); got < 2 {
		t.Errorf("welcomed %d times, so it was not cut", got)
	}
	stalled.View(func(m *client.Machine, _ map[string]client.Person) {
		if m.Local().Text() != s.text(doc.ID) {
			t.Error("the reader that was cut has another content")
		}
	})
}

// startStalled joins a client that has stopped reading.
func startStalled(t testing.TB, s *server, doc string) *client.Client {
	t.Helper()
	c := client.Start(client.Config{URL: s.URL, Document: doc})
	t.Cleanup(c.Close)
	if err := c.Reached(soon(t), 0); err != nil {
		t.Fatal(err)
	}
	c.Stall(true)
	return c
}

// megabytes is how many deltas of which size make up n megabytes.
func megabytes(n int, limits client.Limits) (deltas, size int) {
	size = min(64<<10, limits.Delta)
	return n << 20 / size, size
}

// pours commits large deltas that hardly compress, each replacing the one
// before, and returns the revision of the last.
func (r *raw) pours(deltas, size int) int64 {
	r.t.Helper()
	units := 0
	noise := rand.NewChaCha8([32]byte{})
	for i := range int64(deltas) {
		bytes := make([]byte, size*5/8)
		noise.Read(bytes)
		text := base64.StdEncoding.EncodeToString(bytes)
		op := fmt.Sprintf(`[{"insert":"%s"}]`, text)
		if units > 0 {
			op = fmt.Sprintf(`[{"insert":"%s"},{"delete":%d}]`, text, units)
		}
		units = len(text)
		r.op(i+1, i, op)
		r.acknowledged(i + 1)
	}
	return int64(deltas)
}
