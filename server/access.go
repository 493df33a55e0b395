package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"tutti/session"
	"tutti/store"
)

// knownHost reports whether host, of a Host header, is one that can't be
// pointed here by a stranger: an address, localhost, or the public name.
func (s *Server) knownHost(host string) bool {
	if s.public != nil && (strings.EqualFold(host, s.public.Host) || strings.EqualFold(host, withPort(s.public))) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// withPort is the host of an address with its port. Programs, Prometheus among
// them, say it also where it goes without saying.
func withPort(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Host
	case u.Scheme == "https":
		return u.Host + ":443"
	}
	return u.Host + ":80"
}

// ownOrigin reports whether a request comes from a page of this server, or
// from no page at all.
func (s *Server) ownOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	if len(origins) > 1 {
		return false
	}
	origin, err := url.Parse(origins[0])
	if err != nil || origin.Host == "" {
		return false
	}
	if s.public != nil && origin.Scheme == s.public.Scheme && strings.EqualFold(origin.Host, s.public.Host) {
		return true
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return origin.Scheme == scheme && strings.EqualFold(origin.Host, r.Host)
}

// guest names who says hello without an account: the id follows the client's
// key, so that it stays over reconnects and nobody can take another's.
func guest(hello session.Hello, role session.Role) session.Identity {
	client := session.ClientID(hello.Key)
	name, color := hello.Name, hello.Color
	if name == "" {
		name = "Guest"
	}
	if color == "" {
		color = palette[int(client[0])%len(palette)]
	}
	return session.Identity{User: store.User{ID: "guest:" + client, Name: name}, Role: role, Color: color}
}

// palette colours who chose none: distinct on white and on black.
var palette = [...]string{"#d14b4b", "#c27a1c", "#7a8f1f", "#2f9464", "#1f8fa6", "#3f74d1", "#7d5bd0", "#bb4a9b"}
