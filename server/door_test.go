package server

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"tutti/server/access"
	"tutti/session"
	"tutti/store"
)

// TestEveryRouteComesThroughTheDoor calls all routes there are. One that
// answers without having asked who may do what fails, and so does one that
// goes on after it was told no.
func TestEveryRouteComesThroughTheDoor(t *testing.T) {
	st, metrics := store.Watch(store.NewMemory()), session.NewMetrics()
	s, err := New(Options{Store: st, Hub: session.NewHub(st, session.Options{Metrics: metrics}), Metrics: metrics})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	s.decide = func(access.Caller, access.Action, *access.Document) (session.Role, error) {
		asked++
		return "", access.ErrForbidden
	}
	public := map[string]bool{"/healthz": true, "/readyz": true}
	for _, route := range s.echo.Routes() {
		// A socket asks behind its hello, see TestRightsOnASocket.
		if route.Method == echo.RouteNotFound || public[route.Path] || strings.HasSuffix(route.Path, "/socket") {
			continue
		}
		asked = 0
		r := httptest.NewRequest(route.Method, "http://localhost"+strings.ReplaceAll(route.Path, ":id", "notes"), nil)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if asked != 1 || w.Code != 403 {
			t.Errorf("%s %s asks %d times, and answers a no with %d", route.Method, route.Path, asked, w.Code)
		}
	}
}
