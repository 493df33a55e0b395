package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"tutti/server"
	"tutti/server/signed"
)

var hostSecret = []byte(strings.Repeat("s", 32))

// hostKeys are those of a host that signs tokens by hostSecret.
func hostKeys(t *testing.T) *signed.Verifier {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, hostSecret, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := signed.Open(keys, "tutti", quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// signs makes a token for Grace, with a role in a document and in one that is
// not there.
func signs(t *testing.T, id, role string, ends time.Time) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: hostSecret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(map[string]any{
		"aud": "tutti", "sub": "42", "name": "Grace", "exp": ends.Unix(), "documents": map[string]string{id: role, "gone": "owner"},
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestThePeopleOfAHostNeedNoAccount lets somebody in by a token that another
// product has signed, for as long as it lasts.
func TestThePeopleOfAHostNeedNoAccount(t *testing.T) {
	h := newHouse(t, func(o *server.Options) { o.Signed = hostKeys(t) })
	ada := h.first("ada")
	ada.writes("notes", "abc")
	ada.writes("other", "xyz")

	ends := time.Now().Add(3 * time.Second).Truncate(time.Second)
	token := signs(t, "notes", "editor", ends)
	grace := &bearer{h, token}
	w := (&member{h: h}).open("notes")
	w.say(`{"t":"hello","key":"0123456789012345678901","name":"an alias","token":"` + token + `"}`)
	if f := w.fields("welcome"); f.Role != "editor" || f.User.ID != "host:42" || f.User.Name != "Grace" {
		t.Errorf("welcomed as %+v", f)
	}
	w.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	w.fields("records")
	grace.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"!"}]}`).ok()
	if a := string(grace.call("GET", "/documents", "").ok().body); !strings.Contains(a, `"notes"`) || strings.Contains(a, `"other"`) {
		t.Errorf("the list is %s", a)
	}
	for _, call := range []string{"GET /documents/other", "DELETE /documents/notes", "POST /documents", "GET /people", "POST /tokens", "GET /documents/notes/links"} {
		method, path, _ := strings.Cut(call, " ")
		grace.call(method, path, "").refused(403, "forbidden")
	}
	(&bearer{h, token + "x"}).call("GET", "/documents/notes", "").refused(401, "unauthorized")

	time.Sleep(time.Until(ends))
	w.closes(4401)
	grace.call("GET", "/documents/notes", "").refused(401, "unauthorized")
}

// TestASessionGoesOnByAnotherToken of the same person, beyond the end of the one
// that it began with, and by nobody else's.
func TestASessionGoesOnByAnotherToken(t *testing.T) {
	h := newHouse(t, func(o *server.Options) { o.Signed = hostKeys(t) })
	ada := h.first("ada")
	ada.writes("notes", "abc")
	ada.writes("other", "xyz")
	ends := time.Now().Add(2 * time.Second).Truncate(time.Second)
	come := func(key string) *wire {
		w := (&member{h: h}).open("notes")
		w.say(`{"t":"hello","key":"` + key + `","token":"` + signs(t, "notes", "editor", ends) + `"}`)
		w.fields("welcome")
		return w
	}
	goesOn, ends1 := come("0123456789012345678901"), come("0123456789012345678902")
	goesOn.say(`{"t":"token","token":"` + signs(t, "notes", "viewer", time.Now().Add(time.Hour)) + `"}`)
	if f := goesOn.fields("meta"); f.Role != "viewer" {
		t.Errorf("the new token makes %+v", f)
	}
	goesOn.say(`{"t":"token","token":"` + signs(t, "notes", "editor", time.Now().Add(time.Hour)) + `"}`)
	if f := goesOn.fields("meta"); f.Role != "editor" {
		t.Errorf("the next token makes %+v", f)
	}
	time.Sleep(time.Until(ends))
	ends1.closes(4401)
	goesOn.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	goesOn.fields("records")

	var made struct{ Secret string }
	ada.call("POST", "/tokens", `{"name":"x","scope":"write"}`).ok().into(&made)
	for token, code := range map[string]int{
		made.Secret: 4403, // another person's
		signs(t, "other", "editor", time.Now().Add(time.Hour)):    4403,
		signs(t, "notes", "editor", time.Now().Add(-time.Minute)): 4401,
		"of nobody": 4401,
	} {
		ends = time.Now().Add(time.Hour)
		w := come("0123456789012345678903")
		w.say(`{"t":"token","token":"` + token + `"}`)
		w.closes(code)
	}
}
