package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const deltaType = "application/vnd.quill.delta+json"

func TestContentComesAsAskedFor(t *testing.T) {
	turn(t)
	s := serve(t)
	text := s.create("Grüße 😀\nzwei")
	rich := s.create("abc\n", object{"kind": "rich"})
	r := s.join(t, rich.ID)
	r.op(1, 0, `[{"retain":1,"attributes":{"bold":true}},{"insert":{"image":"x"}}]`)
	r.acknowledged(1)

	for _, c := range []struct{ id, accept, kind, body string }{
		{text.ID, "", "text/plain", "Grüße 😀\nzwei"},
		{text.ID, "*/*", "text/plain", "Grüße 😀\nzwei"},
		{text.ID, "text/*", "text/plain", "Grüße 😀\nzwei"},
		{text.ID, "text/plain", "text/plain", "Grüße 😀\nzwei"},
		{text.ID, "image/png, text/plain;q=0.1", "text/plain", "Grüße 😀\nzwei"},
		{text.ID, deltaType, deltaType, `[{"insert":"Grüße 😀\nzwei"}]`},
		{text.ID, "text/plain;q=0.2, " + deltaType, deltaType, `[{"insert":"Grüße 😀\nzwei"}]`},
		{rich.ID, "text/plain", "text/plain", "a\uFFFCbc\n"},
		{rich.ID, deltaType, deltaType, `[{"insert":"a","attributes":{"bold":true}},{"insert":{"image":"x"}},{"insert":"bc\n"}]`},
	} {
		var header []string
		if c.accept != "" {
			header = []string{"Accept", c.accept}
		}
		a := s.call("GET", api+"/documents/"+c.id+"/content", nil, header...)
		a.into(t, http.StatusOK, nil)
		if string(a.body) != c.body {
			t.Errorf("%q: %q, want %q", c.accept, a.body, c.body)
		}
		if got, _, _ := strings.Cut(a.header.Get("Content-Type"), ";"); got != c.kind {
			t.Errorf("%q: Content-Type %q, want %q", c.accept, got, c.kind)
		}
		if !strings.Contains(a.header.Get("Vary"), "Accept") {
			t.Errorf("%q: Vary %q", c.accept, a.header.Get("Vary"))
		}
	}
	s.problem(t, s.call("GET", api+"/documents/"+text.ID+"/content", nil, "Accept", "image/png"), 406, "not_acceptable")
	s.problem(t, s.call("GET", api+"/documents/"+text.ID+"/content", nil, "Accept", "text/plain;q=0"), 406, "not_acceptable")
}

func TestContentOfEveryRevisionStays(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("")
	r := s.join(t, doc.ID)
	want := ""
	for seq := int64(1); seq <= 60; seq++ {
		r.op(seq, seq-1, fmt.Sprintf(`[{"insert":"%d "}]`, seq))
		r.acknowledged(seq)
	}
	for round := range 2 {
		want = ""
		for rev := int64(0); rev <= 60; rev++ {
			if rev > 0 {
				want = fmt.Sprintf("%d ", rev) + want
			}
			if got := s.delta(doc.ID, rev).Text(); got != want {
				t.Fatalf("revision %d is %q, want %q", rev, got, want)
			}
		}
		if round == 0 {
			s.kill()
			s.start()
		}
	}
	path := api + "/documents/" + doc.ID + "/content?rev="
	s.problem(t, s.call("GET", path+"61", nil), 404, "revision_not_found")
	s.problem(t, s.call("GET", path+"-1", nil), 400, "bad_parameter")
	s.problem(t, s.call("GET", path+"1.0", nil), 400, "bad_parameter")
	s.problem(t, s.call("GET", path+"x", nil), 400, "bad_parameter")
}

func TestETagTellsRevisionAndRepresentation(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc")
	path := api + "/documents/" + doc.ID + "/content"
	get := func(path, accept string, header ...string) answer {
		return s.call("GET", path, nil, append([]string{"Accept", accept}, header...)...)
	}
	plain, delta := get(path, "text/plain"), get(path, deltaType)
	tag := plain.header.Get("ETag")
	if !strings.HasPrefix(tag, `"0.`+doc.Epoch) || !strings.HasSuffix(tag, `"`) {
		t.Errorf("ETag %q, want \"0.%s…\"", tag, doc.Epoch)
	}
	if tag == delta.header.Get("ETag") {
		t.Errorf("both representations have %q", tag)
	}
	for _, match := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		again := get(path, "text/plain", "If-None-Match", match)
		if again.status != http.StatusNotModified || len(again.body) != 0 || again.header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d %q ETag %q", match, again.status, again.body, again.header.Get("ETag"))
		}
	}
	for _, match := range []string{`"other"`, delta.header.Get("ETag")} {
		if again := get(path, "text/plain", "If-None-Match", match); again.status != http.StatusOK {
			t.Errorf("If-None-Match %s: %d", match, again.status)
		}
	}
	r := s.join(t, doc.ID)
	r.op(1, 0, `[{"insert":"x"}]`)
	r.acknowledged(1)
	after := get(path, "text/plain", "If-None-Match", tag)
	if after.status != http.StatusOK || string(after.body) != "xabc" || !strings.HasPrefix(after.header.Get("ETag"), `"1.`) {
		t.Errorf("after an edit: %d %q ETag %q", after.status, after.body, after.header.Get("ETag"))
	}
	if old := get(path+"?rev=0", "text/plain"); old.header.Get("ETag") != tag || string(old.body) != "abc" {
		t.Errorf("revision 0 again: %q ETag %q, was %q", old.body, old.header.Get("ETag"), tag)
	}
	if head := s.call("HEAD", path, nil, "Accept", "text/plain"); head.status == http.StatusOK && len(head.body) != 0 {
		t.Errorf("HEAD has a body: %q", head.body)
	}
}

func TestRecordsComeInPages(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("")
	r := s.join(t, doc.ID)
	const revisions = 230
	for seq := int64(1); seq <= revisions; seq++ {
		r.op(seq, seq-1, `[{"insert":"x"}]`)
		r.acknowledged(seq)
	}
	page := func(query string) (revs []int64) {
		t.Helper()
		var p struct {
			Items []struct {
				Rev int64  `json:"rev"`
				Op  object `json:"-"`
			} `json:"items"`
		}
		s.call("GET", api+"/documents/"+doc.ID+"/records"+query, nil).into(t, http.StatusOK, &p)
		for _, item := range p.Items {
			revs = append(revs, item.Rev)
		}
		return revs
	}
	for query, want := range map[string]struct{ first, count int64 }{
		"":                      {1, 100},
		"?after=0":              {1, 100},
		"?after=150":            {151, 80},
		"?after=10&limit=7":     {11, 7},
		"?limit=5000":           {1, revisions},
		"?after=229&limit=1000": {230, 1},
		"?after=230":            {0, 0},
		"?after=99999":          {0, 0},
	} {
		got := page(query)
		if int64(len(got)) != want.count || want.count > 0 && (got[0] != want.first || got[want.count-1] != want.first+want.count-1) {
			t.Errorf("%q gives %v, want %d from %d on", query, got, want.count, want.first)
		}
	}
	if a := s.call("GET", api+"/documents/"+doc.ID+"/records?after=99999", nil); !strings.Contains(string(a.body), `"items":[]`) {
		t.Errorf("no items are spelt %s, want []", a.body)
	}
	for _, query := range []string{"?after=x", "?limit=x", "?after=1e2"} {
		s.problem(t, s.call("GET", api+"/documents/"+doc.ID+"/records"+query, nil), 400, "bad_parameter")
	}
}
