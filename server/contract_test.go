package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"tutti/server"
)

// checked is a transport that holds every call of the tests against the
// contract: each answer, and each request that was not refused.
type checked struct {
	t interface {
		Errorf(format string, args ...any)
	}
	next http.RoundTripper
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
		"application/x-ndjson": openapi3filter.PlainBodyDecoder, "application/zip": openapi3filter.FileBodyDecoder,
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

// RoundTrip sends a request and fails the test where the answer breaks the
// contract.
func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		var err error
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if r.Body = http.NoBody; len(sent) > 0 {
			r.Body = io.NopCloser(bytes.NewReader(sent))
		}
	}
	answer, err := c.next.RoundTrip(r)
	if err != nil || isApp(r.URL.Path) {
		return answer, err
	}
	body := []byte{}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		body, err = io.ReadAll(answer.Body)
		answer.Body.Close()
		answer.Body = io.NopCloser(bytes.NewReader(body))
		if err != nil {
			return answer, nil // cut off; who reads it will see
		}
	}
	if flaw := breach(r, sent, answer, body); flaw != nil {
		c.t.Errorf("%s %s, sent %.300q, answers %d %.500s\nagainst the contract: %v", r.Method, r.URL, sent, answer.StatusCode, body, flaw)
	}
	return answer, nil
}

// isApp tells the addresses of the app and its files, of which the contract
// says nothing.
func isApp(path string) bool {
	return !strings.HasPrefix(path, "/api/") && path != "/healthz" && path != "/readyz" && path != "/metrics"
}

// breach says how a call breaks the contract, nil if it doesn't.
func breach(r *http.Request, sent []byte, answer *http.Response, body []byte) error {
	rules, err := contract()
	if err != nil {
		return err
	}
	if answer.StatusCode >= 400 && r.Method != http.MethodHead {
		if err := rules.isProblem(answer, body); err != nil {
			return err
		}
	}
	route, parameters, err := rules.strict.FindRoute(r)
	if err != nil || strings.HasSuffix(r.URL.Path, "/") && r.URL.Path != "/api/" { // no such address, or not that method
		if answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusMethodNotAllowed {
			return err
		}
		if (answer.StatusCode == http.StatusMethodNotAllowed) != (answer.Header.Get("Allow") != "") {
			return fmt.Errorf("Allow is %q", answer.Header.Get("Allow"))
		}
		return nil
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.StatusCode, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true, MultiError: true,
			ExcludeResponseBody: r.Method == http.MethodHead || strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream"),
		},
	})
	// A repeat is answered whatever it holds.
	if err != nil || answer.StatusCode >= 400 || r.Header.Get("Idempotency-Key") != "" {
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
func (r *rules) isProblem(answer *http.Response, body []byte) error {
	if media := answer.Header.Get("Content-Type"); media != "application/problem+json" {
		return fmt.Errorf("an error as %q", media)
	}
	var p map[string]any
	if err := json.Unmarshal(body, &p); err != nil {
		return err
	}
	if p["status"] != float64(answer.StatusCode) {
		return fmt.Errorf("status %v", p["status"])
	}
	return r.problem.VisitJSON(p, openapi3.VisitAsResponse())
}
