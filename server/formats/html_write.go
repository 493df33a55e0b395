package formats

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"tutti/ot"
)

// HTML writes the content of a rich document as HTML: a part of a page,
// which [ReadHTML] reads back.
func HTML(content ot.Delta) string {
	var w htmlWriter
	for _, l := range linesOf(content) {
		w.line(&l)
	}
	w.within("")
	w.toDepth(0)
	return w.String()
}

// htmlWriter writes lines, and keeps open what goes over several.
type htmlWriter struct {
	strings.Builder
	lists []string // the tags of the lists that are open, each with an open item
	block string   // the open tag of a quote or of code
}

func (w *htmlWriter) line(l *line) {
	switch l.kind() {
	case codeLine:
		w.toDepth(0)
		w.within(codeTag(l.language()))
		w.WriteString(html.EscapeString(l.text()) + "\n")
	case itemLine:
		w.within("")
		w.item(l)
	case headerLine:
		w.toDepth(0)
		w.within("")
		w.element("h"+strconv.Itoa(l.header()), l)
	case quoteLine:
		w.toDepth(0)
		w.within("<blockquote>")
		w.element("p", l)
	default:
		w.toDepth(0)
		w.within("")
		w.element("p", l)
	}
}

// element writes a line that is not in a list.
func (w *htmlWriter) element(tag string, l *line) {
	w.WriteString(elementHTML(tag, l) + "\n")
}

func elementHTML(tag string, l *line) string {
	return "<" + tag + lineAttributes(l, true) + ">" + lineHTML(l) + "</" + tag + ">"
}

func codeTag(language string) string {
	if language == "" {
		return "<pre><code>"
	}
	return `<pre><code class="language-` + language + `">`
}

// within ends the quote or the code that is open, unless it is the one wanted,
// and opens that.
func (w *htmlWriter) within(block string) {
	if block == w.block {
		return
	}
	switch {
	case strings.HasPrefix(w.block, "<pre>"):
		w.WriteString("</code></pre>\n")
	case w.block != "":
		w.WriteString("</blockquote>\n")
	}
	w.WriteString(block)
	w.block = block
}

// item writes an item of a list, in as many lists as it is deep.
func (w *htmlWriter) item(l *line) {
	kind, depth := stringOf(l.attr, "list"), l.indent()+1
	tag := "ul"
	if kind == "ordered" {
		tag = "ol"
	}
	w.toDepth(depth)
	if len(w.lists) == depth && w.lists[depth-1] != tag {
		w.toDepth(depth - 1)
	}
	if len(w.lists) == depth {
		w.WriteString("</li>\n")
	}
	for len(w.lists) < depth {
		if len(w.lists) == depth-1 {
			w.open(tag)
			break
		}
		w.open("ul")
		w.WriteString(`<li style="list-style-type:none">`) // an item that only holds the next list
	}
	w.WriteString("<li" + lineAttributes(l, false) + ">")
	switch kind {
	case "checked":
		w.WriteString(`<input type="checkbox" checked disabled> `)
	case "unchecked":
		w.WriteString(`<input type="checkbox" disabled> `)
	}
	w.WriteString(lineHTML(l))
}

func (w *htmlWriter) open(tag string) {
	w.WriteString("<" + tag + ">")
	w.lists = append(w.lists, tag)
}

// toDepth ends the lists that are deeper.
func (w *htmlWriter) toDepth(depth int) {
	for len(w.lists) > depth {
		last := len(w.lists) - 1
		w.WriteString("</li></" + w.lists[last] + ">")
		w.lists = w.lists[:last]
		if last == 0 {
			w.WriteString("\n")
		}
	}
}

// lineAttributes are the formats of a line that go with any block.
func lineAttributes(l *line, indented bool) string {
	attr := ""
	if n := l.indent(); indented && n > 0 {
		attr += ` class="ql-indent-` + strconv.Itoa(n) + `"`
	}
	if stringOf(l.attr, "direction") == "rtl" {
		attr += ` dir="rtl"`
	}
	for _, s := range blockStyles {
		if v := stringOf(l.attr, s.format); s.valid.MatchString(v) {
			attr += ` style="` + s.property + ":" + v + `"`
		}
	}
	return attr
}

// spaces are those that a browser would not show, unless it is told to.
var spaces = regexp.MustCompile("^[ \t\f]|[ \t\f]$|[ \t\f][ \t\f]|[\t\f]")

// lineHTML is what stands in a line.
func lineHTML(l *line) string {
	if len(l.runs) == 0 {
		return "<br>"
	}
	inner := inline(htmlPrinter{}, l)
	if spaces.MatchString(l.text()) {
		return `<span style="white-space:pre-wrap">` + inner + "</span>"
	}
	return inner
}

type htmlPrinter struct{}

func (htmlPrinter) leaf(runs []ot.Op, i int) string {
	inner := html.EscapeString(runs[i].Text())
	if runs[i].Embed() != "" {
		inner = embedHTML(runs[i])
	}
	return inCode(runs[i], inner)
}

// inCode puts a run that is code into the tag for it.
func inCode(run ot.Op, inner string) string {
	if isOn(run.Attributes(), "code") {
		return "<code>" + inner + "</code>"
	}
	return inner
}

// embedHTML is an embed as far as HTML has one: a picture; a video is a link
// to it.
func embedHTML(run ot.Op) string {
	kind, value := embed(run)
	switch {
	case kind == "image" && safeImage(value):
		tag := `<img src="` + attributeHTML(value) + `"`
		for _, name := range []string{"alt", "width", "height"} {
			if v := stringOf(run.Attributes(), name); v != "" {
				tag += " " + name + `="` + attributeHTML(v) + `"`
			}
		}
		return tag + ">"
	case kind == "video" && safeLink(value):
		return `<a href="` + attributeHTML(value) + `">` + html.EscapeString(oneLine(value)) + "</a>"
	case kind == "formula":
		return "<code>" + html.EscapeString(oneLine(value)) + "</code>"
	}
	return "\uFFFC"
}

// attributeHTML writes the value of an attribute. Its line ends are named: in
// Markdown an empty line would end the tag, and begin text in which anything
// could stand.
func attributeHTML(value string) string {
	return strings.ReplaceAll(html.EscapeString(value), "\n", "&#10;")
}

// wrap leaves out a format whose value isn't safe or isn't known.
func (htmlPrinter) wrap(format string, runs []ot.Op, i, _ int, inner string) string {
	attr := runs[i].Attributes()
	value := stringOf(attr, format)
	tag, more := "", ""
	switch format {
	case "bold", "italic", "underline", "strike":
		if isOn(attr, format) {
			tag = switchTags[format]
		}
	case "script":
		tag = map[string]string{"sub": "sub", "super": "sup"}[value]
	case "link":
		if value != "" && safeLink(value) {
			tag, more = "a", ` href="`+attributeHTML(value)+`" rel="noopener noreferrer"`
		}
	case "font", "size":
		if quillClass.MatchString("ql-" + format + "-" + value) {
			tag, more = "span", ` class="ql-`+format+"-"+value+`"`
		}
	default:
		for _, s := range inlineStyles {
			if s.format == format && s.valid.MatchString(value) {
				tag, more = "span", ` style="`+s.property+":"+value+`"`
			}
		}
	}
	if tag == "" {
		return inner
	}
	return "<" + tag + more + ">" + inner + "</" + tag + ">"
}

// switchTags are the tags of formats that are on or off.
var switchTags = map[string]string{"bold": "strong", "italic": "em", "underline": "u", "strike": "s"}
