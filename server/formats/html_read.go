package formats

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tutti/ot"
)

// ReadHTML makes the content of a rich document of HTML, a page or a part of
// one.
func ReadHTML(page []byte) (ot.Delta, error) {
	return readHTML(page, collapseSpace)
}

// spacing is what white space in a text means.
type spacing int

const (
	collapseSpace spacing = iota // a run of any is one space
	keepSpaces                   // a line end is a space, spaces stay: what comes from Markdown
	keepAll                      // a line end ends the line, as in <pre>
)

func readHTML(page []byte, space spacing) (ot.Delta, error) {
	if len(page) > MaxBytes {
		return nil, ErrTooLarge
	}
	root, err := html.Parse(bytes.NewReader(sanitizer().SanitizeBytes(page)))
	if err != nil {
		return nil, invalid("the HTML can't be read: %v", err)
	}
	r := htmlReader{}
	top := scope{space: space}
	r.children(root, top)
	r.endOpen(&top)
	content := r.out.Delta()
	if len(content) == 0 {
		content = content.Insert("\n", nil)
	}
	return content, nil
}

// htmlReader writes down the lines of a page as it walks through it.
type htmlReader struct {
	out   ot.Builder
	lines int            // that have ended
	open  bool           // the present line has something in it
	space bool           // a collapsed space goes before what comes next in it
	attr  *ot.Attributes // of that space
	blank bool           // the line ends in white space, so that none more counts
}

func (r *htmlReader) children(n *html.Node, in scope) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			r.text(c.Data, &in)
		case html.ElementNode:
			r.element(c, in)
		}
	}
}

func (r *htmlReader) element(n *html.Node, in scope) {
	switch n.DataAtom {
	case atom.Br:
		r.endLine(&in)
	case atom.Img:
		r.image(n, &in)
	case atom.Input:
		r.checkbox(n, &in)
	case atom.Hr:
		r.endOpen(&in)
		r.insert("* * *", &in)
		r.endLine(&in)
	case atom.Td, atom.Th:
		r.cell(&in)
		r.children(n, in)
	default:
		if !blocks[n.DataAtom] {
			r.children(n, in.inlineOf(n))
			return
		}
		r.endOpen(&in)
		next, before := in.blockOf(n), r.lines
		r.children(n, next)
		r.endOpen(&next)
		if n.DataAtom == atom.Li && r.lines == before {
			r.endLine(&next) // an empty item is one, too
		}
	}
}

// text adds what an element holds between its tags.
func (r *htmlReader) text(s string, in *scope) {
	if in.space == keepAll {
		for i, line := range strings.Split(unixLines.Replace(s), "\n") {
			if i > 0 {
				r.endLine(in)
			}
			r.insert(line, in)
		}
		return
	}
	white := " \t\n\r\f"
	if in.space == keepSpaces {
		s, white = r.keptSpaces(s), "\n\r"
	}
	for s != "" {
		word := strings.IndexAny(s, white)
		if word != 0 {
			if word < 0 {
				word = len(s)
			}
			r.insert(s[:word], in)
			s = s[word:]
			continue
		}
		s = strings.TrimLeft(s, white)
		if r.open && !r.space && !r.blank {
			r.space, r.attr = true, in.inline
		}
	}
}

// keptSpaces drops from a text of Markdown the spaces that only lay out HTML:
// those behind a line end where there is nothing else, and before one where
// nothing stands in the line yet.
func (r *htmlReader) keptSpaces(s string) string {
	end := strings.IndexAny(s, "\n\r")
	if end < 0 || strings.Trim(s, " \t\n\r\f") != "" {
		return s
	}
	if !r.open {
		return ""
	}
	return s[:end+1]
}

func (r *htmlReader) insert(s string, in *scope) {
	if s == "" {
		return
	}
	r.pending()
	r.out.Insert(s, in.inline)
	r.open, r.blank = true, false
}

// cell parts what stands in one cell of a table from the next.
func (r *htmlReader) cell(in *scope) {
	if r.open {
		r.space = false
		r.insert("\t", in)
		r.blank = true
	}
}

// pending writes the collapsed space, now that something comes behind it.
func (r *htmlReader) pending() {
	if r.space {
		r.out.Insert(" ", r.attr)
	}
	r.space = false
}

func (r *htmlReader) image(n *html.Node, in *scope) {
	source := attribute(n, "src")
	if !safeImage(source) {
		r.insert(attribute(n, "alt"), in)
		return
	}
	attr := in.inline
	for _, name := range []string{"alt", "width", "height"} {
		if v := attribute(n, name); v != "" {
			attr = attr.With(name, oneLine(v))
		}
	}
	r.pending()
	r.out.InsertEmbed(`{"image":`+quote(source)+`}`, attr)
	r.open, r.blank = true, false
}

// checkbox makes the item that it stands in one of a task list. The space
// behind it only keeps it from the text.
func (r *htmlReader) checkbox(n *html.Node, in *scope) {
	if attribute(n, "type") != "checkbox" || in.item == nil || in.item.used || r.open {
		return
	}
	in.item.list = "unchecked"
	if hasAttribute(n, "checked") {
		in.item.list = "checked"
	}
	if next := n.NextSibling; next != nil && next.Type == html.TextNode {
		next.Data = strings.TrimPrefix(next.Data, " ")
	}
}

// endOpen ends the line if there is something in it.
func (r *htmlReader) endOpen(in *scope) {
	if r.open {
		r.endLine(in)
	}
}

func (r *htmlReader) endLine(in *scope) {
	r.out.Insert("\n", in.line())
	r.lines++
	r.open, r.space, r.blank = false, false, false
}

// unixLines turns CRLF and CR into LF.
var unixLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func oneLine(s string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
}
