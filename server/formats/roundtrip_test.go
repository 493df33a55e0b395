package formats

import (
	"testing"

	"pgregory.net/rapid"

	"tutti/ot"
)

// richContent draws a content that both HTML and Markdown can say.
func richContent(t *rapid.T) ot.Delta {
	var b ot.Builder
	for range rapid.IntRange(1, 8).Draw(t, "lines") {
		attr := lineFormat(t)
		if _, code := attr.Get("code-block"); code {
			b.Insert(rapid.StringOfN(rapid.RuneFrom([]rune("a`~ \t<&*#\\")), 0, 8, -1).Draw(t, "code"), nil)
		} else {
			for range rapid.IntRange(0, 4).Draw(t, "runs") {
				drawRun(t, &b)
			}
		}
		b.Insert("\n", attr)
	}
	return b.Delta()
}

func lineFormat(t *rapid.T) *ot.Attributes {
	attr := (*ot.Attributes)(nil)
	switch rapid.SampledFrom([]string{"", "", "header", "list", "list", "blockquote", "code-block", "indent", "align"}).Draw(t, "block") {
	case "header":
		return ot.Attr("header", rapid.IntRange(1, 6).Draw(t, "header"))
	case "list":
		attr = ot.Attr("list", rapid.SampledFrom([]string{"bullet", "ordered", "checked", "unchecked"}).Draw(t, "list"))
		if n := rapid.IntRange(0, 3).Draw(t, "indent"); n > 0 {
			attr = attr.With("indent", n)
		}
		return attr
	case "blockquote":
		return ot.Attr("blockquote", true)
	case "code-block":
		return ot.Attr("code-block", rapid.SampledFrom([]any{true, "go", "c++"}).Draw(t, "language"))
	case "indent":
		return ot.Attr("indent", rapid.IntRange(1, 8).Draw(t, "indent"))
	case "align":
		return ot.Attr("align", "center").With("direction", "rtl")
	}
	return attr
}

func drawRun(t *rapid.T, b *ot.Builder) {
	attr := (*ot.Attributes)(nil)
	for _, f := range []struct {
		name   string
		values []any
	}{
		{"bold", []any{true}}, {"italic", []any{true}}, {"strike", []any{true}}, {"underline", []any{true}},
		{"script", []any{"sub", "super"}}, {"code", []any{true}}, {"color", []any{"#ff0000", "red"}}, {"size", []any{"large"}},
		{"link", []any{"https://x.example/?a=1&b=(2)", "mailto:a@b.example", "/relative <ä> path"}},
	} {
		if rapid.IntRange(0, 4).Draw(t, f.name) == 0 {
			attr = attr.With(f.name, rapid.SampledFrom(f.values).Draw(t, "value"))
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "embed") == 0 {
		attr = attr.With("alt", "a ]picture`s *name*")
		if rapid.Bool().Draw(t, "sized") {
			attr = attr.With("width", "30")
		}
		b.InsertEmbed(`{"image":"https://x.example/i.png?a=1&b"}`, attr)
		return
	}
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab 1.*_`~[]()<>&#-+=!\\|:/é語😀\t\u00a0\"'")), 1, 8, -1).Draw(t, "text")
	b.Insert(text, attr)
}

func TestRoundTripHTML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, HTML, ReadHTML) })
}

func TestRoundTripMarkdown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, Markdown, ReadMarkdown) })
}

func roundTrip(t *rapid.T, write func(ot.Delta) string, read func([]byte) (ot.Delta, error)) {
	content := richContent(t)
	page := write(content)
	got, err := read([]byte(page))
	if err != nil || got.String() != content.String() {
		t.Fatalf("%s\nis written\n%s\nand read %v\n%s", content, page, err, got)
	}
}
