package formats

import (
	"strings"

	"tutti/ot"
)

// spanFormats are the formats that are put around text, the outermost first.
// Code is none of them: what is within it is written otherwise.
var spanFormats = []string{"link", "bold", "italic", "underline", "strike", "script", "color", "background", "font", "size"}

// printer writes what stands in a line in some markup.
type printer interface {
	// leaf writes the run at i without the formats that are put around it.
	leaf(runs []ot.Op, i int) string
	// wrap puts a format around what was written of the runs from i to j.
	wrap(format string, runs []ot.Op, i, j int, inner string) string
}

// spans writes the runs from one place to another: those that have a format in
// common have it put around them together.
func spans(p printer, runs []ot.Op, from, to, level int) string {
	var out strings.Builder
	if level == len(spanFormats) {
		for i := from; i < to; i++ {
			out.WriteString(p.leaf(runs, i))
		}
		return out.String()
	}
	format := spanFormats[level]
	for i := from; i < to; {
		value, has := runs[i].Attributes().Get(format)
		j := i + 1
		for ; j < to; j++ {
			if v, ok := runs[j].Attributes().Get(format); ok != has || v != value {
				break
			}
		}
		inner := spans(p, runs, i, j, level+1)
		if has {
			inner = p.wrap(format, runs, i, j, inner)
		}
		out.WriteString(inner)
		i = j
	}
	return out.String()
}

func inline(p printer, l *line) string { return spans(p, l.runs, 0, len(l.runs), 0) }
