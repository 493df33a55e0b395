package server_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"tutti/server"
	"tutti/server/oidc"
)

// identityProvider is an OpenID Connect provider, as strict as they come, at
// which one person is logged in.
type identityProvider struct {
	*httptest.Server
	t     testing.TB
	key   *rsa.PrivateKey
	email string
	alter func(claims map[string]any) // what it says wrongly
	apart map[string]any              // what it says only when it is asked, nil: it can't be

	mu    sync.Mutex
	codes map[string]url.Values // what each was asked for with
}

func newIdentityProvider(t testing.TB) *identityProvider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &identityProvider{t: t, key: key, email: "ada@example.org", codes: map[string]url.Values{}, alter: func(map[string]any) {}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		configuration := map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}
		if p.apart != nil {
			configuration["userinfo_endpoint"] = p.URL + "/userinfo"
		}
		json.NewEncoder(w).Encode(configuration)
	})
	mux.HandleFunc("/userinfo", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer x" {
			http.Error(w, "who asks?", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(p.apart)
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/authorize", p.authorize)
	mux.HandleFunc("/token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *identityProvider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != "tutti" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("state") == "" {
		http.Error(w, "a bad request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (p *identityProvider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	p.mu.Lock()
	q := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if q == nil || id != "tutti" || secret != "the-secret" || q.Get("redirect_uri") != r.PostFormValue("redirect_uri") ||
		q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "k"}}, nil)
	if err != nil {
		p.t.Error(err)
		return
	}
	claims := map[string]any{
		"iss": p.URL, "aud": "tutti", "sub": "42", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(),
		"nonce": q.Get("nonce"), "email": p.email, "email_verified": true, "name": "Ada\nLovelace",
	}
	p.alter(claims)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		p.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": token})
}

func newOIDCHouse(t testing.TB) (*house, *identityProvider) {
	t.Helper()
	idp := newIdentityProvider(t)
	p, err := oidc.New(oidc.Options{Issuer: idp.URL, Client: "tutti", Secret: "the-secret", Domains: []string{"example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	return newHouse(t, func(o *server.Options) { o.OIDC = p }), idp
}

// browser keeps cookies and goes nowhere by itself.
type browser struct {
	h       *house
	cookies map[string]string
	accepts string // "": anything
}

func (b *browser) get(at string) *http.Response {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), "GET", at, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Accept", b.accepts)
	if strings.HasPrefix(at, b.h.http.URL) {
		for name, value := range b.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: b.h.http.Client().Transport}
	resp, err := client.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	resp.Body.Close()
	for _, c := range resp.Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return resp
}

// goes begins a log-in and returns the address that the provider sends the
// browser back to.
func (b *browser) goes(to string) string {
	b.h.t.Helper()
	out := b.get(b.h.http.URL + "/api/v1/session/oidc?to=" + url.QueryEscape(to))
	if out.StatusCode != http.StatusFound {
		b.h.t.Fatalf("the log-in begins with %s", out.Status)
	}
	back := b.get(out.Header.Get("Location"))
	if back.StatusCode != http.StatusFound {
		b.h.t.Fatalf("the provider answers %s", back.Status)
	}
	return back.Header.Get("Location")
}

func TestPeopleLogInAtAProvider(t *testing.T) {
	h, _ := newOIDCHouse(t)
	boss := h.first("boss")
	var id string
	for range 2 { // the second time as the same person
		b := &browser{h: h, cookies: map[string]string{}}
		end := b.get(b.goes("/d/notes"))
		if end.StatusCode != http.StatusFound || end.Header.Get("Location") != "/d/notes" {
			t.Fatalf("it ends with %s at %s", end.Status, end.Header.Get("Location"))
		}
		var who struct{ ID, Login, Name string }
		h.call("GET", "/session", "", "Cookie", "tutti="+b.cookies["tutti"]).ok().into(&who)
		if who.Login != "ada@example.org" || who.Name != "Ada Lovelace" || id != "" && who.ID != id {
			t.Errorf("ada is %+v", who)
		}
		id = who.ID
		if b.cookies["tutti-oidc"] != "" {
			t.Error("the flow is still in the browser")
		}
	}
	h.signIn("ada@example.org", "").refused(401, "unauthorized") // has no password
	boss.call("DELETE", "/people/"+id, "").ok()
}

func TestALogInEndsInTheBrowserThatBeganIt(t *testing.T) {
	h, _ := newOIDCHouse(t)
	began, other := &browser{h: h, cookies: map[string]string{}}, &browser{h: h, cookies: map[string]string{}}
	back := began.goes("/")
	if resp := other.get(back); resp.StatusCode != http.StatusUnauthorized || other.cookies["tutti"] != "" {
		t.Errorf("in another browser: %s", resp.Status)
	}
	if resp := began.get(strings.Replace(back, "state=", "state=x", 1)); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("with another state: %s", resp.Status)
	}
	if resp := began.get(back); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a flow is good twice: %s", resp.Status)
	}
	// An answer that belongs to another flow, with this one's state.
	at, err := url.Parse(began.goes("/"))
	if err != nil {
		t.Fatal(err)
	}
	stolen, err := url.Parse(other.goes("/"))
	if err != nil {
		t.Fatal(err)
	}
	q := at.Query()
	q.Set("code", stolen.Query().Get("code"))
	at.RawQuery = q.Encode()
	if resp := began.get(at.String()); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("with the code of another: %s", resp.Status)
	}
}

func TestAPersonWhoseLogInFailsIsShownAPage(t *testing.T) {
	h, _ := newOIDCHouse(t)
	began := &browser{h: h, cookies: map[string]string{}}
	other := &browser{h: h, cookies: map[string]string{}, accepts: "text/html,application/xhtml+xml,*/*;q=0.8"}
	resp := other.get(began.goes("/"))
	if at := resp.Header.Get("Location"); resp.StatusCode != http.StatusFound || at != "/?signin&failed=unauthorized" {
		t.Errorf("%s at %q", resp.Status, at)
	}
	// Who tries again goes on to where they were going.
	own := &browser{h: h, cookies: map[string]string{}, accepts: "text/html"}
	own.goes("/d/plan?history")
	resp = own.get(h.http.URL + "/api/v1/session/oidc/callback?error=access_denied")
	if at := resp.Header.Get("Location"); at != "/?signin&failed=unauthorized&to=%2Fd%2Fplan%3Fhistory" {
		t.Errorf("%s at %q", resp.Status, at)
	}
	without := newHouse(t)
	lost := &browser{h: without, cookies: map[string]string{}, accepts: "text/html"}
	for to, want := range map[string]string{"/d/plan": "&to=%2Fd%2Fplan", "//elsewhere.test/": ""} {
		at := lost.get(without.http.URL + "/api/v1/session/oidc?to=" + url.QueryEscape(to)).Header.Get("Location")
		if at != "/?signin&failed=not_found"+want {
			t.Errorf("on the way to %s: %q", to, at)
		}
	}
	if at := lost.get(without.http.URL + "/api/v1/session/oidc").Header.Get("Location"); at != "/?signin&failed=not_found" {
		t.Errorf("where nobody logs in at a provider: %q", at)
	}
}

func TestWhatAProviderSaysIsChecked(t *testing.T) {
	h, idp := newOIDCHouse(t)
	h.first("boss")
	for name, test := range map[string]struct {
		alter  func(claims map[string]any)
		status int
	}{
		"another audience":   {func(c map[string]any) { c["aud"] = "other" }, 401},
		"another issuer":     {func(c map[string]any) { c["iss"] = "https://evil.example" }, 401},
		"an old token":       {func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }, 401},
		"another nonce":      {func(c map[string]any) { c["nonce"] = "x" }, 401},
		"no nonce":           {func(c map[string]any) { delete(c, "nonce") }, 401},
		"another domain":     {func(c map[string]any) { c["email"] = "ada@evil.example" }, 403},
		"a domain as a name": {func(c map[string]any) { c["email"] = "ada@evil.example@example.org" }, 403},
		"not verified":       {func(c map[string]any) { c["email_verified"] = false }, 403},
		"no address":         {func(c map[string]any) { delete(c, "email") }, 403},
	} {
		idp.alter = test.alter
		b := &browser{h: h, cookies: map[string]string{}}
		if resp := b.get(b.goes("/")); resp.StatusCode != test.status || b.cookies["tutti"] != "" {
			t.Errorf("%s: %s", name, resp.Status)
		}
	}
	if n := len(h.book.People()); n != 1 {
		t.Errorf("there are %d people", n)
	}
}

// TestAProviderMayTellAnAddressApart, as the standard has it, of the very person
// that its token names.
func TestAProviderMayTellAnAddressApart(t *testing.T) {
	for subject, comes := range map[string]bool{"42": true, "43": false} {
		h, idp := newOIDCHouse(t)
		idp.alter = func(c map[string]any) { delete(c, "email"); delete(c, "email_verified"); delete(c, "name") }
		idp.apart = map[string]any{"sub": subject, "email": "ada@example.org", "email_verified": true, "name": "Ada"}
		b := &browser{h: h, cookies: map[string]string{}}
		b.get(b.goes("/"))
		if came := b.cookies["tutti"] != ""; came != comes {
			t.Errorf("the address of %s, where 42 has logged in: in %v", subject, came)
		}
	}
}

func TestAnAddressThatIsTakenIsNotHandedOver(t *testing.T) {
	h, _ := newOIDCHouse(t)
	h.first("ADA@example.org")
	b := &browser{h: h, cookies: map[string]string{}}
	if resp := b.get(b.goes("/")); resp.StatusCode != http.StatusConflict || b.cookies["tutti"] != "" {
		t.Errorf("the log-in ends with %s", resp.Status)
	}
}

func TestALogInLeadsNowhereElse(t *testing.T) {
	h, _ := newOIDCHouse(t)
	h.first("boss")
	for _, to := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "///evil.example", "https:evil.example", "http:/\\evil.example", "\\\\evil.example", " //evil.example", "/\r\nLocation: //evil.example", "data:text/html,x", "/x|y", "", "x"} {
		b := &browser{h: h, cookies: map[string]string{}}
		if resp := b.get(b.goes(to)); resp.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", to, resp.Header.Get("Location"))
		}
	}
}
