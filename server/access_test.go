package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestEveryRouteAsksWhoMayDoWhat walks all routes under the name of a
// stranger, as a page does whose name was made to resolve to this machine.
func TestEveryRouteAsksWhoMayDoWhat(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	walked := 0
	for _, route := range s.server.Routes() {
		p := strings.ReplaceAll(route.Path, ":id", d.ID)
		if !strings.HasPrefix(p, api) || strings.HasSuffix(p, "/*") || !known(route.Method) {
			continue
		}
		walked++
		for _, query := range []string{"", "?permanent=x&limit=x&rev=x"} {
			if strings.HasSuffix(p, "/socket") {
				continue // says so in the socket, see below
			}
			a := s.call(route.Method, p+query, "", "Host", "evil.example:8080")
			if route.Method == "HEAD" {
				a.want(http.StatusForbidden)
				continue
			}
			a.wantProblem(http.StatusForbidden, "forbidden")
		}
	}
	if walked < 10 {
		t.Errorf("only %d routes were walked", walked)
	}
	s.get(path(d.ID)).want(http.StatusOK)
	for _, p := range []string{"/", "/metrics", "/d/" + d.ID} {
		s.get(p, "Host", "evil.example").wantProblem(http.StatusForbidden, "forbidden")
	}
	for _, p := range []string{"/healthz", "/readyz"} {
		s.get(p, "Host", "evil.example").want(http.StatusOK)
	}
}

func known(method string) bool {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

func TestHostNamesThatAStrangerCannotPointHereAreTaken(t *testing.T) {
	s := newSite(t, func(o *setup) { o.server.Public = at(t, "https://Docs.example.com") })
	for host, status := range map[string]int{
		"localhost": 200, "LOCALHOST:1234": 200, "a.localhost": 200, "127.0.0.1": 200, "127.0.0.1:80": 200, "[::1]:8080": 200, "[::1]": 200,
		"192.168.1.7:8080": 200, "docs.example.com": 200, "docs.example.com:443": 200, "docs.example.com:80": 403,
		"docs.example.com:8443": 403, "evil.example": 403, "localhost.evil.example": 403, "127.0.0.1.evil.example": 403, "localhost.": 403, "notlocalhost": 403,
	} {
		if a := s.get(api+"/documents", "Host", host); a.status != status {
			t.Errorf("Host %s: %d, want %d", host, a.status, status)
		}
	}
}

func TestAPageOfAnotherSiteChangesNothing(t *testing.T) {
	s := newSite(t, func(o *setup) { o.server.Public = at(t, "https://docs.example.com") })
	d := s.create(`{"title":"a"}`)
	for origin, status := range map[string]int{
		s.url: 200, "https://docs.example.com": 200, "HTTPS://DOCS.EXAMPLE.COM": 200,
		"null": 403, "http://docs.example.com": 403, "https://evil.example": 403, strings.Replace(s.url, "http", "https", 1): 403,
		"http://127.0.0.1:1": 403, "": 403, "https://docs.example.com.evil.example": 403, "https://docs.example.com:1": 403,
	} {
		for _, call := range [][3]string{{"PATCH", path(d.ID), `{}`}, {"POST", path(d.ID, "/restore"), ""}} {
			if a := s.call(call[0], call[1], call[2], "Origin", origin); a.status != status {
				t.Errorf("%s from %q: %d, want %d", a.what, origin, a.status, status)
			}
		}
		s.get(path(d.ID), "Origin", origin).want(http.StatusOK) // the browser does not show it to that page
		if h := s.get(path(d.ID), "Origin", origin).header; h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("and %q is told that it may read", origin)
		}
	}
	s.call("DELETE", path(d.ID), "", "Origin", "https://evil.example").wantProblem(http.StatusForbidden, "forbidden")
	s.get(path(d.ID)).want(http.StatusOK)
}

func TestHandshakeRefusals(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	upgrade := []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol", "tutti.v1"}
	with := func(more ...string) []string { return append(append([]string{}, upgrade...), more...) }
	for name, test := range map[string]struct {
		headers []string
		status  int
		code    string
	}{
		"no upgrade":             {nil, 400, "bad_parameter"},
		"no subprotocol":         {upgrade[:8], 400, "bad_parameter"},
		"another subprotocol":    {with("Sec-WebSocket-Protocol", "tutti.v2, chat"), 400, "bad_parameter"},
		"no key":                 {with("Sec-WebSocket-Key", ""), 400, "bad_parameter"},
		"another version":        {with("Sec-WebSocket-Version", "8"), 400, "bad_parameter"},
		"a foreign origin":       {with("Origin", "https://evil.example"), 403, "forbidden"},
		"the origin null":        {with("Origin", "null"), 403, "forbidden"},
		"another port as origin": {with("Origin", "http://127.0.0.1:1"), 403, "forbidden"},
		"https as origin":        {with("Origin", strings.Replace(s.url, "http", "https", 1)), 403, "forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			s.get(path(d.ID, "/socket"), test.headers...).wantProblem(test.status, test.code)
		})
	}
}

func TestASocketUnderAStrangersNameIsToldSo(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	// The name resolves to this machine, so that host and origin agree.
	c := s.open(d.ID, "Host", "evil.example:8080", "Origin", "http://evil.example:8080")
	c.hello("a")
	if bye := c.wantClose(4403); bye.Code != 4403.0 {
		t.Errorf("the bye is %+v", bye)
	}
}

func TestASocketOfTheOwnPageIsTaken(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	c := s.open(d.ID, "Origin", s.url)
	c.hello("a")
	c.want("welcome")
	if got := c.ws.Subprotocol(); got != "tutti.v1" {
		t.Errorf("the subprotocol is %q", got)
	}
}
