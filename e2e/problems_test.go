package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// problem asserts that an answer is an error as RFC 9457 has it, with a code.
func (s *server) problem(t testing.TB, a answer, status int, code string) {
	t.Helper()
	var p struct {
		Status int    `json:"status"`
		Title  string `json:"title"`
		Code   string `json:"code"`
	}
	if err := json.Unmarshal(a.body, &p); err != nil || a.status != status || p.Code != code {
		t.Errorf("status %d %.300s, want %d %s", a.status, a.body, status, code)
		return
	}
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "application/problem+json") {
		t.Errorf("%s: Content-Type %q", code, got)
	}
	if p.Status != status || p.Title == "" {
		t.Errorf("%s: problem says %s", code, a.body)
	}
}

func TestProblemsHaveTheirCodes(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc", object{"id": "taken"})
	limits := s.join(t, doc.ID).welcome.Limits
	const docs = api + "/documents"
	post := func(body any, header ...string) answer { return s.call("POST", docs, body, header...) }
	asJSON := []string{"Content-Type", "application/json"}

	s.problem(t, s.call("GET", docs+"/nothing-here", nil), 404, "document_not_found")
	s.problem(t, s.call("GET", docs+"/-cannot-be", nil), 404, "document_not_found")
	s.problem(t, s.call("GET", docs+"/"+strings.Repeat("x", 65), nil), 404, "document_not_found")
	s.problem(t, s.call("GET", docs+"/nothing-here/content", nil), 404, "document_not_found")
	s.problem(t, s.call("GET", docs+"/nothing-here/records", nil), 404, "document_not_found")
	s.problem(t, s.call("PATCH", docs+"/nothing-here", object{"title": "x"}), 404, "document_not_found")
	s.problem(t, s.call("GET", api+"/nonsense", nil), 404, "not_found")
	s.problem(t, s.call("GET", docs+"/taken/nonsense", nil), 404, "not_found")
	s.problem(t, s.call("PUT", docs, object{}), 405, "method_not_allowed")
	s.problem(t, s.call("POST", docs+"/taken", object{}), 405, "method_not_allowed")
	s.problem(t, s.call("DELETE", docs+"/taken/records", nil), 405, "method_not_allowed")
	if a := s.call("PUT", docs, nil); a.header.Get("Allow") == "" {
		t.Error("405 without Allow")
	}

	s.problem(t, post(`{`, asJSON...), 400, "bad_json")
	s.problem(t, post(`{"title":"x"} y`, asJSON...), 400, "bad_json")
	s.problem(t, post(`[]`, asJSON...), 400, "bad_json")
	s.problem(t, post(``, asJSON...), 400, "bad_json")
	s.problem(t, post("{\"title\":\"\xff\"}", asJSON...), 400, "not_utf8")
	s.problem(t, post(`{"title":5}`, asJSON...), 400, "bad_parameter")
	s.problem(t, post(`{"kind":true}`, asJSON...), 400, "bad_parameter")
	s.problem(t, post(`{"content":5}`, asJSON...), 400, "bad_parameter")
	s.problem(t, post(`title=x`, "Content-Type", "application/x-www-form-urlencoded"), 415, "unsupported_media_type")
	s.problem(t, post(`{}`, "Content-Type", "text/plain"), 415, "unsupported_media_type")
	s.problem(t, post(object{"id": "taken"}), 409, "document_exists")
	for _, id := range []string{"-x", "_x", "a b", "a/b", "a.b", "ü", strings.Repeat("x", 65)} {
		s.problem(t, post(object{"id": id}), 422, "id_invalid")
	}
	s.problem(t, post(object{"kind": "poem"}), 422, "field_invalid")

	s.problem(t, post(`{"kind":"rich","content":[{"insert":"\ud83d"}]}`, asJSON...), 422, "surrogate")
	if a := post(`{"content":"\ud83d"}`, asJSON...); a.status/100 != 4 {
		t.Errorf("half a pair in a text: %d %s", a.status, a.body)
	}
	s.problem(t, post(object{"kind": "rich", "content": []object{{"retain": 1}}}), 422, "op_invalid")
	s.problem(t, post(object{"kind": "rich", "content": []object{{}}}), 422, "op_invalid")
	s.problem(t, post(object{"kind": "rich", "content": []object{{"insert": object{}}}}), 422, "embed_invalid")
	s.problem(t, post(object{"kind": "rich", "content": []object{{"insert": "x", "attributes": object{}}}}), 422, "attributes_invalid")
	s.problem(t, post(object{"content": strings.Repeat("x", limits.Document+1)}), 422, "document_too_large")
	huge := fmt.Sprintf(`{"content":"%s"}`, strings.Repeat("x", 8*limits.Document))
	s.problem(t, post(huge, asJSON...), 413, "too_large")
	if got := s.list(t, "", 100); len(got) != 1 {
		t.Errorf("what was refused made documents: %q", got)
	}
}

func TestHealthReadinessAndMetrics(t *testing.T) {
	turn(t)
	s := serve(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := s.call("GET", path, nil); a.status != http.StatusOK {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	doc := s.create("")
	r := s.join(t, doc.ID)
	r.op(1, 0, `[{"insert":"x"}]`)
	r.acknowledged(1)
	a := s.call("GET", "/metrics", nil)
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
		t.Errorf("/metrics: %d %s", a.status, a.header.Get("Content-Type"))
	}
	if !regexp.MustCompile(`(?m)^tutti_\w+(\{.*\})? \d`).Match(a.body) {
		t.Errorf("/metrics has nothing of tutti's own:\n%.2000s", a.body)
	}
}

// The page is asked for anew each time, so that it names the assets of this
// version; those have their hash in their names, and are kept.
func TestAppIsServedWithItsCacheHeaders(t *testing.T) {
	turn(t)
	s := serve(t)
	page := s.call("GET", "/", nil)
	page.into(t, http.StatusOK, nil)
	if got := page.header.Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
		t.Errorf("Content-Type %q", got)
	}
	if got := page.header.Get("Cache-Control"); !strings.Contains(got, "no-cache") {
		t.Errorf("the page has Cache-Control %q", got)
	}
	deep := s.call("GET", "/d/any-document", nil)
	if deep.status != http.StatusOK || string(deep.body) != string(page.body) {
		t.Errorf("/d/…: %d %.200s", deep.status, deep.body)
	}
	assets := regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`).FindAllSubmatch(page.body, -1)
	if len(assets) == 0 {
		t.Skip("the app is not built")
	}
	for _, m := range assets {
		a := s.call("GET", string(m[1]), nil)
		if got := a.header.Get("Cache-Control"); a.status != http.StatusOK || !strings.Contains(got, "immutable") {
			t.Errorf("%s: %d, Cache-Control %q", m[1], a.status, got)
		}
		if strings.HasSuffix(string(m[1]), ".js") && !strings.Contains(a.header.Get("Content-Type"), "javascript") {
			t.Errorf("%s: Content-Type %q", m[1], a.header.Get("Content-Type"))
		}
	}
	if a := s.call("GET", "/assets/nothing-here.js", nil); a.status != http.StatusNotFound {
		t.Errorf("an asset that is not there: %d, want 404 and not the page", a.status)
	}
	if a := s.call("GET", "/../main.go", nil); strings.Contains(string(a.body), "package main") {
		t.Error("a file from outside the app is served")
	}
	for _, header := range []string{"X-Content-Type-Options", "Content-Security-Policy"} {
		if page.header.Get(header) == "" {
			t.Logf("the page comes without %s", header)
		}
	}
}
