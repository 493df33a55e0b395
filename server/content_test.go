package server_test

import (
	"net/http"
	"strings"
	"testing"
)

const deltaType = "application/vnd.quill.delta+json"

func TestContentIsShownAsAsked(t *testing.T) {
	s := newSite(t)
	plain := s.create(`{"content":"é😀\n"}`)
	rich := s.create(`{"kind":"rich","content":[{"insert":"a","attributes":{"bold":true}},{"insert":{"image":"x"}}]}`)
	const text, markdown = "text/plain; charset=utf-8", "text/markdown; charset=utf-8"
	for _, test := range []struct{ id, accept, media, body string }{
		{plain.ID, "", text, "é😀\n"},
		{plain.ID, "*/*", text, "é😀\n"},
		{plain.ID, "text/*", text, "é😀\n"},
		{plain.ID, "text/markdown", markdown, "é😀\n"},
		{plain.ID, "text/markdown;q=0.5, text/plain;q=0.4", markdown, "é😀\n"},
		{plain.ID, "text/plain;q=0, */*;q=0.1", markdown, "é😀\n"},
		{plain.ID, "image/png, */*;q=0.1", text, "é😀\n"},
		{plain.ID, "text/plain;charset=utf-8", text, "é😀\n"},
		{plain.ID, deltaType, deltaType, `[{"insert":"é😀\n"}]`},
		{plain.ID, "application/*", deltaType, `[{"insert":"é😀\n"}]`},
		{rich.ID, "", text, "a\uFFFC\n"},
		{rich.ID, deltaType, deltaType, `[{"insert":"a","attributes":{"bold":true}},{"insert":{"image":"x"}},{"insert":"\n"}]`},
	} {
		s.get(path(test.id, "/content"), "Accept", test.accept).want(http.StatusOK).
			wantHeader("Content-Type", test.media).wantHeader("Vary", "Accept").wantBody(test.body)
	}
	for _, accept := range []string{"image/png", "text/plain;q=0", "*/*;q=0", "nonsense", "text/plain;q=0, text/markdown;q=0.0, application/*;q=0"} {
		s.get(path(plain.ID, "/content"), "Accept", accept).wantProblem(http.StatusNotAcceptable, "not_acceptable").wantHeader("Vary", "Accept")
	}
	head := s.call("HEAD", path(plain.ID, "/content"), "").want(http.StatusOK).wantBody("").wantHeader("Content-Type", text)
	if head.header.Get("ETag") == "" {
		t.Error("HEAD gives no ETag")
	}
}

func TestETagsDifferByRevisionEpochAndRepresentation(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"id":"a","content":"abc"}`)
	seen := map[string]string{}
	look := func(what string) {
		t.Helper()
		for _, accept := range []string{"text/plain", "text/markdown", deltaType} {
			tag := s.get(path("a", "/content"), "Accept", accept).want(http.StatusOK).header.Get("ETag")
			if !strings.HasPrefix(tag, `"`) || !strings.HasSuffix(tag, `"`) {
				t.Errorf("the tag is %s", tag)
			}
			if before, ok := seen[tag]; ok {
				t.Errorf("%s as %s has the tag of %s", what, accept, before)
			}
			seen[tag] = what + " as " + accept
			s.get(path("a", "/content"), "Accept", accept, "If-None-Match", tag).want(http.StatusNotModified).wantBody("").
				wantHeader("ETag", tag).wantHeader("Vary", "Accept")
		}
	}
	look("at first")
	s.edit(d.ID, 1, 0, `[{"insert":"x"}]`)
	look("edited")
	s.call("DELETE", path("a", "?permanent=true"), "")
	s.create(`{"id":"a","content":"abc"}`)
	look("created again")
}

func TestIfNoneMatch(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"content":"abc"}`)
	tag := s.get(path(d.ID, "/content")).header.Get("ETag")
	for value, status := range map[string]int{
		tag: 304, "W/" + tag: 304, "*": 304, `"x", ` + tag: 304, tag + `,"x"`: 304,
		`"x"`: 200, "": 200, strings.Trim(tag, `"`): 200,
	} {
		s.get(path(d.ID, "/content"), "If-None-Match", value).want(status)
	}
}

func TestContentAtARevision(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"content":"abc"}`)
	s.edit(d.ID, 1, 0, `[{"insert":"1"}]`)
	s.edit(d.ID, 2, 1, `[{"delete":1},{"insert":"2"}]`)
	for rev, text := range map[string]string{"0": "abc", "1": "1abc", "2": "2abc", "": "2abc"} {
		a := s.get(path(d.ID, "/content?rev=", rev)).want(http.StatusOK).wantBody(text)
		if tag := a.header.Get("ETag"); rev != "" && !strings.HasPrefix(tag, `"`+rev+".") {
			t.Errorf("revision %s has the tag %s", rev, tag)
		}
	}
	s.get(path(d.ID, "/content?rev=3")).wantProblem(http.StatusNotFound, "revision_not_found")
	s.get(path(d.ID, "/content?rev=9007199254740993")).wantProblem(http.StatusNotFound, "revision_not_found")
	for _, rev := range []string{"-1", "x", "1.0", "0x1", "99999999999999999999"} {
		s.get(path(d.ID, "/content?rev=", rev)).wantProblem(http.StatusBadRequest, "bad_parameter")
	}
}

func TestContentIsReadWhileItIsBeingEdited(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	p := s.join(d.ID, "p")
	together(2, func(i int) {
		if i == 0 {
			for n := range 50 {
				p.say(`{"t":"op","seq":%d,"rev":%d,"op":[{"insert":"x"}]}`, n+1, n)
				p.want("records")
			}
			return
		}
		last := 0
		for range 50 {
			a := s.get(path(d.ID, "/content")).want(http.StatusOK)
			if n := len(a.body); n < last || !strings.HasPrefix(a.header.Get("ETag"), `"`+itoa(n)+".") {
				t.Errorf("%d units under the tag %s, after %d", n, a.header.Get("ETag"), last)
			}
			last = len(a.body)
		}
	})
}
