package server_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// secrets keeps what a server logs, down to the last detail, and the secrets
// that went over the wire meanwhile: none may stand in there.
type secrets struct {
	mu  sync.Mutex
	log bytes.Buffer
	all map[string]bool
}

// Write takes what is logged.
func (s *secrets) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

func (s *secrets) keep(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string]bool{password: true}
	}
	s.all[secret] = true
}

// check fails the test if a secret stands in the log, or nothing does.
func (s *secrets) check(t testing.TB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) > 0 && s.log.Len() == 0 {
		t.Error("nothing is logged")
	}
	for secret := range s.all {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds the secret %s", secret)
		}
	}
}

var saysSecret = regexp.MustCompile(`"secret":"([^"]+)"`)

// call is that of a rest, and keeps the secrets that it sends and is sent.
func (h *house) call(method, path, body string, headers ...string) answer {
	h.t.Helper()
	a := h.rest.call(method, path, body, headers...)
	for _, text := range []string{body, string(a.body)} {
		for _, found := range saysSecret.FindAllStringSubmatch(text, -1) {
			h.kept.keep(found[1])
		}
	}
	if cookie, err := http.ParseSetCookie(a.header.Get("Set-Cookie")); err == nil && cookie.Value != "" {
		h.kept.keep(cookie.Value)
	}
	for i := 0; i < len(headers); i += 2 {
		if _, token, ok := strings.Cut(headers[i+1], " "); ok && headers[i] == "Authorization" {
			h.kept.keep(token)
		}
	}
	return a
}
