package server_test

import (
	"bytes"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
)

const rich = `[{"insert":"Title"},{"insert":"\n","attributes":{"header":1}},{"insert":"bold","attributes":{"bold":true}},{"insert":" and "},{"insert":"link","attributes":{"link":"https://x.example/"}},{"insert":"\ndone"},{"insert":"\n","attributes":{"list":"checked"}},{"insert":"deep"},{"insert":"\n","attributes":{"indent":1,"list":"ordered"}},{"insert":"f()"},{"insert":"\n","attributes":{"code-block":"go"}}]`

func TestContentByAccept(t *testing.T) {
	s := inMemory(t)
	s.create("r", "rich", rich)
	s.create("t", "text", "# Hi\n\n<script>alert(1)</script> & *x*\n")
	s.add(`{"id":"m","language":"markdown","content":"# Hi\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) *x*\n"}`)
	for _, c := range []struct{ id, accept, media, want string }{
		{"r", "text/html", "text/html; charset=utf-8", "<h1>Title</h1>\n<p><strong>bold</strong> and <a href=\"https://x.example/\" rel=\"noopener noreferrer\">link</a></p>\n" +
			"<ul><li><input type=\"checkbox\" checked disabled> done<ol><li>deep</li></ol></li></ul>\n<pre><code class=\"language-go\">f()\n</code></pre>\n"},
		{"r", "text/markdown", "text/markdown; charset=utf-8", "# Title\n\n**bold** and [link](<https://x.example/>)\n\n- [x] done\n  1. deep\n\n```go\nf()\n```\n"},
		{"r", "text/plain", "text/plain; charset=utf-8", "Title\nbold and link\ndone\ndeep\nf()\n"},
		{"r", "text/html;q=0.5, text/markdown;q=0.4, */*;q=0.1", "text/html; charset=utf-8", ""},
		{"r", "*/*", "text/plain; charset=utf-8", ""},
		{"r", "application/vnd.quill.delta+json", delta, rich},
		{"t", "text/html", "text/html; charset=utf-8", "<pre>\n# Hi\n\n&lt;script&gt;alert(1)&lt;/script&gt; &amp; *x*\n</pre>\n"},
		{"t", "text/markdown", "text/markdown; charset=utf-8", "# Hi\n\n<script>alert(1)</script> & *x*\n"},
		{"m", "text/html", "text/html; charset=utf-8", "<h1>Hi</h1>\n\n<p>x <em>x</em></p>\n"},
	} {
		a := s.call("GET", "/documents/"+c.id+"/content", "", "Accept", c.accept).ok()
		if a.header.Get("Content-Type") != c.media || c.want != "" && string(a.body) != c.want {
			t.Errorf("%s as %s: %s\n%s\nwant %s", c.id, c.accept, a.header.Get("Content-Type"), a.body, c.want)
		}
		if strings.HasPrefix(c.media, "text/html") && !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("HTML with %q", a.header.Get("Content-Security-Policy"))
		}
	}
	s.call("GET", "/documents/r/content", "", "Accept", "image/png").refused(406, "not_acceptable")
	tags := map[string]bool{}
	for _, accept := range []string{"text/plain", "text/markdown", "text/html", delta} {
		tags[s.call("GET", "/documents/r/content", "", "Accept", accept).ok().header.Get("ETag")] = true
	}
	if len(tags) != 4 {
		t.Errorf("ETags %v", tags)
	}
}

// What is read, written back and read again is the same, and a PUT of what GET
// gave changes nothing.
func TestWrittenBackChangesNothing(t *testing.T) {
	s := inMemory(t)
	s.create("r", "rich", rich)
	for _, media := range []string{"text/markdown", "text/html", delta} {
		content := s.call("GET", "/documents/r/content", "", "Accept", media).ok()
		s.put("r", media, string(content.body), "If-Match", content.header.Get("ETag")).wrote(0, "[]")
	}
}

func TestExport(t *testing.T) {
	s := inMemory(t)
	s.add(`{"id":"r","kind":"rich","title":"Plan: 50% <b>/ü","content":` + rich + `}`)
	for format, extension := range map[string]string{"txt": ".txt", "md": ".md", "html": ".html", "delta": ".json"} {
		a := s.call("GET", "/documents/r/export?format="+format, "").ok()
		_, params, err := mime.ParseMediaType(a.header.Get("Content-Disposition"))
		if err != nil || params["filename"] != "Plan_ 50% _b__ü"+extension {
			t.Errorf("%s: %q, %v", format, a.header.Get("Content-Disposition"), err)
		}
		if format == "html" && !strings.Contains(string(a.body), "<title>Plan: 50% &lt;b&gt;/ü</title>") {
			t.Errorf("%s", a.body)
		}
		if format == "txt" {
			continue
		}
		var made struct{ ID, Title, Kind string }
		s.call("POST", "/documents/import?kind=rich", string(a.body), "Content-Type", a.header.Get("Content-Type"),
			"Content-Disposition", a.header.Get("Content-Disposition")).ok().into(&made)
		s.wantContent(made.ID, rich)
		if made.Title != "Plan_ 50% _b__ü" {
			t.Errorf("%s comes back as %q", format, made.Title)
		}
	}
	s.put("r", plain, "x").ok()
	if a := s.call("GET", "/documents/r/export?format=txt&rev=0", "").ok(); !strings.HasPrefix(string(a.body), "Title\n") {
		t.Errorf("%s", a.body)
	}
	s.call("GET", "/documents/r/export?format=pdf", "").refused(400, "bad_parameter")
	s.call("GET", "/documents/r/export", "").refused(400, "bad_parameter")
	s.call("GET", "/documents/r/export?format=txt&rev=9", "").refused(404, "revision_not_found")
	s.call("GET", "/documents/none/export?format=txt", "").refused(404, "document_not_found")
}

func TestImport(t *testing.T) {
	s := inMemory(t)
	for _, c := range []struct{ query, media, body, kind, text string }{
		{"", "text/plain", "\uFEFFa\r\nb", "text", "a\nb"},
		{"", "text/markdown; charset=utf-8", "# T", "text", "# T"},
		{"?kind=rich", "text/markdown", "# T", "rich", "T\n"},
		{"?kind=rich", "text/plain", "# T", "rich", "# T\n"},
		{"", "text/html", "<title>no</title><h1>T</h1><script>x</script>", "rich", "T\n"},
		{"", delta, `{"ops":[{"insert":"a"}]}`, "rich", "a\n"},
		{"?kind=text", delta, `[{"insert":"a"}]`, "text", "a"},
	} {
		var made struct{ ID, Kind string }
		s.call("POST", "/documents/import"+c.query, c.body, "Content-Type", c.media).ok().into(&made)
		if got := s.text(made.ID); made.Kind != c.kind || got != c.text {
			t.Errorf("%s: %s %q", c.media, made.Kind, got)
		}
	}
	for _, c := range []struct {
		query, media, body string
		status             int
		code               string
	}{
		{"", "image/png", "x", 415, "unsupported_media_type"},
		{"", "text/plain; charset=latin1", "x", 415, "unsupported_media_type"},
		{"", "text/plain", "\xff", 400, "not_utf8"},
		{"?kind=text", "text/html", "<p>", 422, "field_invalid"},
		{"?kind=other", "text/html", "<p>", 400, "bad_parameter"},
		{"?id=-", "text/plain", "x", 422, "id_invalid"},
		{"?title=%07", "text/plain", "x", 422, "field_invalid"},
		{"?kind=text", delta, `[{"insert":"a","attributes":{"bold":true}}]`, 422, "not_in_text"},
		{"", delta, `[{"retain":1}]`, 422, "op_invalid"},
		{"", delta, `nonsense`, 400, "bad_json"},
		{"", "text/markdown", strings.Repeat(">", 9000), 422, "content_invalid"},
		{"", "multipart/form-data; boundary=x", "--x--", 400, "bad_parameter"},
		{"", "multipart/form-data", "x", 400, "bad_parameter"},
	} {
		query := c.query
		if c.media == "text/markdown" {
			query = "?kind=rich"
		}
		s.call("POST", "/documents/import"+query, c.body, "Content-Type", c.media).refused(c.status, c.code)
	}
	s.create("taken", "text", "")
	s.call("POST", "/documents/import?id=taken", "x", "Content-Type", "text/plain").refused(409, "document_exists")
}

func TestImportOfAForm(t *testing.T) {
	s := inMemory(t)
	form := func(name, media, content string) (string, string) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		_ = w.WriteField("comment", "passed over")
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}}
		if media != "" {
			h.Set("Content-Type", media)
		}
		part, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(content))
		w.Close()
		return body.String(), w.FormDataContentType()
	}
	for name, want := range map[string][2]string{
		"notes.md":       {"notes", "# a"},
		"Page.HTML":      {"Page", "# a\n"},
		"my.file.txt":    {"my.file", "# a"},
		"README":         {"README", "# a"},
		"two words.json": {"", ""},
	} {
		content := "# a"
		if want[1] == "" {
			content = "no delta"
		}
		body, media := form(name, "text/plain", content)
		a := s.call("POST", "/documents/import", body, "Content-Type", media)
		if want[1] == "" {
			a.refused(400, "bad_json")
			continue
		}
		var made struct{ ID, Title string }
		a.ok().into(&made)
		if got := s.text(made.ID); made.Title != want[0] || got != want[1] {
			t.Errorf("%s: %q %q", name, made.Title, got)
		}
	}
	body, media := form("a.png", "image/png", "x")
	s.call("POST", "/documents/import", body, "Content-Type", media).refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	body, media = form("a.txt", "", "\xff")
	s.call("POST", "/documents/import", body, "Content-Type", media).refused(400, "not_utf8")
}

// HTML that wants to run something becomes harmless, in and out.
func TestHTMLIsSafe(t *testing.T) {
	s := inMemory(t)
	for _, page := range []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<a href="javascript:alert(1)">x</a>`, `<a href=" java&#10;script:alert(1)">x</a>`,
		`<a href="JaVaScRiPt&colon;alert(1)">x</a>`, `<svg onload=alert(1)>`, `<iframe src="javascript:alert(1)"></iframe>`, `<p style="background:url(javascript:alert(1))">x</p>`,
		`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`, `<img src="data:text/html,<script>alert(1)</script>">`, `<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>`,
		`<p style="color:red;background-color:expression(alert(1))">x</p>`, `<pre><code class="language-x&quot; onload=&quot;alert(1)">x</code></pre>`, `<a href="vbscript:x">x</a>`,
	} {
		var made struct{ ID string }
		s.call("POST", "/documents/import", page, "Content-Type", "text/html").ok().into(&made)
		out := string(s.call("GET", "/documents/"+made.ID+"/content", "", "Accept", "text/html").ok().body)
		wantHarmless(t, page, out)
	}
	// A delta comes as it is: what can't be shown safely is left out.
	s.create("d", "rich", `[{"insert":"x","attributes":{"link":"javascript:alert(1)","color":"red;background:url(x)","size":"a\" onload=\"alert(1)"}},{"insert":{"image":"javascript:alert(1)"},"attributes":{"alt":"\" onerror=\"alert(1)"}},{"insert":{"video":"javascript:alert(1)"}},{"insert":{"html":"<script>alert(1)</script>"}},{"insert":"\n","attributes":{"code-block":"x\" onload=\"alert(1)","align":"x\" onload=\"alert(1)"}}]`)
	wantHarmless(t, "the delta", string(s.call("GET", "/documents/d/content", "", "Accept", "text/html").ok().body))
	wantHarmless(t, "the delta", string(s.call("GET", "/documents/d/content", "", "Accept", "text/markdown").ok().body))
}

func wantHarmless(t *testing.T, page, out string) {
	t.Helper()
	low := strings.ToLower(out)
	for _, bad := range []string{"<script", "onerror=", "onload=", "javascript:", "vbscript:", "<iframe", "<svg", "data:text", "url(", "expression("} {
		if strings.Contains(low, bad) {
			t.Errorf("%s comes out as %s", page, out)
		}
	}
}
