package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestNothingIsThereForAnyMethod(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	for _, path := range []string{"/nothing", "/documents/d/nothing", "/documents/d/content/more", "/documents/", "/"} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if a := s.call(method, path, ""); a.status != 404 {
				t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
			}
		}
	}
	for _, id := range []string{"none", "-bad", "a%2Fb", "%00", strings.Repeat("a", 65), "%F0%9F%98%80"} {
		s.call("GET", "/documents/"+id, "").refused(404, "document_not_found")
		s.call("GET", "/documents/"+id+"/content", "").refused(404, "document_not_found")
		s.call("DELETE", "/documents/"+id, "").refused(404, "document_not_found")
		s.call("PATCH", "/documents/"+id, `{"title":"x"}`).refused(404, "document_not_found")
	}
}

func TestMethodsThatAreNotThere(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	for path, allow := range map[string]string{
		"/documents":              "GET, POST",
		"/documents/d":            "DELETE, GET, PATCH",
		"/documents/d/content":    "GET, HEAD, PATCH, PUT",
		"/documents/d/duplicate":  "POST",
		"/documents/d/records":    "GET",
		"/documents/d/versions/1": "DELETE",
		"/tags":                   "GET",
		"/trash":                  "DELETE",
		"/openapi.json":           "GET",
	} {
		a := s.call("TRACE", path, "").refused(405, "method_not_allowed")
		for method := range strings.SplitSeq(allow, ", ") {
			if !strings.Contains(a.header.Get("Allow"), method) {
				t.Errorf("%s: Allow %q lacks %s", path, a.header.Get("Allow"), method)
			}
		}
	}
	s.call("PUT", "/documents/d", `{}`).refused(405, "method_not_allowed")
}

// A body that says how long it is is refused unread, one that doesn't as soon
// as it is too long.
func TestBodiesThatAreTooLong(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	for _, path := range []string{"PATCH /documents/d", "POST /documents", "PUT /documents/d/content", "POST /documents/d/notice", "POST /documents/import", "POST /import", "POST /documents/archive"} {
		method, path, _ := strings.Cut(path, " ")
		media := map[string]string{"/documents/d/content": plain, "/documents/import": plain, "/import": zipMedia, "/documents/archive": archiveMedia}[path]
		if media == "" {
			media = "application/json"
		}
		conn, err := net.Dial("tcp", s.http.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s /api/v1%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", method, path, media, int64(2)<<30)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil) // not a byte of the body was sent
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != 413 || !strings.Contains(string(body), `"too_large"`) {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
		conn.Close()
	}
	r, err := http.NewRequest("PATCH", s.http.URL+"/api/v1/documents/d", io.MultiReader(strings.NewReader(`{"title":"`), strings.NewReader(strings.Repeat("a", 70<<10))))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 413 {
		t.Errorf("in chunks: %d", resp.StatusCode)
	}
}

func TestMediaTypes(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	for _, media := range []string{"text/xml", "application/octet-stream", "application/json; charset=latin1", "nonsense"} {
		s.call("POST", "/documents", `{}`, "Content-Type", media).refused(415, "unsupported_media_type")
		s.call("PATCH", "/documents/d", `{}`, "Content-Type", media).refused(415, "unsupported_media_type")
		s.call("PUT", "/documents/d/content", `x`, "Content-Type", media).refused(415, "unsupported_media_type")
		s.call("POST", "/documents/d/notice", `{}`, "Content-Type", media).refused(415, "unsupported_media_type")
	}
	s.call("PUT", "/documents/d/content", `<p>`, "Content-Type", "text/html").refused(415, "unsupported_media_type")
}
