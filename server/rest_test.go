package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tutti/ot"
	"tutti/server"
	"tutti/server/files"
	"tutti/server/search"
	"tutti/session"
	"tutti/store"
)

// rest is a whole server over a store, and a program that calls it.
type rest struct {
	t        testing.TB
	keeper   store.Store // below what follows
	store    store.Store
	hub      *session.Hub
	index    *search.Index
	srv      *server.Server
	contract *checked
	http     *httptest.Server
}

// onEachStore runs a test over the store in memory and over bbolt.
func onEachStore(t *testing.T, test func(s *rest)) {
	for name, open := range map[string]func(t *testing.T) store.Store{
		"memory": func(*testing.T) store.Store { return store.NewMemory() },
		"bolt":   func(t *testing.T) store.Store { return openBolt(t, filepath.Join(t.TempDir(), "tutti.db")) },
	} {
		t.Run(name, func(t *testing.T) { test(newRest(t, open(t))) })
	}
}

func openBolt(t testing.TB, path string) *store.Bolt {
	t.Helper()
	b, err := store.Open(path, store.Options{Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func inMemory(t testing.TB) *rest { return newRest(t, store.NewMemory()) }

func newRest(t testing.TB, keeper store.Store, change ...func(*server.Options)) *rest {
	t.Helper()
	st, metrics := store.Watch(keeper), session.NewMetrics()
	hub := session.NewHub(st, session.Options{Log: quiet(), Metrics: metrics})
	index, err := search.Open(search.Options{Store: st, Hub: hub, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	images, err := files.Open(filepath.Join(t.TempDir(), "files"), st)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { images.Close() })
	o := server.Options{Store: st, Hub: hub, Metrics: metrics, Search: index, Files: images, Log: quiet()}
	for _, c := range change {
		c(&o)
	}
	srv, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s := &rest{t: t, keeper: keeper, store: st, hub: hub, index: index, srv: srv, contract: check(t, srv), http: httptest.NewServer(srv)}
	t.Cleanup(s.close)
	return s
}

// close ends the server as a shutdown does: the hub first.
func (s *rest) close() {
	if err := s.srv.Shutdown(s.t.Context()); err != nil && s.t.Context().Err() == nil {
		s.t.Error(err)
	}
	s.http.Close()
	if err := s.index.Close(); err != nil {
		s.t.Error(err)
	}
}

// call makes a request. headers are pairs of a name and a value.
func (s *rest) call(method, path, body string, headers ...string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.http.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{s.t, method + " " + path, resp.StatusCode, resp.Header, b}
}

// ok fails the test unless the answer has a status from 200 to 299.
func (a answer) ok() answer {
	a.t.Helper()
	if a.status/100 != 2 {
		a.t.Fatalf("status %d: %s", a.status, a.body)
	}
	return a
}

// refused fails the test unless the answer is a problem of that status and
// code.
func (a answer) refused(status int, code string) answer {
	a.t.Helper()
	var p struct{ Code, Type, Title, Detail string }
	if err := json.Unmarshal(a.body, &p); err != nil || a.status != status || p.Code != code || a.header.Get("Content-Type") != "application/problem+json" {
		a.t.Errorf("status %d, %s, want %d %s", a.status, bytes.TrimSpace(a.body), status, code)
	}
	return a
}

func (a answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%s: %v", a.body, err)
	}
}

// written is the answer to a write of content.
type written struct {
	Revision int64
	Op       json.RawMessage
}

func (a answer) written() written {
	a.t.Helper()
	var w written
	a.ok().into(&w)
	return w
}

// wrote fails the test unless a write came to that.
func (a answer) wrote(revision int64, op string) {
	a.t.Helper()
	if w := a.written(); w.Revision != revision || string(w.Op) != op {
		a.t.Errorf("got revision %d, %s; want %d, %s", w.Revision, w.Op, revision, op)
	}
}

// create makes a document with a content, a string or a delta in JSON.
func (s *rest) create(id, kind, content string) {
	s.t.Helper()
	if kind == "text" || !strings.HasPrefix(content, "[") {
		b, err := json.Marshal(content)
		if err != nil {
			s.t.Fatal(err)
		}
		content = string(b)
	}
	s.call("POST", "/documents", `{"id":"`+id+`","kind":"`+kind+`","content":`+content+`}`).ok()
}

const plain, delta = "text/plain", "application/vnd.quill.delta+json"

func (s *rest) put(id, media, body string, headers ...string) answer {
	s.t.Helper()
	return s.call("PUT", "/documents/"+id+"/content", body, append([]string{"Content-Type", media}, headers...)...)
}

func (s *rest) patch(id, body string, headers ...string) answer {
	s.t.Helper()
	return s.call("PATCH", "/documents/"+id+"/content", body, headers...)
}

// edits is a PATCH of these edits, against the head.
func (s *rest) edits(id string, edits ...string) answer {
	s.t.Helper()
	return s.patch(id, `{"edits":[`+strings.Join(edits, ",")+`]}`)
}

func (s *rest) text(id string) string {
	s.t.Helper()
	return string(s.call("GET", "/documents/"+id+"/content", "", "Accept", plain).ok().body)
}

func (s *rest) content(id string) string {
	s.t.Helper()
	return string(s.call("GET", "/documents/"+id+"/content", "", "Accept", delta).ok().body)
}

func (s *rest) wantText(id, want string) {
	s.t.Helper()
	if got := s.text(id); got != want {
		s.t.Errorf("the text is %q, want %q", got, want)
	}
}

func (s *rest) wantContent(id, want string) {
	s.t.Helper()
	if got := s.content(id); got != want {
		s.t.Errorf("the content is %s, want %s", got, want)
	}
}

// records returns the whole log of a document.
func (s *rest) records(id string) []store.Record {
	s.t.Helper()
	var all []store.Record
	for {
		lines, err := s.store.Lines(id, int64(len(all)), 1000)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(lines) == 0 {
			return all
		}
		for _, line := range lines {
			r, err := store.ParseRecord(line.JSON)
			if err != nil {
				s.t.Fatal(err)
			}
			all = append(all, r)
		}
	}
}

// replay fails the test unless the records lead from the first content to the
// present one, and returns that.
func (s *rest) replay(id string) ot.Document {
	s.t.Helper()
	doc := s.replayed(id)
	if got := s.content(id); got != string(doc.AppendJSON(nil)) {
		s.t.Fatalf("the records lead to %.300s, the content is %.300s", doc.AppendJSON(nil), got)
	}
	return doc
}

// replayed is what the records lead to.
func (s *rest) replayed(id string) ot.Document {
	s.t.Helper()
	first, err := s.store.Snapshot(id, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	content, err := ot.Parse(first.Content)
	if err != nil {
		s.t.Fatal(err)
	}
	doc, err := ot.NewDocument(content)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range s.records(id) {
		if doc, err = doc.Apply(r.Op); err != nil {
			s.t.Fatalf("record %d: %v", r.Rev, err)
		}
	}
	return doc
}

// eventually waits until a condition holds.
func (s *rest) eventually(what string, holds func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			s.t.Fatalf("still not: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func parse(t testing.TB, op string) ot.Delta {
	t.Helper()
	d, err := ot.Parse([]byte(op))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
