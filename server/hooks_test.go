package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tutti/server"
	"tutti/server/hooks"
	"tutti/session"
)

// withHooks gives a server hooks, which may go to this machine.
func withHooks(t testing.TB) func(*server.Options) {
	return func(o *server.Options) {
		outbox, err := hooks.Open(hooks.Options{
			Path: filepath.Join(t.TempDir(), "hooks.db"), Store: o.Store, Log: o.Log,
			Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := outbox.Close(); err != nil {
				t.Error(err)
			}
		})
		o.Hooks = outbox
	}
}

// delivered is what a receiver is sent.
type delivered struct {
	Delivery, Hook string
	Document       struct{ ID, Epoch, Title string }
	Events         []struct {
		Type           string
		At             int64
		FromRev, ToRev int64
		Records        []json.RawMessage
	}
}

// receiver is another server, which checks what it is told.
type receiver struct {
	t    testing.TB
	http *httptest.Server

	mu     sync.Mutex
	secret string // "": none is known yet
	status int    // of its answers; 0: 204
	came   []delivered
}

func newReceiver(t testing.TB) *receiver {
	v := &receiver{t: t}
	v.http = httptest.NewServer(v)
	t.Cleanup(v.http.Close)
	return v
}

func (v *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Error(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.secret != "" && !verifies(v.secret, r.Header, body) {
		v.t.Errorf("the signature of %s is not good: %v", body, r.Header)
	}
	var d delivered
	if err := json.Unmarshal(body, &d); err != nil {
		v.t.Error(err)
	}
	v.came = append(v.came, d)
	if v.status == 0 {
		v.status = http.StatusNoContent
	}
	w.WriteHeader(v.status)
}

// verifies is what a receiver does, as README.md says it.
func verifies(secret string, h http.Header, body []byte) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for one := range strings.FieldsSeq(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(one), []byte(want)) {
			return true
		}
	}
	return false
}

func (v *receiver) answers(status int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.status = status
}

// awaits waits until something has come that holds, and returns it.
func (v *receiver) awaits(what string, holds func(delivered) bool) delivered {
	v.t.Helper()
	for range 1500 {
		v.mu.Lock()
		for _, d := range v.came {
			if holds(d) {
				v.mu.Unlock()
				return d
			}
		}
		v.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
	}
	v.t.Fatalf("never came %s; came %+v", what, v.came)
	return delivered{}
}

// isChange tells deliveries with the change of a document to a revision.
func isChange(id string, rev int64) func(delivered) bool {
	return func(d delivered) bool {
		for _, e := range d.Events {
			if d.Document.ID == id && e.Type == "changed" && e.FromRev <= rev && rev <= e.ToRev {
				return true
			}
		}
		return false
	}
}

type shownHook struct {
	ID, URL, Document, Paused, Secret string
	Events                            []string
	Records, Active                   bool
	Person                            *struct{ ID, Name string }
}

// hooks makes a hook at a path.
func (m *member) hooks(path string, v *receiver, more string) shownHook {
	m.h.t.Helper()
	var h shownHook
	m.call("POST", path, `{"url":"`+v.http.URL+`/in"`+more+`}`).ok().into(&h)
	v.mu.Lock()
	v.secret = h.Secret
	v.mu.Unlock()
	return h
}

func TestAHookIsToldWhatAnOwnerMayRead(t *testing.T) {
	h := newHouse(t, withHooks(t))
	ada := h.first("ada")
	bob := ada.invites("bob")
	bob.writes("notes", "abc")
	ada.writes("mine", "abc")
	v := newReceiver(t)
	hook := bob.hooks("/documents/notes/hooks", v, `,"records":true`)
	if !strings.HasPrefix(hook.Secret, "whsec_") || hook.Document != "notes" || !hook.Active || hook.Person.Name != "bob" || len(hook.Events) != 6 {
		t.Errorf("the hook is %+v", hook)
	}
	for _, path := range []string{"", "/" + hook.ID} {
		if a := bob.call("GET", "/documents/notes/hooks"+path, "").ok(); strings.Contains(string(a.body), "secret") || !strings.Contains(string(a.body), hook.ID) {
			t.Errorf("%s shows %s", path, a.body)
		}
	}
	bob.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`).ok()
	ada.call("PATCH", "/documents/mine/content", `{"edits":[{"append":"!"}]}`).ok()
	d := v.awaits("the change", isChange("notes", 1))
	if d.Hook != hook.ID || d.Document.Title != "The title of notes" || !strings.Contains(string(d.Events[0].Records[0]), `"rev":1`) {
		t.Errorf("came %+v", d)
	}
	var log struct {
		Items []struct {
			Delivery, Document, At string
			Status, Events         int
		}
	}
	h.eventually("the delivery is listed", func() bool {
		bob.call("GET", "/documents/notes/hooks/"+hook.ID+"/deliveries", "").ok().into(&log)
		return len(log.Items) == 1 && log.Items[0].Delivery == d.Delivery && log.Items[0].Status == 204
	})

	// Administrators see all hooks, and are told of all documents; what isn't
	// shared with them they are not sent.
	w := newReceiver(t)
	all := ada.hooks("/hooks", w, `,"records":true,"events":["changed","trashed"]`)
	bob.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`).ok()
	ada.call("PATCH", "/documents/mine/content", `{"edits":[{"append":"!"}]}`).ok()
	if d := w.awaits("a change of another's", isChange("notes", 2)); d.Events[0].Records != nil {
		t.Errorf("came %+v", d)
	}
	if d := w.awaits("a change of hers", isChange("mine", 2)); len(d.Events[0].Records) != 1 {
		t.Errorf("came %+v", d)
	}
	if a := ada.call("GET", "/hooks", "").ok(); !strings.Contains(string(a.body), hook.ID) || !strings.Contains(string(a.body), all.ID) || strings.Contains(string(a.body), "whsec") {
		t.Errorf("the hooks are %s", a.body)
	}
	bob.call("GET", "/documents/notes/hooks/"+all.ID, "").refused(404, "not_found")
	bob.call("GET", "/hooks/"+hook.ID, "").refused(403, "forbidden")
	if a := ada.call("GET", "/audit?action=hook_created", "").ok(); strings.Contains(string(a.body), "/in") || !strings.Contains(string(a.body), hook.ID) {
		t.Errorf("the audit log says %s", a.body)
	}

	// Who loses the document is told no more, at once.
	ada.call("PUT", "/documents/notes/owner", `{"person":"`+ada.id+`"}`).ok()
	h.eventually("it is paused", func() bool {
		var now shownHook
		ada.call("GET", "/hooks/"+hook.ID, "").ok().into(&now)
		return !now.Active && now.Paused == "forbidden"
	})
	ada.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"secret"}]}`).ok()
	w.awaits("the change", isChange("notes", 3))
	v.mu.Lock()
	for _, d := range v.came {
		if isChange("notes", 3)(d) {
			t.Errorf("to who has lost it came %+v", d)
		}
	}
	v.mu.Unlock()
	bob.call("PATCH", "/documents/notes/hooks/"+hook.ID, `{"active":true}`).refused(403, "forbidden")
	ada.call("PATCH", "/documents/notes/hooks/"+hook.ID, `{"active":true}`).ok() // she answers for it now
	v.awaits("the change", isChange("notes", 3))
}

func TestAReceiverThatFailsIsToldWhenItIsBack(t *testing.T) {
	h := newHouse(t, withHooks(t))
	ada := h.first("ada")
	ada.writes("notes", "abc")
	v := newReceiver(t)
	v.answers(500)
	hook := ada.hooks("/documents/notes/hooks", v, "")
	path := "/documents/notes/hooks/" + hook.ID
	ada.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`).ok()
	first := v.awaits("the change", isChange("notes", 1))
	v.answers(200)
	h.eventually("it was told again", func() bool {
		v.mu.Lock()
		defer v.mu.Unlock()
		return len(v.came) == 2
	})
	if again := v.came[1]; again.Delivery != first.Delivery || len(again.Events) != 1 {
		t.Errorf("came %+v, and then %+v", first, again)
	}
	metrics := h.raw("GET", "/metrics", ada.cookie)
	for _, line := range []string{"tutti_hooks_active 1", `tutti_hooks_paused{why="failing"} 0`, `tutti_hooks_attempts_total{outcome="failed"} 1`} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("the metrics don't say %s", line)
		}
	}
	var tried struct{ Status int }
	ada.call("POST", path+"/test", "").ok().into(&tried)
	if tried.Status != 200 {
		t.Errorf("a test says %+v", tried)
	}
	ada.call("POST", path+"/replay", `{"fromRev":2}`).refused(404, "revision_not_found")
	ada.call("POST", path+"/replay", `{"fromRev":1}`).ok()
	v.awaits("the change again", func(d delivered) bool { return isChange("notes", 1)(d) && d.Delivery != first.Delivery })
	var renewed shownHook
	ada.call("POST", path+"/secret", "").ok().into(&renewed)
	ada.call("POST", path+"/test", "").ok() // verified with the secret before
	v.mu.Lock()
	v.secret = renewed.Secret
	v.mu.Unlock()
	ada.call("POST", path+"/test", "").ok() // and with the new one
	ada.call("PATCH", path, `{"active":false}`).ok()
	ada.call("DELETE", path, "").ok()
	ada.call("DELETE", path, "").refused(404, "not_found")
}

// raw is the body of a page beside the API.
func (h *house) raw(method, path, cookie string) string {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Cookie", cookie)
	resp, err := h.http.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}

func TestHooksLeadNowhereInside(t *testing.T) {
	h := newHouse(t, withHooks(t))
	ada := h.first("ada")
	ada.writes("notes", "abc")
	for _, body := range []string{
		`{"url":"https://169.254.169.254/latest"}`, `{"url":"https://10.0.0.1/"}`, `{"url":"http://192.168.0.1/"}`, `{"url":"https://[fd00::1]/"}`, `{"url":"file:///etc/passwd"}`,
		`{"url":"https://user:word@example.org/"}`, `{"url":"https://example.org","events":["everything"]}`, `{}`,
	} {
		ada.call("POST", "/hooks", body).refused(422, "field_invalid")
		ada.call("POST", "/documents/notes/hooks", body).refused(422, "field_invalid")
	}
	ada.call("POST", "/hooks", `{"url":7}`).refused(400, "bad_parameter")
}

// A token that may write makes no hook, and one for a document makes none of
// another's: each would go on when the token is revoked.
func TestATokenMakesHooksByItsScope(t *testing.T) {
	h := newHouse(t, withHooks(t))
	ada := h.first("ada")
	bob := ada.invites("bob")
	bob.writes("notes", "abc")
	bob.writes("other", "abc")
	bob.shares("notes", ada, session.Editor)
	v := newReceiver(t)
	body := `{"url":"` + v.http.URL + `"}`
	_, write := bob.token(`{"name":"x","scope":"write"}`)
	_, one := bob.token(`{"name":"x","scope":"manage","documents":["notes"]}`)
	for _, test := range []struct {
		token, path string
		status      int
	}{
		{write.secret, "/documents/notes/hooks", 403}, {one.secret, "/documents/other/hooks", 403}, {one.secret, "/hooks", 403}, {one.secret, "/documents/notes/hooks", 201},
	} {
		if a := h.call("POST", test.path, body, "Authorization", "Bearer "+test.token); a.status != test.status {
			t.Errorf("POST %s answers %d, want %d: %s", test.path, a.status, test.status, a.body)
		}
	}
	ada.call("POST", "/documents/notes/hooks", body).refused(403, "forbidden")
}
