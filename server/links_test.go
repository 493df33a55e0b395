package server_test

import (
	"strings"
	"testing"
	"time"

	"tutti/session"
)

// link makes a link to a document and returns its id and secret.
func (m *member) link(id, body string) (link, secret string) {
	m.h.t.Helper()
	var made struct{ ID, Secret, URL string }
	m.call("POST", "/documents/"+id+"/links", body).ok().into(&made)
	if want := m.h.http.URL + "/d/" + id + "#link=" + made.Secret; made.URL != want {
		m.h.t.Errorf("the link is %s, want %s", made.URL, want)
	}
	return made.ID, made.Secret
}

func (h *house) followLink(secret, password, cookie string) answer {
	h.t.Helper()
	return h.call("POST", "/join", `{"secret":"`+secret+`","password":"`+password+`"}`, "Cookie", cookie)
}

// guest is a browser that a link has let in.
func (h *house) guest(secret string) *member {
	h.t.Helper()
	a := h.followLink(secret, "", "").ok()
	return &member{h: h, cookie: cookieOf(h.t, a)}
}

func TestALinkLetsInToOneDocument(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	ada.writes("notes", "abc")
	ada.writes("secret", "xyz")
	id, secret := ada.link("notes", `{"role":"editor"}`)
	if a := string(ada.call("GET", "/documents/notes/links", "").ok().body); strings.Contains(a, secret) || !strings.Contains(a, id) {
		t.Errorf("the links are %s", a)
	}
	g := h.guest(secret)
	if got := g.finds(""); got != "notes:editor" {
		t.Errorf("a guest finds %s", got)
	}
	g.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`).ok()
	g.call("GET", "/documents/secret", "").refused(403, "forbidden")
	for _, call := range []string{"GET /people", "POST /documents", "GET /documents/notes/access", "GET /documents/notes/links", "POST /documents/notes/links", "GET /tokens", "GET /logins", "POST /tokens", "DELETE /documents/notes", "POST /documents/notes/duplicate"} {
		method, path, _ := strings.Cut(call, " ")
		g.call(method, path, "").refused(403, "forbidden")
	}
	w := g.knock("notes")
	if f := w.fields("welcome"); f.Role != "editor" || f.User.Name != "an alias" || !strings.HasPrefix(f.User.ID, "guest:") {
		t.Errorf("a guest is welcomed as %+v", f)
	}
	ada.call("DELETE", "/documents/notes/links/"+id, "").ok()
	w.closes(4401)
	g.call("GET", "/documents/notes", "").refused(401, "unauthorized")
	h.followLink(secret, "", "").refused(404, "not_found")
	ada.call("DELETE", "/documents/notes/links/"+id, "").refused(404, "not_found")
}

func TestALinkAddsToWhatAPersonHas(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	ada.writes("notes", "abc")
	id, secret := ada.link("notes", `{"role":"editor"}`)
	open := bob.knock("notes")
	open.closes(4403)
	ada.shares("notes", bob, session.Viewer)
	open = bob.knock("notes")
	open.fields("welcome")
	with := &member{h, bob.id, "bob", cookieOf(t, h.followLink(secret, "", bob.cookie).ok())}
	if with.cookie == bob.cookie {
		t.Error("the cookie that was there has the new right too")
	}
	if got := with.finds("") + " " + bob.finds(""); got != "notes:editor notes:viewer" {
		t.Errorf("bob finds %s", got)
	}
	with.call("GET", "/session", "").ok()
	ada.call("DELETE", "/documents/notes/links/"+id, "").ok()
	if got := with.finds(""); got != "notes:viewer" {
		t.Errorf("bob finds %s", got)
	}
	open.say(`{"t":"ping","n":1}`) // a tab from before goes on
	open.fields("pong")
}

func TestLinksAreLimited(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	ada.writes("notes", "abc")
	for _, body := range []string{`{"role":"owner"}`, `{"role":"king"}`, `{"uses":0}`, `{"uses":-1}`, `{"uses":1.5}`, `{"password":"short"}`, `{"expiresAt":"2020-01-01T00:00:00Z"}`} {
		ada.call("POST", "/documents/notes/links", body).refused(422, "field_invalid")
	}
	ada.call("POST", "/documents/notes/links", `{"expiresAt":"soon"}`).refused(400, "bad_parameter")

	_, once := ada.link("notes", `{"uses":1}`)
	g := h.guest(once)
	h.followLink(once, "", "").refused(404, "not_found")
	again := &member{h: h, cookie: cookieOf(t, h.followLink(once, "", g.cookie).ok())} // the same browser
	again.call("GET", "/documents/notes/content", "").ok()

	_, locked := ada.link("notes", `{"password":"correct horse"}`)
	h.followLink(locked, "", "").refused(401, "password_needed")
	for range 4 {
		h.followLink(locked, "wrong horse", "").refused(401, "password_needed")
	}
	h.followLink(locked, password, "").ok()
	h.followLink(locked, password, "").refused(429, "rate_limited")

	soon := time.Now().Add(1500 * time.Millisecond)
	_, brief := ada.link("notes", `{"expiresAt":"`+soon.UTC().Format(time.RFC3339Nano)+`"}`)
	g = h.guest(brief)
	w := g.knock("notes")
	w.fields("welcome")
	time.Sleep(time.Until(soon))
	w.closes(4401)
	g.call("GET", "/documents/notes", "").refused(401, "unauthorized")
}

func TestLinksGoWithTheirDocument(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	ada.writes("notes", "first")
	_, secret := ada.link("notes", `{}`)
	g := h.guest(secret)
	ada.call("DELETE", "/documents/notes?permanent=true", "").ok()
	ada.writes("notes", "second")
	g.call("GET", "/documents/notes", "").refused(401, "unauthorized")
	h.followLink(secret, "", "").refused(404, "not_found")
}

// token makes a token and returns its id and a member that uses it.
func (m *member) token(body string) (id string, program *bearer) {
	m.h.t.Helper()
	var made struct{ ID, Secret string }
	m.call("POST", "/tokens", body).ok().into(&made)
	if !strings.HasPrefix(made.Secret, "tutti_") {
		m.h.t.Errorf("the token is %s", made.Secret)
	}
	return made.ID, &bearer{m.h, made.Secret}
}

// bearer is a program with a token.
type bearer struct {
	h      *house
	secret string
}

func (b *bearer) call(method, path, body string) answer {
	b.h.t.Helper()
	return b.h.call(method, path, body, "Authorization", "Bearer "+b.secret)
}

func TestTokensDoWhatTheirScopeAllows(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada := boss.invites("ada")
	ada.writes("notes", "abc")
	ada.writes("other", "xyz")
	for name, test := range map[string]struct {
		body    string
		allowed string
	}{
		"read":   {`{"name":"r","scope":"read"}`, "read other list people"},
		"write":  {`{"name":"w","scope":"write"}`, "read other list people write create"},
		"manage": {`{"name":"m","scope":"manage"}`, "read other list people write create share"},
		"one":    {`{"name":"1","scope":"manage","documents":["notes"]}`, "read list write share"},
	} {
		_, program := ada.token(test.body)
		for what, call := range map[string][3]string{
			"read":   {"GET", "/documents/notes/content", ""},
			"other":  {"GET", "/documents/other/content", ""},
			"list":   {"GET", "/documents", ""},
			"people": {"GET", "/people", ""},
			"write":  {"PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`},
			"create": {"POST", "/documents", `{}`},
			"share":  {"PUT", "/documents/notes/access/everyone", `{"role":"viewer"}`},
			"self":   {"POST", "/tokens", `{"name":"x","scope":"manage"}`},
			"logins": {"GET", "/logins", ""},
			"invite": {"POST", "/invitations", ""},
		} {
			a := program.call(call[0], call[1], call[2])
			if want := strings.Contains(" "+test.allowed+" ", " "+what+" "); (a.status/100 == 2) != want || !want && a.status != 403 {
				t.Errorf("a token to %s: %s answers %d", name, what, a.status)
			}
		}
	}
	_, program := boss.token(`{"name":"m","scope":"manage"}`)
	program.call("POST", "/invitations", "").ok()
	program.call("GET", "/documents/notes/records", "").ok() // everyone has access by now
	_, program = boss.token(`{"name":"m","scope":"write"}`)
	program.call("POST", "/invitations", "").refused(403, "forbidden")
	for _, body := range []string{`{"name":"x","scope":"king"}`, `{"name":"","scope":"read"}`, `{"name":"x","scope":"read","documents":[]}`} {
		ada.call("POST", "/tokens", body).refused(422, "field_invalid")
	}
}

func TestTokensAreListedAndRevoked(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada := boss.invites("ada")
	ada.writes("notes", "abc")
	id, program := ada.token(`{"name":"a script","scope":"write"}`)
	program.call("GET", "/documents/notes", "").ok()
	if a := string(ada.call("GET", "/tokens", "").ok().body); strings.Contains(a, program.secret) || !strings.Contains(a, "usedAt") || !strings.Contains(a, "a script") {
		t.Errorf("the tokens are %s", a)
	}
	// A wrong token is not made up for by a cookie.
	ada.call("GET", "/documents/notes", "", "Authorization", "Bearer tutti_wrong").refused(401, "unauthorized")
	ada.call("GET", "/documents/notes", "", "Authorization", "bearer tutti_wrong").refused(401, "unauthorized")
	ada.call("GET", "/documents/notes", "", "Authorization", "Basic YWRhOnh4").ok() // a proxy's

	w := (&member{h: h}).open("notes")
	w.say(`{"t":"hello","key":"0123456789012345678901","token":"` + program.secret + `"}`)
	if f := w.fields("welcome"); f.Role != "editor" || f.User.ID != ada.id {
		t.Errorf("a program is welcomed as %+v", f)
	}
	boss.call("DELETE", "/tokens/"+id, "").refused(404, "not_found")
	ada.call("DELETE", "/tokens/"+id, "").ok()
	w.closes(4401)
	program.call("GET", "/documents/notes", "").refused(401, "unauthorized")

	_, program = ada.token(`{"name":"another","scope":"read"}`)
	boss.call("DELETE", "/people/"+ada.id, "").ok()
	program.call("GET", "/documents/notes", "").refused(401, "unauthorized")
}
