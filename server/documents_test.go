package server_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

var stamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

func TestCreateDocument(t *testing.T) {
	s := newSite(t)
	a := s.call("POST", api+"/documents", `{"id":"Notes_1-a","title":"Notes","language":"go","content":"é😀\nx"}`).want(http.StatusCreated)
	a.wantHeader("Location", path("Notes_1-a")).wantHeader("Content-Type", "application/json")
	d := a.document()
	if d.ID != "Notes_1-a" || d.Kind != "text" || d.Title != "Notes" || d.Language != "go" || d.Revision != 0 || d.Length != 5 || d.Role != "owner" {
		t.Errorf("created %+v", d)
	}
	if !stamp.MatchString(d.CreatedAt) || d.UpdatedAt != d.CreatedAt || d.TrashedAt != "" || d.Epoch == "" || d.CreatedBy.ID == "" || d.CreatedBy.Name == "" {
		t.Errorf("created %+v", d)
	}
	if got := s.get(path("Notes_1-a")).want(http.StatusOK).document(); got != d {
		t.Errorf("get gives %+v, created was %+v", got, d)
	}
}

func TestCreateNeedsNothing(t *testing.T) {
	s := newSite(t)
	d, other := s.create(`{}`), s.create(`{"unknown":[1]}`)
	if d.ID == other.ID || d.Epoch == other.Epoch || d.Kind != "text" || d.Length != 0 {
		t.Errorf("created %+v and %+v", d, other)
	}
	s.get(path(d.ID, "/content")).want(http.StatusOK).wantBody("")
}

func TestCreatedContentIsNormalised(t *testing.T) {
	s := newSite(t)
	for _, test := range []struct{ body, text string }{
		{`{"content":"a\r\nb\rc\r\r\n"}`, "a\nb\nc\n\n"},
		{`{"content":""}`, ""},
		{`{"content":"no newline"}`, "no newline"},
		{`{"kind":"rich"}`, "\n"},
		{`{"kind":"rich","content":""}`, "\n"},
		{`{"kind":"rich","content":"a"}`, "a\n"},
		{`{"kind":"rich","content":"a\r\n"}`, "a\n"},
		{`{"content":"a","kind":"rich"}`, "a\n"},
		{`{"kind":"rich","content":[]}`, "\n"},
		{`{"kind":"rich","content":[{"insert":"a","attributes":{"bold":true}}]}`, "a\n"},
		{`{"kind":"rich","content":{"ops":[{"insert":"a\n"}]}}`, "a\n"},
		{`{"kind":"rich","content":[{"insert":"a\n","attributes":{"h":1}}]}`, "a\n"},
		{`{"kind":"rich","content":[{"insert":"a\n"},{"insert":{"image":"x"}}]}`, "a\n\uFFFC\n"},
	} {
		d := s.create(test.body)
		s.get(path(d.ID, "/content"), "Accept", "text/plain").want(http.StatusOK).wantBody(test.text)
	}
}

func TestCreateRefuses(t *testing.T) {
	s := newSite(t)
	s.create(`{"id":"taken"}`)
	s.create(`{"id":"trashed"}`)
	s.call("DELETE", path("trashed"), "").want(http.StatusNoContent)
	for _, test := range []struct {
		body   string
		status int
		code   string
	}{
		{`{`, 400, "bad_json"},
		{`[]`, 400, "bad_json"},
		{`{"title":"\ud800"}`, 400, "bad_json"},
		{`{"content":"\udc00"}`, 400, "bad_json"},
		{`{"unknown":"\ud800"}`, 400, "bad_json"},
		{`{"\ud800":1}`, 400, "bad_json"},
		{"{\"title\":\"\xff\"}", 400, "not_utf8"},
		{`{"title":7}`, 400, "bad_parameter"},
		{`{"title":null}`, 400, "bad_parameter"},
		{`{"id":7}`, 400, "bad_parameter"},
		{`{"kind":7}`, 400, "bad_parameter"},
		{`{"content":7}`, 400, "bad_parameter"},
		{`{"content":null}`, 400, "bad_parameter"},
		{`{"content":[{"insert":"a"}]}`, 400, "bad_parameter"},
		{`{"kind":"rich","content":7}`, 400, "bad_parameter"},
		{`{"kind":"rich","content":{"ops":7}}`, 400, "bad_parameter"},
		{`{"kind":"rich","content":{}}`, 400, "bad_parameter"},
		{`{"kind":"html"}`, 422, "field_invalid"},
		{`{"title":"a\u0007"}`, 422, "field_invalid"},
		{`{"title":"a\nb"}`, 422, "field_invalid"},
		{`{"title":"` + strings.Repeat("😀", 257) + `"}`, 422, "field_invalid"},
		{`{"language":"` + strings.Repeat("a", 65) + `"}`, 422, "field_invalid"},
		{`{"id":""}`, 422, "id_invalid"},
		{`{"id":"-a"}`, 422, "id_invalid"},
		{`{"id":"a b"}`, 422, "id_invalid"},
		{`{"id":"a\n"}`, 422, "id_invalid"},
		{`{"id":"é"}`, 422, "id_invalid"},
		{`{"id":"` + strings.Repeat("a", 65) + `"}`, 422, "id_invalid"},
		{`{"id":"taken"}`, 409, "document_exists"},
		{`{"id":"trashed"}`, 409, "document_exists"},
		{`{"kind":"rich","content":[{"insert":""}]}`, 422, "op_invalid"},
		{`{"kind":"rich","content":[{"retain":1}]}`, 422, "op_invalid"},
		{`{"kind":"rich","content":[{"delete":1}]}`, 422, "op_invalid"},
		{`{"kind":"rich","content":[{"insert":"\ud800"}]}`, 422, "surrogate"},
		{`{"kind":"rich","content":[{"insert":"a","attributes":{}}]}`, 422, "attributes_invalid"},
		{`{"kind":"rich","content":[{"insert":{}}]}`, 422, "embed_invalid"},
		{`{"kind":"rich","content":[{"insert":"a\rb\n"}]}`, 422, "carriage_return"},
	} {
		s.call("POST", api+"/documents", test.body).wantProblem(test.status, test.code)
	}
}

func TestPatchChangesTitleAndLanguage(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"title":"a","language":"go"}`)
	time.Sleep(2 * time.Millisecond)
	got := s.call("PATCH", path(d.ID), `{"title":"b"}`).want(http.StatusOK).document()
	if got.Title != "b" || got.Language != "go" || got.UpdatedAt <= d.UpdatedAt || got.CreatedAt != d.CreatedAt || got.Epoch != d.Epoch {
		t.Errorf("patched to %+v", got)
	}
	same := s.call("PATCH", path(d.ID), `{"title":"b","language":"go"}`).want(http.StatusOK).document()
	if same.UpdatedAt != got.UpdatedAt {
		t.Error("a patch that changes nothing moves updatedAt")
	}
	s.call("PATCH", path(d.ID), `{}`).want(http.StatusOK)
	got = s.call("PATCH", path(d.ID), `{"title":null,"language":null}`, "Content-Type", "application/merge-patch+json; charset=utf-8").want(http.StatusOK).document()
	if got.Title != "" || got.Language != "" {
		t.Errorf("null leaves %+v", got)
	}
}

func TestPatchRefuses(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"title":"a"}`)
	for _, test := range []struct {
		body   string
		status int
		code   string
	}{
		{`{"title":"b","kind":"rich"}`, 422, "field_invalid"},
		{`{"id":"x"}`, 422, "field_invalid"},
		{`{"revision":7}`, 422, "field_invalid"},
		{`{"title":"\u0000"}`, 422, "field_invalid"},
		{`{"title":7}`, 400, "bad_parameter"},
		{`{"title":"b"`, 400, "bad_json"},
		{`{"title":"\ud83d"}`, 400, "bad_json"},
		{`"b"`, 400, "bad_json"},
	} {
		s.call("PATCH", path(d.ID), test.body).wantProblem(test.status, test.code)
	}
	if got := s.get(path(d.ID)).document(); got != d {
		t.Errorf("and yet it is %+v", got)
	}
}

func TestTrashAndRestore(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"content":"abc"}`)
	s.edit(d.ID, 1, 0, `[{"insert":"x"}]`)
	s.call("DELETE", path(d.ID), "").want(http.StatusNoContent).wantBody("")
	s.call("DELETE", path(d.ID), "").want(http.StatusNoContent)
	s.get(path(d.ID)).wantProblem(http.StatusGone, "document_deleted")
	s.get(path(d.ID, "/content")).wantProblem(http.StatusGone, "document_deleted")
	s.get(path(d.ID, "/records")).wantProblem(http.StatusGone, "document_deleted")
	s.call("PATCH", path(d.ID), `{"title":"x"}`).wantProblem(http.StatusGone, "document_deleted")
	got := s.call("POST", path(d.ID, "/restore"), "").want(http.StatusOK).document()
	if got.Epoch != d.Epoch || got.Revision != 1 || got.TrashedAt != "" {
		t.Errorf("restored %+v", got)
	}
	s.call("POST", path(d.ID, "/restore"), "").want(http.StatusOK)
	s.get(path(d.ID, "/content")).want(http.StatusOK).wantBody("xabc")
}

func TestDeletedForGoodTheIdIsFreeForAnotherHistory(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"id":"a","content":"abc"}`)
	s.edit(d.ID, 1, 0, `[{"insert":"x"}]`)
	s.call("DELETE", path("a", "?permanent=true"), "").want(http.StatusNoContent)
	s.get(path("a")).wantProblem(http.StatusNotFound, "document_not_found")
	s.call("POST", path("a", "/restore"), "").wantProblem(http.StatusNotFound, "document_not_found")
	s.call("DELETE", path("a"), "").wantProblem(http.StatusNotFound, "document_not_found")
	again := s.create(`{"id":"a"}`)
	if again.Epoch == d.Epoch || again.Revision != 0 {
		t.Errorf("created again: %+v", again)
	}
	s.call("DELETE", path("a", "?permanent=false"), "").want(http.StatusNoContent)
	s.call("DELETE", path("a", "?permanent=true"), "").want(http.StatusNoContent)
	s.create(`{"id":"a"}`)
}

func TestRestoringTheSameIdHundredTimesAtOnce(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"content":"abc"}`)
	together(8, func(i int) {
		for range 10 {
			if i%2 == 0 {
				s.call("DELETE", path(d.ID), "").want(http.StatusNoContent)
			} else {
				s.call("POST", path(d.ID, "/restore"), "").want(http.StatusOK)
			}
		}
	})
	s.call("POST", path(d.ID, "/restore"), "").want(http.StatusOK)
	s.edit(d.ID, 1, 0, `[]`)
}
