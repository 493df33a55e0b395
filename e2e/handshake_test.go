package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

func TestHandshakeWantsTheSubprotocol(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc")
	for name, c := range map[string]struct {
		offered []string
		status  int
	}{
		"none":              {nil, http.StatusBadRequest},
		"another":           {[]string{"chat"}, http.StatusBadRequest},
		"a later version":   {[]string{"tutti.v2"}, http.StatusBadRequest},
		"in capitals":       {[]string{"TUTTI.V1"}, http.StatusBadRequest},
		"it":                {[]string{"tutti.v1"}, http.StatusSwitchingProtocols},
		"it among others":   {[]string{"chat", "tutti.v1", "tutti.v2"}, http.StatusSwitchingProtocols},
		"none, no document": {nil, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			dialer := websocket.Dialer{Subprotocols: c.offered}
			if got := s.handshake(doc.ID, &dialer, nil); got != c.status {
				t.Errorf("status %d, want %d", got, c.status)
			}
		})
	}
	if got := s.dial(t, doc.ID).ws.Subprotocol(); got != "tutti.v1" {
		t.Errorf("the server chose %q, want tutti.v1", got)
	}
}

func TestHandshakeRefusesForeignOrigins(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc")
	host := strings.TrimPrefix(s.URL(), "http://")
	for origin, status := range map[string]int{
		"":                              http.StatusSwitchingProtocols,
		s.URL():                         http.StatusSwitchingProtocols,
		"null":                          http.StatusForbidden,
		"http://evil.example":           http.StatusForbidden,
		"https://" + host:               http.StatusForbidden,
		"http://127.0.0.1:1":            http.StatusForbidden,
		"http://127.0.0.1":              http.StatusForbidden,
		s.URL() + ".evil.example":       http.StatusForbidden,
		"http://evil.example/?" + host:  http.StatusForbidden,
		"http://" + host + "@evil.test": http.StatusForbidden,
		"not an origin":                 http.StatusForbidden,
	} {
		t.Run(origin, func(t *testing.T) {
			header := http.Header{}
			if origin != "" {
				header.Set("Origin", origin)
			}
			if got := s.handshake(doc.ID, &subprotocol, header); got != status {
				t.Errorf("status %d, want %d", got, status)
			}
		})
	}
}

// What concerns the document is said over the socket, where a browser can
// read it.
func TestDocumentThatIsNotThereClosesWith4404(t *testing.T) {
	turn(t)
	s := serve(t)
	for _, id := range []string{"nothing-here", "-cannot-be", "a.b", strings.Repeat("x", 65)} {
		r := s.dial(t, id)
		r.send(object{"t": "hello", "key": r.key})
		r.closed(4404)
	}
}

func TestWelcomeTellsAllThatItMust(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc", object{"title": "Minutes", "language": "markdown"})
	other := s.join(t, doc.ID)
	other.op(1, 0, `[{"insert":"x"}]`)
	other.acknowledged(1)

	r := s.dial(t, doc.ID)
	r.send(object{"t": "hello", "key": r.key, "name": "Ada", "color": "#112233"})
	_, data, err := r.ws.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	var has map[string]json.RawMessage
	if err := json.Unmarshal(data, &has); err != nil {
		t.Fatal(err)
	}
	for _, field := range strings.Fields("t session client seq epoch rev kind title language role user people limits content") {
		if _, ok := has[field]; !ok {
			t.Errorf("welcome lacks %s: %s", field, data)
		}
	}
	if _, ok := has["records"]; ok {
		t.Error("a hello without rev got records")
	}
	var w client.Frame
	json.Unmarshal(data, &w)
	if w.T != "welcome" || w.Session == "" || w.Client != client.ID(r.key) || w.Seq != 0 || w.Epoch != doc.Epoch ||
		w.Rev != 1 || w.Kind != "text" || *w.Title != "Minutes" || *w.Language != "markdown" || w.Role == "" {
		t.Errorf("welcome is %s", data)
	}
	if w.User.Name == "" || !strings.HasPrefix(w.User.ID, "guest:") {
		t.Errorf("the user is %+v, want a guest with a name", w.User)
	}
	if string(w.Content) != `[{"insert":"xabc"}]` {
		t.Errorf("content %s", w.Content)
	}
	if w.Limits.Frame <= 0 || w.Limits.Delta <= 0 || w.Limits.Document <= 0 || w.Limits.Rate <= 0 {
		t.Errorf("limits %+v", w.Limits)
	}
	if len(w.People) != 1 || w.People[0].Session != other.welcome.Session || w.People[0].Client != client.ID(other.key) {
		t.Errorf("people are %+v, want the other alone", w.People)
	}

	// Again with what it has: records in the place of the content.
	again := s.dial(t, doc.ID).hello(object{"rev": 0, "epoch": doc.Epoch})
	if again.welcome.Content != nil || len(again.welcome.Records) != 1 || again.welcome.Rev != 1 {
		t.Errorf("welcome to revision 0 is %+v, want record 1 and no content", again.welcome)
	}
	record := again.welcome.Records[0]
	if record.Rev != 1 || record.Client != client.ID(other.key) || record.Seq != 1 || record.User != other.welcome.User.ID ||
		record.At == 0 || string(record.Op) != `[{"insert":"x"}]` {
		t.Errorf("record is %+v", record)
	}
	// The same bytes go to the disk, the sockets and REST.
	if kept := s.records(doc.ID, 0); len(kept) != 1 || string(kept[0].Op) != string(record.Op) || kept[0].At != record.At {
		t.Errorf("REST says %+v, the socket %+v", kept, record)
	}
	// At the head there is nothing to catch up with.
	at := s.dial(t, doc.ID).hello(object{"rev": 1, "epoch": doc.Epoch})
	if at.welcome.Content != nil || len(at.welcome.Records) != 0 || at.welcome.Rev != 1 {
		t.Errorf("welcome at the head is %+v", at.welcome)
	}
}
