package server_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"tutti/server"
	"tutti/server/backup"
	"tutti/server/signed"
	"tutti/session"
)

// needs says what each route of the contract takes. A route that is not here
// fails TestWhoMayCallWhat.
var needs = map[string]string{
	"GET /healthz": "", "GET /readyz": "", "GET /metrics": "watch",
	"GET /api/": "visit", "GET /api/v1/openapi.json": "visit",

	"GET /api/v1/documents": "list", "POST /api/v1/documents": "create", "GET /api/v1/tags": "list", "DELETE /api/v1/trash": "list",
	"POST /api/v1/documents/archive": "create", "POST /api/v1/documents/import": "create", "POST /api/v1/import": "create", "POST /api/v1/export": "list",

	"GET /api/v1/documents/{id}": "read", "PATCH /api/v1/documents/{id}": "edit", "DELETE /api/v1/documents/{id}": "oversee",
	"POST /api/v1/documents/{id}/restore": "oversee", "POST /api/v1/documents/{id}/duplicate": "read create",
	"GET /api/v1/documents/{id}/content": "read", "HEAD /api/v1/documents/{id}/content": "read",
	"PUT /api/v1/documents/{id}/content": "edit", "PATCH /api/v1/documents/{id}/content": "edit",
	"GET /api/v1/documents/{id}/records": "read", "GET /api/v1/documents/{id}/events": "read", "GET /api/v1/documents/{id}/revisions": "read",
	"GET /api/v1/documents/{id}/versions": "read", "POST /api/v1/documents/{id}/versions": "edit", "DELETE /api/v1/documents/{id}/versions/{rev}": "edit",
	"POST /api/v1/documents/{id}/erase": "oversee", "POST /api/v1/documents/{id}/revert": "edit", "GET /api/v1/documents/{id}/diff": "read", "GET /api/v1/documents/{id}/blame": "read",
	"GET /api/v1/documents/{id}/export": "read", "GET /api/v1/documents/{id}/archive": "read",
	"GET /api/v1/documents/{id}/files": "read", "POST /api/v1/documents/{id}/files": "edit",
	"GET /api/v1/documents/{id}/files/{name}": "read", "HEAD /api/v1/documents/{id}/files/{name}": "read", "DELETE /api/v1/documents/{id}/files/{name}": "edit",
	"GET /api/v1/documents/{id}/chat": "read", "POST /api/v1/documents/{id}/chat": "comment", "DELETE /api/v1/documents/{id}/chat/{message}": "comment",
	"GET /api/v1/documents/{id}/sessions": "read", "DELETE /api/v1/documents/{id}/sessions/{session}": "oversee",
	"POST /api/v1/documents/{id}/sessions/{session}/notice": "oversee", "POST /api/v1/documents/{id}/notice": "oversee",
	"GET /api/v1/documents/{id}/socket": "", // asks behind its hello, see TestWhoMaySayWhat

	"GET /api/v1/documents/{id}/access": "read meet", "PUT /api/v1/documents/{id}/access/{subject}": "manage", "DELETE /api/v1/documents/{id}/access/{subject}": "manage",
	"GET /api/v1/documents/{id}/links": "manage", "POST /api/v1/documents/{id}/links": "manage", "DELETE /api/v1/documents/{id}/links/{link}": "manage",
	"PUT /api/v1/documents/{id}/owner": "oversee", "POST /api/v1/documents/{id}/leave": "read",

	"GET /api/v1/sessions": "list", "DELETE /api/v1/sessions/{session}": "administer", "POST /api/v1/sessions/{session}/notice": "administer", "POST /api/v1/notice": "administer",
	"GET /api/v1/stats": "administer", "GET /api/v1/backup": "administer", "GET /api/v1/inventory": "administer",

	"GET /api/v1/session": "list", "POST /api/v1/session": "visit", "PATCH /api/v1/session": "self", "DELETE /api/v1/session": "list",
	"POST /api/v1/session/password": "self", "GET /api/v1/session/ways": "visit", "GET /api/v1/session/oidc": "visit", "GET /api/v1/session/oidc/callback": "visit",
	"POST /api/v1/redeem": "visit", "POST /api/v1/redeem/look": "visit", "POST /api/v1/join": "visit",
	"GET /api/v1/logins": "self", "DELETE /api/v1/logins/{login}": "self", "GET /api/v1/tokens": "self", "POST /api/v1/tokens": "self", "DELETE /api/v1/tokens/{token}": "self",
	"GET /api/v1/people": "meet", "PATCH /api/v1/people/{person}": "administer", "DELETE /api/v1/people/{person}": "administer", "POST /api/v1/people/{person}/reset": "administer",
	"GET /api/v1/groups": "meet", "POST /api/v1/groups": "administer", "PATCH /api/v1/groups/{group}": "administer", "DELETE /api/v1/groups/{group}": "administer",
	"GET /api/v1/invitations": "administer", "POST /api/v1/invitations": "administer", "DELETE /api/v1/invitations/{invitation}": "administer",
	"GET /api/v1/audit": "administer", "GET /api/v1/audit/events": "administer",

	"GET /api/v1/hooks": "administer", "POST /api/v1/hooks": "administer",
	"GET /api/v1/hooks/{hook}": "administer", "PATCH /api/v1/hooks/{hook}": "administer", "DELETE /api/v1/hooks/{hook}": "administer",
	"POST /api/v1/hooks/{hook}/secret": "administer", "POST /api/v1/hooks/{hook}/test": "administer",
	"POST /api/v1/hooks/{hook}/replay": "administer", "GET /api/v1/hooks/{hook}/deliveries": "administer",
	"GET /api/v1/documents/{id}/hooks": "manage", "POST /api/v1/documents/{id}/hooks": "manage",
	"GET /api/v1/documents/{id}/hooks/{hook}": "manage", "PATCH /api/v1/documents/{id}/hooks/{hook}": "manage", "DELETE /api/v1/documents/{id}/hooks/{hook}": "manage",
	"POST /api/v1/documents/{id}/hooks/{hook}/secret": "manage", "POST /api/v1/documents/{id}/hooks/{hook}/test": "manage",
	"POST /api/v1/documents/{id}/hooks/{hook}/replay": "manage", "GET /api/v1/documents/{id}/hooks/{hook}/deliveries": "manage",
}

// What several callers may do. A stranger is told to log in, who is known is
// refused.
const (
	nothing = "visit"
	account = "visit list meet create "
	writes  = "read comment edit "
)

// credential is what somebody shows, and what they may do with it.
type credential struct {
	cookie, bearer string
	may            string
	role           string // welcomed as, "" if not
}

// callers are all kinds of them, on one document.
func (h *house) callers(secret []byte) map[string]credential {
	h.t.Helper()
	boss := h.first("boss")
	owner := boss.invites("owner")
	owner.writes("notes", "abc")
	all := map[string]credential{
		"a stranger":              {may: nothing},
		"a cookie of nobody":      {cookie: "tutti=" + strings.Repeat("x", 43), may: nothing},
		"a token of nobody":       {bearer: "tutti_" + strings.Repeat("x", 43), may: nothing},
		"a bearer of nonsense":    {bearer: "a.b.c", may: nothing},
		"the owner":               {cookie: owner.cookie, may: account + writes + "manage oversee self", role: "owner"},
		"an administrator":        {cookie: boss.cookie, may: account + "self administer watch oversee"},
		"an account without role": {cookie: boss.invites("nobody").cookie, may: account + "self"},
	}
	for role, may := range map[session.Role]string{session.Viewer: "read ", session.Commenter: "read comment ", session.Editor: writes} {
		m := boss.invites(string(role))
		owner.shares("notes", m, role)
		all["a "+string(role)] = credential{cookie: m.cookie, may: account + may + "self", role: string(role)}
		_, link := owner.link("notes", `{"role":"`+string(role)+`"}`)
		all["a guest by link, "+string(role)] = credential{cookie: h.guest(link).cookie, may: "visit list " + may, role: string(role)}
		all["a host's person, "+string(role)] = credential{bearer: hostToken(h.t, secret, role, time.Hour), may: "visit list " + may, role: string(role)}
	}
	id, link := owner.link("notes", `{"role":"editor"}`)
	all["a guest by a link that was revoked"] = credential{cookie: h.guest(link).cookie, may: nothing}
	owner.call("DELETE", "/documents/notes/links/"+id, "").ok()
	_, locked := owner.link("notes", `{"role":"commenter","password":"`+password+`"}`)
	all["a guest by a link with a password"] = credential{cookie: cookieOf(h.t, h.followLink(locked, password, "").ok()), may: "visit list read comment", role: "commenter"}
	all["who has a link, and not its password"] = credential{cookie: h.notBy(locked, "another horse", 401), may: nothing}
	_, once := owner.link("notes", `{"uses":1}`)
	all["a guest by the last use of a link"] = credential{cookie: h.guest(once).cookie, may: "visit list read", role: "viewer"}
	all["who has a link that is used up"] = credential{cookie: h.notBy(once, "", 404), may: nothing}
	soon := time.Now().Add(300 * time.Millisecond)
	_, brief := owner.link("notes", `{"role":"editor","expiresAt":"`+soon.UTC().Format(time.RFC3339Nano)+`"}`)
	all["a guest by a link that has expired"] = credential{cookie: h.guest(brief).cookie, may: nothing}
	_, old := owner.token(`{"name":"x","scope":"manage","expiresAt":"` + soon.UTC().Format(time.RFC3339Nano) + `"}`)
	all["a token that has expired"] = credential{bearer: old.secret, may: nothing}
	time.Sleep(time.Until(soon))
	all["who has a link that has expired"] = credential{cookie: h.notBy(brief, "", 404), may: nothing}
	elsewhere := boss.invites("elsewhere")
	elsewhere.writes("else", "")
	_, other := elsewhere.link("else", `{"role":"editor"}`)
	all["a guest of another document"] = credential{cookie: h.guest(other).cookie, may: "visit list"}
	friend, group := boss.invites("friend"), struct{ ID string }{}
	boss.call("POST", "/groups", `{"name":"friends","members":["`+friend.id+`"]}`).ok().into(&group)
	owner.call("PUT", "/documents/notes/access/"+group.ID, `{"role":"editor"}`).ok()
	all["an editor by a group"] = credential{cookie: friend.cookie, may: account + writes + "self", role: "editor"}
	former := boss.invites("former")
	boss.call("PATCH", "/people/"+former.id, `{"administrator":true}`).ok()
	boss.call("PATCH", "/people/"+former.id, `{"administrator":false}`).ok()
	all["who was an administrator"] = credential{cookie: former.cookie, may: account + "self"}
	all["a host's token that has expired"] = credential{bearer: hostToken(h.t, secret, session.Editor, -time.Hour), may: nothing}
	all["another host's token"] = credential{bearer: hostToken(h.t, []byte(strings.Repeat("o", 32)), session.Editor, time.Hour), may: nothing}
	for scope, may := range map[string][2]string{
		"read": {"visit list meet read", "viewer"}, "write": {account + writes, "editor"}, "manage": {account + writes + "manage oversee", "owner"},
	} {
		_, token := owner.token(`{"name":"x","scope":"` + scope + `"}`)
		all["a token to "+scope] = credential{bearer: token.secret, may: may[0], role: may[1]}
	}
	_, token := owner.token(`{"name":"x","scope":"manage","documents":["notes"]}`)
	all["a token for this document"] = credential{bearer: token.secret, may: "visit list manage oversee " + writes, role: "owner"}
	_, token = owner.token(`{"name":"x","scope":"manage","documents":["other"]}`)
	all["a token for another document"] = credential{bearer: token.secret, may: "visit list"}
	id, token = owner.token(`{"name":"x","scope":"manage"}`)
	all["a token that was revoked"] = credential{bearer: token.secret, may: nothing}
	owner.call("DELETE", "/tokens/"+id, "").ok()
	_, token = boss.token(`{"name":"x","scope":"manage"}`)
	all["an administrator's token"] = credential{bearer: token.secret, may: account + "administer watch oversee"}
	_, token = boss.token(`{"name":"x","scope":"metrics"}`)
	all["an administrator's token for the metrics"] = credential{bearer: token.secret, may: "visit watch"}
	fallen := boss.invites("fallen")
	boss.call("PATCH", "/people/"+fallen.id, `{"administrator":true}`).ok()
	_, token = fallen.token(`{"name":"x","scope":"metrics"}`)
	boss.call("PATCH", "/people/"+fallen.id, `{"administrator":false}`).ok()
	all["such a token of who was an administrator"] = credential{bearer: token.secret, may: nothing}
	out := h.loggedIn("owner", h.signIn("owner", password))
	out.call("DELETE", "/session", "").ok()
	all["a log-in that was ended"] = credential{cookie: out.cookie, may: nothing}
	gone := boss.invites("gone")
	owner.shares("notes", gone, session.Editor)
	boss.call("DELETE", "/people/"+gone.id, "").ok()
	all["a person who was removed"] = credential{cookie: gone.cookie, may: nothing}
	return all
}

// notBy is the browser of somebody whom a link doesn't let in.
func (h *house) notBy(secret, password string, status int) (cookie string) {
	h.t.Helper()
	a := h.followLink(secret, password, "")
	if a.status != status || a.header.Get("Set-Cookie") != "" {
		h.t.Errorf("the link answers %d and sets %q", a.status, a.header.Get("Set-Cookie"))
	}
	return ""
}

func hostToken(t testing.TB, secret []byte, role session.Role, lasts time.Duration) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: secret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(map[string]any{"aud": "tutti", "sub": "42", "exp": time.Now().Add(lasts).Unix(), "doc": "notes", "role": role}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func matrixHouse(t *testing.T) (*house, []byte) {
	secret := []byte(strings.Repeat("s", 32))
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, secret, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := signed.Open(keys, "tutti", quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	data := t.TempDir()
	openBolt(t, filepath.Join(data, "tutti.db")).Close()
	source := backup.Offline(data)
	return newHouse(t, withHooks(t), func(o *server.Options) { o.Signed, o.Backup = v, &source }), secret
}

// TestWhoMayCallWhat calls every route of the contract as every kind of caller.
// The requests are such that behind the door they come to nothing.
func TestWhoMayCallWhat(t *testing.T) {
	h, secret := matrixHouse(t)
	callers := h.callers(secret)
	spec, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	rows := maps.Clone(needs)
	cells := 0
	for path, item := range spec.Paths.Map() {
		for method := range item.Operations() {
			row := method + " " + path
			need, ok := rows[row]
			delete(rows, row)
			if !ok {
				t.Errorf("nobody says who may call %s", row)
			}
			if row == "DELETE /api/v1/session" || row == "POST /api/v1/documents/{id}/leave" {
				continue // come to something; last, below
			}
			for name, who := range callers {
				cells++
				h.cell(row, name, need, who)
			}
		}
	}
	for row := range rows {
		t.Errorf("there is no %s", row)
	}
	for _, row := range []string{"POST /api/v1/documents/{id}/leave", "DELETE /api/v1/session"} {
		for name, who := range callers {
			cells++
			h.cell(row, name, needs[row], who)
		}
	}
	t.Logf("%d cells", cells)
}

// cell asserts what becomes of one call by one caller.
func (h *house) cell(row, name, need string, who credential) {
	h.t.Helper()
	method, path, _ := strings.Cut(row, " ")
	path = strings.ReplaceAll(path, "{id}", "notes")
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + "x" + after
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+path+"?permanent=x&limit=x&rev=x&after=x", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	who.show(r.Header)
	resp, err := h.http.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	resp.Body.Close()
	want := 0 // allowed
	for _, n := range strings.Fields(need) {
		if !slices.Contains(strings.Fields(who.may), n) {
			want = http.StatusForbidden
		}
	}
	if want != 0 && who.may == nothing {
		want = http.StatusUnauthorized
	}
	refused := resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden
	if want == 0 && (refused || resp.StatusCode >= 500) || want != 0 && resp.StatusCode != want {
		h.t.Errorf("%s as %s answers %d, want %d", row, name, resp.StatusCode, want)
	}
}

func (c credential) show(header http.Header) {
	if c.cookie != "" {
		header.Set("Cookie", c.cookie)
	}
	if c.bearer != "" {
		header.Set("Authorization", "Bearer "+c.bearer)
	}
}

// says are the messages that a socket takes, what each needs, and how the
// server answers where it may be said and where not. The rev of a check is that
// of the welcome. A message that is not here fails TestEachMessageIsInTheMatrix.
var says = map[string]struct{ frame, need, yes, no string }{
	"check":    {`{"t":"check","rev":%d,"hash":"` + strings.Repeat("0", 64) + `"}`, "read", "diverged", ""},
	"presence": {`{"t":"presence","rev":%d,"cursor":{"anchor":0,"head":0}}`, "read", "", ""}, // the others are told, see below
	"ping":     {`{"t":"ping","n":%d}`, "read", "pong", ""},
	"op":       {`{"t":"op","seq":1,"rev":%d,"op":[{"insert":"x"}]}`, "edit", "records", "refused"},
	"chat":     {`{"t":"chat","rev":%d,"text":"hello"}`, "comment", "chat", "chat_refused"},
	"token":    {`{"t":"token","rev":%d,"token":"of nobody"}`, "", "", ""},                        // as whom it names, who is nobody
	"hello":    {`{"t":"hello","rev":%d,"epoch":"x","key":"0123456789012345678901"}`, "", "", ""}, // ends it, as what is none does
}

// TestEachMessageIsInTheMatrix reads which messages a session takes.
func TestEachMessageIsInTheMatrix(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../session/session.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Name.Name != "handle" {
			return !ok
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if c, ok := n.(*ast.CaseClause); ok {
				for _, e := range c.List {
					if l, ok := e.(*ast.BasicLit); ok {
						taken[strings.Trim(l.Value, `"`)] = true
					}
				}
			}
			return true
		})
		return false
	})
	for message := range taken {
		if says[message].frame == "" {
			t.Errorf("nobody says who may say %s", message)
		}
	}
	for message := range says {
		if !taken[message] {
			t.Errorf("there is no %s", message)
		}
	}
}

// TestWhoMaySayWhat says each message on a socket as every kind of caller.
func TestWhoMaySayWhat(t *testing.T) {
	h, secret := matrixHouse(t)
	callers := h.callers(secret)
	watching := (&member{h: h, cookie: callers["the owner"].cookie}).knock("notes")
	watching.fields("welcome")
	n := 0
	for name, who := range callers {
		n++
		hello := func() *wire {
			w := (&member{h: h, cookie: who.cookie}).open("notes")
			w.say(fmt.Sprintf(`{"t":"hello","key":"%022d","token":%q}`, n, who.bearer))
			return w
		}
		w := hello()
		if who.role == "" {
			code := 4403
			if who.may == nothing {
				code = 4401
			}
			w.closes(code)
			continue
		}
		f := w.fields("welcome")
		if f.Role != who.role {
			t.Errorf("%s is welcomed as %s, want %s", name, f.Role, who.role)
		}
		for _, message := range []string{"check", "op", "chat", "ping"} { // a check is about the head
			test := says[message]
			w.say(fmt.Sprintf(test.frame, f.Rev))
			want := test.yes
			if !slices.Contains(strings.Fields(who.may), test.need) {
				want = test.no
			}
			if got := w.oneOf(test.yes, test.no); got != want {
				t.Errorf("%s says %s: %s, want %s", name, message, got, want)
			}
		}
		w.say(fmt.Sprintf(says["presence"].frame, f.Rev))
		watching.sees(f.Client, `"cursor":{`)
		w.say(fmt.Sprintf(says["hello"].frame, f.Rev))
		w.closes(4400)
		w = hello()
		w.fields("welcome")
		w.say(fmt.Sprintf(says["token"].frame, f.Rev))
		w.closes(4401)
		w = hello()
		w.fields("welcome")
		w.say(`{"t":"manage"}`)
		w.closes(4400)
	}
}

// sees reads until somebody is shown with something.
func (w *wire) sees(client, with string) {
	w.t.Helper()
	for {
		w.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, b, err := w.conn.ReadMessage()
		if err != nil {
			w.t.Fatalf("waiting to see %s: %v", client, err)
		}
		if said := string(b); strings.HasPrefix(said, `{"t":"presence"`) && strings.Contains(said, client) && strings.Contains(said, with) {
			return
		}
	}
}

// oneOf reads until a frame of one of these types comes, and returns which.
func (w *wire) oneOf(kinds ...string) string {
	w.t.Helper()
	for {
		kind := w.next()
		if slices.Contains(kinds, kind) {
			return kind
		}
	}
}
