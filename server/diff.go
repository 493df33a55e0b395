package server

import (
	"html"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/store"
)

// difference is one way to show what changed from one text to another.
type difference struct {
	media string
	find  func(old, new string) []ot.Run
	show  func(d stretch, runs []ot.Run) []byte
}

// stretch names the two revisions that are compared.
type stretch struct {
	id       string
	from, to int64
}

// differences are what a GET of diff can be answered with, the usual one first.
var differences = []difference{
	{"application/json", ot.Compare, jsonDiff},
	{"text/x-diff", ot.CompareLines, unifiedDiff},
	{"text/html", ot.Compare, htmlDiff},
}

// getDiff shows what changed in the text from one revision to another, which
// may be the older.
func (s *Server) getDiff(c echo.Context) error {
	info, _, err := s.document(c, read, false)
	if err != nil {
		return err
	}
	d, err := stretchOf(c, info)
	if err != nil {
		return err
	}
	var offers []representation
	for _, way := range differences {
		offers = append(offers, representation{media: way.media})
	}
	h := c.Response().Header()
	h.Add("Vary", "Accept")
	i := negotiate(c.Request().Header.Values("Accept"), offers)
	if i < 0 {
		return newProblem(http.StatusNotAcceptable, "not_acceptable", "a difference can be had as %s", medias(offers))
	}
	old, err := s.contentAt(d.id, d.from)
	if err != nil {
		return err
	}
	new, err := s.contentAt(d.id, d.to)
	if err != nil {
		return err
	}
	way := differences[i]
	var body []byte
	err = comparing.do(c.Request().Context(), func() error {
		body = way.show(d, way.find(old.Doc.Text(), new.Doc.Text()))
		return nil
	})
	if err != nil {
		return err
	}
	media := way.media
	if media != "application/json" {
		media += "; charset=utf-8"
	}
	c.Response().Header().Set("Content-Security-Policy", pagePolicy)
	return c.Blob(http.StatusOK, media, body)
}

// stretchOf reads which revisions to compare: by default the creation and the
// head.
func stretchOf(c echo.Context, info store.Info) (stretch, error) {
	d := stretch{id: info.ID, to: info.Head.Rev}
	for name, rev := range map[string]*int64{"from": &d.from, "to": &d.to} {
		v := c.QueryParam(name)
		if v == "" {
			continue
		}
		n, err := strconv.ParseUint(v, 10, 53)
		if err != nil {
			return d, badParameter("%s is no revision", name)
		}
		*rev = int64(n)
	}
	return d, nil
}

func jsonDiff(d stretch, runs []ot.Run) []byte {
	b := []byte(`{"from":`)
	b = strconv.AppendInt(b, d.from, 10)
	b = append(b, `,"to":`...)
	b = strconv.AppendInt(b, d.to, 10)
	b = append(b, `,"items":[`...)
	for i, r := range runs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"op":"`...)
		b = append(b, r.Change...)
		b = append(b, `","text":`...)
		b = scan.AppendString(b, r.Text)
		b = append(b, '}')
	}
	return append(b, "]}\n"...)
}

// htmlDiff is a piece of a page: how it looks is said by whoever shows it.
func htmlDiff(_ stretch, runs []ot.Run) []byte {
	tags := map[ot.Change]string{ot.Inserted: "ins", ot.Deleted: "del", ot.Kept: "span"}
	b := []byte(`<pre class="diff">`)
	for _, r := range runs {
		tag := tags[r.Change]
		b = append(b, "<"+tag+">"...)
		b = append(b, html.EscapeString(r.Text)...)
		b = append(b, "</"+tag+">"...)
	}
	return append(b, "</pre>\n"...)
}
