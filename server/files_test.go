package server_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
)

func init() {
	for _, media := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.FileBodyDecoder)
	}
}

// dot is a PNG of one colour.
func dot(width, height int, shade uint8) string {
	var b bytes.Buffer
	m := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Gray{shade}})
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.String()
}

// shown is an image as REST answers it.
type shown struct {
	Name, URL, Type string
	Size            int64
	Width, Height   int
}

func (s *rest) upload(id, body string) shown {
	s.t.Helper()
	var f shown
	a := s.call("POST", "/documents/"+id+"/files", body, "Content-Type", "image/png").ok()
	if a.into(&f); a.status != 201 || a.header.Get("Location") != f.URL {
		s.t.Errorf("%d, %s of %+v", a.status, a.header.Get("Location"), f)
	}
	return f
}

func (s *rest) files(id string) (all []shown) {
	s.t.Helper()
	var page struct{ Items []shown }
	if s.call("GET", "/documents/"+id+"/files", "").ok().into(&page); page.Items == nil {
		s.t.Error("items is no list")
	}
	return page.Items
}

// address is one of REST without what call puts before it.
func address(url string) string { return strings.TrimPrefix(url, "/api/v1") }

func TestAnImageIsKeptServedAndRemoved(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "rich", "")
		if len(s.files("d")) != 0 {
			s.t.Error("a new document has files")
		}
		body := dot(7, 5, 9)
		f := s.upload("d", body)
		if f.URL != "/api/v1/documents/d/files/"+f.Name || f.Type != "image/png" || f.Size != int64(len(body)) || f.Width != 7 || f.Height != 5 {
			s.t.Errorf("%+v", f)
		}
		if again := s.upload("d", body); again != f {
			s.t.Errorf("again it is %+v", again)
		}
		if all := s.files("d"); len(all) != 1 || all[0] != f {
			s.t.Errorf("there are %+v", all)
		}
		got := s.call("GET", address(f.URL), "").ok()
		if string(got.body) != body {
			s.t.Error("other bytes")
		}
		for header, want := range map[string]string{
			"Content-Type": "image/png", "Content-Disposition": "inline", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox",
			"Cache-Control": "private, max-age=31536000, immutable", "ETag": `"` + f.Name + `"`, "Accept-Ranges": "bytes", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.header.Get(header) != want {
				s.t.Errorf("%s: %q, want %q", header, got.header.Get(header), want)
			}
		}
		s.call("DELETE", address(f.URL), "").ok()
		s.call("DELETE", address(f.URL), "").refused(404, "not_found")
		s.call("GET", address(f.URL), "").refused(404, "not_found")
	})
}

func TestAnImageCanBeAskedForInPartsAndAgain(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", "")
	body := dot(7, 5, 9)
	f := s.upload("d", body)
	url, tag := address(f.URL), `"`+f.Name+`"`
	if a := s.call("HEAD", url, ""); a.status != 200 || len(a.body) > 0 || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("HEAD: %d %q", a.status, a.body)
	}
	if a := s.call("GET", url, "", "Range", "bytes=2-5"); a.status != 206 || string(a.body) != body[2:6] {
		t.Errorf("a range: %d %q", a.status, a.body)
	}
	if a := s.call("GET", url, "", "If-None-Match", tag); a.status != 304 || len(a.body) > 0 {
		t.Errorf("again: %d %q", a.status, a.body)
	}
	s.call("GET", url, "", "Range", "bytes=99999-").refused(416, "range_invalid")
	s.call("GET", url, "", "If-Match", `"x"`).refused(412, "precondition_failed")
}

func TestUploadsThatAreRefused(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", "")
	svg := `<svg xmlns="http://www.w3.org/2000/svg"/>`
	for _, c := range []struct{ media, body string }{
		{"image/svg+xml", svg}, {"image/png", svg}, {"image/jpeg", dot(1, 1, 0)}, {"text/html", "<b>"}, {"application/json", "{}"}, {"image/png", "\x89PNG"}, {"%%", dot(1, 1, 0)},
	} {
		s.call("POST", "/documents/d/files", c.body, "Content-Type", c.media).refused(415, "unsupported_media_type")
	}
	s.call("POST", "/documents/d/files", "").refused(415, "unsupported_media_type")
	s.call("POST", "/documents/d/files", dot(1, 1, 0)+strings.Repeat("x", 10<<20), "Content-Type", "image/png").refused(413, "too_large")
	s.call("POST", "/documents/d/files", dot(20_000, 1, 0), "Content-Type", "image/png").refused(413, "too_large")
	s.call("POST", "/documents/nowhere/files", dot(1, 1, 0), "Content-Type", "image/png").refused(404, "document_not_found")
	for _, name := range []string{"x", "..", "..%2Fd", "%2e%2e%2f%2e%2e%2ftutti.db", strings.Repeat("0", 32) + ".png"} {
		s.call("GET", "/documents/d/files/"+name, "").refused(404, "not_found")
	}
	if len(s.files("d")) != 0 {
		t.Error("something was kept")
	}
}

func TestFilesGoWithTheirDocument(t *testing.T) {
	s := inMemory(t)
	for _, end := range []func(){
		func() { s.call("DELETE", "/documents/d?permanent=true", "").ok() },
		func() { s.call("DELETE", "/trash", "").ok() },
	} {
		s.create("d", "rich", "")
		f := s.upload("d", dot(1, 1, 0))
		s.call("DELETE", "/documents/d", "").ok()
		s.call("GET", address(f.URL), "").refused(410, "document_deleted")
		s.call("POST", "/documents/d/restore", "").ok()
		s.call("GET", address(f.URL), "").ok()
		s.call("DELETE", "/documents/d", "").ok()
		end()
		s.create("d", "rich", "")
		s.call("GET", address(f.URL), "").refused(404, "not_found")
		if len(s.files("d")) != 0 {
			t.Error("the files are still there")
		}
		s.call("DELETE", "/documents/d?permanent=true", "").ok()
	}
}

func TestADuplicateHasImagesOfItsOwn(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", "")
	one, two, unused := s.upload("d", dot(1, 1, 1)), s.upload("d", dot(1, 1, 2)), s.upload("d", dot(1, 1, 3))
	foreign := "https://elsewhere.example" + two.URL
	s.put("d", delta, `[{"insert":{"image":"`+one.URL+`"},"attributes":{"link":"`+two.URL+`"}},{"insert":{"image":"`+foreign+`"}},{"insert":"see `+one.URL+`\n"}]`).ok()
	s.call("POST", "/documents/d/duplicate", `{"id":"e","title":"Copy","tags":["x"]}`).ok()
	e := strings.NewReplacer("/d/", "/e/")
	want := `[{"insert":{"image":"` + e.Replace(one.URL) + `"},"attributes":{"link":"` + e.Replace(two.URL) + `"}},{"insert":{"image":"` + foreign + `"}},{"insert":"see ` + e.Replace(one.URL) + `\n"}]`
	if got := s.content("e"); got != want {
		t.Errorf("the copy is %s, want %s", got, want)
	}
	if all := s.files("e"); len(all) != 2 {
		t.Errorf("the copy has %+v, and not %s", all, unused.Name)
	}
	s.call("DELETE", "/documents/d?permanent=true", "").ok()
	if got := s.call("GET", address(e.Replace(one.URL)), "").ok(); string(got.body) != dot(1, 1, 1) {
		t.Error("other bytes")
	}
	s.call("POST", "/documents/e/duplicate", `{"id":"e"}`).refused(409, "document_exists")
}

func TestATemplateIsDuplicatedWithoutItsTag(t *testing.T) {
	s := inMemory(t)
	s.call("POST", "/documents", `{"id":"d","title":"Minutes","tags":["template","team"],"content":"# Minutes"}`).ok()
	for body, want := range map[string]string{
		`{"title":"Minutes of Monday","tags":["team"]}`: "Minutes of Monday [team]",
		`{"tags":[]}`: "Minutes (copy) []",
		``:            "Minutes (copy) [team template]",
	} {
		var made struct {
			Title string
			Tags  []string
		}
		s.call("POST", "/documents/d/duplicate", body).ok().into(&made)
		if got := made.Title + " [" + strings.Join(made.Tags, " ") + "]"; got != want {
			t.Errorf("%s makes %s, want %s", body, got, want)
		}
	}
	s.call("POST", "/documents/d/duplicate", `{"tags":"team"}`).refused(400, "bad_parameter")
}

// TestImagesOfTheServerSurviveImportAndExport: their addresses have no scheme
// and no host.
func TestImagesOfTheServerSurviveImportAndExport(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", "")
	f := s.upload("d", dot(1, 1, 1))
	want := `{"insert":{"image":"` + f.URL + `"}`
	for id, c := range map[string]struct{ media, body string }{
		"html": {"text/html", `<p>a <img src="` + f.URL + `" onerror="alert(1)"> b</p>`},
		"md":   {"text/markdown", "a ![](" + f.URL + ") b\n"},
	} {
		s.call("POST", "/documents/import?kind=rich&id="+id, c.body, "Content-Type", c.media).ok()
		if got := s.content(id); !strings.Contains(got, want) {
			t.Errorf("%s becomes %s", c.body, got)
		}
		for _, format := range []string{"html", "md"} {
			if got := s.call("GET", "/documents/"+id+"/export?format="+format, "").ok(); !strings.Contains(string(got.body), f.URL) {
				t.Errorf("as %s it is %s", format, got.body)
			}
		}
	}
}
