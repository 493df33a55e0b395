package server_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"tutti/server"
	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

// cheap makes passwords quick to try in tests.
var cheap = accounts.Cost{Memory: 8, Time: 1, Threads: 1}

// house is a server with accounts.
type house struct {
	*rest
	book *accounts.Book
	kept secrets
}

func newHouse(t testing.TB, change ...func(*server.Options)) *house {
	t.Helper()
	h := &house{}
	log := slog.New(slog.NewTextHandler(&h.kept, &slog.HandlerOptions{Level: slog.LevelDebug}))
	book, err := accounts.Open(filepath.Join(t.TempDir(), "accounts.db"), accounts.Options{Log: log, Cost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
		h.kept.check(t)
	})
	h.book = book
	h.rest = newRest(t, store.NewMemory(), append([]func(*server.Options){func(o *server.Options) { o.Accounts, o.Log = book, log }}, change...)...)
	return h
}

// member is a person and the browser that they have logged in with.
type member struct {
	h      *house
	id     string
	login  string
	cookie string
}

const password = "correct horse"

// first becomes the first administrator.
func (h *house) first(login string) *member {
	h.t.Helper()
	secret, err := h.book.First()
	if err != nil || secret == "" {
		h.t.Fatalf("First: %q, %v", secret, err)
	}
	return h.redeem(secret, login)
}

func (h *house) redeem(secret, login string) *member {
	h.t.Helper()
	return h.loggedIn(login, h.call("POST", "/redeem", `{"secret":"`+secret+`","login":"`+login+`","password":"`+password+`"}`))
}

// member invites somebody, who comes.
func (m *member) invites(login string) *member {
	m.h.t.Helper()
	var invited struct{ Secret, URL string }
	m.call("POST", "/invitations", "").ok().into(&invited)
	if want := m.h.http.URL + "/#redeem=" + invited.Secret; invited.URL != want {
		m.h.t.Errorf("the link is %s, want %s", invited.URL, want)
	}
	return m.h.redeem(invited.Secret, login)
}

func (h *house) signIn(login, password string) answer {
	h.t.Helper()
	return h.call("POST", "/session", `{"login":"`+login+`","password":"`+password+`"}`)
}

func (h *house) loggedIn(login string, a answer) *member {
	h.t.Helper()
	var who struct{ ID string }
	a.ok().into(&who)
	return &member{h, who.ID, login, cookieOf(h.t, a)}
}

// cookieOf is what a browser sends from then on.
func cookieOf(t testing.TB, a answer) string {
	t.Helper()
	cookie, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
	if err != nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Fatalf("the cookie is %q, %v", a.header.Get("Set-Cookie"), err)
	}
	return cookie.Name + "=" + cookie.Value
}

func (m *member) call(method, path, body string, headers ...string) answer {
	m.h.t.Helper()
	return m.h.call(method, path, body, append([]string{"Cookie", m.cookie}, headers...)...)
}

// writes makes a document of a text.
func (m *member) writes(id, content string) {
	m.h.t.Helper()
	m.call("POST", "/documents", `{"id":"`+id+`","title":"The title of `+id+`","content":"`+content+`"}`).ok()
}

func (m *member) shares(id string, with *member, role session.Role) {
	m.h.t.Helper()
	m.call("PUT", "/documents/"+id+"/access/"+with.id, `{"role":"`+string(role)+`"}`).ok()
}

// finds returns the ids that a list shows.
func (m *member) finds(query string) string {
	m.h.t.Helper()
	var page struct{ Items []struct{ ID, Role string } }
	m.call("GET", "/documents?sort=title"+query, "").ok().into(&page)
	var ids []string
	for _, item := range page.Items {
		ids = append(ids, item.ID+":"+item.Role)
	}
	return strings.Join(ids, " ")
}

func TestPeopleComeByInvitation(t *testing.T) {
	h := newHouse(t)
	boss := h.first("Boss")
	if secret, err := h.book.First(); secret != "" || err != nil {
		t.Errorf("a second first administrator: %q, %v", secret, err)
	}
	var invited struct{ ID, Secret string }
	boss.call("POST", "/invitations", `{"administrator":true}`).ok().into(&invited)
	if a := boss.call("GET", "/invitations", "").ok(); strings.Contains(string(a.body), invited.Secret) || !strings.Contains(string(a.body), invited.ID) {
		t.Errorf("the invitations are %s", a.body)
	}
	redeem := func(login, password string) answer {
		return h.call("POST", "/redeem", `{"secret":"`+invited.Secret+`","login":"`+login+`","password":"`+password+`"}`)
	}
	look := func() answer { return h.call("POST", "/redeem/look", `{"secret":"`+invited.Secret+`"}`) }
	if a := look().ok(); !strings.Contains(string(a.body), `"reset":false,"administrator":true`) {
		t.Errorf("the link is good for %s", a.body)
	}
	redeem("boss", password).refused(409, "login_taken")
	redeem("ada", "short").refused(422, "field_invalid")
	redeem(" ada", password).refused(422, "field_invalid")
	ada := h.loggedIn("ada", redeem("ada", password))
	redeem("eve", password).refused(404, "not_found")
	look().refused(404, "not_found")

	var who struct {
		Login         string
		Administrator bool
	}
	if ada.call("GET", "/session", "").ok().into(&who); who.Login != "ada" || !who.Administrator {
		t.Errorf("ada is %+v", who)
	}
	boss.call("POST", "/invitations", "").ok().into(&invited)
	ada.call("DELETE", "/invitations/"+invited.ID, "").ok()
	redeem("eve", password).refused(404, "not_found")
}

func TestLoggingInAndOut(t *testing.T) {
	h := newHouse(t)
	h.first("boss").invites("Ada@example.org")
	for _, call := range []string{"GET /session", "GET /documents", "GET /documents/x", "POST /documents", "GET /people", "GET /logins", "GET /sessions", "GET /tags", "GET /documents/x/access"} {
		method, path, _ := strings.Cut(call, " ")
		h.call(method, path, "").refused(401, "unauthorized")
	}
	wrong, unknown := h.signIn("ada@EXAMPLE.org", "wrong horse").refused(401, "unauthorized"), h.signIn("nobody", password).refused(401, "unauthorized")
	if string(wrong.body) != string(unknown.body) {
		t.Errorf("%s is not %s", wrong.body, unknown.body)
	}
	ada := h.loggedIn("ada", h.signIn("ada@EXAMPLE.org", password))
	ada.call("GET", "/documents", "").ok()
	ada.call("DELETE", "/session", "").ok()
	ada.call("GET", "/documents", "").refused(401, "unauthorized")
}

func TestANewLogInNeverTakesTheCookieThatWasThere(t *testing.T) {
	h := newHouse(t)
	h.first("boss")
	planted := "tutti=" + strings.Repeat("x", 43)
	a := h.call("POST", "/session", `{"login":"boss","password":"`+password+`"}`, "Cookie", planted)
	first := h.loggedIn("boss", a)
	if first.cookie == planted {
		t.Error("the planted cookie is taken over")
	}
	h.call("GET", "/session", "", "Cookie", planted).refused(401, "unauthorized")
	again := h.loggedIn("boss", first.call("POST", "/session", `{"login":"boss","password":"`+password+`"}`))
	if again.cookie == first.cookie {
		t.Error("a second log-in has the secret of the first")
	}
	first.call("GET", "/session", "").refused(401, "unauthorized") // the same browser has a new one
}

func TestLogInsAreListedAndEnded(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada := boss.invites("ada")
	phone := h.loggedIn("ada", h.call("POST", "/session", `{"login":"ada","password":"`+password+`"}`, "User-Agent", "a phone"))
	var page struct {
		Items []struct {
			ID, Agent string
			Current   bool
		}
	}
	ada.call("GET", "/logins", "").ok().into(&page)
	if len(page.Items) != 2 || page.Items[0].Agent != "a phone" && page.Items[1].Agent != "a phone" {
		t.Fatalf("ada's log-ins are %+v", page.Items)
	}
	for _, l := range page.Items {
		boss.call("DELETE", "/logins/"+l.ID, "").refused(404, "not_found")
		if !l.Current {
			ada.call("DELETE", "/logins/"+l.ID, "").ok()
		}
	}
	phone.call("GET", "/session", "").refused(401, "unauthorized")

	phone = h.loggedIn("ada", h.signIn("ada", password))
	ada.call("POST", "/session/password", `{"current":"wrong horse","password":"another horse"}`).refused(401, "unauthorized")
	ada.call("POST", "/session/password", `{"current":"`+password+`","password":"another horse"}`).ok()
	phone.call("GET", "/session", "").refused(401, "unauthorized")
	ada.call("GET", "/session", "").ok()
	h.signIn("ada", password).refused(401, "unauthorized")

	var reset struct{ Secret string }
	boss.call("POST", "/people/"+ada.id+"/reset", "").ok().into(&reset)
	if a := h.call("POST", "/redeem/look", `{"secret":"`+reset.Secret+`"}`).ok(); !strings.Contains(string(a.body), `"reset":true,"login":"ada"`) {
		t.Errorf("the link is good for %s", a.body)
	}
	h.redeem(reset.Secret, "ada").call("GET", "/session", "").ok()
	ada.call("GET", "/session", "").refused(401, "unauthorized")
	boss.call("POST", "/people/person:nobody/reset", "").refused(404, "not_found")
}

func TestDocumentsArePrivateAndShared(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada, bob := boss.invites("ada"), boss.invites("bob")
	ada.writes("secret", "nobody knows")
	ada.writes("plan", "minutes of monday")
	for _, m := range []*member{bob, boss} {
		m.call("GET", "/documents/secret", "").refused(403, "forbidden")
		m.call("GET", "/documents/secret/content", "").refused(403, "forbidden")
		m.call("PUT", "/documents/secret/access/"+m.id, `{"role":"owner"}`).refused(403, "forbidden")
		m.call("POST", "/export", `{"ids":["secret"]}`).refused(403, "forbidden")
		m.call("GET", "/documents/nowhere", "").refused(404, "document_not_found")
		if got := m.finds(""); got != "" {
			t.Errorf("%s finds %s", m.login, got)
		}
	}
	bob.call("DELETE", "/documents/secret", "").refused(403, "forbidden") // boss oversees it
	ada.shares("plan", bob, session.Viewer)
	if got := bob.finds(""); got != "plan:viewer" {
		t.Errorf("bob finds %s", got)
	}
	if got := ada.finds(""); got != "plan:owner secret:owner" {
		t.Errorf("ada finds %s", got)
	}
	h.eventually("bob finds the words", func() bool { return bob.finds("&q=monday") == "plan:viewer" })
	if got := bob.finds("&q=nobody"); got != "" {
		t.Errorf("bob finds the words of %s", got)
	}
	if a := bob.call("POST", "/export", "").ok(); strings.Contains(string(a.body), "secret") || !strings.Contains(string(a.body), "plan") {
		t.Error("bob's export holds other documents than his list")
	}
	bob.call("GET", "/documents/plan/content", "").ok()
	bob.call("PATCH", "/documents/plan/content", `{"edits":[{"append":"!"}]}`).refused(403, "forbidden")
	bob.call("POST", "/documents/plan/chat", `{"text":"hello"}`).refused(403, "forbidden")
	ada.shares("plan", bob, session.Commenter)
	bob.call("POST", "/documents/plan/chat", `{"text":"hello"}`).ok()
	bob.call("PATCH", "/documents/plan", `{"title":"x"}`).refused(403, "forbidden")
	ada.shares("plan", bob, session.Editor)
	bob.call("PATCH", "/documents/plan/content", `{"edits":[{"append":"!"}]}`).ok()
	bob.call("DELETE", "/documents/plan", "").refused(403, "forbidden")
	bob.call("PUT", "/documents/plan/access/everyone", `{"role":"viewer"}`).refused(403, "forbidden")

	ada.call("PUT", "/documents/plan/access/everyone", `{"role":"owner"}`).refused(422, "field_invalid")
	ada.call("PUT", "/documents/plan/access/everyone", `{"role":"king"}`).refused(422, "field_invalid")
	ada.call("PUT", "/documents/plan/access/person:nobody", `{"role":"viewer"}`).refused(404, "not_found")
	ada.call("PUT", "/documents/plan/access/everyone", `{"role":"viewer"}`).ok()
	if got := boss.finds(""); got != "plan:viewer" {
		t.Errorf("boss finds %s", got)
	}
	if a := string(bob.call("GET", "/documents/plan/access", "").ok().body); !strings.Contains(a, ada.id) || !strings.Contains(a, "everyone") {
		t.Errorf("access is %s", a)
	}
	ada.call("DELETE", "/documents/plan/access/everyone", "").ok()
	ada.call("DELETE", "/documents/plan/access/"+ada.id, "").refused(409, "last_owner")
	ada.call("PUT", "/documents/plan/access/"+ada.id, `{"role":"viewer"}`).refused(409, "last_owner")
	boss.call("GET", "/documents/plan", "").refused(403, "forbidden")
	var rec struct{ Items []store.Record }
	if err := json.Unmarshal(bob.call("GET", "/documents/plan/records", "").ok().body, &rec); err != nil || rec.Items[0].User != bob.id {
		t.Errorf("bob's record is %+v, %v", rec.Items, err)
	}
}

func TestAnIDThatIsCreatedAgainInheritsNothing(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob, eve := ada.invites("bob"), ada.invites("eve")
	ada.writes("notes", "first")
	ada.shares("notes", bob, session.Owner)
	ada.call("DELETE", "/documents/notes?permanent=true", "").ok()
	eve.writes("notes", "second")
	for _, m := range []*member{ada, bob} {
		m.call("GET", "/documents/notes", "").refused(403, "forbidden")
	}
	eve.call("POST", "/documents", `{"id":"notes"}`).refused(409, "document_exists")
	bob.call("POST", "/documents", `{"id":"notes"}`).refused(409, "document_exists")
	eve.call("GET", "/documents/notes", "").ok()
	bob.call("GET", "/documents/notes", "").refused(403, "forbidden")
}

func TestTheTrashIsEmptiedOfOnesOwn(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	ada.writes("a", "")
	bob.writes("b", "")
	ada.call("DELETE", "/documents/a", "").ok()
	bob.call("DELETE", "/documents/b", "").ok()
	if got := ada.finds("&trashed=true"); got != "a:owner" {
		t.Errorf("ada's trash holds %s", got)
	}
	ada.call("DELETE", "/trash", "").ok()
	ada.call("GET", "/documents/a", "").refused(404, "document_not_found")
	bob.call("POST", "/documents/b/restore", "").ok()
}

func TestTheDocumentsOfARemovedPersonAreTheAdministrators(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada, bob := boss.invites("ada"), boss.invites("bob")
	ada.writes("notes", "x")
	ada.shares("notes", bob, session.Editor)
	bob.call("DELETE", "/people/"+ada.id, "").refused(403, "forbidden")
	boss.call("DELETE", "/people/"+ada.id, "").ok()
	boss.call("DELETE", "/people/"+boss.id, "").refused(409, "last_administrator")
	boss.call("PATCH", "/people/"+boss.id, `{"administrator":false}`).refused(409, "last_administrator")
	ada.call("GET", "/session", "").refused(401, "unauthorized")
	h.signIn("ada", password).refused(401, "unauthorized")
	if got := boss.finds(""); got != "notes:owner" {
		t.Errorf("boss finds %s", got)
	}
	boss.shares("notes", bob, session.Owner)
	if got := boss.finds("") + bob.finds(""); got != "notes:owner" {
		t.Errorf("found %s", got)
	}
	boss.call("PATCH", "/people/"+bob.id, `{"administrator":true}`).ok()
	bob.call("GET", "/invitations", "").ok()
}

func TestWhoMayAdminister(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada := boss.invites("ada")
	for _, call := range []string{"GET /invitations", "POST /invitations", "PATCH /people/" + boss.id, "DELETE /people/" + boss.id, "POST /people/" + boss.id + "/reset", "POST /notice", "DELETE /sessions/x"} {
		method, path, _ := strings.Cut(call, " ")
		ada.call(method, path, "").refused(403, "forbidden")
	}
	ada.call("PATCH", "/session", `{"administrator":true}`).refused(422, "field_invalid")
	ada.call("PATCH", "/session", `{"name":"Ada L","color":"#123456"}`).ok()
	if a := string(boss.call("GET", "/people", "").ok().body); !strings.Contains(a, "Ada L") || strings.Contains(a, "argon2") {
		t.Errorf("people are %s", a)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	h := newHouse(t)
	h.first("boss")
	var last answer
	for range 6 {
		last = h.signIn("boss", "wrong horse")
	}
	last.refused(429, "rate_limited")
	if last.header.Get("Retry-After") == "" {
		t.Error("nothing is said of when to try again")
	}
	h.signIn("another", "wrong horse").refused(401, "unauthorized")
}

func TestAServerWithoutAccountsSaysSo(t *testing.T) {
	s := inMemory(t)
	var who struct{ Accounts bool }
	if s.call("GET", "/session", "").ok().into(&who); who.Accounts {
		t.Error("an open server has accounts")
	}
	s.call("POST", "/session", `{"login":"a","password":"b"}`).refused(404, "not_found")
	s.call("GET", "/people", "").refused(404, "not_found")
	s.create("notes", "text", "")
	s.call("GET", "/documents/notes/access", "").refused(404, "not_found")
}
