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
	Role, Code, Client string
	Rev, Seq           int64
	User               struct{ ID, Name string }
	Records            []json.RawMessage
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

// took is how somebody came to be an editor of notes, and how that is taken
// from them again.
type took struct {
	who  credential
	take func()
	code int // that their socket closes with
}

// takings are all ways in which a right goes. ada owns notes, boss is an
// administrator, bob has nothing yet.
var takings = map[string]func(h *house, boss, ada, bob *member) took{
	"the role": func(_ *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		return took{credential{cookie: bob.cookie}, func() { ada.call("DELETE", "/documents/notes/access/"+bob.id, "").ok() }, 4403}
	},
	"the role, by oneself": func(_ *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		return took{credential{cookie: bob.cookie}, func() { bob.call("POST", "/documents/notes/leave", "").ok() }, 4403}
	},
	"the ownership, by an administrator": func(_ *house, boss, ada, bob *member) took {
		ada.call("PUT", "/documents/notes/owner", `{"person":"`+bob.id+`"}`).ok()
		return took{credential{cookie: bob.cookie}, func() {
			boss.call("PUT", "/documents/notes/owner", `{"person":"`+ada.id+`"}`).ok()
			ada.call("DELETE", "/documents/notes/access/"+bob.id, "").ok()
		}, 4403}
	},
	"what everyone has": func(_ *house, _, ada, bob *member) took {
		ada.call("PUT", "/documents/notes/access/everyone", `{"role":"editor"}`).ok()
		return took{credential{cookie: bob.cookie}, func() { ada.call("DELETE", "/documents/notes/access/everyone", "").ok() }, 4403}
	},
	"being in a group": func(_ *house, boss, ada, bob *member) took {
		group := boss.groups(bob)
		ada.call("PUT", "/documents/notes/access/"+group, `{"role":"editor"}`).ok()
		return took{credential{cookie: bob.cookie}, func() { boss.call("PATCH", "/groups/"+group, `{"members":[]}`).ok() }, 4403}
	},
	"the group": func(_ *house, boss, ada, bob *member) took {
		group := boss.groups(bob)
		ada.call("PUT", "/documents/notes/access/"+group, `{"role":"editor"}`).ok()
		return took{credential{cookie: bob.cookie}, func() { boss.call("DELETE", "/groups/"+group, "").ok() }, 4403}
	},
	"what a group has": func(_ *house, boss, ada, bob *member) took {
		group := boss.groups(bob)
		ada.call("PUT", "/documents/notes/access/"+group, `{"role":"editor"}`).ok()
		return took{credential{cookie: bob.cookie}, func() { ada.call("DELETE", "/documents/notes/access/"+group, "").ok() }, 4403}
	},
	"the link": func(h *house, _, ada, _ *member) took {
		id, secret := ada.link("notes", `{"role":"editor"}`)
		return took{credential{cookie: h.guest(secret).cookie}, func() { ada.call("DELETE", "/documents/notes/links/"+id, "").ok() }, 4401}
	},
	"the link, from somebody with an account": func(h *house, _, ada, bob *member) took {
		id, secret := ada.link("notes", `{"role":"editor"}`)
		cookie := cookieOf(h.t, h.followLink(secret, "", bob.cookie).ok())
		return took{credential{cookie: cookie}, func() { ada.call("DELETE", "/documents/notes/links/"+id, "").ok() }, 4403}
	},
	"the link, by its time": func(h *house, _, ada, _ *member) took {
		end := time.Now().Add(2 * time.Second)
		_, secret := ada.link("notes", `{"role":"editor","expiresAt":"`+end.UTC().Format(time.RFC3339Nano)+`"}`)
		return took{credential{cookie: h.guest(secret).cookie}, func() { time.Sleep(time.Until(end)) }, 4401}
	},
	"the link, with who made it": func(h *house, boss, ada, bob *member) took {
		ada.shares("notes", bob, session.Owner)
		_, secret := bob.link("notes", `{"role":"editor"}`)
		return took{credential{cookie: h.guest(secret).cookie}, func() { boss.call("DELETE", "/people/"+bob.id, "").ok() }, 4401}
	},
	"the token": func(_ *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		id, program := bob.token(`{"name":"x","scope":"write"}`)
		return took{credential{bearer: program.secret}, func() { bob.call("DELETE", "/tokens/"+id, "").ok() }, 4401}
	},
	"the token, by its time": func(_ *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		end := time.Now().Add(2 * time.Second)
		_, program := bob.token(`{"name":"x","scope":"write","expiresAt":"` + end.UTC().Format(time.RFC3339Nano) + `"}`)
		return took{credential{bearer: program.secret}, func() { time.Sleep(time.Until(end)) }, 4401}
	},
	"the role, from a token": func(_ *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		_, program := bob.token(`{"name":"x","scope":"write"}`)
		return took{credential{bearer: program.secret}, func() { ada.call("DELETE", "/documents/notes/access/"+bob.id, "").ok() }, 4403}
	},
	"a host's word, by its time": func(h *house, _, _, _ *member) took {
		end := time.Now().Add(3 * time.Second).Truncate(time.Second)
		token := hostToken(h.t, []byte(strings.Repeat("s", 32)), session.Editor, time.Until(end))
		return took{credential{bearer: token}, func() { time.Sleep(time.Until(end)) }, 4401}
	},
	"the person": func(_ *house, boss, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		return took{credential{cookie: bob.cookie}, func() { boss.call("DELETE", "/people/"+bob.id, "").ok() }, 4401}
	},
	"the log-in": func(_ *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		return took{credential{cookie: bob.cookie}, func() { bob.call("DELETE", "/session", "").ok() }, 4401}
	},
	"the log-in, from another browser": func(h *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		other := h.loggedIn("bob", h.signIn("bob", password))
		var page struct {
			Items []struct {
				ID      string
				Current bool
			}
		}
		other.call("GET", "/logins", "").ok().into(&page)
		return took{credential{cookie: bob.cookie}, func() {
			for _, l := range page.Items {
				if !l.Current {
					other.call("DELETE", "/logins/"+l.ID, "").ok()
				}
			}
		}, 4401}
	},
	"the log-in, by a new password": func(h *house, _, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		other := h.loggedIn("bob", h.signIn("bob", password))
		return took{credential{cookie: bob.cookie}, func() {
			other.call("POST", "/session/password", `{"current":"`+password+`","password":"another horse"}`).ok()
		}, 4401}
	},
	"the log-in, by a link to a new password": func(h *house, boss, ada, bob *member) took {
		ada.shares("notes", bob, session.Editor)
		var reset struct{ Secret string }
		boss.call("POST", "/people/"+bob.id+"/reset", "").ok().into(&reset)
		return took{credential{cookie: bob.cookie}, func() { h.redeem(reset.Secret, "bob") }, 4401}
	},
}

// groups makes a group of somebody.
func (m *member) groups(one *member) (id string) {
	m.h.t.Helper()
	var made struct{ ID string }
	m.call("POST", "/groups", `{"name":"the team","members":["`+one.id+`"]}`).ok().into(&made)
	return made.ID
}

// TestTakingAwayIsNow takes a right away in each way there is, from somebody
// who types, follows and reads on, and sees that nobody else is disturbed.
func TestTakingAwayIsNow(t *testing.T) {
	for name, let := range takings {
		t.Run(name, func(t *testing.T) {
			h, _ := matrixHouse(t)
			boss := h.first("boss")
			ada, bob := boss.invites("ada"), boss.invites("bob")
			ada.writes("notes", "abc")
			test := let(h, boss, ada, bob)
			typing, other := h.enters("notes", test.who), ada.knock("notes")
			if f := typing.fields("welcome"); f.Role != "editor" && f.Role != "owner" {
				t.Errorf("welcomed as %s", f.Role)
			}
			other.fields("welcome")
			events := h.follows("notes", test.who)
			typing.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
			typing.fields("records")
			other.fields("records")

			test.take()
			typing.say(`{"t":"ping","n":1}`)
			typing.closes(test.code)
			began := time.Now()
			for events.Scan() {
			}
			if took := time.Since(began); took > within {
				t.Errorf("the events ended after %v", took)
			}
			for _, call := range []string{"GET /content", "GET /records", "GET /files", "GET /chat", "GET /export?format=txt", "GET /archive", "GET /sessions", "PUT /content"} {
				method, path, _ := strings.Cut(call, " ")
				if a := h.call(method, "/documents/notes"+path, "", test.who.headers()...); a.status != 401 && a.status != 403 {
					t.Errorf("%s answers %d", call, a.status)
				}
			}
			if a := h.call("GET", "/documents", "", test.who.headers()...); strings.Contains(string(a.body), "notes") {
				t.Errorf("the list is %s", a.body)
			}
			other.say(`{"t":"op","seq":1,"rev":1,"op":[{"insert":"x"}]}`)
			other.fields("records")
			if a := ada.call("GET", "/documents/notes/content", "").ok(); string(a.body) != "xxabc" {
				t.Errorf("the content is %s", a.body)
			}
		})
	}
}

// enters opens a socket and says hello.
func (h *house) enters(id string, who credential) *wire {
	h.t.Helper()
	w := (&member{h: h, cookie: who.cookie}).open(id)
	w.say(fmt.Sprintf(`{"t":"hello","key":"%022d","token":%q}`, time.Now().UnixNano(), who.bearer))
	return w
}

// headers are pairs of a name and a value.
func (c credential) headers() (pairs []string) {
	header := http.Header{}
	c.show(header)
	for name, values := range header {
		pairs = append(pairs, name, values[0])
	}
	return pairs
}

// follows opens an event stream, which has begun.
func (h *house) follows(id string, who credential) *bufio.Scanner {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), "GET", h.http.URL+"/api/v1/documents/"+id+"/events", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	who.show(r.Header)
	resp, err := h.http.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	if resp.StatusCode != http.StatusOK || !lines.Scan() {
		h.t.Fatalf("events answers %d", resp.StatusCode)
	}
	return lines
}

// TestADocumentThatGoesIsGoneForAll puts one into the trash, deletes it, and
// makes another of its id: who was in the first finds nothing of it.
func TestADocumentThatGoesIsGoneForAll(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	for _, query := range []string{"", "?permanent=true"} {
		ada.writes("notes", "abc")
		ada.shares("notes", bob, session.Editor)
		_, secret := ada.link("notes", `{"role":"editor"}`)
		guest := h.guest(secret)
		typing, events := bob.knock("notes"), h.follows("notes", credential{cookie: guest.cookie})
		typing.fields("welcome")
		ada.call("DELETE", "/documents/notes"+query, "").ok()
		typing.closes(4410)
		for events.Scan() {
		}
		for _, m := range []*member{bob, guest} {
			if a := m.call("GET", "/documents/notes/content", ""); a.status/100 != 4 {
				t.Errorf("the content is read with %d", a.status)
			}
		}
		if query != "" {
			break
		}
		bob.call("POST", "/documents/notes/restore", "").refused(403, "forbidden")
		ada.call("POST", "/documents/notes/restore", "").ok()
		if got := bob.finds("") + " " + guest.finds(""); got != "notes:editor notes:editor" {
			t.Errorf("after it came back: %s", got)
		}
		ada.call("DELETE", "/documents/notes?permanent=true", "").ok()
	}
	ada.writes("notes", "another")
	if got := bob.finds(""); got != "" {
		t.Errorf("bob finds %s", got)
	}
	bob.knock("notes").closes(4403)
}

// TestAnAdministratorNoLongerFollows what is done on the server.
func TestAnAdministratorNoLongerFollows(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	eve := boss.invites("eve")
	boss.call("PATCH", "/people/"+eve.id, `{"administrator":true}`).ok()
	r, err := http.NewRequestWithContext(t.Context(), "GET", h.http.URL+"/api/v1/audit/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", eve.cookie)
	resp, err := h.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	if resp.StatusCode != http.StatusOK || !lines.Scan() {
		t.Fatalf("the audit log answers %d", resp.StatusCode)
	}
	boss.call("PATCH", "/people/"+eve.id, `{"administrator":false}`).ok()
	began := time.Now()
	for lines.Scan() {
	}
	if took := time.Since(began); took > within {
		t.Errorf("the events ended after %v", took)
	}
	eve.call("GET", "/audit", "").refused(403, "forbidden")
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
