package server_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tutti/store"
)

func TestWhatIsNotThere(t *testing.T) {
	s := newSite(t)
	for _, p := range []string{path("nowhere"), path("nowhere", "/content"), path("nowhere", "/records"), path("-a"), path("a%20b"), path("a%2Fb"), path("%C3%A9"), path(strings.Repeat("a", 65))} {
		s.get(p).wantProblem(http.StatusNotFound, "document_not_found")
	}
	s.call("PATCH", path("nowhere"), `{}`).wantProblem(http.StatusNotFound, "document_not_found")
	s.call("POST", path("nowhere", "/restore"), "").wantProblem(http.StatusNotFound, "document_not_found")
	for _, p := range []string{"/nothing", "/d", api, api + "/", api + "/nothing", path("a", "/nothing"), path("", "a/b/c")} {
		s.get(p).wantProblem(http.StatusNotFound, "not_found")
	}
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		s.call(method, api+"/nothing", "").wantProblem(http.StatusNotFound, "not_found")
	}
}

func TestAMethodThatAnAddressDoesNotTake(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	for _, test := range []struct {
		method, path string
		allow        []string
	}{
		{"PUT", api + "/documents", []string{"GET", "POST"}},
		{"DELETE", api + "/documents", []string{"GET", "POST"}},
		{"POST", path(d.ID), []string{"GET", "PATCH", "DELETE"}},
		{"GET", path(d.ID, "/restore"), []string{"POST"}},
		{"DELETE", path(d.ID, "/records"), []string{"GET"}},
		{"POST", path(d.ID, "/socket"), []string{"GET"}},
	} {
		a := s.call(test.method, test.path, "").wantProblem(http.StatusMethodNotAllowed, "method_not_allowed")
		for _, method := range test.allow {
			if !strings.Contains(a.header.Get("Allow"), method) {
				t.Errorf("%s: Allow is %q", a.what, a.header.Get("Allow"))
			}
		}
		if strings.Contains(a.header.Get("Allow"), test.method) {
			t.Errorf("%s: and yet Allow is %q", a.what, a.header.Get("Allow"))
		}
	}
}

func TestABodyOfAnotherTypeIsRefused(t *testing.T) {
	s := newSite(t)
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=latin1", "application/", "application/json;"} {
		a := s.call("POST", api+"/documents", `{}`, "Content-Type", media)
		if media == "application/json;" {
			a.want(http.StatusCreated)
			continue
		}
		a.wantProblem(http.StatusUnsupportedMediaType, "unsupported_media_type")
	}
	s.call("POST", api+"/documents", `{}`, "Content-Type", "application/json; charset=UTF-8").want(http.StatusCreated)
	s.call("POST", api+"/documents", "").wantProblem(http.StatusUnsupportedMediaType, "unsupported_media_type")
	s.call("POST", api+"/documents", " ", "Content-Type", "application/json").wantProblem(http.StatusBadRequest, "bad_json")
}

// raw sends bytes as they are over a connection of its own.
func (s *site) raw(request string) (*http.Response, net.Conn) {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	go io.WriteString(conn, request)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		s.t.Fatalf("%.100q: %v", request, err)
	}
	return resp, conn
}

func TestABodyThatIsTooLargeIsRefusedBeforeItIsRead(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	for method, p := range map[string]string{"PATCH": path(d.ID), "POST": api + "/documents"} {
		resp, _ := s.raw(method + " " + p + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{")
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		answer{t, method + " " + p, resp.StatusCode, resp.Header, body}.wantProblem(http.StatusRequestEntityTooLarge, "too_large")
	}
	// In chunks it is read as far as the limit.
	req, err := http.NewRequest("PATCH", s.url+path(d.ID), io.MultiReader(strings.NewReader(`{"title":"`), forever{}))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	s.do(req).wantProblem(http.StatusRequestEntityTooLarge, "too_large")
}

type forever struct{}

func (forever) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestADocumentThatIsTooLargeIsRefused(t *testing.T) {
	s := newSite(t, func(o *setup) { o.hub.Limits.Document = 10 })
	s.create(`{"content":"0123456789"}`)
	s.call("POST", api+"/documents", `{"content":"01234😀78901"}`).wantProblem(http.StatusUnprocessableEntity, "document_too_large")
	s.call("POST", api+"/documents", `{"kind":"rich","content":"0123456789"}`).wantProblem(http.StatusUnprocessableEntity, "document_too_large")
}

func TestAStoreThatFailsIsSaidToBeUnavailable(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	for _, err := range []error{store.ErrUnavailable, store.ErrUnknown, store.ErrClosed, fmt.Errorf("wrapped: %w", store.ErrUnavailable)} {
		s.store.fail(err)
		for _, call := range [][3]string{
			{"GET", api + "/documents"}, {"POST", api + "/documents", `{}`}, {"GET", path(d.ID)}, {"GET", path(d.ID, "/content")},
			{"GET", path(d.ID, "/records")}, {"PATCH", path(d.ID), `{"title":"x"}`}, {"DELETE", path(d.ID)}, {"POST", path(d.ID, "/restore")},
		} {
			a := s.call(call[0], call[1], call[2]).wantProblem(http.StatusServiceUnavailable, "unavailable")
			if a.header.Get("Retry-After") == "" {
				t.Errorf("%s: no Retry-After", a.what)
			}
		}
	}
	s.contract.fails = true
	s.store.fail(errors.New("a secret of the disk"))
	if a := s.get(path(d.ID)).wantProblem(http.StatusInternalServerError, "internal"); strings.Contains(string(a.body), "secret") {
		t.Errorf("it tells %s", a.body)
	}
	s.store.heal()
	s.get(path(d.ID)).want(http.StatusOK)
}

func TestAHeadOfAnErrorHasNoBody(t *testing.T) {
	s := newSite(t)
	s.call("HEAD", path("nowhere", "/content"), "").want(http.StatusNotFound).wantBody("").wantHeader("Content-Type", "application/problem+json")
}
