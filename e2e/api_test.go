package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"tutti/e2e/client"
	"tutti/ot"
)

// api is the path of all that the contract fixes.
const api = "/api/v1"

// An answer is a response, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call makes a request. A body that is no string is sent as JSON.
func (s *server) call(method, path string, body any, header ...string) answer {
	s.t.Helper()
	resp, err := s.try(method, path, body, header...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp
}

func (s *server) try(method, path string, body any, header ...string) (answer, error) {
	var content io.Reader
	kind := ""
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		content, kind = bytes.NewReader(encoded), "application/json"
	}
	req, err := http.NewRequest(method, s.URL()+path, content)
	if err != nil {
		return answer{}, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, read}, err
}

// into decodes an answer of the given status.
func (a answer) into(t testing.TB, status int, v any) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %.500s", a.status, status, a.body)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v in %.500s", err, a.body)
	}
}

// resource is a document as REST describes it.
type resource struct {
	ID        string      `json:"id"`
	Kind      string      `json:"kind"`
	Title     string      `json:"title"`
	Language  string      `json:"language"`
	Epoch     string      `json:"epoch"`
	Revision  int64       `json:"revision"`
	Length    int         `json:"length"`
	CreatedAt string      `json:"createdAt"`
	UpdatedAt string      `json:"updatedAt"`
	CreatedBy client.User `json:"createdBy"`
	Role      string      `json:"role"`
}

type object = map[string]any

// create makes a document with this content.
func (s *server) create(content string, more ...object) resource {
	s.t.Helper()
	body := object{"content": content}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	var doc resource
	s.call("POST", api+"/documents", body).into(s.t, http.StatusCreated, &doc)
	return doc
}

func (s *server) resource(id string) resource {
	s.t.Helper()
	var doc resource
	s.call("GET", api+"/documents/"+id, nil).into(s.t, http.StatusOK, &doc)
	return doc
}

// text is the content at the head as plain text.
func (s *server) text(id string) string {
	s.t.Helper()
	a := s.call("GET", api+"/documents/"+id+"/content", nil, "Accept", "text/plain")
	a.into(s.t, http.StatusOK, nil)
	return string(a.body)
}

// delta is the content at a revision as a delta.
func (s *server) delta(id string, rev int64) ot.Document {
	s.t.Helper()
	path := fmt.Sprintf("%s/documents/%s/content?rev=%d", api, id, rev)
	a := s.call("GET", path, nil, "Accept", "application/vnd.quill.delta+json")
	a.into(s.t, http.StatusOK, nil)
	content, err := ot.Parse(a.body)
	if err != nil {
		s.t.Fatal(err)
	}
	doc, err := ot.NewDocument(content)
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

// records are all that come after a revision, page by page.
func (s *server) records(id string, after int64) []client.Record {
	s.t.Helper()
	var all []client.Record
	for {
		var page struct {
			Items []client.Record `json:"items"`
		}
		path := fmt.Sprintf("%s/documents/%s/records?after=%d&limit=1000", api, id, after)
		s.call("GET", path, nil).into(s.t, http.StatusOK, &page)
		if len(page.Items) == 0 {
			return all
		}
		all = append(all, page.Items...)
		after = all[len(all)-1].Rev
	}
}
