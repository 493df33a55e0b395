package formats

import (
	"regexp"
	"strconv"
	"strings"

	"tutti/ot"
)

// What a rich document can show, under the names that Quill 2 gives its
// formats, and the HTML that means the same. The readers and the writers of
// HTML and Markdown share these tables, so that what one writes the other
// reads.

// readTags are all tags that switch a format on.
var readTags = map[string]struct {
	format string
	value  any
}{
	"strong": {"bold", true}, "b": {"bold", true},
	"em": {"italic", true}, "i": {"italic", true}, "cite": {"italic", true}, "dfn": {"italic", true}, "var": {"italic", true},
	"u": {"underline", true}, "ins": {"underline", true},
	"s": {"strike", true}, "del": {"strike", true}, "strike": {"strike", true},
	"sub": {"script", "sub"}, "sup": {"script", "super"},
	"code": {"code", true}, "kbd": {"code", true}, "samp": {"code", true}, "tt": {"code", true},
}

// style is a format that is CSS. Its values can't end the declaration that
// they stand in.
type style struct {
	format, property string
	valid            *regexp.Regexp
}

var (
	color        = regexp.MustCompile(`^(?:#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,32}|(?:rgb|hsl)a?\([0-9.,%/ ]{1,40}\))$`)
	alignment    = regexp.MustCompile(`^(?:left|center|right|justify)$`)
	inlineStyles = []style{{"color", "color", color}, {"background", "background-color", color}}
	blockStyles  = []style{{"align", "text-align", alignment}}
)

// quillClass is how Quill writes fonts, sizes and indents.
var quillClass = regexp.MustCompile(`^ql-(font|size|indent)-([a-z0-9]{1,16})$`)

// languageName is that of a code block, as a fence gives it.
var languageName = regexp.MustCompile(`^[A-Za-z0-9_+#.-]{1,32}$`)

// maxIndent is how deep Quill indents.
const maxIndent = 8

// stringOf decodes the string that a format has as its value, "" if it has
// none.
func stringOf(attr *ot.Attributes, format string) string {
	raw, ok := attr.Get(format)
	if !ok || !strings.HasPrefix(raw, `"`) {
		return ""
	}
	return unquote(raw)
}

func isOn(attr *ot.Attributes, format string) bool {
	v, ok := attr.Get(format)
	return ok && v == "true"
}

// numberOf decodes a number from least to most, 0 if the format has none.
func numberOf(attr *ot.Attributes, format string, least, most int) int {
	raw, _ := attr.Get(format)
	n, err := strconv.Atoi(raw)
	if err != nil || n < least || n > most {
		return 0
	}
	return n
}
