package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// begin opens a connection and sends the head of a request with a body of size
// bytes.
func (s *site) begin(method, path, media string, size int) net.Conn {
	s.t.Helper()
	conn, err := s.dial(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", method, path, media, size)
	return conn
}

// finish reads an answer.
func (s *site) finish(conn net.Conn) (status int, body string) {
	s.t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// trickle sends a body piece by piece, and returns how long it was taken in.
func trickle(conn net.Conn, size, piece int, pause time.Duration) time.Duration {
	began := time.Now()
	defer conn.SetWriteDeadline(time.Time{})
	for sent := 0; sent < size; sent += piece {
		time.Sleep(pause)
		conn.SetWriteDeadline(time.Now().Add(time.Second))
		if _, err := conn.Write([]byte(strings.Repeat("x", min(piece, size-sent)))); err != nil {
			break
		}
	}
	return time.Since(began)
}

func TestABodyMayTakeItsTimeButNotForEver(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		s.call("POST", api+"/documents", `{"id":"d","kind":"text"}`)
		const path = api + "/documents/d/content"

		slow := s.begin("PUT", path, "text/plain", 1<<20)
		go trickle(slow, 1<<20, 8<<10, time.Second)
		if status, body := s.finish(slow); status != 200 {
			t.Errorf("eight KiB a second: %d %s", status, body)
		}
		// The connection is as good as before, although it was quiet for long.
		time.Sleep(time.Minute)
		fmt.Fprintf(slow, "GET %s/documents/d HTTP/1.1\r\nHost: localhost\r\n\r\n", api)
		if status, _ := s.finish(slow); status != 200 {
			t.Errorf("then: %d", status)
		}
		slow.Close()

		for name, c := range map[string]struct {
			method, path, media string
			status              int
		}{
			"read":             {"PUT", path, "text/plain", http.StatusBadRequest},
			"unread":           {"PUT", api + "/documents/nowhere/content", "text/plain", http.StatusNotFound},
			"wanted by nobody": {"GET", path, "text/plain", http.StatusOK},
		} {
			conn := s.begin(c.method, c.path, c.media, 200_000)
			took := make(chan time.Duration, 1)
			go func() { took <- trickle(conn, 200_000, 1, 3*time.Second) }()
			if status, body := s.finish(conn); status != c.status {
				t.Errorf("%s: %d %s", name, status, body)
			}
			if took := <-took; took > time.Minute {
				t.Errorf("%s: a trickle was taken for %v", name, took)
			}
			conn.Close()
		}
		if a := s.call("GET", path, ""); len(a.body) != 1<<20 {
			t.Errorf("the content has %d bytes", len(a.body))
		}
		synctest.Wait()
	})
}
