package server

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestAddresses(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, test := range []struct {
		remote    string
		forwarded []string
		trusting  string // proxies are configured
		without   string // none are
	}{
		{"192.0.2.7:1", nil, "192.0.2.7", "192.0.2.7"},
		{"[::ffff:192.0.2.7]:1", nil, "192.0.2.7", "192.0.2.7"},
		{"[2001:db8:1:2::1]:1", nil, "2001:db8:1:2::/64", "2001:db8:1:2::/64"},
		{"[2001:db8:1:2:ffff::9]:2", nil, "2001:db8:1:2::/64", "2001:db8:1:2::/64"},
		{"pipe", []string{"192.0.2.1"}, "pipe", "pipe"},
		{"192.0.2.7:1", []string{"198.51.100.1"}, "192.0.2.7", "192.0.2.7"},
		{"127.0.0.1:1", nil, "127.0.0.1", "127.0.0.1"},
		{"127.0.0.1:1", []string{"198.51.100.1"}, "198.51.100.1", "127.0.0.1"},
		{"127.0.0.1:1", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1", "127.0.0.1"},
		{"127.0.0.1:1", []string{"203.0.113.9", "198.51.100.1, 10.1.1.1"}, "198.51.100.1", "127.0.0.1"},
		{"127.0.0.1:1", []string{"127.0.0.1, 10.1.1.1"}, "127.0.0.1", "127.0.0.1"},
		{"127.0.0.1:1", []string{"nonsense, 10.1.1.1"}, "10.1.1.1", "127.0.0.1"},
		{"127.0.0.1:1", []string{"198.51.100.1:8080"}, "127.0.0.1", "127.0.0.1"},
		{"[fd00::1]:1", []string{"2001:db8:1:2::7"}, "2001:db8:1:2::/64", "fd00::/64"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = test.remote
		for _, f := range test.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		r.Header.Set("Forwarded", "for=203.0.113.1")
		r.Header.Set("X-Real-IP", "203.0.113.1")
		if got := (&Server{proxies: proxies}).addressOf(r); got != test.trusting {
			t.Errorf("%s %q: %s, want %s", test.remote, test.forwarded, got, test.trusting)
		}
		if got := (&Server{}).addressOf(r); got != test.without {
			t.Errorf("%s %q, without proxies: %s, want %s", test.remote, test.forwarded, got, test.without)
		}
	}
}
