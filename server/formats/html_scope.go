package formats

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tutti/ot"
	"tutti/ot/scan"
)

// scope is what the elements around a place in a page say about it.
type scope struct {
	inline *ot.Attributes // formats of the text
	lines  *ot.Attributes // formats of the line that go with any block
	block  block
	item   *listItem // whose first line this may be
	depth  int       // of the lists around it
	list   string    // what the items of the innermost are
	space  spacing
}

// block is what a line is. It is one thing at a time: the innermost element
// decides.
type block struct {
	format string // "" for a paragraph
	value  any
}

// listItem is one of a list. A line of a rich document is an item or it is
// not, so only the first line of an item gets the mark; those that follow are
// indented as it is.
type listItem struct {
	list   string
	indent int
	used   bool
}

// blocks are the elements that stand on lines of their own.
var blocks = setOf(
	atom.Html, atom.Body, atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Caption, atom.Dd, atom.Details, atom.Dir,
	atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2,
	atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol,
	atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr, atom.Ul,
)

func setOf(atoms ...atom.Atom) map[atom.Atom]bool {
	set := make(map[atom.Atom]bool, len(atoms))
	for _, a := range atoms {
		set[a] = true
	}
	return set
}

// inlineOf is the scope within an element that stands in a line.
// Code blocks are plain.
func (in scope) inlineOf(n *html.Node) scope {
	if in.block.format == "code-block" {
		return in
	}
	if tag, ok := readTags[n.Data]; ok {
		in.inline = in.inline.With(tag.format, tag.value)
	}
	if address := attribute(n, "href"); n.DataAtom == atom.A && address != "" && safeLink(address) {
		in.inline = in.inline.With("link", address)
	}
	in.read(n, func(format string, value any) { in.inline = in.inline.With(format, value) }, inlineStyles, "font", "size")
	return in
}

// blockOf is the scope within an element that stands on lines of its own.
func (in scope) blockOf(n *html.Node) scope {
	in.read(n, func(format string, value any) { in.lines = in.lines.With(format, value) }, blockStyles, "indent")
	if attribute(n, "dir") == "rtl" {
		in.lines = in.lines.With("direction", "rtl")
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		in.item, in.block = nil, block{"header", int(n.Data[1] - '0')}
	case atom.Blockquote:
		in.item, in.block = nil, block{"blockquote", true}
	case atom.Pre:
		in.item, in.block, in.space = nil, codeBlock(n), keepAll
	case atom.Ul, atom.Menu, atom.Dir:
		in.list, in.depth = "bullet", in.depth+1
	case atom.Ol:
		in.list, in.depth = "ordered", in.depth+1
	case atom.Li:
		in.item, in.block = &listItem{list: in.list, indent: min(max(in.depth-1, 0), maxIndent)}, block{}
		if kind := attribute(n, "data-list"); listKinds[kind] {
			in.item.list = kind
		} else if in.list == "" {
			in.item.list = "bullet"
		}
	}
	return in
}

var listKinds = map[string]bool{"bullet": true, "ordered": true, "checked": true, "unchecked": true}

// codeBlock is that of a <pre>, in the language that its <code> is of.
func codeBlock(pre *html.Node) block {
	for c := pre.FirstChild; c != nil; c = c.NextSibling {
		for _, class := range strings.Fields(attribute(c, "class")) {
			if name, ok := strings.CutPrefix(class, "language-"); ok && languageName.MatchString(name) {
				return block{"code-block", name}
			}
		}
	}
	return block{"code-block", true}
}

// read sets the formats that an element has as CSS, and those that Quill
// writes as classes.
func (in *scope) read(n *html.Node, set func(string, any), styles []style, classes ...string) {
	declarations := attribute(n, "style")
	for declarations != "" {
		var one string
		one, declarations, _ = strings.Cut(declarations, ";")
		property, value, _ := strings.Cut(one, ":")
		property, value = strings.ToLower(strings.TrimSpace(property)), strings.TrimSpace(value)
		if property == "white-space" && (value == "pre-wrap" || value == "pre") {
			in.space = keepAll
		}
		for _, s := range styles {
			if s.property == property && s.valid.MatchString(value) {
				set(s.format, value)
			}
		}
	}
	for _, class := range strings.Fields(attribute(n, "class")) {
		match := quillClass.FindStringSubmatch(class)
		for _, name := range classes {
			if match == nil || match[1] != name {
				continue
			}
			if level, err := strconv.Atoi(match[2]); name != "indent" {
				set(name, match[2])
			} else if err == nil && level >= 1 && level <= maxIndent {
				set(name, level)
			}
		}
	}
}

// line is the format of a line that ends here.
func (in *scope) line() *ot.Attributes {
	attr := in.lines
	switch item := in.item; {
	case item != nil && !item.used:
		item.used = true
		attr = attr.With("list", item.list)
		if item.indent > 0 {
			attr = attr.With("indent", item.indent)
		}
	case item != nil:
		attr = attr.With("indent", min(item.indent+1, maxIndent))
	case in.block.format != "":
		attr = attr.With(in.block.format, in.block.value)
	}
	return attr
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func quote(s string) string { return string(scan.AppendString(nil, s)) }

// unquote decodes a JSON string of our own making.
func unquote(raw string) string {
	s, _, err := scan.String([]byte(raw))
	if err != nil {
		return ""
	}
	return s
}
