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

// action is what somebody wants to do with a document, or with the server
// where there is no document.
type action string

const (
	read    action = "read"    // content, history, who is here
	comment action = "comment" // say something in the chat
	edit    action = "edit"    // submit deltas
	manage  action = "manage"  // rename, trash, delete
	create  action = "create"  // a new document
	list    action = "list"    // which documents there are
)

// principal is who asks.
type principal struct {
	user store.User
	role session.Role
}

// authorize decides who may do what; it is the only one. It returns who asks,
// or a problem: 401, 403.
//
// For now whoever reaches this machine's loopback address may do everything.
// A request under a foreign host name is refused all the same: a page on the
// web can make its own name resolve to 127.0.0.1 and would otherwise read
// every document through its visitor's browser.
func (s *Server) authorize(r *http.Request, _ action, _ string) (principal, error) {
	if !loopback(r.RemoteAddr) {
		return principal{}, forbidden("only this machine has access")
	}
	if !s.knownHost(r.Host) {
		return principal{}, forbidden("the host name %q is not this server's; set --public-url", r.Host)
	}
	return principal{user: store.User{ID: "guest:program", Name: "Guest"}, role: session.Owner}, nil
}

func loopback(remote string) bool {
	addr, err := netip.ParseAddrPort(remote)
	return err == nil && addr.Addr().Unmap().IsLoopback()
}

// knownHost reports whether host, of a Host header, is one that can't be
// pointed here by a stranger: an address, localhost, or the public name.
func (s *Server) knownHost(host string) bool {
	if s.public != nil && strings.EqualFold(host, s.public.Host) {
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
