package hooks

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	// answerWithin is how long a receiver has for all of a delivery.
	answerWithin = 10 * time.Second
	dialWithin   = 5 * time.Second
)

// errAddress is returned for an address that hooks don't go to.
var errAddress = errors.New("hooks: not an address that hooks go to")

// newClient makes requests to addresses that are permitted. The address is
// looked at when it is dialled, so a name that leads elsewhere by then doesn't
// pass.
func newClient(plain bool, allowed []netip.Prefix) *http.Client {
	dialer := &net.Dialer{
		Timeout: dialWithin,
		Control: func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !permitted(at.Addr(), plain, allowed) {
				return errAddress
			}
			return nil
		},
	}
	return &http.Client{
		Timeout: answerWithin,
		// A proxy of the environment would be dialled in the place of the
		// receiver: none is used.
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, address)
			},
			TLSHandshakeTimeout: dialWithin, ForceAttemptHTTP2: true, DisableCompression: true,
			MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// permitted reports whether a request may go to an address: to those allowed,
// and with TLS to public ones.
func permitted(addr netip.Addr, plain bool, allowed []netip.Prefix) bool {
	addr = addr.Unmap()
	for _, p := range allowed {
		if p.Contains(addr.WithZone("")) {
			return true
		}
	}
	return !plain && public(addr)
}

// special are the ranges that look public and are not, or lead to others: those
// of IANA's registries, NAT64, 6to4 and Teredo, behind which any may stand.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// global is all of IPv6 that is given to anybody.
var global = netip.MustParsePrefix("2000::/3")

func prefixes(all ...string) (p []netip.Prefix) {
	for _, s := range all {
		p = append(p, netip.MustParsePrefix(s))
	}
	return p
}

func public(addr netip.Addr) bool {
	if addr.Is6() && !global.Contains(addr) {
		return false
	}
	for _, p := range special {
		if p.Contains(addr) {
			return false
		}
	}
	return true
}
