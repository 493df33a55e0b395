package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"tutti/server"
)

// checked stands before a server in the tests and holds every call against the
// contract, whoever makes it: each answer, and each request that was not
// refused.
type checked struct {
	t interface {
		Errorf(format string, args ...any)
	}
	next http.Handler
	// fails is set by tests that make the server fail: 500 is in no contract.
	fails bool
}

// check has all that a server answers held against the contract. A benchmark
// is left alone: it measures the server.
func check(t testing.TB, srv *server.Server) *checked {
	c := &checked{t: t}
	if _, measures := t.(*testing.B); !measures {
		srv.Wrap(func(next http.Handler) http.Handler {
			c.next = next
			return c
		})
	}
	return c
}

// rules are the contract as the tests read it: routes for requests, and strict
// ones for answers, in which every field must be described.
type rules struct {
	routes, strict routers.Router
	problem        *openapi3.Schema
}

var contract = sync.OnceValues(func() (*rules, error) {
	for media, decode := range map[string]openapi3filter.BodyDecoder{
		"text/html": openapi3filter.PlainBodyDecoder, "text/markdown": openapi3filter.PlainBodyDecoder, "text/x-diff": openapi3filter.PlainBodyDecoder,
		"application/x-ndjson": openapi3filter.PlainBodyDecoder, "application/zip": openapi3filter.FileBodyDecoder, "application/x-tar": openapi3filter.FileBodyDecoder,
		"application/merge-patch+json": openapi3filter.JSONBodyDecoder, delta: openapi3filter.JSONBodyDecoder,
	} {
		openapi3filter.RegisterBodyDecoder(media, decode)
	}
	open, err := loadContract()
	if err != nil {
		return nil, err
	}
	closed, err := loadContract()
	if err != nil {
		return nil, err
	}
	for _, schema := range closed.Components.Schemas {
		closeSchema(schema)
	}
	for _, item := range closed.Paths.Map() {
		for _, operation := range item.Operations() {
			for _, answer := range operation.Responses.Map() {
				for _, media := range answer.Value.Content {
					closeSchema(media.Schema)
				}
			}
		}
	}
	r := &rules{problem: closed.Components.Schemas["Problem"].Value}
	if r.routes, err = legacy.NewRouter(open); err != nil {
		return nil, err
	}
	r.strict, err = legacy.NewRouter(closed)
	return r, err
})

func loadContract() (*openapi3.T, error) {
	b, err := server.Contract()
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(b)
}

// closeSchema lets objects have no fields but those described.
func closeSchema(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil || ref.Value.AdditionalProperties.Has != nil {
		return
	}
	s := ref.Value
	if len(s.Properties) > 0 {
		no := false
		s.AdditionalProperties.Has = &no
	}
	for _, p := range s.Properties {
		closeSchema(p)
	}
	closeSchema(s.Items)
}

// ServeHTTP has a call answered and fails the test where that breaks the
// contract. One that is broken off panics through it.
func (c *checked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isApp(r.URL.Path) || r.Method == http.MethodOptions { // that is a browser's question, and CORS's
		c.next.ServeHTTP(w, r)
		return
	}
	sent := &heard{ReadCloser: r.Body}
	said := &said{ResponseWriter: w, status: http.StatusOK}
	heard := r.Clone(r.Context()) // what becomes of a body's rest depends on r's
	heard.Body = sent
	c.next.ServeHTTP(said, heard)
	if said.hijacked {
		return // a socket from here on
	}
	if c.fails && said.status == http.StatusInternalServerError {
		return
	}
	if flaw := breach(r, sent.body.Bytes(), said); flaw != nil {
		c.t.Errorf("%s %s, sent %.300q, answers %d %.500s\nagainst the contract: %.1000v", r.Method, r.URL, sent.body.Bytes(), said.status, said.body.Bytes(), flaw)
	}
}

// heard keeps what was read of a body.
type heard struct {
	io.ReadCloser
	body bytes.Buffer
}

func (h *heard) Read(b []byte) (int, error) {
	n, err := h.ReadCloser.Read(b)
	h.body.Write(b[:n])
	return n, err
}

// said keeps an answer, but for the body of one that has no end.
type said struct {
	http.ResponseWriter
	status   int
	sealed   bool // the header is said
	header   http.Header
	body     bytes.Buffer
	hijacked bool
}

func (s *said) WriteHeader(status int) {
	if !s.sealed {
		s.status, s.header, s.sealed = status, s.Header().Clone(), true
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *said) Write(b []byte) (int, error) {
	if !s.sealed {
		s.WriteHeader(http.StatusOK)
	}
	if !s.endless() {
		s.body.Write(b)
	}
	return s.ResponseWriter.Write(b)
}

func (s *said) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	s.hijacked = true
	return http.NewResponseController(s.ResponseWriter).Hijack()
}

func (s *said) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *said) endless() bool {
	return strings.HasPrefix(s.header.Get("Content-Type"), "text/event-stream")
}

// isApp tells the addresses of the app and its files, of which the contract
// says nothing.
func isApp(path string) bool {
	return !strings.HasPrefix(path, "/api/") && path != "/healthz" && path != "/readyz" && path != "/metrics"
}

// breach says how a call breaks the contract, nil if it doesn't.
func breach(r *http.Request, sent []byte, answer *said) error {
	rules, err := contract()
	if err != nil {
		return err
	}
	if answer.status >= 400 && r.Method != http.MethodHead {
		if err := rules.isProblem(answer); err != nil {
			return err
		}
	}
	if r.Method == http.MethodOptions && answer.status == http.StatusNoContent && answer.header.Get("Allow") != "" {
		return nil // that of any address, so of none in the contract
	}
	route, parameters, err := rules.strict.FindRoute(r)
	// The router overlooks a slash at the end, and names that are empty.
	nowhere := strings.HasSuffix(r.URL.Path, "/") && r.URL.Path != "/api/" || slices.Contains(slices.Collect(maps.Values(parameters)), "")
	if err != nil || nowhere { // no such address, or not that method
		if answer.status != http.StatusNotFound && answer.status != http.StatusMethodNotAllowed {
			return err
		}
		if (answer.status == http.StatusMethodNotAllowed) != (answer.header.Get("Allow") != "") {
			return fmt.Errorf("Allow is %q", answer.header.Get("Allow"))
		}
		return nil
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.status, Header: answer.header, Body: io.NopCloser(bytes.NewReader(answer.body.Bytes())),
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true, MultiError: true,
			ExcludeResponseBody: r.Method == http.MethodHead || answer.endless(),
		},
	})
	// A repeat is answered whatever it holds.
	if err != nil || answer.status >= 400 || r.Header.Get("Idempotency-Key") != "" {
		return err
	}
	if input.Route, input.PathParams, err = rules.routes.FindRoute(r); err != nil {
		return err
	}
	input.Request = r.Clone(r.Context())
	query := r.URL.Query()
	maps.DeleteFunc(query, func(_ string, values []string) bool { return slices.Equal(values, []string{""}) }) // as left out
	input.Request.URL.RawQuery = query.Encode()
	input.Request.Body = io.NopCloser(bytes.NewReader(sent))
	return openapi3filter.ValidateRequest(r.Context(), input)
}

// isProblem checks that an error is said as RFC 9457 has it.
func (r *rules) isProblem(answer *said) error {
	if media := answer.header.Get("Content-Type"); media != "application/problem+json" {
		return fmt.Errorf("an error as %q", media)
	}
	var p map[string]any
	if err := json.Unmarshal(answer.body.Bytes(), &p); err != nil {
		return err
	}
	if p["status"] != float64(answer.status) {
		return fmt.Errorf("status %v", p["status"])
	}
	return r.problem.VisitJSON(p, openapi3.VisitAsResponse())
}
