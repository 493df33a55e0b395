package formats

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"tutti/ot"
	"tutti/ot/scan"
)

// hostile are strings that mean harm where they are not kept in their place:
// in an address, an attribute, a declaration, between tags, between signs.
var hostile = []string{
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", " java\nscript:alert(1)", "\x01javascript:alert(1)", "java\tscript:alert(1)", "javascript&colon;alert(1)",
	"javascript&#58;alert(1)", "data:text/html,<script>alert(1)</script>", "data:image/svg+xml;base64,AAAA", "vbscript:x", "//evil.example/\"onload=\"x",
	`"><script>alert(1)</script>`, `' onmouseover='alert(1)`, "red;background:url(javascript:alert(1))", "expression(alert(1))", "<svg onload=alert(1)>",
	"<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>", "</code></pre><img src=x onerror=alert(1)>", "-->", "]]>", "<!--",
	"[x](javascript:alert(1))", "](javascript:alert(1))", "![x](javascript:alert(1))", "https://x.example/\n\n[x](javascript:alert(1))", "a\n\n<script>alert(1)</script>",
	"a\n\n    [x](javascript:alert(1))\n\n[x]: javascript:alert(1)\n", "<javascript:alert(1)>", "```\n<script>alert(1)</script>", "$x$", "ql-size-x\" onclick=\"x",
}

// hostileContent draws a content that holds such strings wherever a client
// could put them.
func hostileContent(t *rapid.T) ot.Delta {
	var b ot.Builder
	text := func(what string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(append([]string{"a", " ", "`", "*"}, hostile...)), 1, 2).Draw(t, what), "")
	}
	attributes := func(names ...string) (attr *ot.Attributes) {
		for _, name := range names {
			if rapid.IntRange(0, 3).Draw(t, "has "+name) == 0 {
				attr = attr.With(name, rapid.SampledFrom([]any{true, text(name), text(name)}).Draw(t, name))
			}
		}
		return attr
	}
	for range rapid.IntRange(1, 4).Draw(t, "lines") {
		for range rapid.IntRange(0, 3).Draw(t, "runs") {
			attr := attributes("link", "bold", "code", "color", "background", "font", "size", "script", "alt", "width", "height")
			if kind := rapid.SampledFrom([]string{"", "", "image", "video", "formula", "other"}).Draw(t, "embed"); kind != "" {
				b.InsertEmbed(`{"`+kind+`":`+string(scan.AppendString(nil, text(kind)))+`}`, attr)
			} else {
				b.Insert(strings.ReplaceAll(text("text"), "\n", "\v"), attr)
			}
		}
		attr := attributes("list", "header", "blockquote", "code-block", "align", "direction", "indent")
		if rapid.Bool().Draw(t, "item") {
			attr = attr.With("list", rapid.SampledFrom([]string{"bullet", "ordered", "checked"}).Draw(t, "kind"))
		}
		if rapid.Bool().Draw(t, "aligned") {
			attr = attr.With("align", "center")
		}
		b.Insert("\n", attr)
	}
	return b.Delta()
}

// Whatever a content holds, nothing of it runs in what is written of it; not
// even where a program shows our Markdown without making it safe.
func TestNothingRunsThatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := hostileContent(t)
		page := HTML(content)
		wantHarmless(t, "HTML", page)
		source := Markdown(content)
		shown, err := markdownHTML([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		wantHarmless(t, source, string(shown))
		if _, err := ReadMarkdown([]byte(source)); err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever stands in a page or in Markdown, nothing of it runs in what is read
// from it, or is rendered.
func TestNothingRunsThatIsRead(t *testing.T) {
	tags := []string{"a", "p", "img", "svg", "math", "style", "script", "iframe", "object", "form", "template", "noscript", "textarea", "title", "xmp", "table", "td", "li", "pre", "input", "base", "meta", "link", "mtext", "annotation-xml", "foreignObject"}
	rapid.Check(t, func(t *rapid.T) {
		var page strings.Builder
		for range rapid.IntRange(1, 8).Draw(t, "parts") {
			word := rapid.SampledFrom(hostile).Draw(t, "word")
			tag := rapid.SampledFrom(tags).Draw(t, "tag")
			switch rapid.IntRange(0, 3).Draw(t, "part") {
			case 0:
				page.WriteString(word)
			case 1:
				page.WriteString("<" + tag + " " + rapid.SampledFrom([]string{"href", "src", "onclick", "style", "xlink:href", "srcdoc", "action", "class"}).Draw(t, "attribute") + "='" + word + "'>")
			case 2:
				page.WriteString("<" + tag + ">")
			case 3:
				page.WriteString("</" + tag + ">")
			}
		}
		for _, read := range []func([]byte) (ot.Delta, error){ReadHTML, ReadMarkdown} {
			content, err := read([]byte(page.String()))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ot.NewDocument(content); err != nil || !strings.HasSuffix(content[len(content)-1].Text(), "\n") {
				t.Fatalf("%s\nis read as %s, %v", &page, content, err)
			}
			for _, op := range content {
				if link := stringOf(op.Attributes(), "link"); !safeLink(link) {
					t.Fatalf("%s\nis read as %s", &page, content)
				}
			}
			wantHarmless(t, page.String(), HTML(content))
		}
		shown, err := RenderMarkdown([]byte(page.String()))
		if err != nil {
			t.Fatal(err)
		}
		wantHarmless(t, page.String(), string(shown))
	})
}

// wantHarmless fails the test where a page has something in it that could run.
func wantHarmless(t *rapid.T, source, page string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "style", "iframe", "object", "embed", "form", "svg", "math", "base", "meta", "link", "template", "textarea":
			t.Fatalf("%s\nbecomes\n%s\nwith <%s>", source, page, n.Data)
		}
		for _, a := range n.Attr {
			bad := strings.HasPrefix(a.Key, "on") || a.Key == "style" && strings.ContainsAny(a.Val, ";(")
			switch a.Key {
			case "href":
				bad = !safeLink(a.Val)
			case "src":
				bad = !safeImage(a.Val)
			}
			if bad {
				t.Fatalf("%s\nbecomes\n%s\nwith %s=%q", source, page, a.Key, a.Val)
			}
		}
	}
}
