package server_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/session"
)

// within is how long a right that was taken away may still be used.
const within = time.Second

// knock opens a socket and says hello.
func (m *member) knock(id string) *wire {
	m.h.t.Helper()
	w := m.open(id)
	w.say(fmt.Sprintf(`{"t":"hello","key":"%022d","name":"an alias"}`, time.Now().UnixNano()))
	return w
}

// open opens a socket and says nothing.
func (m *member) open(id string) *wire {
	m.h.t.Helper()
	d := websocket.Dialer{Subprotocols: []string{"tutti.v1"}}
	header := http.Header{}
	if m.cookie != "" {
		header.Set("Cookie", m.cookie)
	}
	conn, resp, err := d.Dial("ws"+strings.TrimPrefix(m.h.http.URL, "http")+"/api/v1/documents/"+id+"/socket", header)
	if err != nil {
		m.h.t.Fatal(err)
	}
	resp.Body.Close()
	m.h.t.Cleanup(func() { conn.Close() })
	return &wire{m.h.t, conn}
}

// fields is a frame of the server, whole.
func (w *wire) fields(kind string) (f struct {
	Role, Code string
	User       struct{ ID, Name string }
	Records    []json.RawMessage
}) {
	w.t.Helper()
	for {
		w.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, b, err := w.conn.ReadMessage()
		if err != nil {
			w.t.Fatalf("waiting for %s: %v", kind, err)
		}
		var is struct{ T string }
		if json.Unmarshal(b, &is); is.T == kind {
			if err := json.Unmarshal(b, &f); err != nil {
				w.t.Fatal(err)
			}
			return f
		}
	}
}

// next reads a frame and returns its type.
func (w *wire) next() string {
	w.t.Helper()
	w.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, b, err := w.conn.ReadMessage()
	if err != nil {
		w.t.Fatal(err)
	}
	var is struct{ T string }
	if err := json.Unmarshal(b, &is); err != nil {
		w.t.Fatal(err)
	}
	return is.T
}

// closes fails the test unless the socket is closed with that code in time.
func (w *wire) closes(code int) {
	w.t.Helper()
	began := time.Now()
	for {
		w.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, _, err := w.conn.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			if took := time.Since(began); closed.Code != code || took > within {
				w.t.Errorf("closed with %d after %v, want %d", closed.Code, took, code)
			}
			return
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestRightsOnASocket(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	ada.writes("notes", "abc")
	(&member{h: h}).knock("notes").closes(4401)
	(&member{h: h}).knock("nowhere").closes(4401)
	bob.knock("notes").closes(4403)
	bob.knock("nowhere").closes(4404)

	ada.shares("notes", bob, session.Viewer)
	w := bob.knock("notes")
	if f := w.fields("welcome"); f.Role != "viewer" || f.User.ID != bob.id || f.User.Name != "bob" {
		t.Errorf("bob is welcomed as %+v", f)
	}
	w.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	if f := w.fields("refused"); f.Code != "read_only" {
		t.Errorf("a viewer's delta: %+v", f)
	}
	ada.shares("notes", bob, session.Editor)
	if f := w.fields("meta"); f.Role != "editor" {
		t.Errorf("bob is told %+v", f)
	}
	w.say(`{"t":"op","seq":2,"rev":0,"op":[{"insert":"x"}]}`)
	w.fields("records")
	ada.shares("notes", bob, session.Viewer)
	if f := w.fields("meta"); f.Role != "viewer" {
		t.Errorf("bob is told %+v", f)
	}
	w.say(`{"t":"op","seq":3,"rev":1,"op":[{"insert":"y"}]}`)
	if f := w.fields("refused"); f.Code != "read_only" {
		t.Errorf("a viewer's delta: %+v", f)
	}
}

// TestTakingAwayIsNow takes a right away in each way there is, from somebody
// who types, follows and reads on, and sees that nobody else is disturbed.
func TestTakingAwayIsNow(t *testing.T) {
	for name, test := range map[string]struct {
		take func(boss, ada, bob *member)
		code int
	}{
		"the grant": {func(_, ada, bob *member) {
			ada.call("DELETE", "/documents/notes/access/"+bob.id, "").ok()
		}, 4403},
		"the person": {func(boss, _, bob *member) { boss.call("DELETE", "/people/"+bob.id, "").ok() }, 4401},
		"the log-in": {func(_, _, bob *member) { bob.call("DELETE", "/session", "").ok() }, 4401},
		"the log-in, by a new password": {func(_, _, bob *member) {
			other := bob.h.loggedIn("bob", bob.h.signIn("bob", password))
			other.call("POST", "/session/password", `{"current":"`+password+`","password":"another horse"}`).ok()
		}, 4401},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			boss := h.first("boss")
			ada, bob := boss.invites("ada"), boss.invites("bob")
			ada.writes("notes", "abc")
			ada.shares("notes", bob, session.Editor)
			typing, other := bob.knock("notes"), ada.knock("notes")
			typing.fields("welcome")
			other.fields("welcome")
			events := bob.follow("notes")

			test.take(boss, ada, bob)
			typing.closes(test.code)
			began := time.Now()
			for events.Scan() {
			}
			if took := time.Since(began); took > within {
				t.Errorf("the events ended after %v", took)
			}
			if a := bob.call("GET", "/documents/notes/content", ""); a.status/100 != 4 {
				t.Errorf("the content is read with %d", a.status)
			}
			other.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
			other.fields("records")
		})
	}
}

// follow opens an event stream, which has begun.
func (m *member) follow(id string) *bufio.Scanner {
	m.h.t.Helper()
	r, err := http.NewRequestWithContext(m.h.t.Context(), "GET", m.h.http.URL+"/api/v1/documents/"+id+"/events", nil)
	if err != nil {
		m.h.t.Fatal(err)
	}
	r.Header.Set("Cookie", m.cookie)
	resp, err := m.h.http.Client().Do(r)
	if err != nil {
		m.h.t.Fatal(err)
	}
	m.h.t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	if resp.StatusCode != http.StatusOK || !lines.Scan() {
		m.h.t.Fatalf("events answers %d", resp.StatusCode)
	}
	return lines
}

// TestADownloadThatIsUnderWayEnds takes a right away from somebody who reads
// an archive slowly.
func TestADownloadThatIsUnderWayEnds(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	ada.writes("notes", strings.Repeat("long ", 1<<20))
	for range 6 {
		ada.call("PUT", "/documents/notes/content", strings.Repeat("x", 4<<20), "Content-Type", plain).ok()
		ada.call("PUT", "/documents/notes/content", strings.Repeat("y", 4<<20), "Content-Type", plain).ok()
	}
	ada.shares("notes", bob, session.Viewer)
	r, err := http.NewRequestWithContext(t.Context(), "GET", h.http.URL+"/api/v1/documents/notes/archive", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", bob.cookie)
	resp, err := h.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	some := make([]byte, 1<<16)
	if _, err := resp.Body.Read(some); err != nil {
		t.Fatal(err)
	}
	ada.call("DELETE", "/documents/notes/access/"+bob.id, "").ok()
	time.Sleep(within)
	for err == nil {
		_, err = resp.Body.Read(some)
	}
	if err.Error() == "EOF" {
		t.Error("the archive came whole")
	}
}
