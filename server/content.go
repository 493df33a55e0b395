package server

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/session"
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
	asMarkdown = representation{"text/markdown", "m", func(v *session.Version) []byte { return []byte(v.Doc.Text()) }}
	asDelta    = representation{deltaType, "d", (*session.Version).Content}
)

// representations are what a kind can be shown as, the usual one first.
var representations = map[ot.Kind][]representation{
	ot.Text: {asText, asMarkdown, asDelta},
	ot.Rich: {asText, asDelta},
}

func (s *Server) getContent(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	rev, err := intParam(c, "rev", -1, -1, 1<<53)
	if err != nil {
		return err
	}
	if c.QueryParam("rev") != "" && rev < 0 {
		return badParameter("rev is below 0")
	}
	var v *session.Version
	if rev < 0 {
		info, v, err = s.hub.View(info.ID)
	} else {
		info, v, err = s.hub.ViewAt(info.ID, rev)
	}
	if err != nil {
		return err
	}
	offers := representations[info.Kind]
	i := negotiate(c.Request().Header.Values("Accept"), offers)
	h := c.Response().Header()
	h.Set("Vary", "Accept")
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
	return c.Blob(http.StatusOK, media, offers[i].encode(v))
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
