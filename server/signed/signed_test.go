package signed

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"go.uber.org/goleak"

	"tutti/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// said are the claims of a token, as a host writes them.
type said map[string]any

func usual() said {
	return said{"aud": "tutti", "sub": "42", "name": "Ada", "exp": time.Now().Add(time.Hour).Unix(), "documents": said{"notes": "editor"}}
}

// with returns a token's claims with one changed; nil removes it.
func with(name string, value any) said {
	c := usual()
	if c[name] = value; value == nil {
		delete(c, name)
	}
	return c
}

func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, kid string, c said) string {
	t.Helper()
	o := (&jose.SignerOptions{}).WithType("JWT")
	if kid != "" {
		o = o.WithHeader("kid", kid)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, o)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(map[string]any(c)).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// signWith signs the usual claims under more headers.
func signWith(t testing.TB, key any, kid string, headers map[jose.HeaderKey]any) string {
	t.Helper()
	o := (&jose.SignerOptions{}).WithHeader("kid", kid)
	for name, value := range headers {
		o = o.WithHeader(name, value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key}, o)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(map[string]any(usual())).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// host has a key of each kind.
type host struct {
	ed     ed25519.PrivateKey
	rsa    *rsa.PrivateKey
	secret []byte
}

func newHost(t testing.TB) *host {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &host{ed, rs, []byte(strings.Repeat("s", 32))}
}

// jwks is the file of all three keys.
func (h *host) jwks(t testing.TB) []byte {
	t.Helper()
	b, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: h.ed.Public(), KeyID: "ed"}, {Key: h.rsa.Public(), KeyID: "rsa", Algorithm: "RS256", Use: "sig"}, {Key: h.secret, KeyID: "hs"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func opened(t testing.TB, keys []byte) *Verifier {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, keys, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := Open(path, "tutti", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

func TestTokensOfEachKindAreTaken(t *testing.T) {
	h := newHost(t)
	v := opened(t, h.jwks(t))
	for _, token := range []string{
		sign(t, jose.EdDSA, h.ed, "ed", usual()), sign(t, jose.RS256, h.rsa, "rsa", usual()), sign(t, jose.HS256, h.secret, "hs", usual()),
		sign(t, jose.EdDSA, h.ed, "ed", with("aud", []string{"other", "tutti"})),
	} {
		for range 2 { // the second time it is known
			who, err := v.Caller(token)
			if err != nil || who.User.ID != "host:42" || who.User.Name != "Ada" || len(who.Given) != 1 || who.Given[0].Role != session.Editor || who.Administrator || who.Self || len(who.Subjects) > 0 {
				t.Errorf("%+v, %v", who, err)
			}
		}
	}
	c := with("documents", nil)
	c["doc"], c["role"] = "plan", "viewer"
	if who, err := v.Caller(sign(t, jose.EdDSA, h.ed, "ed", c)); err != nil || who.Given[0].ID != "plan" || who.Given[0].Role != session.Viewer {
		t.Errorf("%+v, %v", who, err)
	}
}

func TestConfusedAndForgedTokensAreRefused(t *testing.T) {
	h, other := newHost(t), newHost(t)
	v := opened(t, h.jwks(t))
	der, err := x509.MarshalPKIXPublicKey(h.rsa.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	ok := sign(t, jose.EdDSA, h.ed, "ed", usual())
	parts := strings.Split(ok, ".")
	embedded, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: other.ed}, &jose.SignerOptions{EmbedJWK: true})
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := jwt.Signed(embedded).Claims(map[string]any(usual())).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"nothing":                        "",
		"no token":                       "a.b.c",
		"alg none":                       "eyJhbGciOiJub25lIn0." + parts[1] + ".",
		"alg none, with a kid":           "eyJhbGciOiJub25lIiwia2lkIjoiZWQifQ." + parts[1] + ".",
		"no signature":                   parts[0] + "." + parts[1] + ".",
		"claims of another":              parts[0] + "." + strings.Split(sign(t, jose.EdDSA, h.ed, "ed", with("sub", "1")), ".")[1] + "." + parts[2],
		"another's key":                  sign(t, jose.EdDSA, other.ed, "ed", usual()),
		"a key of its own in the header": jwk,
		"RSA's public key as a secret":   sign(t, jose.HS256, public, "rsa", usual()),
		"the DER of it as a secret":      sign(t, jose.HS256, der, "rsa", usual()),
		"Ed25519's as a secret":          sign(t, jose.HS256, []byte(h.ed.Public().(ed25519.PublicKey)), "ed", usual()),
		"the secret under another kid":   sign(t, jose.HS256, h.secret, "ed", usual()),
		"RS512 by an RS256 key":          sign(t, jose.RS512, h.rsa, "rsa", usual()),
		"PS256 by an RS256 key":          sign(t, jose.PS256, h.rsa, "rsa", usual()),
		"no kid among many":              sign(t, jose.EdDSA, h.ed, "", usual()),
		"a kid that is a path":           sign(t, jose.EdDSA, h.ed, "../../../dev/null", usual()),
		"a kid that is an address":       sign(t, jose.EdDSA, other.ed, "https://evil.example/jwks", usual()),
		"a kid that is a query":          sign(t, jose.HS256, h.secret, "x' UNION SELECT 'ed", usual()),
		"a kid with a zero byte":         sign(t, jose.EdDSA, other.ed, "ed\x00", usual()),
		"a kid in other case":            sign(t, jose.EdDSA, h.ed, "ED", usual()),
		"a jku of its own":               signWith(t, other.ed, "ed", map[jose.HeaderKey]any{"jku": "https://evil.example/jwks"}),
		"a x5u of its own":               signWith(t, other.ed, "ed", map[jose.HeaderKey]any{"x5u": "https://evil.example/cert"}),
		"something critical":             signWith(t, h.ed, "ed", map[jose.HeaderKey]any{"crit": []string{"evil"}, "evil": true}),
		"two signatures, as JSON":        `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"}]}`,
		"encrypted":                      "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
		"alg in other case":              "eyJhbGciOiJOb25lIn0." + parts[1] + ".",
		"a million bytes":                strings.Repeat("e", 1<<20),
		"a kid that is not known":        sign(t, jose.EdDSA, h.ed, "new", usual()),
		"another audience":               sign(t, jose.EdDSA, h.ed, "ed", with("aud", "other")),
		"no audience":                    sign(t, jose.EdDSA, h.ed, "ed", with("aud", nil)),
		"no end":                         sign(t, jose.EdDSA, h.ed, "ed", with("exp", nil)),
		"an end that is past":            sign(t, jose.EdDSA, h.ed, "ed", with("exp", time.Now().Unix())),
		"an end too far off":             sign(t, jose.EdDSA, h.ed, "ed", with("exp", time.Now().Add(25*time.Hour).Unix())),
		"an end that is no number":       sign(t, jose.EdDSA, h.ed, "ed", with("exp", "tomorrow")),
		"not yet":                        sign(t, jose.EdDSA, h.ed, "ed", with("nbf", time.Now().Add(time.Hour).Unix())),
		"issued tomorrow":                sign(t, jose.EdDSA, h.ed, "ed", with("iat", time.Now().Add(time.Hour).Unix())),
		"nobody":                         sign(t, jose.EdDSA, h.ed, "ed", with("sub", nil)),
		"a long sub":                     sign(t, jose.EdDSA, h.ed, "ed", with("sub", strings.Repeat("x", 200))),
		"a name of control characters":   sign(t, jose.EdDSA, h.ed, "ed", with("name", "a\nb")),
		"a colour that is none":          sign(t, jose.EdDSA, h.ed, "ed", with("color", "red")),
		"a role that is none":            sign(t, jose.EdDSA, h.ed, "ed", with("documents", said{"notes": "king"})),
		"no documents":                   sign(t, jose.EdDSA, h.ed, "ed", with("documents", nil)),
		"too long":                       sign(t, jose.EdDSA, h.ed, "ed", with("x", strings.Repeat("x", tokenBytes))),
	} {
		if who, err := v.Caller(token); !errors.Is(err, ErrInvalid) || len(who.Given) > 0 || who.User.ID != "" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
}

func TestATokenThatIsKnownStillExpires(t *testing.T) {
	h := newHost(t)
	v := opened(t, h.jwks(t))
	token := sign(t, jose.EdDSA, h.ed, "ed", with("exp", time.Now().Unix()+2))
	if _, err := v.Caller(token); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	if _, err := v.Caller(token); !errors.Is(err, ErrInvalid) {
		t.Errorf("after its end: %v", err)
	}
}

func TestKeysInTheirForms(t *testing.T) {
	h := newHost(t)
	der, err := x509.MarshalPKIXPublicKey(h.ed.Public())
	if err != nil {
		t.Fatal(err)
	}
	one, err := json.Marshal(jose.JSONWebKey{Key: h.ed.Public()})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		keys []byte
		alg  jose.SignatureAlgorithm
		key  any
	}{
		"PEM":      {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), jose.EdDSA, h.ed},
		"a JWK":    {one, jose.EdDSA, h.ed},
		"a secret": {append(h.secret, '\n'), jose.HS256, h.secret},
	} {
		v := opened(t, test.keys)
		for _, kid := range []string{"", "any"} {
			if _, err := v.Caller(sign(t, test.alg, test.key, kid, usual())); err != nil {
				t.Errorf("%s, kid %q: %v", name, kid, err)
			}
		}
	}
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weakJWK, _ := json.Marshal(jose.JSONWebKey{Key: weak.Public()})
	twice, _ := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: h.ed.Public(), KeyID: "a"}, {Key: h.rsa.Public(), KeyID: "a"}}})
	for name, keys := range map[string][]byte{
		"a short secret": []byte("short"), "nothing": nil, "no keys": []byte(`{"keys":[]}`), "no JSON": []byte(`{`),
		"weak RSA": weakJWK, "a kid twice": twice, "half a PEM": []byte("-----BEGIN PUBLIC KEY-----\nMCow"),
	} {
		if _, err := parse(keys, true); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := parse(h.jwks(t), false); err == nil {
		t.Error("a secret at an address is taken")
	}
	if _, err := Open("http://keys.example.org/jwks", "tutti", slog.New(slog.DiscardHandler)); err == nil {
		t.Error("keys are fetched without TLS")
	}
}

func TestKeysAtAnAddressAreReadAnew(t *testing.T) {
	old, fresh := newHost(t), newHost(t)
	var now atomic.Pointer[host]
	now.Store(old)
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: now.Load().ed.Public(), KeyID: "now"}}})
	}))
	defer at.Close()
	defer http.DefaultClient.CloseIdleConnections()
	v, err := Open(at.URL, "tutti", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	before := sign(t, jose.EdDSA, old.ed, "now", usual())
	if _, err := v.Caller(before); err != nil {
		t.Error(err)
	}
	now.Store(fresh)
	next, err := v.keys.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v.keys.current.Store(next)
	if _, err := v.Caller(before); !errors.Is(err, ErrInvalid) {
		t.Errorf("by a key that is gone: %v", err)
	}
	if _, err := v.Caller(sign(t, jose.EdDSA, fresh.ed, "now", usual())); err != nil {
		t.Errorf("by the new key: %v", err)
	}
}
