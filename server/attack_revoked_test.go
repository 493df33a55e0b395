package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tutti/session"
)

// slowly sends the head of a request, waits until its body is asked for, and
// returns what sends that and reads the answer.
func (m *member) slowly(method, path, media, body string) (finish func() (status int, said string)) {
	m.h.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(m.h.http.URL, "http://"))
	if err != nil {
		m.h.t.Fatal(err)
	}
	m.h.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "%s /api/v1%s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		method, path, m.cookie, media, len(body))
	from := bufio.NewReader(conn)
	if line, err := from.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		m.h.t.Fatalf("%s %s: %q, %v", method, path, line, err)
	}
	if _, err := from.ReadString('\n'); err != nil {
		m.h.t.Fatal(err)
	}
	return func() (int, string) {
		if _, err := io.WriteString(conn, body); err != nil {
			m.h.t.Fatal(err)
		}
		resp, err := http.ReadResponse(from, nil)
		if err != nil {
			m.h.t.Fatal(err)
		}
		defer resp.Body.Close()
		said, err := io.ReadAll(resp.Body)
		if err != nil {
			m.h.t.Fatal(err)
		}
		return resp.StatusCode, string(said)
	}
}

// TestWhoIsSlowHoldsOnToNoRight begins requests while they are allowed, and
// ends them when they no longer are.
func TestWhoIsSlowHoldsOnToNoRight(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	ada.writes("notes", "abc")
	ada.shares("notes", bob, session.Owner)
	finish := map[string]func() (int, string){}
	for _, call := range [][4]string{
		{"PUT", "/documents/notes/content", plain, "mine now"},
		{"PATCH", "/documents/notes/content", "application/json", `{"edits":[{"append":"!"}]}`},
		{"PATCH", "/documents/notes", "application/json", `{"title":"mine"}`},
		{"POST", "/documents/notes/chat", "application/json", `{"text":"hello"}`},
		{"POST", "/documents/notes/files", "image/png", dot(40, 40, 9)},
		{"POST", "/documents/notes/links", "application/json", `{"role":"editor"}`},
		{"PUT", "/documents/notes/access/everyone", "application/json", `{"role":"editor"}`},
		{"PUT", "/documents/notes/owner", "application/json", `{"person":"` + bob.id + `"}`},
		{"POST", "/documents/notes/revert", "application/json", `{"rev":0}`},
		{"POST", "/documents/notes/versions", "application/json", `{"name":"mine"}`},
		{"POST", "/documents/notes/notice", "application/json", `{"text":"hello"}`},
		{"POST", "/documents/notes/duplicate", "application/json", `{"id":"copy"}`},
		{"POST", "/export", "application/json", `{"ids":["notes"]}`},
	} {
		finish[call[0]+" "+call[1]] = bob.slowly(call[0], call[1], call[2], call[3])
	}
	ada.call("DELETE", "/documents/notes/access/"+bob.id, "").ok()
	time.Sleep(within)
	for name, finish := range finish {
		if status, said := finish(); status != http.StatusForbidden {
			t.Errorf("%s, ended after the right was taken: %d %.200s", name, status, said)
		}
	}
	if a := ada.call("GET", "/documents/notes/content", "").ok(); string(a.body) != "abc" {
		t.Errorf("the content is %s", a.body)
	}
	for _, what := range []string{"files", "chat", "links", "versions"} {
		if a := ada.call("GET", "/documents/notes/"+what, "").ok(); !strings.HasPrefix(string(a.body), `{"items":[]`) {
			t.Errorf("the %s are %s", what, a.body)
		}
	}
}

// TestAnExportStopsBeforeWhatIsNoLongerTheirs takes a small document away from
// somebody whose export has only come to the long one before it.
func TestAnExportStopsBeforeWhatIsNoLongerTheirs(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	for i := range 6 {
		id := fmt.Sprintf("a%d", i)
		ada.writes(id, "")
		ada.call("PUT", "/documents/"+id+"/content", noise(4<<20), "Content-Type", plain).ok()
		ada.shares(id, bob, session.Viewer)
	}
	for _, id := range []string{"y", "z"} { // both fit into what isn't sent at once
		ada.writes(id, "a small secret")
		ada.shares(id, bob, session.Viewer)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", h.http.URL+"/api/v1/export", strings.NewReader(`{"ids":["a0","a1","a2","a3","a4","a5","y","z"]}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", bob.cookie)
	r.Header.Set("Content-Type", "application/json")
	resp, err := h.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	some := make([]byte, 1<<16)
	if _, err := io.ReadFull(resp.Body, some); err != nil {
		t.Fatal(err)
	}
	ada.call("DELETE", "/documents/z/access/"+bob.id, "").ok()
	if rest, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("the ZIP came whole, %d bytes", len(rest))
	}
}

// noise is text that no compression makes much shorter.
func noise(size int) string {
	b, x := make([]byte, size), uint64(1)
	for i := range b {
		x = x*6364136223846793005 + 1442695040888963407
		b[i] = ' ' + byte(x>>40)%94
	}
	return string(b)
}

// TestWhoIsRemovedDoesNotComeBack by what they have kept: an invitation that
// they issued, a link to another's new password, a link to a document.
func TestWhoIsRemovedDoesNotComeBack(t *testing.T) {
	for name, take := range map[string]func(boss, eve *member){
		"removed": func(boss, eve *member) { boss.call("DELETE", "/people/"+eve.id, "").ok() },
		"no longer an administrator": func(boss, eve *member) {
			boss.call("PATCH", "/people/"+eve.id, `{"administrator":false}`).ok()
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			boss := h.first("boss")
			eve, ada := boss.invites("eve"), boss.invites("ada")
			boss.call("PATCH", "/people/"+eve.id, `{"administrator":true}`).ok()
			eve.writes("notes", "abc")
			_, link := eve.link("notes", `{"role":"editor"}`)
			var invitation, reset struct{ Secret string }
			eve.call("POST", "/invitations", `{"administrator":true}`).ok().into(&invitation)
			eve.call("POST", "/people/"+ada.id+"/reset", "").ok().into(&reset)

			take(boss, eve)
			for what, secret := range map[string]string{"an invitation": invitation.Secret, "a reset": reset.Secret} {
				a := h.call("POST", "/redeem", `{"secret":"`+secret+`","login":"mallory","password":"`+password+`"}`)
				if a.status != http.StatusNotFound {
					t.Errorf("%s of somebody who is %s: %d", what, name, a.status)
				}
			}
			if want := map[string]int{"removed": 404}[name]; want != 0 {
				h.followLink(link, "", "").refused(want, "not_found")
			}
		})
	}
}
