package server_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"tutti/server"
	"tutti/session"
)

// TestWhoGuessesShutsNobodyOut has a stranger guess a password for as long as
// they are let, and its owner log in from elsewhere meanwhile.
func TestWhoGuessesShutsNobodyOut(t *testing.T) {
	h := newHouse(t, func(o *server.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	h.first("boss")
	try := func(from, password string) answer {
		return h.call("POST", "/session", `{"login":"boss","password":"`+password+`"}`, "X-Forwarded-For", from)
	}
	for range 150 {
		try("192.0.2.66", "wrong horse")
	}
	a := try("192.0.2.66", password).refused(429, "rate_limited")
	if a.header.Get("Retry-After") == "" {
		t.Error("nothing is said of when to try again")
	}
	try("198.51.100.1", password).ok()
}

// TestAnAddressThatIsMadeUpIsNotBelieved guesses under ever new addresses.
func TestAnAddressThatIsMadeUpIsNotBelieved(t *testing.T) {
	for name, proxies := range map[string][]netip.Prefix{"no proxies": nil, "others": {netip.MustParsePrefix("10.0.0.0/8")}} {
		h := newHouse(t, func(o *server.Options) { o.Proxies = proxies })
		h.first("boss")
		var last answer
		for i := range 6 {
			from := "192.0.2." + string(rune('1'+i))
			last = h.call("POST", "/session", `{"login":"boss","password":"wrong horse"}`,
				"X-Forwarded-For", from, "Forwarded", "for="+from, "X-Real-IP", from, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example")
		}
		if last.status != http.StatusTooManyRequests {
			t.Errorf("%s: the sixth guess answers %d", name, last.status)
		}
	}
}

// TestAGuestLearnsNoIDs asks for documents that are there and for some that
// are not: to who has no account of the server they are all the same.
func TestAGuestLearnsNoIDs(t *testing.T) {
	h, secret := matrixHouse(t)
	ada := h.first("boss").invites("ada")
	ada.writes("notes", "abc")
	ada.writes("salaries", "much")
	_, link := ada.link("notes", `{"role":"editor"}`)
	g := h.guest(link)
	_, scoped := ada.token(`{"name":"x","scope":"manage","documents":["notes"]}`)
	for name, show := range map[string][]string{
		"a stranger":     {},
		"a guest":        {"Cookie", g.cookie},
		"a host's":       {"Authorization", "Bearer " + hostToken(t, secret, session.Editor, 3600e9)},
		"a narrow token": {"Authorization", "Bearer " + scoped.secret},
	} {
		for _, call := range []string{"GET ", "PATCH ", "DELETE ", "GET /content", "GET /files", "GET /links", "POST /restore", "GET /chat", "GET /events"} {
			method, path, _ := strings.Cut(call, " ")
			there := h.call(method, "/documents/salaries"+path, "", show...)
			nowhere := h.call(method, "/documents/nowhere"+path, "", show...)
			if there.status/100 == 2 {
				t.Errorf("%s: %s is let in", name, call)
			}
			if there.status != nowhere.status || string(there.body) != string(nowhere.body) {
				t.Errorf("%s: %s: %d %s for one that is there, %d %s else", name, call, there.status, there.body, nowhere.status, nowhere.body)
			}
		}
	}
	w := g.knock("salaries")
	w.closes(4403)
	g.knock("nowhere").closes(4403)
	ada.call("GET", "/documents/nowhere", "").refused(404, "document_not_found") // who could create it
}

// TestTheAuditLogIsNotFilledFromOutside has a stranger fail to log in, and a
// guest come by a link, again and again.
func TestTheAuditLogIsNotFilledFromOutside(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	boss.writes("notes", "abc")
	_, link := boss.link("notes", `{}`)
	for i := range 150 {
		h.signIn(fmt.Sprintf("nobody%d", i), "wrong horse")
		h.followLink(link, "", "")
	}
	var page struct{ Items []struct{ Action string } }
	boss.call("GET", "/audit?limit=1000", "").ok().into(&page)
	if n := len(page.Items); n < 50 || n > 120 {
		t.Errorf("%d entries", n)
	}
}
