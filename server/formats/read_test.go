package formats

import (
	"strings"
	"testing"
	"time"

	"tutti/ot"
)

func TestImportHTML(t *testing.T) {
	for page, want := range map[string]string{
		``:                                 `[{"insert":"\n"}]`,
		`plain`:                            `[{"insert":"plain\n"}]`,
		"<p>a \n  b</p>\n<p> c </p>":       `[{"insert":"a b\nc\n"}]`,
		`<p>a<br>b</p><p><br></p><p>c</p>`: `[{"insert":"a\nb\n\nc\n"}]`,
		`<h2>T</h2><p>x <b>y</b> z</p>`:    `[{"insert":"T"},{"insert":"\n","attributes":{"header":2}},{"insert":"x "},{"insert":"y","attributes":{"bold":true}},{"insert":" z\n"}]`,
		`<ul><li>a<ol><li>b</li></ol></li><li><p>c</p><p>d</p></li></ul>`:                                 `[{"insert":"a"},{"insert":"\n","attributes":{"list":"bullet"}},{"insert":"b"},{"insert":"\n","attributes":{"indent":1,"list":"ordered"}},{"insert":"c"},{"insert":"\n","attributes":{"list":"bullet"}},{"insert":"d"},{"insert":"\n","attributes":{"indent":1}}]`,
		`<ul><li><input type="checkbox" checked> done</li></ul>`:                                          `[{"insert":"done"},{"insert":"\n","attributes":{"list":"checked"}}]`,
		"<pre><code class=\"language-go\">a\n  b\n</code></pre>":                                          `[{"insert":"a"},{"insert":"\n","attributes":{"code-block":"go"}},{"insert":"  b"},{"insert":"\n","attributes":{"code-block":"go"}}]`,
		`<ul><li><input type="checkbox"></li><li> </li><li><p></p></li><li><ul><li>a</li></ul></li></ul>`: `[{"insert":"\n","attributes":{"list":"unchecked"}},{"insert":"\n\n","attributes":{"list":"bullet"}},{"insert":"a"},{"insert":"\n","attributes":{"indent":1,"list":"bullet"}}]`,
		`<blockquote><p>q</p></blockquote>`:                                                               `[{"insert":"q"},{"insert":"\n","attributes":{"blockquote":true}}]`,
		`a<script>alert(1)</script><style>p{}</style>b`:                                                   `[{"insert":"ab\n"}]`,
		`<a href="javascript:alert(1)" onclick="x()">l</a>`:                                               `[{"insert":"l\n"}]`,
		"<a href=\"java\nscript:alert(1)\">l</a>":                                                         `[{"insert":"l\n"}]`,
		`<a href="https://x.example/?a=1&amp;b">l</a>`:                                                    `[{"insert":"l","attributes":{"link":"https://x.example/?a=1&b"}},{"insert":"\n"}]`,
		`<img src="javascript:x" alt="pic"><img src="/i.png" width="9">`:                                  `[{"insert":"pic"},{"insert":{"image":"/i.png"},"attributes":{"width":"9"}},{"insert":"\n"}]`,
		`<img src="data:image/svg+xml;base64,AAAA"><p onclick="x">p</p>`:                                  `[{"insert":"p\n"}]`,
		`<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>`:                                 `[{"insert":"a\tb\nc\n"}]`,
		`<p style="text-align:center;color:red">c</p>`:                                                    `[{"insert":"c"},{"insert":"\n","attributes":{"align":"center"}}]`,
		`<p><span style="white-space: pre-wrap">  a  </span></p>`:                                         `[{"insert":"  a  \n"}]`,
		`<p>a&#13;b</p>`: `[{"insert":"a b\n"}]`,
	} {
		got, err := ReadHTML([]byte(page))
		if err != nil || got.String() != want {
			t.Errorf("%s\ngives %v, %v\nwant  %s", page, got, err, want)
		}
	}
}

func TestImportMarkdown(t *testing.T) {
	for source, want := range map[string]string{
		"# T\n\nx *y* **z** ~~s~~ `c`\nnext": `[{"insert":"T"},{"insert":"\n","attributes":{"header":1}},{"insert":"x "},{"insert":"y","attributes":{"italic":true}},{"insert":" "},{"insert":"z","attributes":{"bold":true}},{"insert":" "},{"insert":"s","attributes":{"strike":true}},{"insert":" "},{"insert":"c","attributes":{"code":true}},{"insert":" next\n"}]`,
		"- [ ] a\n- [x] b\n  1. c\n":         `[{"insert":"a"},{"insert":"\n","attributes":{"list":"unchecked"}},{"insert":"b"},{"insert":"\n","attributes":{"list":"checked"}},{"insert":"c"},{"insert":"\n","attributes":{"indent":1,"list":"ordered"}}]`,
		"- [ ]\n- [x] \n-\n":                 `[{"insert":"\n","attributes":{"list":"unchecked"}},{"insert":"\n","attributes":{"list":"checked"}},{"insert":"\n","attributes":{"list":"bullet"}}]`,
		"> q\n\n```go\nf()\n```\n":           `[{"insert":"q"},{"insert":"\n","attributes":{"blockquote":true}},{"insert":"f()"},{"insert":"\n","attributes":{"code-block":"go"}}]`,
		"[l](<javascript:x>) ![p](/p.png)":   `[{"insert":"l "},{"insert":{"image":"/p.png"},"attributes":{"alt":"p"}},{"insert":"\n"}]`,
		"<script>alert(1)</script>\n\na  b":  `[{"insert":"a  b\n"}]`,
		"|a|b|\n|-|-|\n|c|d|\n":              `[{"insert":"a\tb\nc\td\n"}]`,
	} {
		got, err := ReadMarkdown([]byte(source))
		if err != nil || got.String() != want {
			t.Errorf("%s\ngives %v, %v\nwant  %s", source, got, err, want)
		}
	}
}

// TestImportIsBounded feeds the parsers what they are slow on.
func TestImportIsBounded(t *testing.T) {
	const times = 40_000
	for _, piece := range []string{
		">", "> ", "- ", "*a _a ", "**a", "[", "[a](", "[a](b (", "![[]()", "`a``", "<b>", "<div>", "<a href=", "<!--", "<?",
		"&", "~a", "|", "[a]: /b\n", "> [a]:\n> /b\n", "<table><tr><td>",
	} {
		began := time.Now()
		page := []byte(strings.Repeat(piece, times))
		for _, read := range []func([]byte) (ot.Delta, error){ReadMarkdown, ReadHTML} {
			if content, err := read(page); err == nil && content.CheckKind(ot.Rich, 1) != nil && !strings.HasSuffix(content[len(content)-1].Text(), "\n") {
				t.Errorf("%q: no content of a rich document", piece)
			}
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%q: %v", piece, took)
		}
	}
}
