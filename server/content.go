package server

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/server/formats"
	"tutti/session"
	"tutti/store"
)

const deltaType = "application/vnd.quill.delta+json"

// representation is one way to show a content. Its mark keeps its ETags apart
// from those of the others.
type representation struct {
	media  string
	mark   string
	encode func(*session.Version) []byte
}

var (
	asText     = representation{"text/plain", "t", func(v *session.Version) []byte { return []byte(v.Doc.Text()) }}
	asDelta    = representation{deltaType, "d", (*session.Version).Content}
	asMarkdown = representation{"text/markdown", "m", func(v *session.Version) []byte { return []byte(formats.Markdown(v.Doc.Delta())) }}
	asHTML     = representation{"text/html", "h", func(v *session.Version) []byte { return []byte(formats.HTML(v.Doc.Delta())) }}

	// A text document is its own Markdown, and as HTML it looks like the text
	// that it is, or like what its Markdown says.
	textAsMarkdown = representation{"text/markdown", "m", asText.encode}
	textAsHTML     = representation{"text/html", "h", func(v *session.Version) []byte { return textHTML(v.Doc.Text(), false) }}
	renderedAsHTML = representation{"text/html", "r", func(v *session.Version) []byte { return textHTML(v.Doc.Text(), true) }}
)

// representations are what a document can be shown as, the usual one first.
func representations(info store.Info) []representation {
	switch {
	case info.Kind == ot.Rich:
		return []representation{asText, asMarkdown, asHTML, asDelta}
	case info.Language == "markdown":
		return []representation{asText, textAsMarkdown, renderedAsHTML, asDelta}
	}
	return []representation{asText, textAsMarkdown, textAsHTML, asDelta}
}

// textHTML shows a text, as the Markdown that it is if rendered is set and it
// can be.
func textHTML(text string, rendered bool) []byte {
	if rendered {
		if page, err := formats.RenderMarkdown([]byte(text)); err == nil {
			return page
		}
	}
	return []byte("<pre>" + html.EscapeString("\n"+text) + "</pre>\n")
}

// pagePolicy is for HTML of what people wrote: nothing in it runs, also not if
// something had slipped through, and pictures are all that it loads.
const pagePolicy = "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; sandbox"

func (s *Server) getContent(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	rev, err := revisionParam(c)
	if err != nil {
		return err
	}
	info, v, err := s.at(info.ID, rev)
	if err != nil {
		return err
	}
	offers := representations(info)
	i := negotiate(c.Request().Header.Values("Accept"), offers)
	h := c.Response().Header()
	h.Add("Vary", "Accept")
	if i < 0 {
		return newProblem(http.StatusNotAcceptable, "not_acceptable", "a %s document can be had as %s", info.Kind, medias(offers))
	}
	tag := fmt.Sprintf(`"%d.%s.%s"`, v.Rev, info.Epoch, offers[i].mark)
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	if matches(c.Request().Header.Values("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	media := offers[i].media
	if strings.HasPrefix(media, "text/") {
		media += "; charset=utf-8"
	}
	if offers[i].media == "text/html" {
		h.Set("Content-Security-Policy", pagePolicy)
	}
	return c.Blob(http.StatusOK, media, offers[i].encode(v))
}

// at returns a document at a revision, at the head if that is negative.
func (s *Server) at(id string, rev int64) (store.Info, *session.Version, error) {
	if rev < 0 {
		return s.hub.View(id)
	}
	return s.hub.ViewAt(id, rev)
}

// contentAt returns a content at a revision, at the head if that is negative.
func (s *Server) contentAt(id string, rev int64) (*session.Version, error) {
	_, v, err := s.at(id, rev)
	return v, err
}

func medias(offers []representation) string {
	var names []string
	for _, o := range offers {
		names = append(names, o.media)
	}
	return strings.Join(names, ", ")
}

// matches reports whether one of the tags in If-None-Match is tag, compared
// weakly.
func matches(values []string, tag string) bool {
	for _, v := range values {
		for _, t := range strings.Split(v, ",") {
			if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == tag {
				return true
			}
		}
	}
	return false
}
