package server

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/server/formats"
	"tutti/session"
	"tutti/store"
)

// writable are the media types that a content can be given in.
var writable = map[ot.Kind][]string{
	ot.Text: {"text/plain", "text/markdown", deltaType},
	ot.Rich: {"text/plain", "text/markdown", "text/html", deltaType},
}

// putContent takes a whole new content. What its author has changed is found
// by a difference from the revision that they name, and merged.
func (s *Server) putContent(c echo.Context) error {
	w, err := s.beginWriting(c)
	if w == nil {
		return err
	}
	r := c.Request()
	if w.strict, err = boolParam(c, "strict"); err != nil {
		return err
	}
	body, media, err := readBody(r, contentBytes, writable[w.info.Kind]...)
	if err != nil {
		return err
	}
	if w.base, err = ifMatch(r, w.info); err != nil {
		return err
	}
	v, err := w.version()
	if errors.Is(err, store.ErrRevision) {
		return preconditionFailed("the document has no revision %d", w.base)
	}
	if err != nil {
		return err
	}
	var op ot.Delta
	err = comparing.do(r.Context(), func() error {
		op, err = s.change(w.info.Kind, v, media, body)
		return err
	})
	if err != nil {
		return err
	}
	return w.commit(c, op)
}

// change returns what makes the content of v into the one in body.
func (s *Server) change(kind ot.Kind, v *session.Version, media string, body []byte) (ot.Delta, error) {
	if kind == ot.Rich && media == "text/plain" {
		return s.rewrite(v.Doc, string(unixLines(body)))
	}
	content, err := readContent(kind, media, body)
	if err != nil {
		return nil, err
	}
	if kind == ot.Rich && !endsInNewline(content) {
		content = content.Insert("\n", nil)
	}
	doc, err := ot.NewDocument(content)
	if err != nil {
		return nil, err
	}
	if err := s.fits(doc.Length(), v.Doc.Length()); err != nil {
		return nil, err
	}
	if kind == ot.Text {
		return ot.Diff(v.Doc.Text(), doc.Text()), nil
	}
	return ot.DiffContent(v.Doc.Delta(), content), nil
}

// readContent decodes a content. Text is what it is in a text document; in a
// rich one Markdown and HTML say what it shall look like.
func readContent(kind ot.Kind, media string, body []byte) (ot.Delta, error) {
	switch {
	case media == deltaType:
		if err := scan.Valid(body); err != nil {
			return nil, badJSON("%v", err)
		}
		content, err := deltaOf(body)
		if err != nil {
			return nil, err
		}
		// As of a document without an end: it is not the last newline that is
		// asked about here.
		if flaw := content.CheckKind(kind, ot.MaxLength); flaw != nil {
			return nil, flaw
		}
		return content, nil
	case kind == ot.Text:
		return ot.Delta{}.Insert(string(unixLines(body)), nil), nil
	case media == "text/html":
		return formats.ReadHTML(body)
	default:
		return formats.ReadMarkdown(body)
	}
}

// rewrite returns what makes the text of a rich document into another. What
// stays keeps its formats, also the line ends; and so the text is put in
// first, and then is found what that came to: a line that is added at the end
// goes before the last newline, which takes over its formats.
func (s *Server) rewrite(doc ot.Document, text string) (ot.Delta, error) {
	if text == "" || text[len(text)-1] != '\n' {
		text += "\n"
	}
	if err := s.fits(units(text), doc.Length()); err != nil {
		return nil, err
	}
	old := doc.Delta()
	return ot.DiffContent(old, old.Compose(ot.Diff(doc.Text(), text))), nil
}

// fits refuses a content that is too long, before it is compared with what it
// shall replace. One that is shorter than that is taken in any case.
func (s *Server) fits(length, before int) error {
	if limit := s.hub.Limits().Document; length > limit && length > before {
		return newProblem(http.StatusUnprocessableEntity, string(ot.DocumentTooLarge), "the content has %d units, more than %d", length, limit)
	}
	return nil
}
