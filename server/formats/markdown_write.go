package formats

import (
	"strconv"
	"strings"

	"tutti/ot"
)

// Markdown writes the content of a rich document as Markdown, which
// [ReadMarkdown] reads back. What Markdown has no signs for stands in it as
// HTML.
func Markdown(content ot.Delta) string {
	var w markdownWriter
	for _, l := range linesOf(content) {
		w.line(&l)
	}
	w.endCode()
	return w.String()
}

// markdownWriter writes lines, and remembers what the last one was.
type markdownWriter struct {
	strings.Builder
	last  int        // kind of the last line
	begun bool       // there was one
	lists []openList // the items that the next may stand in
	apart bool       // what stands in the last item keeps away from it
	code  *codeLines // of the block that is open
}

// openList is a list with an open item.
type openList struct {
	kind  string // ordered, or bullet for all others
	count int
	width int // of the item's marker: what stands in the item is indented by it
}

// codeLines are those of a block, which is written when it ends: its fence
// depends on all of them.
type codeLines struct {
	language string
	lines    []string
}

func (w *markdownWriter) line(l *line) {
	kind := l.kind()
	if w.code != nil && (kind != codeLine || w.code.language != l.language()) {
		w.endCode()
		w.last = paragraphLine // so that the next one stands apart
	}
	if kind != codeLine || w.code == nil {
		w.part(kind)
	}
	if kind != itemLine {
		w.lists = w.lists[:0]
	}
	switch kind {
	case codeLine:
		if w.code == nil {
			w.code = &codeLines{language: l.language()}
		}
		w.code.lines = append(w.code.lines, l.text())
	case itemLine:
		w.item(l)
	case headerLine:
		w.WriteString(markdownElement("h"+strconv.Itoa(l.header()), strings.Repeat("#", l.header())+" ", l) + "\n")
	case quoteLine:
		w.WriteString("> " + markdownElement("p", "", l) + "\n")
	default:
		w.WriteString(markdownElement("p", "", l) + "\n")
	}
	w.last, w.begun = kind, true
}

// part writes what stands between the last line and one of this kind: items of
// a list follow each other closely, else two lines would be one paragraph.
func (w *markdownWriter) part(kind int) {
	switch {
	case !w.begun, kind == itemLine && w.last == itemLine:
	case kind == quoteLine && w.last == quoteLine:
		w.WriteString(">\n")
	default:
		w.WriteString("\n")
	}
}

// endCode writes the block of code that is open. Its fence is longer than any
// in it.
func (w *markdownWriter) endCode() {
	if w.code == nil {
		return
	}
	text := strings.Join(w.code.lines, "\n")
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	w.WriteString(fence + w.code.language + "\n" + text + "\n" + fence + "\n")
	w.code = nil
}

// item writes an item of a list, indented to stand in those that it is in.
// Where one of these is missing, it stands in an empty one.
func (w *markdownWriter) item(l *line) {
	kind, depth := stringOf(l.attr, "list"), l.indent()
	marked := "bullet"
	if kind == "ordered" {
		marked = kind
	}
	w.lists = w.lists[:min(len(w.lists), depth+1)]
	if len(w.lists) == depth+1 && w.lists[depth].kind != marked {
		w.lists = w.lists[:depth]
	}
	if w.apart && w.last == itemLine {
		w.WriteString("\n") // HTML that begins a line goes on to the next empty one
	}
	for _, outer := range w.lists[:min(len(w.lists), depth)] {
		w.WriteString(strings.Repeat(" ", outer.width))
	}
	for len(w.lists) < depth {
		w.WriteString("- ")
		w.lists = append(w.lists, openList{"bullet", 1, 2})
	}
	if len(w.lists) == depth {
		w.lists = append(w.lists, openList{kind: marked})
	}
	now := &w.lists[depth]
	now.count++
	marker := "- "
	if marked == "ordered" {
		marker = strconv.Itoa(now.count) + ". "
	}
	now.width = len(marker)
	switch kind {
	case "checked":
		marker += "[x] "
	case "unchecked":
		marker += "[ ] "
	}
	text := markdownElement("p", "", l)
	w.apart = text[0] == '<' || text[0] == '&'
	w.WriteString(marker + text + "\n")
}

// markdownElement is what stands in a line, behind the sign for what it is;
// one that is aligned is HTML.
func markdownElement(tag, sign string, l *line) string {
	if lineAttributes(l, l.kind() != itemLine) != "" && l.kind() != itemLine {
		return elementHTML(tag, l)
	}
	if len(l.runs) == 0 {
		return sign + "<br>"
	}
	text := inline(markdownPrinter{}, l)
	if l.kind() != itemLine && len(l.runs) == 1 && strings.HasPrefix(text, "<img") {
		return elementHTML(tag, l) // a tag that is alone in a line is no paragraph
	}
	if sign != "" && text != `\#` && strings.HasSuffix(text, "#") {
		text = text[:len(text)-1] + `\#` // or it would count as the end of a heading
	}
	return sign + text
}

func longestRun(s string, c byte) int {
	longest, now := 0, 0
	for i := range len(s) {
		if s[i] != c {
			now = 0
			continue
		}
		now++
		longest = max(longest, now)
	}
	return longest
}
