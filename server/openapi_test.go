package server

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"tutti/session"
	"tutti/store"
)

// app are the routes of the app, which are no part of the contract.
var app = map[string]bool{"GET /": true, "GET /d/{id}": true, "HEAD /": true, "HEAD /d/{id}": true, "GET /*": true, "HEAD /*": true}

// TestContractNamesTheRoutes compares the routes that there are with those
// that the contract promises.
func TestContractNamesTheRoutes(t *testing.T) {
	b, err := contractJSON()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := spec.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	promised := map[string]bool{}
	for path, item := range spec.Paths.Map() {
		for method := range item.Operations() {
			promised[method+" "+path] = true
		}
	}
	st, metrics := store.Watch(store.NewMemory()), session.NewMetrics()
	s, err := New(Options{Store: st, Hub: session.NewHub(st, session.Options{Metrics: metrics}), Metrics: metrics})
	if err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`:(\w+)`)
	for _, r := range s.echo.Routes() {
		route := r.Method + " " + parameter.ReplaceAllString(r.Path, "{$1}")
		if r.Method == echo.RouteNotFound || app[route] {
			continue
		}
		if !promised[route] {
			t.Errorf("openapi.yaml lacks %s", route)
		}
		delete(promised, route)
	}
	for _, route := range slices.Sorted(maps.Keys(promised)) {
		t.Errorf("openapi.yaml names %s, which isn't there", route)
	}
}

func TestContractPage(t *testing.T) {
	page, err := contractPage()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"PATCH /api/v1/documents/{id}/content", "find_ambiguous", http.MethodDelete} {
		if !regexp.MustCompile(regexp.QuoteMeta(want)).Match(page) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if regexp.MustCompile(`<script|\son\w+=|//cdn`).Match(page) {
		t.Error("the page runs something")
	}
}
