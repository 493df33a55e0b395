package server_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"

	"tutti/server"
	"tutti/server/signed"
	"tutti/session"
	"tutti/store"
)

func TestOnlyAnOriginIsAnOrigin(t *testing.T) {
	for text, want := range map[string]string{
		"https://wiki.example.org": "https://wiki.example.org", " HTTPS://Wiki.Example.org/ ": "https://wiki.example.org", "http://localhost:3000": "http://localhost:3000",
		"http://[::1]:80": "http://[::1]:80", "http://10.0.0.1": "http://10.0.0.1",
		"": "", "wiki.example.org": "", "https://": "", "https://a/b": "", "https://a?b": "", "https://u@a": "", "ftp://a": "", "*": "", "https://*.example.org": "",
		"https://a b": "", "https://a;script-src *": "", "https://a'": "", "https://a\r\nX: y": "", "https://a,https://b": "", "null": "", "https://a:123456": "", "https://-a": "",
	} {
		var o server.Origin
		err := o.UnmarshalText([]byte(text))
		if string(o) != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, o, err, want)
		}
	}
}

// policyOf cuts a Content-Security-Policy into what each directive allows.
func policyOf(t *testing.T, header string) map[string][]string {
	t.Helper()
	policy := map[string][]string{}
	for directive := range strings.SplitSeq(header, ";") {
		words := strings.Fields(directive)
		if len(words) == 0 || policy[words[0]] != nil {
			t.Fatalf("a directive of %q is empty, or there twice", header)
		}
		policy[words[0]] = words[1:]
	}
	return policy
}

func TestOnlyTheEmbeddedPageMayBeHeldByOtherSites(t *testing.T) {
	for _, sites := range [][]server.Origin{nil, {"https://wiki.example.org", "http://localhost:3000"}} {
		st, metrics := store.Watch(store.NewMemory()), session.NewMetrics()
		srv, err := server.New(server.Options{
			Store: st, Hub: session.NewHub(st, session.Options{Log: quiet(), Metrics: metrics}), Metrics: metrics, Log: quiet(), Embed: sites,
			Assets: fstest.MapFS{"index.html": {Data: []byte("<html>")}, "assets/a.js": {Data: []byte("1")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		allowed := []string{"'self'"}
		for _, site := range sites {
			allowed = append(allowed, string(site))
		}
		for path, want := range map[string][]string{
			"/d/x?embed=1": allowed, "/d/x?embed=1&other=2": allowed,
			"/d/x": allowed[:1], "/d/x?embed=0": allowed[:1], "/d/x?embed": allowed[:1], "/?embed=1": allowed[:1], "/assets/a.js?embed=1": allowed[:1],
			"/api/v1/documents?embed=1": allowed[:1], "/nothing?embed=1": allowed[:1],
		} {
			r := httptest.NewRequest("GET", path, nil)
			r.RemoteAddr, r.Host = "127.0.0.1:1", "localhost"
			w := httptest.NewRecorder()
			srv.ServeHTTP(w, r)
			policy := policyOf(t, w.Header().Get("Content-Security-Policy"))
			if !slices.Equal(policy["frame-ancestors"], want) || w.Header().Get("X-Frame-Options") != "" {
				t.Errorf("%s may be held by %q, want %q", path, policy["frame-ancestors"], want)
			}
			for directive, want := range map[string]string{
				"default-src": "'self'", "script-src": "'self'", "font-src": "'self'", "worker-src": "'self'", "img-src": "'self' data: blob:", "object-src": "'none'", "base-uri": "'none'",
			} {
				if got := strings.Join(policy[directive], " "); got != want {
					t.Errorf("%s: %s %s, want %s", path, directive, got, want)
				}
			}
		}
	}
}

// TestAPageInAFrameKnowsWhoseWordItTakes: those who may hold it, if the server
// takes tokens of theirs, under an ETag that goes with them.
func TestAPageInAFrameKnowsWhoseWordItTakes(t *testing.T) {
	tags := map[string]bool{}
	for _, sites := range [][]server.Origin{{"https://wiki.example.org"}, {"https://wiki.example.org", "http://localhost:3000"}} {
		for _, v := range []*signed.Verifier{nil, hostKeys(t)} {
			h := newHouse(t, func(o *server.Options) {
				o.Embed, o.Signed, o.Assets = sites, v, fstest.MapFS{"index.html": {Data: []byte("<html><head><title>x</title></head>")}}
			})
			for path, framed := range map[string]bool{"/d/x?embed=1": true, "/d/x": false, "/?embed=1": false} {
				w := httptest.NewRecorder()
				r := httptest.NewRequest("GET", path, nil)
				r.Host = "localhost"
				h.srv.ServeHTTP(w, r)
				want := ""
				if framed && v != nil {
					want = `<meta name="tutti-hosts" content="https://wiki.example.org">`
					if len(sites) > 1 {
						want = `<meta name="tutti-hosts" content="https://wiki.example.org http://localhost:3000">`
					}
				}
				if got, whole := w.Body.String(), "<html><head>"+want+"<title>x</title></head>"; got != whole {
					t.Errorf("%s of %v is %s, want %s", path, sites, got, whole)
				}
				tags[w.Header().Get("ETag")] = true
			}
		}
	}
	if len(tags) != 3 {
		t.Errorf("there are %d ETags for three pages", len(tags))
	}
}

// TestAPageOfAHostSpeaksByItsToken: a listed site's page reaches documents from
// its own origin, by token alone. Cookies that the browser may send along count
// for nothing, and other sites get nowhere.
func TestAPageOfAHostSpeaksByItsToken(t *testing.T) {
	const wiki = "https://wiki.example.org"
	h := newHouse(t, func(o *server.Options) { o.Embed, o.Signed = []server.Origin{wiki}, hostKeys(t) })
	boss := h.first("boss")
	boss.writes("notes", "abc")
	boss.writes("other", "xyz")
	token := signs(t, "notes", "editor", time.Now().Add(time.Hour))
	by := func(origin string, more ...string) []string { return append([]string{"Origin", origin}, more...) }
	bearing := []string{"Authorization", "Bearer " + token}

	for _, c := range []struct {
		method, path, body string
		headers            []string
		status             int
	}{
		{"GET", "/documents/notes", "", by(wiki, bearing...), 200},
		{"GET", "/documents", "", by(wiki, bearing...), 200},
		{"PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`, by(wiki, bearing...), 200},
		{"GET", "/documents/other", "", by(wiki, bearing...), 403},
		{"GET", "/documents/notes", "", by(wiki), 401},
		{"GET", "/documents/notes", "", by(wiki, "Cookie", boss.cookie), 401},
		{"PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`, by(wiki, "Cookie", boss.cookie), 401},
		{"DELETE", "/documents/notes", "", by(wiki, "Cookie", boss.cookie), 401},
	} {
		a := h.call(c.method, c.path, c.body, c.headers...)
		head := a.header
		if a.status != c.status || head.Get("Access-Control-Allow-Origin") != wiki || head.Get("Access-Control-Allow-Credentials") != "" || head.Get("Vary") != "Origin" {
			t.Errorf("%s %s with %q: %d, %v", c.method, c.path, c.headers, a.status, head)
		}
	}
	// Nothing of people, and no other site.
	for _, c := range []struct{ method, path, body, origin string }{
		{"GET", "/people", "", wiki}, {"GET", "/session", "", wiki}, {"POST", "/session", `{"login":"boss","password":"wrong horse"}`, wiki}, {"POST", "/join", `{"secret":"guessed"}`, wiki},
		{"GET", "/documents/notes", "", "https://evil.example.org"}, {"PATCH", "/documents/notes/content", `{"edits":[]}`, "https://evil.example.org"},
		{"GET", "/documents/notes", "", "http://wiki.example.org"}, {"GET", "/documents/notes", "", wiki + ":8443"}, {"GET", "/documents/notes", "", "null"},
	} {
		a := h.call(c.method, c.path, c.body, by(c.origin, bearing...)...)
		if a.header.Get("Access-Control-Allow-Origin") != "" || c.method != "GET" && a.status != 403 {
			t.Errorf("%s %s from %s: %d, %v", c.method, c.path, c.origin, a.status, a.header)
		}
	}
	// What a browser asks first.
	for path, origin := range map[string]string{"/documents/notes/content": wiki, "/session": wiki, "/documents": "https://evil.example.org"} {
		a := h.call("OPTIONS", path, "", by(origin, "Access-Control-Request-Method", "PATCH", "Access-Control-Request-Headers", "authorization,content-type")...)
		allowed := path == "/documents/notes/content"
		if (a.status == 204) != allowed || strings.Contains(a.header.Get("Access-Control-Allow-Headers"), "Authorization") != allowed ||
			strings.Contains(a.header.Get("Access-Control-Allow-Methods"), "PATCH") != allowed || a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s from %s: %d, %v", path, origin, a.status, a.header)
		}
	}
	// The socket: by the token of its hello, not by the cookie of its handshake.
	for _, test := range []struct {
		origin, token string
		status        int
	}{{wiki, token, 101}, {wiki, "", 101}, {"https://evil.example.org", token, 403}} {
		d := websocket.Dialer{Subprotocols: []string{"tutti.v1"}}
		header := map[string][]string{"Origin": {test.origin}, "Cookie": {boss.cookie}}
		conn, resp, err := d.Dial("ws"+strings.TrimPrefix(h.http.URL, "http")+"/api/v1/documents/notes/socket", header)
		if resp == nil || resp.StatusCode != test.status {
			t.Fatalf("from %s: %v, %v", test.origin, resp, err)
		}
		if conn == nil {
			continue
		}
		w := &wire{t, conn}
		w.say(`{"t":"hello","key":"0123456789012345678901","token":"` + test.token + `"}`)
		if test.token == "" {
			w.closes(4401)
		} else if f := w.fields("welcome"); f.User.ID != "host:42" {
			t.Errorf("welcomed as %+v", f.User)
		}
		conn.Close()
	}
}

// TestASocketFromWithinAFrameIsOfOurOwnOrigin: what holds the frame has no say,
// and can't open a socket itself.
func TestASocketFromWithinAFrameIsOfOurOwnOrigin(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	d := websocket.Dialer{Subprotocols: []string{"tutti.v1"}}
	address := "ws" + strings.TrimPrefix(s.http.URL, "http") + "/api/v1/documents/d/socket"
	for origin, want := range map[string]int{s.http.URL: 101, "https://wiki.example.org": 403} {
		conn, resp, err := d.Dial(address, map[string][]string{"Origin": {origin}, "Referer": {s.http.URL + "/d/d?embed=1"}})
		if resp == nil || resp.StatusCode != want {
			t.Errorf("from %s: %v, %v", origin, resp, err)
		}
		if conn != nil {
			conn.Close()
		}
	}
}
