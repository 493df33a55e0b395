package server_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gorilla/websocket"

	"tutti/server"
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
