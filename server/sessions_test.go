package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/store"
)

// wire is a socket that a test speaks over by hand.
type wire struct {
	t    testing.TB
	conn *websocket.Conn
}

// message is one of the server, as far as these tests look at it.
type message struct {
	T        string
	Session  string
	Client   string
	Rev      int64
	Text     string
	Records  []json.RawMessage
	Messages []store.Message
}

func (s *rest) dial(id, name string) (*wire, message) {
	s.t.Helper()
	d := websocket.Dialer{Subprotocols: []string{"tutti.v1"}}
	conn, resp, err := d.Dial("ws"+strings.TrimPrefix(s.http.URL, "http")+"/api/v1/documents/"+id+"/socket", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	s.t.Cleanup(func() { conn.Close() })
	w := &wire{s.t, conn}
	w.say(fmt.Sprintf(`{"t":"hello","key":"%022d","name":%q}`, time.Now().UnixNano(), name))
	return w, w.hear("welcome")
}

func (w *wire) say(frame string) {
	w.t.Helper()
	if err := w.conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		w.t.Fatal(err)
	}
}

// hear reads until a frame of that type comes.
func (w *wire) hear(kind string) message {
	w.t.Helper()
	for {
		if err := w.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			w.t.Fatal(err)
		}
		_, b, err := w.conn.ReadMessage()
		if err != nil {
			w.t.Fatalf("waiting for %s: %v", kind, err)
		}
		var f message
		if err := json.Unmarshal(b, &f); err != nil {
			w.t.Fatal(err)
		}
		if f.T == kind {
			return f
		}
	}
}

func (w *wire) wantClose(code int, reason string) {
	w.t.Helper()
	for {
		_, _, err := w.conn.ReadMessage()
		if err == nil {
			continue
		}
		if closed, ok := err.(*websocket.CloseError); !ok || closed.Code != code || closed.Text != reason {
			w.t.Errorf("the socket ended with %v", err)
		}
		return
	}
}

// seats are what a list of sessions answers.
type seats struct {
	Items []struct {
		Document, Session, Client, Name, Role, JoinedAt string
		User                                            struct{ ID, Name string }
		Cursor                                          *struct{ Anchor, Head int }
	}
}

func TestSessionsAreListedSpokenToAndEnded(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "hello")
	s.create("e", "text", "")
	var list seats
	if s.call("GET", "/documents/d/sessions", "").ok().into(&list); list.Items == nil || len(list.Items) > 0 {
		t.Errorf("an empty document has %+v", list)
	}
	ada, adaIs := s.dial("d", "Ada")
	ben, benIs := s.dial("d", "Ben")
	eve, eveIs := s.dial("e", "Eve")
	ada.say(`{"t":"presence","rev":0,"cursor":{"anchor":1,"head":3}}`)
	ben.hear("presence")

	s.call("GET", "/documents/d/sessions", "").ok().into(&list)
	if len(list.Items) != 2 || list.Items[0].Session != adaIs.Session || list.Items[1].Session != benIs.Session {
		t.Fatalf("there are %+v", list)
	}
	first := list.Items[0]
	if first.Client != adaIs.Client || first.User.Name != "Ada" || first.User.ID != "guest:"+adaIs.Client || first.Name != "Ada" ||
		first.Role != "owner" || first.Cursor == nil || first.Cursor.Head != 3 || list.Items[1].Cursor != nil {
		t.Errorf("Ada is %+v", first)
	}
	if _, err := time.Parse(time.RFC3339, first.JoinedAt); err != nil {
		t.Error(err)
	}
	s.call("GET", "/sessions", "").ok().into(&list)
	if len(list.Items) != 3 || list.Items[0].Document != "d" || list.Items[2].Document != "e" || list.Items[2].Session != eveIs.Session {
		t.Errorf("on the whole server there are %+v", list)
	}

	s.call("POST", "/documents/d/sessions/"+adaIs.Session+"/notice", `{"text":"for Ada <1>"}`).ok()
	s.call("POST", "/documents/d/notice", `{"text":"for d\r\n2"}`).ok()
	s.call("POST", "/sessions/"+adaIs.Session+"/notice", `{"text":"for Ada 3"}`).ok()
	s.call("POST", "/notice", `{"text":"for all"}`).ok()
	for w, texts := range map[*wire][]string{ada: {"for Ada <1>", "for d\n2", "for Ada 3", "for all"}, ben: {"for d\n2", "for all"}, eve: {"for all"}} {
		for _, want := range texts {
			if got := w.hear("notice").Text; got != want {
				t.Errorf("heard %q, want %q", got, want)
			}
		}
	}

	if a := s.call("DELETE", "/documents/d/sessions/"+adaIs.Session, ""); a.status != http.StatusNoContent {
		t.Errorf("status %d", a.status)
	}
	ada.wantClose(1000, "disconnected")
	s.call("DELETE", "/documents/d/sessions/"+adaIs.Session, "").refused(http.StatusNotFound, "not_found")
	s.call("GET", "/documents/d/sessions", "").ok().into(&list)
	if len(list.Items) != 1 {
		t.Errorf("there are %+v", list)
	}
	// By its id alone, wherever it is.
	s.call("DELETE", "/sessions/"+eveIs.Session, "").ok()
	eve.wantClose(1000, "disconnected")
	// Who was not meant goes on.
	ben.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	if f := ben.hear("records"); len(f.Records) != 1 {
		t.Errorf("heard %+v", f)
	}
}

func TestSessionRefusals(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	s.create("e", "text", "")
	_, is := s.dial("d", "Ada")
	for _, path := range []string{"/documents/e/sessions/" + is.Session, "/documents/d/sessions/nobody", "/sessions/nobody"} {
		s.call("DELETE", path, "").refused(http.StatusNotFound, "not_found")
		s.call("POST", path+"/notice", `{"text":"x"}`).refused(http.StatusNotFound, "not_found")
	}
	s.call("GET", "/documents/none/sessions", "").refused(http.StatusNotFound, "document_not_found")
	s.call("POST", "/documents/none/notice", `{"text":"x"}`).refused(http.StatusNotFound, "document_not_found")
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		`{}`:                {400, "bad_parameter"},
		`{"text":5}`:        {400, "bad_parameter"},
		`{"text":`:          {400, "bad_json"},
		`{"text":"\udc00"}`: {400, "bad_json"},
		`{"text":" \n"}`:    {422, "field_invalid"},
		`{"text":"` + strings.Repeat("x", 2001) + `"}`:   {422, "field_invalid"},
		`{"text":"` + strings.Repeat("x", 80_000) + `"}`: {413, "too_large"},
	} {
		s.call("POST", "/documents/d/notice", body).refused(want.status, want.code)
	}
}

// TestANoticeToOneWhoTakesNothingIsNotQueuedForEver speaks to a session that
// doesn't read, until the server says so.
func TestANoticeToOneWhoTakesNothingIsNotQueuedForEver(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	_, is := s.dial("d", "Ada")
	long := `{"text":"` + strings.Repeat("x", 2000) + `"}`
	for range 100_000 {
		if a := s.call("POST", "/sessions/"+is.Session+"/notice", long); a.status != http.StatusNoContent {
			a.refused(http.StatusServiceUnavailable, "unavailable")
			return
		}
	}
	t.Error("100,000 notices were queued")
}
