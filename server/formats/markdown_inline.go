package formats

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tutti/ot"
)

// markdownPrinter writes what stands in a line as Markdown.
type markdownPrinter struct{}

func (markdownPrinter) leaf(runs []ot.Op, i int) string {
	run := runs[i]
	switch {
	case run.Embed() != "":
		return inCode(run, embedMarkdown(run))
	case isOn(run.Attributes(), "code") && fences(runs, i):
		return codeSpan(run.Text())
	case isOn(run.Attributes(), "code"):
		return "<code>" + escapeMarkdown(run.Text(), false, false) + "</code>"
	}
	return escapeMarkdown(run.Text(), i == 0, i == len(runs)-1)
}

// embedMarkdown is a picture as Markdown has it, if it has no size, or as HTML.
// What is text in the HTML of an embed is here to be read as itself, too.
func embedMarkdown(run ot.Op) string {
	kind, value := embed(run)
	attr := run.Attributes()
	switch {
	case kind == "formula":
		return "<code>" + escapeMarkdown(oneLine(value), false, false) + "</code>"
	case kind == "video" && safeLink(value):
		return `<a href="` + attributeHTML(value) + `">` + escapeMarkdown(oneLine(value), false, false) + "</a>"
	case kind == "image" && safeImage(value) && plainAddress.MatchString(value) && stringOf(attr, "width") == "" && stringOf(attr, "height") == "":
		return "![" + escapeMarkdown(oneLine(stringOf(attr, "alt")), false, false) + "]" + angled(value)
	}
	return embedHTML(run)
}

// fences reports whether backticks will do for the code at i: those of two
// runs would become one fence, and code that looks like the end of a link's
// definition would be that.
func fences(runs []ot.Op, i int) bool {
	return (i == 0 || runs[i-1].Embed() != "" || !isOn(runs[i-1].Attributes(), "code")) && !strings.Contains(runs[i].Text(), "]:")
}

// codeSpan fences code with more backticks than any in it. One space on either
// side is not part of it.
func codeSpan(code string) string {
	fence := strings.Repeat("`", longestRun(code, '`')+1)
	if strings.Trim(code, " \t\v\f") != "" && strings.ContainsAny(code[:1]+code[len(code)-1:], " `") {
		code = " " + code + " "
	}
	return fence + code + fence
}

// plainAddress is one that Markdown's readers leave as it is; others they
// spell anew.
var plainAddress = regexp.MustCompile("^(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$")

// angled writes an address between angle brackets.
func angled(address string) string { return "(<" + strings.ReplaceAll(address, "&", "&amp;") + ">)" }

// signs are Markdown's for formats of text.
var signs = map[string]string{"bold": "**", "italic": "*", "strike": "~~"}

func (markdownPrinter) wrap(format string, runs []ot.Op, i, j int, inner string) string {
	// A tilde before the sign that ends a strike, though escaped, spoils it.
	if sign := signs[format]; sign != "" && !(format == "strike" && strings.HasSuffix(inner, "~")) && isOn(runs[i].Attributes(), format) && signable(format, runs, i, j, inner) {
		return sign + inner + sign
	}
	if link := stringOf(runs[i].Attributes(), "link"); format == "link" && plainAddress.MatchString(link) && safeLink(link) {
		return "[" + inner + "]" + angled(link)
	}
	return htmlPrinter{}.wrap(format, runs, i, j, inner)
}

// signable reports whether signs around what was written of the runs from i to
// j are sure to be understood. Outside must be a space, or letters on both sides
// of the sign, and nothing written between; within must be no space. Else it
// takes tags.
func signable(format string, runs []ot.Op, i, j int, inner string) bool {
	inner = strings.Trim(inner, "*") // stars join to one sign
	first, _ := utf8.DecodeRuneInString(inner)
	last, _ := utf8.DecodeLastRuneInString(inner)
	before, after := ' ', ' '
	if i > 0 {
		before, _ = utf8.DecodeLastRuneInString(shown(runs[i-1]))
	}
	if j < len(runs) {
		after, _ = utf8.DecodeRuneInString(shown(runs[j]))
	}
	return parted(first, before) && parted(last, after) &&
		(i == 0 || bare(runs[i-1], runs[i], format)) && (j == len(runs) || bare(runs[j], runs[i], format))
}

func parted(inside, outside rune) bool {
	return !unicode.IsSpace(inside) && (unicode.IsSpace(outside) || isWord(inside) && isWord(outside))
}

// bare reports whether a run has no formats but those that are put around it
// and its neighbour together.
func bare(run, neighbour ot.Op, format string) bool {
	for name, value := range run.Attributes().All() {
		shared, ok := neighbour.Attributes().Get(name)
		outer := slices.Index(spanFormats, name)
		if !ok || shared != value || outer < 0 || outer > slices.Index(spanFormats, format) {
			return false
		}
	}
	return true
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// escapeMarkdown writes text so that it is read as itself: first and last say
// whether it begins and ends a line.
func escapeMarkdown(text string, first, last bool) string {
	var out strings.Builder
	begin := 0
	if first {
		begin = lineSign(&out, text)
	}
	for i := begin; i < len(text); i++ {
		c := text[i]
		switch {
		case strings.IndexByte("\\`*[]<>~&", c) >= 0,
			c == '_' && !(wordBefore(text, i) && wordAfter(text, i+1)),
			c == '!' && i == len(text)-1:
			out.WriteString(`\` + string(c))
		case (c == ' ' || c == '\t') && (first && i == 0 || last && i == len(text)-1):
			out.WriteString(map[byte]string{' ': "&#32;", '\t': "&#9;"}[c])
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// lineSign writes the beginning of a line where it would be taken for the sign
// of a heading, a list, a quote or a rule, and returns how much it was.
func lineSign(out *strings.Builder, text string) int {
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	switch {
	case text == "":
		return 0
	case strings.IndexByte("#+-=", text[0]) >= 0:
		out.WriteString(`\` + text[:1])
		return 1
	case digits > 0 && digits < len(text) && (text[digits] == '.' || text[digits] == ')'):
		out.WriteString(text[:digits] + `\` + text[digits:digits+1])
		return digits + 1
	}
	return 0
}

func wordBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return isWord(r)
}

func wordAfter(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return isWord(r)
}
