package hooks

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// The example of the specification of Standard Webhooks.
func TestASignatureIsThatOfStandardWebhooks(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	sign(header, [][]byte{key, key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	const one = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	if s := header.Get("webhook-signature"); s != one+" "+one {
		t.Errorf("the signature is %q", s)
	}
	if header.Get("webhook-id") != "msg_p5jXN8AQM9LWM0D4loKWxJek" || header.Get("webhook-timestamp") != "1614265330" {
		t.Errorf("headers %v", header)
	}
}

func TestTheSecretBeforeSignsForADay(t *testing.T) {
	var h Hook
	now := time.Now()
	h.renew(now)
	first := h.Secrets[0].Key
	shown := h.renew(now)
	if keys := h.keys(now); len(keys) != 2 || string(keys[1]) != string(first) || shown != "whsec_"+base64.StdEncoding.EncodeToString(keys[0]) {
		t.Errorf("%d keys sign", len(keys))
	}
	if keys := h.keys(now.Add(25 * time.Hour)); len(keys) != 1 {
		t.Errorf("%d keys sign a day later", len(keys))
	}
	h.renew(now)
	if len(h.Secrets) != 2 {
		t.Errorf("%d secrets are kept", len(h.Secrets))
	}
}

func TestAddresses(t *testing.T) {
	allowed := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}
	for _, test := range []struct {
		addr          string
		secure, plain bool
	}{
		{"93.184.216.34", true, false}, {"2606:2800:220:1::1", true, false}, {"10.1.2.3", true, true}, {"::ffff:10.1.2.3", true, true}, {"fd00:1::5", true, true},
		{"10.2.0.1", false, false}, {"127.0.0.1", false, false}, {"::1", false, false}, {"0.0.0.0", false, false}, {"::", false, false}, {"169.254.169.254", false, false},
		{"192.168.1.1", false, false}, {"172.16.0.1", false, false}, {"172.32.0.1", true, false}, {"100.64.0.1", false, false}, {"224.0.0.1", false, false}, {"255.255.255.255", false, false},
		{"::ffff:127.0.0.1", false, false}, {"::127.0.0.1", false, false}, {"64:ff9b::7f00:1", false, false}, {"2002:7f00:1::", false, false}, {"2001::1", false, false},
		{"fe80::1%eth0", false, false}, {"fd00:2::1", false, false}, {"ff02::1", false, false}, {"198.18.0.1", false, false},
	} {
		addr := netip.MustParseAddr(test.addr)
		if secure, plain := permitted(addr, false, allowed), permitted(addr, true, allowed); secure != test.secure || plain != test.plain {
			t.Errorf("%s: with TLS %v, without %v", addr, secure, plain)
		}
	}
}

func TestWhatIsDialledIsChecked(t *testing.T) {
	visits := 0
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer inside.Close()
	t.Setenv("HTTP_PROXY", inside.URL)
	byName := strings.Replace(inside.URL, "127.0.0.1", "localhost", 1) // a name passes until it is dialled
	for _, plain := range []bool{false, true} {
		for _, allowed := range [][]netip.Prefix{nil, {netip.MustParsePrefix("10.0.0.0/8")}} {
			_, err := newClient(plain, allowed).Post(byName, "application/json", nil)
			if !errors.Is(err, errAddress) {
				t.Errorf("a name of this machine: %v", err)
			}
			if o := (outcome{err: err}); strings.Contains(o.said(), "127.") || !strings.Contains(o.said(), "--hooks-allow") {
				t.Errorf("said is %q", o.said())
			}
		}
	}
	if visits != 0 {
		t.Fatalf("%d visits", visits)
	}
	client := newClient(true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")})
	defer client.CloseIdleConnections()
	resp, err := client.Post(inside.URL, "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusTemporaryRedirect || visits != 1 {
		t.Errorf("status %d after %d visits: the redirect was followed", resp.StatusCode, visits)
	}
}

func TestWhatIsNoHookIsRefused(t *testing.T) {
	r := newRig(t)
	defer r.close()
	for _, h := range []Hook{
		{URL: "ftp://example.org"}, {URL: "https://"}, {URL: "/hook"}, {URL: "https://a:b@example.org"}, {URL: "https://example.org/#x"}, {URL: "http://example.org"},
		{URL: "https://127.0.0.1/"}, {URL: "https://[::1]:8080/"}, {URL: "https://169.254.169.254/latest"}, {URL: "https://" + strings.Repeat("x", 2048) + ".org"},
		{URL: "https://example.org", Events: []string{}}, {URL: "https://example.org", Events: []string{"x"}}, {URL: "https://example.org", Events: []string{Created, Created}},
		{URL: "https://example.org", Events: []string{Created}, Records: true},
	} {
		if h.Events == nil {
			h.Events = Events
		}
		var invalid Invalid
		if _, _, err := r.x.Add(h); !errors.As(err, &invalid) {
			t.Errorf("%+v: %v", h, err)
		}
	}
	for range perPlace {
		r.hook(Hook{})
	}
	if _, _, err := r.x.Add(Hook{URL: "https://example.org", Events: Events}); err == nil {
		t.Error("there is no end of hooks")
	}
}
