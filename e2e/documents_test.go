package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
)

func TestDocumentIsCreatedAsAsked(t *testing.T) {
	turn(t)
	s := serve(t)
	a := s.call("POST", api+"/documents", object{
		"id": "minutes_1", "title": "Minutes 📝", "kind": "text", "language": "markdown", "content": "# Grüße\r\n😀\rend",
	})
	var doc resource
	a.into(t, http.StatusCreated, &doc)
	if got := a.header.Get("Location"); got != api+"/documents/minutes_1" {
		t.Errorf("Location %q", got)
	}
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		t.Errorf("Content-Type %q", got)
	}
	if doc.ID != "minutes_1" || doc.Title != "Minutes 📝" || doc.Kind != "text" || doc.Language != "markdown" ||
		doc.Epoch == "" || doc.Revision != 0 || doc.Length != 14 || doc.CreatedBy.ID == "" || doc.Role == "" {
		t.Errorf("created %+v", doc)
	}
	for _, at := range []string{doc.CreatedAt, doc.UpdatedAt} {
		if parsed, err := time.Parse(time.RFC3339, at); err != nil || !strings.HasSuffix(at, "Z") || time.Since(parsed) > time.Hour {
			t.Errorf("time %q, %v", at, err)
		}
	}
	if got := s.resource("minutes_1"); got != doc {
		t.Errorf("GET says %+v, POST said %+v", got, doc)
	}
	// Every end of a line is a line feed.
	if got := s.text(doc.ID); got != "# Grüße\n😀\nend" {
		t.Errorf("content %q", got)
	}
}

func TestDocumentIsCreatedFromLittle(t *testing.T) {
	turn(t)
	s := serve(t)
	one, two := s.create(""), s.create("")
	id := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	if one.ID == two.ID || !id.MatchString(one.ID) || one.Kind != "text" || one.Length != 0 {
		t.Errorf("created %+v and %+v", one, two)
	}
	for name, c := range map[string]struct {
		content any
		want    string
	}{
		"nothing":             {nil, `[{"insert":"\n"}]`},
		"empty text":          {"", `[{"insert":"\n"}]`},
		"a line without end":  {"abc", `[{"insert":"abc\n"}]`},
		"a line":              {"abc\n", `[{"insert":"abc\n"}]`},
		"a delta":             {[]object{{"insert": "a", "attributes": object{"bold": true}}, {"insert": "\n"}}, `[{"insert":"a","attributes":{"bold":true}},{"insert":"\n"}]`},
		"a delta without end": {[]object{{"insert": object{"image": "x"}}}, `[{"insert":{"image":"x"}},{"insert":"\n"}]`},
		"a delta in ops":      {object{"ops": []object{{"insert": "x\n"}}}, `[{"insert":"x\n"}]`},
	} {
		t.Run("rich from "+name, func(t *testing.T) {
			body := object{"kind": "rich"}
			if c.content != nil {
				body["content"] = c.content
			}
			var doc resource
			s.call("POST", api+"/documents", body).into(t, http.StatusCreated, &doc)
			if got := spell(s.delta(doc.ID, 0)); got != c.want {
				t.Errorf("content %s, want %s", got, c.want)
			}
		})
	}
}

func TestMetadataIsPatched(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc", object{"title": "old"})
	path := api + "/documents/" + doc.ID
	var patched resource
	s.call("PATCH", path, `{"title":"new"}`, "Content-Type", "application/merge-patch+json").into(t, http.StatusOK, &patched)
	if patched.Title != "new" || patched.Revision != 0 || patched.UpdatedAt < doc.UpdatedAt {
		t.Errorf("patched to %+v", patched)
	}
	s.call("PATCH", path, object{"language": "go"}).into(t, http.StatusOK, &patched)
	if patched.Title != "new" || patched.Language != "go" || patched != s.resource(doc.ID) {
		t.Errorf("patched to %+v", patched)
	}
	s.call("PATCH", path, object{}).into(t, http.StatusOK, nil)
	for _, field := range []string{"id", "kind", "revision", "epoch", "content", "nonsense"} {
		s.problem(t, s.call("PATCH", path, object{"title": "x", field: "x"}), 422, "field_invalid")
	}
	s.problem(t, s.call("PATCH", path, object{"title": 5}), 400, "bad_parameter")
	if got := s.resource(doc.ID); got != patched {
		t.Errorf("what was refused changed %+v to %+v", patched, got)
	}
	s.stop()
	s.start()
	if got := s.resource(doc.ID); got != patched {
		t.Errorf("after a restart it is %+v, was %+v", got, patched)
	}
}

func TestTrashKeepsADocumentUntilItIsWantedOrDeletedForGood(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc", object{"id": "paper"})
	path := api + "/documents/paper"
	for range 2 { // 204 also when it is there already
		s.call("DELETE", path, nil).into(t, http.StatusNoContent, nil)
	}
	for _, call := range []string{"GET ", "PATCH ", "GET /content", "GET /records"} {
		method, rest, _ := strings.Cut(call, " ")
		var body any
		if method == "PATCH" {
			body = object{"title": "x"}
		}
		s.problem(t, s.call(method, path+rest, body), 410, "document_deleted")
	}
	s.problem(t, s.call("POST", api+"/documents", object{"id": "paper"}), 409, "document_exists")

	s.call("POST", path+"/restore", nil).into(t, http.StatusOK, nil)
	if got := s.resource("paper"); got.Epoch != doc.Epoch || s.text("paper") != "abc" {
		t.Errorf("restored %+v", got)
	}
	s.call("DELETE", path+"?permanent=true", nil).into(t, http.StatusNoContent, nil)
	s.problem(t, s.call("GET", path, nil), 404, "document_not_found")
	s.problem(t, s.call("POST", path+"/restore", nil), 404, "document_not_found")
	s.problem(t, s.call("DELETE", path, nil), 404, "document_not_found")
	if again := s.create("new", object{"id": "paper"}); again.Epoch == doc.Epoch || s.text("paper") != "new" {
		t.Errorf("created again %+v", again)
	}
	// From the trash it goes for good too.
	s.call("DELETE", path, nil).into(t, http.StatusNoContent, nil)
	s.call("DELETE", path+"?permanent=true", nil).into(t, http.StatusNoContent, nil)
	s.problem(t, s.call("GET", path, nil), 404, "document_not_found")
}

// list pages through all documents and returns their titles.
func (s *server) list(t *testing.T, query string, limit int) []string {
	t.Helper()
	titles := []string{}
	for cursor := ""; ; {
		var page struct {
			Items []resource `json:"items"`
			Next  string     `json:"next"`
		}
		path := fmt.Sprintf("%s/documents?limit=%d&%s&cursor=%s", api, limit, query, url.QueryEscape(cursor))
		s.call("GET", path, nil).into(t, http.StatusOK, &page)
		if len(page.Items) > limit {
			t.Fatalf("%d items on a page of %d", len(page.Items), limit)
		}
		for _, doc := range page.Items {
			titles = append(titles, doc.Title)
		}
		if page.Next == "" {
			return titles
		}
		cursor = page.Next
	}
}

func TestDocumentsAreListedInPages(t *testing.T) {
	turn(t)
	s := serve(t)
	if got := s.list(t, "", 10); len(got) != 0 {
		t.Errorf("an empty server lists %q", got)
	}
	var titles []string
	for i := range 11 {
		titles = append(titles, fmt.Sprintf("Paper %c", 'k'-i))
		s.create("", object{"title": titles[i], "id": fmt.Sprintf("d%d", i)})
	}
	same := func(what string, got, want []string) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	byTitle := append([]string{}, titles...)
	sort.Strings(byTitle)
	for _, limit := range []int{1, 3, 11, 100} {
		same("by title", s.list(t, "sort=title", limit), byTitle)
		if got := s.list(t, "sort=created", limit); len(got) != 11 {
			t.Errorf("by creation: %q", got)
		}
		if got := s.list(t, "", limit); len(got) != 11 {
			t.Errorf("by change: %q", got)
		}
	}
	// What is written is found a moment later.
	s.until("found", func() bool { return fmt.Sprint(s.list(t, "q=paper+c", 5)) == "[Paper c]" })
	s.call("DELETE", api+"/documents/d3", nil).into(t, http.StatusNoContent, nil)
	same("trash", s.list(t, "trashed=true", 5), []string{titles[3]})
	if got := s.list(t, "sort=title", 4); len(got) != 10 || strings.Contains(strings.Join(got, ";"), titles[3]) {
		t.Errorf("after one is trashed: %q", got)
	}
	r := s.join(t, "d7")
	r.op(1, 0, `[{"insert":"x"}]`)
	r.acknowledged(1)
	if got := s.list(t, "sort=updated", 3); got[0] != titles[7] {
		t.Errorf("the last one changed is not first in %q", got)
	}
	s.problem(t, s.call("GET", api+"/documents?sort=beauty", nil), 400, "bad_parameter")
	s.problem(t, s.call("GET", api+"/documents?limit=many", nil), 400, "bad_parameter")
	s.problem(t, s.call("GET", api+"/documents?cursor=%21", nil), 400, "bad_parameter")
}
