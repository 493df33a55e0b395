package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// bodies are the routes that take one but a PATCH of content and the imports,
// which have targets of their own; D is a document. Each has some that are
// right.
var bodies = []struct {
	method, path, media string
	good                []string
}{
	{"POST", "/documents", "application/json", []string{
		`{"id":"x","title":"T","kind":"rich","language":"de","tags":["a","b"],"content":[{"insert":"a"},{"insert":{"image":"x"}},{"insert":"\n","attributes":{"header":1}}]}`,
		`{"kind":"text","content":"a\r\nb😀"}`,
	}},
	{"PATCH", "/documents/D", "application/merge-patch+json", []string{`{"title":"T\ud83d\ude00","language":null,"tags":["a"]}`}},
	{"PUT", "/documents/D/content", plain, []string{"a😀b\r\nc d", "\u0000\u2028"}},
	{"PUT", "/documents/D/content", "text/markdown", []string{"# a\n\n- [x] *b* `c`\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n![i](x)\n", "> 1. a\n>    ```go\n>    x\n"}},
	{"PUT", "/documents/D/content", "text/html", []string{"<h1>a</h1><ul><li><b>x</b><ol><li>y</ol></ul><pre><code class=language-go>f()\n</code></pre><img src=x>", "<table><tr><td>a<script>x</script>"}},
	{"PUT", "/documents/D/content", delta, []string{`[{"insert":"a😀"},{"insert":"b\n","attributes":{"list":"ordered","indent":1}}]`, `{"ops":[{"insert":{"image":"y"}},{"insert":"\n"}]}`}},
	{"POST", "/documents/D/versions", "application/json", []string{`{"name":"first","rev":0}`, `{"name":"now"}`}},
	{"POST", "/documents/D/revert", "application/json", []string{`{"rev":0}`, `{"user":"u","from":1,"to":2,"dryRun":true}`, `{"client":"c","from":1,"to":2}`}},
	{"POST", "/documents/D/chat", "application/json", []string{`{"text":" hello\r\n😀 "}`}},
	{"POST", "/documents/D/notice", "application/json", []string{`{"text":"soon"}`}},
	{"POST", "/documents/D/duplicate", "application/json", []string{`{"id":"y","title":"copy","rev":1,"tags":["t"]}`, `{}`}},
	{"POST", "/export", "application/json", []string{`{"format":"archive","kind":"rich"}`, `{"tags":["a"],"format":"md"}`, `{"ids":["D"],"format":"html"}`}},
	{"PUT", "/documents/D/access/guest", "application/json", []string{`{"role":"viewer"}`}},
	{"PUT", "/documents/D/owner", "application/json", []string{`{"person":"x"}`}},
	{"POST", "/documents/D/links", "application/json", []string{`{"role":"editor","password":"abcdefgh","expiresAt":"2026-12-01T00:00:00Z","uses":3}`}},
	{"POST", "/session", "application/json", []string{`{"login":"boss","password":"wrong"}`}},
	{"PATCH", "/session", "application/json", []string{`{"name":"The Boss","color":"#12ab34"}`}},
	{"POST", "/session/password", "application/json", []string{`{"old":"wrong","new":"correct horse battery"}`}},
	{"POST", "/redeem", "application/json", []string{`{"secret":"none","login":"x","password":"correct horse"}`}},
	{"POST", "/redeem/look", "application/json", []string{`{"secret":"none"}`}},
	{"POST", "/join", "application/json", []string{`{"secret":"none","password":"x"}`}},
	{"POST", "/tokens", "application/json", []string{`{"name":"t","scope":"read","documents":["D"],"expiresAt":"2027-01-01T00:00:00+02:00"}`}},
	{"POST", "/groups", "application/json", []string{`{"name":"g","members":[]}`}},
	{"PATCH", "/groups/group:none", "application/json", []string{`{"name":"h","members":["person:x"]}`}},
	{"PATCH", "/people/person:none", "application/json", []string{`{"administrator":true}`}},
	{"POST", "/invitations", "application/json", []string{`{"administrator":true}`}},
}

// FuzzBody sends anything to any route that takes a body. What is refused has
// changed no content, what is taken leaves whole documents, and the contract
// has a word for both.
func FuzzBody(f *testing.F) {
	for i, b := range bodies {
		for _, body := range append(b.good, "", "\xff", `{"id":1,"name":[],"text":{}}`, `[[`) {
			f.Add(byte(i), true, body)
			f.Add(byte(i), false, body)
		}
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, route byte, rich bool, body string) {
		s.on(t)
		id := s.another(rich,
			logged{"u", "c", 0, `[{"retain":1},{"insert":"x"}]`},
			logged{"u", "c", 1, `[{"delete":1}]`})
		r := bodies[int(route)%len(bodies)]
		w := s.ask(r.method, strings.Replace(r.path, "D", id, 1), r.media, strings.ReplaceAll(body, `"D"`, `"`+id+`"`))
		if w.Code >= 500 {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		if w.Code >= 400 && (len(s.records(id)) != 2 || s.documents() != 1) {
			t.Fatalf("status %d: %s, and there are %d documents, %d records", w.Code, w.Body, s.documents(), len(s.records(id)))
		}
		s.clear()
	})
}

// documents counts those that there are, and sees that they are whole.
func (s *fuzzed) documents() (n int) {
	s.t.Helper()
	for info, err := range s.store.List() {
		if err != nil {
			s.t.Fatal(err)
		}
		s.wantWhole(info.ID)
		n++
	}
	return n
}

// imports are the ways in for whole documents.
var imports = []struct{ path, media string }{
	{"/documents/import", plain},
	{"/documents/import", "text/markdown"},
	{"/documents/import?kind=rich", "text/markdown"},
	{"/documents/import", "text/html"},
	{"/documents/import", delta},
	{"/documents/import?kind=text", delta},
	{"/documents/import?kind=rich", "multipart/form-data; boundary=x"},
	{"/documents/archive", archiveMedia},
	{"/import", zipMedia},
}

// FuzzImport sends anything as a document, as an archive and as a ZIP of many:
// what is refused leaves nothing, and what is taken is whole, can be exported
// in each form, and its archive taken in again gives the same archive.
func FuzzImport(f *testing.F) {
	s := newFuzzed(f)
	s.write("old", ot.Rich, rich, logged{"u", "c", 0, `[{"retain":5,"attributes":{"bold":true}}]`}, logged{"v", "d", 9, `[{"insert":"é😀"}]`})
	if err := s.store.SaveName("old", "e1", store.User{ID: "u", Name: "Ada"}); err != nil {
		f.Fatal(err)
	}
	if err := s.store.SaveVersion("old", "e1", store.Version{Rev: 1, Name: "one", CreatedBy: store.User{ID: "v"}}); err != nil {
		f.Fatal(err)
	}
	archive := s.ask("GET", "/documents/old/archive", "", "").Body.String()
	s.clear()
	form := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n# a\r\n--x--\r\n"
	for i, good := range []string{"\uFEFFa\r\nb", "# a\n\n1. *b*\n", "| a |\n|---|\n| b |\n", "<h1>a</h1><p>b<br><img src=x>", rich, `[{"insert":"a"}]`, form, archive,
		zipped(f, "a/b.md", "# a", "c.html", "<p>c", "d.tutti", archive)} {
		f.Add(byte(i), []byte(good))
	}
	for _, change := range [][2]string{{`"text"`, `"rich"`}, {`"seq":1`, `"seq":9007199254740991`}, {`"rev":1`, `"rev":2`}, {`"at":`, `"at":-`}, {`"insert":"é`, `"insert":"\ud83d`}, {`"end"`, `"name"`}, {`"tags":[]`, `"tags":["a","a"]`}} {
		f.Add(byte(7), []byte(strings.Replace(archive, change[0], change[1], 1)))
	}
	f.Fuzz(func(t *testing.T, way byte, body []byte) {
		s.on(t)
		r := imports[int(way)%len(imports)]
		w := s.ask("POST", r.path, r.media, string(body))
		if n := s.documents(); w.Code >= 500 || w.Code >= 400 && n > 0 || w.Code == http.StatusCreated && n != 1 {
			t.Fatalf("status %d: %s, and there are %d documents", w.Code, w.Body, n)
		}
		var ids []string
		for info := range s.store.List() {
			ids = append(ids, info.ID)
		}
		for _, id := range ids {
			s.wantExported(id)
		}
		s.clear()
	})
}

// wantExported fails the test unless a document can be had in each form, and
// comes back from its archive as it was.
func (s *fuzzed) wantExported(id string) {
	s.t.Helper()
	for _, format := range []string{"txt", "md", "html", "delta"} {
		if w := s.ask("GET", "/documents/"+id+"/export?format="+format, "", ""); w.Code != http.StatusOK {
			s.t.Fatalf("as %s: %d %s", format, w.Code, w.Body)
		}
	}
	was := s.ask("GET", "/documents/"+id+"/archive", "", "").Body.String()
	w := s.ask("POST", "/documents/archive?id=again", archiveMedia, was)
	if w.Code != http.StatusCreated {
		s.t.Fatalf("its archive is refused: %d %s\n%s", w.Code, w.Body, was)
	}
	is := s.ask("GET", "/documents/again/archive", "", "").Body.String()
	if _, records, _ := strings.Cut(was, "\n"); !strings.HasSuffix(is, "\n"+records) {
		s.t.Fatalf("its archive comes back as\n%s\nwas\n%s", is, was)
	}
	var before, after map[string]any
	for line, into := range map[string]*map[string]any{was: &before, is: &after} {
		if err := json.NewDecoder(strings.NewReader(line)).Decode(into); err != nil {
			s.t.Fatal(err)
		}
		delete(*into, "id")
		delete(*into, "epoch")
	}
	if fmt.Sprint(before) != fmt.Sprint(after) {
		s.t.Fatalf("its archive begins with %v, and began with %v", after, before)
	}
	s.hub.Expel("again", &session.Close{Code: session.CodeDone})
	if err := s.store.Delete("again"); err != nil {
		s.t.Fatal(err)
	}
}

// lists are those that page by a cursor.
var lists = []string{
	"/documents?", "/documents?sort=title", "/documents?sort=created", "/documents?q=a", "/inventory?sort=size",
	"/documents/d1/revisions?", "/documents/d1/versions?", "/documents/d1/records?", "/documents/d1/chat?", "/audit?",
}

// FuzzCursor continues lists from anywhere: either that is no cursor, or the
// pages from there come to an end, and give nothing twice.
func FuzzCursor(f *testing.F) {
	s := newFuzzed(f)
	var history []logged
	for range 5 {
		history = append(history, logged{"u", "c", 0, `[{"insert":"x"}]`})
	}
	for range 5 {
		id := s.another(false, history...)
		for rev := range int64(5) {
			if err := s.store.SaveVersion(id, "e1", store.Version{Rev: rev, Name: "v"}); err != nil {
				f.Fatal(err)
			}
		}
	}
	for range 3 {
		s.ask("POST", "/documents/d1/chat", "application/json", `{"text":"hello"}`)
	}
	s.indexed()
	for i, list := range lists {
		for _, cursor := range []string{"", "1", "-1", "9223372036854775807", "9223372036854775808", "eyJ9", "bnVsbA", "e30"} {
			f.Add(byte(i), cursor)
		}
		var page struct{ Next string }
		if err := json.Unmarshal(s.ask("GET", list+"&limit=2", "", "").Body.Bytes(), &page); err != nil {
			f.Fatal(list, err)
		}
		f.Add(byte(i), page.Next)
	}
	f.Fuzz(func(t *testing.T, which byte, cursor string) {
		s.on(t)
		list := lists[int(which)%len(lists)]
		parameter := "&cursor="
		switch {
		case strings.Contains(list, "/records"):
			parameter = "&after="
		case strings.Contains(list, "/chat"):
			parameter = "&before="
		}
		seen := map[string]bool{}
		for pages, next := 0, cursor; ; pages++ {
			w := s.ask("GET", list+"&limit=2"+parameter+url.QueryEscape(next), "", "")
			if pages == 0 && w.Code == http.StatusBadRequest {
				return // the contract has seen how it is said
			}
			var page struct {
				Items []json.RawMessage
				Next  string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK || len(page.Items) > 2 {
				t.Fatalf("page %d from %q: %d %s", pages, next, w.Code, w.Body)
			}
			for _, item := range page.Items {
				if seen[string(item)] {
					t.Fatalf("from %q, %s comes twice", cursor, item)
				}
				seen[string(item)] = true
			}
			if next = page.Next; next == "" {
				return
			}
			if pages > 50 {
				t.Fatalf("from %q it goes on for ever", cursor)
			}
		}
	})
}
