package main

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthSaysWhatTheServerSays(t *testing.T) {
	well := true
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !well || r.URL.Path != "/healthz" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	plain, secured := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer secured.Close()
	at := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	_, port, _ := strings.Cut(at(plain), ":")
	for name, c := range map[string]*healthCommand{
		"plain":     {Addr: at(plain)},
		"anywhere":  {Addr: "0.0.0.0:" + port},
		"no host":   {Addr: ":" + port},
		"by a name": {Addr: "localhost:" + port},
		"with TLS":  {Addr: at(secured), Cert: "cert.pem"},
		"a domain":  {Addr: at(secured), Domain: []string{"tutti.example.org"}},
	} {
		if err := c.Run(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		ready := *c
		ready.Ready = true
		if err := ready.Run(); err == nil || !strings.Contains(err.Error(), "503") {
			t.Errorf("%s, not ready: %v", name, err)
		}
	}
	asked := ""
	nameless := httptest.NewUnstartedServer(answer)
	nameless.TLS = &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		asked += hello.ServerName
		return nil, errors.New("no name, no certificate")
	}}
	nameless.Config.ErrorLog = log.New(io.Discard, "", 0)
	nameless.StartTLS()
	defer nameless.Close()
	if err := (&healthCommand{Addr: at(nameless), Domain: []string{"tutti.example.org"}}).Run(); err != nil || asked != "" {
		t.Errorf("no certificate was fetched yet: %v, asked for %q", err, asked)
	}
	well = false
	if err := (&healthCommand{Addr: at(plain)}).Run(); err == nil {
		t.Error("a server that isn't well is said to be")
	}
	plain.Close()
	if err := (&healthCommand{Addr: at(plain)}).Run(); err == nil {
		t.Error("a server that isn't there is said to be well")
	}
	if err := (&healthCommand{Addr: "nowhere"}).Run(); err == nil {
		t.Error("an address without a port is taken")
	}
}
