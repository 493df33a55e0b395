package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// assets is the built app, as Vite leaves it: index.html, which names all the
// rest, and files under assets/ that carry a hash of their content in their
// name.
type assets struct {
	files  fs.FS
	index  htmlPage
	framed htmlPage // index, as it is in a frame of another site
}

// htmlPage is a page with its ETag.
type htmlPage struct {
	html []byte
	tag  string
}

func newHTMLPage(html []byte) htmlPage {
	sum := sha256.Sum256(html)
	return htmlPage{html, `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func newAssets(files fs.FS, hosts []Origin) (*assets, error) {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, err
	}
	return &assets{files, newHTMLPage(index), newHTMLPage(naming(hosts, index))}, nil
}

const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>tutti</title>
<h1>tutti is running, without its app</h1>
<p>This binary was compiled before the app was built. With Node at hand, <code>make run</code> builds both.
The API is there: <a href="/api/v1/documents">/api/v1/documents</a>.</p></html>
`

// page serves the app, which finds out from the address what to show. It is
// always asked for again, so that a new version is seen at the next visit.
func (s *Server) page(c echo.Context) error {
	if framed(c) {
		c.Response().Header().Set("Content-Security-Policy", embedPolicy(s.embed))
	}
	return s.pageAs(c, http.StatusOK)
}

// framed reports whether a page is asked for that other sites may hold.
func framed(c echo.Context) bool { return c.Param("id") != "" && c.QueryParam("embed") == "1" }

func (s *Server) pageAs(c echo.Context, status int) error {
	if _, err := s.authorize(c.Request(), visit, ""); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	if s.assets == nil {
		return c.HTML(status, unbuilt)
	}
	page := s.assets.index
	if framed(c) {
		page = s.assets.framed
	}
	h.Set("ETag", page.tag)
	if status == http.StatusOK && matches(c.Request().Header.Values("If-None-Match"), page.tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.HTMLBlob(status, page.html)
}

// nothing answers an address where there is nothing: a person gets the app,
// which says so, a program a problem.
func (s *Server) nothing(c echo.Context) error {
	if !strings.Contains(c.Request().Header.Get("Accept"), "text/html") {
		return echo.ErrNotFound
	}
	return s.pageAs(c, http.StatusNotFound)
}

// elseAsset looks for a file of the app where no route answers. It is no route
// itself: one for all addresses would have every one of the API take GET.
func elseAsset(asset echo.HandlerFunc) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			err := next(c)
			if !errors.Is(err, echo.ErrNotFound) || r.Method != http.MethodGet && r.Method != http.MethodHead || strings.HasPrefix(r.URL.Path, "/api/") {
				return err
			}
			return asset(c)
		}
	}
}

// asset serves a file of the app. One with a hash in its name never changes.
func (s *Server) asset(c echo.Context) error {
	name := path.Clean(strings.TrimPrefix(c.Request().URL.Path, "/"))
	if name == "." || name == "index.html" {
		return s.page(c)
	}
	if s.assets == nil || strings.HasPrefix(path.Base(name), ".") || !fs.ValidPath(name) {
		return s.nothing(c)
	}
	b, err := fs.ReadFile(s.assets.files, name)
	if err != nil {
		return s.nothing(c)
	}
	h := c.Response().Header()
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	media := mime.TypeByExtension(path.Ext(name))
	if media == "" {
		media = http.DetectContentType(b)
	}
	return c.Blob(http.StatusOK, media, b)
}
