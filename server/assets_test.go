package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"tutti/server"
	"tutti/session"
	"tutti/store"
)

var built = fstest.MapFS{
	"index.html":             {Data: []byte("<!doctype html><title>tutti</title>")},
	"favicon.svg":            {Data: []byte("<svg/>")},
	"assets/.hidden":         {Data: []byte("no")},
	"assets/index-abc123.js": {Data: []byte("let x = 1;" + strings.Repeat(" ", 2000))},
	"assets/app-abc123.css":  {Data: []byte("a{}")},
	"assets/strange-x.wörd":  {Data: []byte("plain")},
}

func withApp(o *setup) { o.server.Assets = built }

func TestTheAppIsServed(t *testing.T) {
	s := newSite(t, withApp)
	page := string(built["index.html"].Data)
	var tag string
	for _, p := range []string{"/", "/d/any-id", "/index.html"} {
		a := s.get(p, "Accept-Encoding", "identity").want(http.StatusOK).wantBody(page).wantHeader("Cache-Control", "no-cache").wantHeader("Content-Type", "text/html; charset=UTF-8")
		tag = a.header.Get("ETag")
		s.get(p, "If-None-Match", tag).want(http.StatusNotModified).wantBody("")
		s.call("HEAD", p, "").want(http.StatusOK).wantBody("").wantHeader("ETag", tag)
	}
	const forEver = "public, max-age=31536000, immutable"
	s.get("/assets/index-abc123.js").want(http.StatusOK).wantHeader("Cache-Control", forEver).wantHeader("Content-Type", "text/javascript; charset=utf-8")
	s.get("/assets/app-abc123.css").want(http.StatusOK).wantHeader("Cache-Control", forEver).wantHeader("Content-Type", "text/css; charset=utf-8")
	s.get("/assets/strange-x.w%C3%B6rd").want(http.StatusOK).wantHeader("Content-Type", "text/plain; charset=utf-8")
	s.get("/favicon.svg").want(http.StatusOK).wantHeader("Cache-Control", "no-cache").wantHeader("Content-Type", "image/svg+xml")
	s.call("HEAD", "/favicon.svg", "").want(http.StatusOK).wantBody("")
}

func TestLongAssetsGoCompressed(t *testing.T) {
	s := newSite(t, withApp)
	a := s.get("/assets/index-abc123.js", "Accept-Encoding", "gzip").want(http.StatusOK).wantHeader("Content-Encoding", "gzip").wantHeader("Vary", "Accept-Encoding")
	r, err := gzip.NewReader(strings.NewReader(string(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(r); err != nil || string(plain) != string(built["assets/index-abc123.js"].Data) {
		t.Errorf("it inflates to %.100q, %v", plain, err)
	}
}

func TestWhatIsNoPartOfTheAppIsNotServed(t *testing.T) {
	s := newSite(t, withApp)
	for _, p := range []string{
		"/assets/.hidden", "/assets", "/assets/", "/nothing.js", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
		"//etc/passwd", "/assets/../../go.mod", "/assets/%00", "/assets/index-abc123.js/x", api + "/nothing",
	} {
		s.get(p).wantProblem(http.StatusNotFound, "not_found")
	}
	s.call("POST", "/favicon.svg", "").wantProblem(http.StatusNotFound, "not_found")
}

func TestAPersonWhoIsLostGetsTheAppAProgramAProblem(t *testing.T) {
	s := newSite(t, withApp)
	s.get("/lost", "Accept", "text/html,*/*;q=0.8").want(http.StatusNotFound).wantBody(string(built["index.html"].Data))
	s.get("/lost", "Accept", "application/json").wantProblem(http.StatusNotFound, "not_found")
	s.get(api+"/lost", "Accept", "text/html").wantProblem(http.StatusNotFound, "not_found")
}

func TestAnAppThatWasNotBuiltSaysSo(t *testing.T) {
	s := newSite(t)
	for _, p := range []string{"/", "/d/x"} {
		if a := s.get(p).want(http.StatusOK); !strings.Contains(string(a.body), "make run") {
			t.Errorf("%s says %s", p, a.body)
		}
	}
	s.get("/assets/x.js").wantProblem(http.StatusNotFound, "not_found")
}

func TestAnAppWithoutItsPageIsNotServedAtAll(t *testing.T) {
	metrics := session.NewMetrics()
	st := store.NewMemory()
	o := server.Options{Store: store.Watch(st), Hub: session.NewHub(st, session.Options{}), Metrics: metrics, Assets: fstest.MapFS{"x": {}}}
	if _, err := server.New(o); err == nil {
		t.Error("New takes it")
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	s := newSite(t, withApp)
	for _, p := range []string{"/", "/assets/app-abc123.css", "/lost", api + "/documents", api + "/lost", "/healthz", "/metrics"} {
		a := s.get(p).wantHeader("X-Content-Type-Options", "nosniff").wantHeader("Referrer-Policy", "same-origin")
		policy := a.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'self'", "script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy is %q, without %s", p, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "script-src 'self' 'unsafe-inline'") {
			t.Errorf("%s: the policy is %q", p, policy)
		}
		if a.header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no request id", p)
		}
	}
}
