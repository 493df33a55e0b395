package server

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// addressOf is where a request comes from. Of IPv6 a house has as many as it
// likes: what it is given, a /64, counts as one.
func (s *Server) addressOf(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := s.origin(r, at.Addr().Unmap())
	if ip.Is6() {
		network, _ := ip.Prefix(64) // fails for no address of 128 bits
		return network.String()
	}
	return ip.String()
}

// origin is the last address that no trusted proxy stands for. What is before
// it in the header, whoever sent the request may have made up.
func (s *Server) origin(r *http.Request, ip netip.Addr) netip.Addr {
	if len(s.proxies) == 0 {
		return ip
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !s.trusted(ip) {
			return ip
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return ip
		}
		ip = before.Unmap().WithZone("")
	}
	return ip
}

func (s *Server) trusted(ip netip.Addr) bool {
	return slices.ContainsFunc(s.proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}
