package e2e

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes traces as OpenTelemetry's do, and keeps every byte.
type collector struct {
	*httptest.Server

	mu    sync.Mutex
	taken []byte
	spans []span
}

type span struct {
	name, id, trace, parent string
	said                    map[string]string
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var got otlp.TracesData // as a request of the service is on the wire
		if err == nil {
			err = proto.Unmarshal(body, &got)
		}
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL, err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.taken = append(c.taken, body...)
		for _, of := range got.ResourceSpans {
			for _, in := range of.ScopeSpans {
				for _, s := range in.Spans {
					one := span{s.Name, hex.EncodeToString(s.SpanId), hex.EncodeToString(s.TraceId), hex.EncodeToString(s.ParentSpanId), map[string]string{}}
					for _, a := range s.Attributes {
						one.said[a.Key] = regexp.MustCompile(`^\w+:|"`).ReplaceAllString(a.Value.String(), "")
					}
					c.spans = append(c.spans, one)
				}
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// want finds the span of this name that says all that it should.
func (c *collector) want(t *testing.T, name, trace string, said ...string) span {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
next:
	for _, s := range c.spans {
		if s.name != name || trace != "" && s.trace != trace {
			continue
		}
		for i := 0; i < len(said); i += 2 {
			if s.said[said[i]] != said[i+1] {
				continue next
			}
		}
		return s
	}
	t.Errorf("there is no span %q with %q in %v", name, said, c.spans)
	return span{}
}

// A server of people with accounts, that tells all it can to its log and to a
// collector of traces: both say what went on and in which trace, and neither
// has a password, a cookie, a token, a key, what is written or looked for.
func TestTracesAndTheLogHaveNoSecrets(t *testing.T) {
	turn(t)
	to := newCollector(t)
	s := serve(t, withArgs("--accounts", "--log-level", "debug", "--log-format", "json", "--otlp-endpoint", to.URL))
	secrets := map[string]string{}
	secretOf := func(name string, a answer) string {
		var made struct{ Secret string }
		a.into(t, http.StatusCreated, &made)
		secrets[name] = made.Secret
		return made.Secret
	}
	secrets["link of the first administrator"] = s.firstLink()
	secrets["password"], secrets["wrong password"] = "correct horse", "wrong battery"
	a := s.call("POST", api+"/redeem", object{"secret": s.firstLink(), "login": "boss", "password": secrets["password"]})
	a.into(t, http.StatusOK, nil)
	cookie, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	secrets["cookie"] = cookie.Value
	by := []string{"Cookie", cookie.Name + "=" + cookie.Value}
	s.call("POST", api+"/session", object{"login": "boss", "password": secrets["wrong password"]}).into(t, http.StatusUnauthorized, nil)
	secretOf("invitation", s.call("POST", api+"/invitations", "", by...))
	token := secretOf("token", s.call("POST", api+"/tokens", object{"name": "t", "scope": "manage"}, by...))
	watch := secretOf("token for the metrics", s.call("POST", api+"/tokens", object{"name": "m", "scope": "metrics"}, by...))
	s.call("GET", "/metrics", nil, "Authorization", "Bearer "+watch).into(t, http.StatusOK, nil)
	s.call("GET", api+"/people", nil, "Authorization", "Bearer "+watch).into(t, http.StatusForbidden, nil)
	secrets["content"] = "nobody else is to read this"
	s.call("POST", api+"/documents", object{"id": "notes", "content": secrets["content"]}, by...).into(t, http.StatusCreated, nil)
	secrets["password of a link"] = "open sesame"
	link := secretOf("link", s.call("POST", api+"/documents/notes/links", object{"role": "editor", "password": secrets["password of a link"]}, by...))
	s.call("POST", api+"/join", object{"secret": link, "password": secrets["wrong password"]}).into(t, http.StatusUnauthorized, nil)
	secrets["words that are looked for"] = "elephants"
	ours := "0af7651916cd43dd8448eb211c80319c"
	bearer := []string{"Authorization", "Bearer " + token, "Traceparent", "00-" + ours + "-b7ad6b7169203331-01"}
	s.call("GET", api+"/documents?q="+secrets["words that are looked for"], nil, bearer...).into(t, http.StatusOK, nil)
	secrets["key of a write"] = "7f9c2ba4e88f827d616045507605"
	s.call("PATCH", api+"/documents/notes/content", object{"edits": []object{{"append": "x"}}}, append(bearer, "Idempotency-Key", secrets["key of a write"])...).into(t, http.StatusOK, nil)
	s.call("GET", api+"/documents/nowhere", nil, bearer...).into(t, http.StatusNotFound, nil)

	r := s.dial(t, "notes")
	secrets["key of a client"] = r.key
	r.hello(object{"token": token})
	r.op(1, r.welcome.Rev, `[{"insert":"y"}]`)
	r.want("records")
	r.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
	s.until("the session has ended", func() bool { return strings.Contains(s.stderr.String(), "a session has ended") })
	if exit := s.stop(); exit != 0 {
		t.Errorf("exit code %d", exit)
	}

	to.want(t, "GET /api/v1/documents", ours, "http.route", "/api/v1/documents", "http.response.status_code", "200")
	to.want(t, "GET /api/v1/documents/:id", ours, "error.type", "document_not_found", "http.response.status_code", "404")
	patch := to.want(t, "PATCH /api/v1/documents/:id/content", ours, "tutti.document", "notes")
	if append := to.want(t, "append", ours, "tutti.document", "notes", "tutti.records", "1"); append.parent != patch.id {
		t.Errorf("the append is not the request's: %v, %v", append, patch)
	}
	handshake := to.want(t, "GET /api/v1/documents/:id/socket", "", "http.response.status_code", "101")
	if session := to.want(t, "session", handshake.trace, "tutti.document", "notes", "tutti.session", r.welcome.Session, "tutti.close", "1000", "tutti.closed_by", "peer"); session.parent != handshake.id {
		t.Errorf("the session is not the handshake's: %v, %v", session, handshake)
	}
	logged := s.stderr.String()
	for _, line := range []string{
		`"msg":"request","method":"PATCH",.*"request":"` + patch.said["tutti.request"] + `","trace":"` + ours + `"}`,
		`"msg":"a session has ended","session":"` + r.welcome.Session + `","request":"\w+","trace":"` + handshake.trace + `"}`,
	} {
		if !regexp.MustCompile(line).MatchString(logged) {
			t.Errorf("the log has no line like %s", line)
		}
	}
	for what, secret := range secrets {
		if secret == "" || strings.Contains(logged, secret) {
			t.Errorf("the log has the %s %q", what, secret)
		}
		if strings.Contains(string(to.taken), secret) {
			t.Errorf("the traces have the %s", what)
		}
	}
}
