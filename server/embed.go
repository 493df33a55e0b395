package server

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// Origin is a site, as https://wiki.example.org or http://localhost:3000.
type Origin string

var validOrigin = regexp.MustCompile(`^https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$`)

// UnmarshalText implements encoding.TextUnmarshaler. An origin goes into a
// header, so nothing else can be one.
func (o *Origin) UnmarshalText(text []byte) error {
	site := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(string(text))), "/")
	if !validOrigin.MatchString(site) {
		return fmt.Errorf("%q is no origin such as https://wiki.example.org", text)
	}
	*o = Origin(site)
	return nil
}

// embedPolicy is the contentPolicy for a page that those sites may hold in a
// frame. What is in the frame is a page of this server all the same: its
// requests and sockets come from its own origin.
func embedPolicy(sites []Origin) string {
	policy := contentPolicy // which ends in who may
	for _, site := range sites {
		policy += " " + string(site)
	}
	return policy
}

// naming writes into a page which sites may hand it a token, for its script to
// know whose word it takes.
func naming(hosts []Origin, page []byte) []byte {
	if len(hosts) == 0 {
		return page
	}
	names := make([]string, len(hosts))
	for i, host := range hosts {
		names[i] = string(host)
	}
	meta := fmt.Appendf([]byte("<head>"), `<meta name="tutti-hosts" content="%s">`, strings.Join(names, " "))
	return bytes.Replace(page, []byte("<head>"), meta, 1)
}

// fromHost returns the origin of a page of a site that may hold documents, ""
// if a request comes from none. Such a page reaches documents, and nothing of
// people and their log-ins. On an open server there is none: to hold a frame
// is not to be let in to everything by whoever looks at it.
func (s *Server) fromHost(r *http.Request) string {
	origins := r.Header.Values("Origin")
	if s.accounts == nil || len(origins) != 1 || !ofDocuments(r) || !slices.Contains(s.embed, Origin(origins[0])) {
		return ""
	}
	return origins[0]
}

func ofDocuments(r *http.Request) bool {
	return r.URL.Path == "/api/v1/documents" || strings.HasPrefix(r.URL.Path, "/api/v1/documents/")
}

// forHosts lets those pages read the answers to what they ask (CORS). No cookie
// counts from there, see Server.cookie, so none is allowed: they show tokens.
func (s *Server) forHosts(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, h := c.Request(), c.Response().Header()
		if len(s.embed) > 0 && ofDocuments(r) {
			h.Add("Vary", "Origin")
		}
		host := s.fromHost(r)
		if host == "" {
			return next(c)
		}
		h.Set("Access-Control-Allow-Origin", host)
		if r.Method != http.MethodOptions {
			h.Set("Access-Control-Expose-Headers", "Content-Disposition, ETag, Location, Retry-After")
			return next(c)
		}
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID")
		h.Set("Access-Control-Max-Age", "600") // seconds
		return c.NoContent(http.StatusNoContent)
	}
}
