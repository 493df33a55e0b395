package formats

import (
	"strings"

	"tutti/ot"
	"tutti/ot/scan"
)

// line is a line of a rich document: what stands in it, and the format of its
// end, which is that of the line.
type line struct {
	runs []ot.Op
	attr *ot.Attributes
}

// linesOf cuts a content into lines. What stands behind the last newline, which
// a whole content doesn't have, is a line as well.
func linesOf(content ot.Delta) []line {
	var lines []line
	var now line
	for _, op := range content {
		if op.Embed() != "" {
			now.runs = append(now.runs, op)
			continue
		}
		pieces := strings.Split(op.Text(), "\n")
		for i, piece := range pieces {
			if piece != "" {
				now.runs = append(now.runs, ot.Delta{}.Insert(piece, op.Attributes())...)
			}
			if i < len(pieces)-1 {
				now.attr = op.Attributes()
				lines = append(lines, now)
				now = line{}
			}
		}
	}
	if len(now.runs) > 0 {
		lines = append(lines, now)
	}
	return lines
}

// What a line is. One that is said to be several things is the first of these.
const (
	codeLine = iota
	itemLine
	headerLine
	quoteLine
	paragraphLine
)

func (l *line) kind() int {
	code, hasCode := l.attr.Get("code-block")
	switch {
	case hasCode && code != "false":
		return codeLine
	case listKinds[stringOf(l.attr, "list")]:
		return itemLine
	case l.header() > 0:
		return headerLine
	case isOn(l.attr, "blockquote"):
		return quoteLine
	}
	return paragraphLine
}

func (l *line) header() int { return numberOf(l.attr, "header", 1, 6) }
func (l *line) indent() int { return numberOf(l.attr, "indent", 1, maxIndent) }

// language is that of a line of code, "" if it isn't said or can't be.
func (l *line) language() string {
	if name := stringOf(l.attr, "code-block"); languageName.MatchString(name) {
		return name
	}
	return ""
}

// text is the text of a line, each embed as U+FFFC.
func (l *line) text() string {
	var text strings.Builder
	for _, run := range l.runs {
		text.WriteString(shown(run))
	}
	return text.String()
}

// shown is a run as plain text.
func shown(run ot.Op) string {
	if run.Embed() != "" {
		return "\uFFFC"
	}
	return run.Text()
}

// embed returns the one thing that an embed is, and its value if that is a
// string.
func embed(run ot.Op) (kind, value string) {
	_ = scan.Members([]byte(run.Embed()), func(key string, raw []byte) error {
		kind = key
		if scan.Kind(raw) == scan.KindString {
			value = unquote(string(raw))
		}
		return nil
	}) // it was checked when it came in
	return kind, value
}
