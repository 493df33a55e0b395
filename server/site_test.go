package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tutti/server"
	"tutti/server/search"
	"tutti/session"
	"tutti/store"
)

const patience = 30 * time.Second // only a failing test uses it up

// site is a server as it runs, over a store in memory.
type site struct {
	t        testing.TB
	store    *failing       // what keeps the documents
	watch    *store.Watched // that, as the server writes to it
	hub      *session.Hub
	index    *search.Index
	server   *server.Server
	contract *checked
	url      string
	dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	client   *http.Client
	log      *bytes.Buffer // to be read once the server has stopped
	stop     func() error  // shuts it down; may be called again
}

// setup is what a test may want otherwise.
type setup struct {
	server server.Options
	hub    session.Options
	listen func() net.Listener
	dial   func(ctx context.Context, network, addr string) (net.Conn, error)
	// noSearch leaves the index out: bleve has workers of its own, which can't
	// go into a bubble.
	noSearch bool
}

func newSite(t testing.TB, change ...func(*setup)) *site {
	t.Helper()
	s := &site{t: t, store: &failing{Memory: store.NewMemory()}, log: &bytes.Buffer{}}
	s.watch = store.Watch(s.store)
	quiet := slog.New(slog.NewTextHandler(s.log, nil))
	metrics := session.NewMetrics()
	o := setup{
		hub:    session.Options{Log: quiet, Metrics: metrics, Limits: session.DefaultLimits},
		server: server.Options{Store: s.watch, Metrics: metrics, Log: quiet},
		listen: func() net.Listener {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			return l
		},
		dial: (&net.Dialer{}).DialContext,
	}
	for _, c := range change {
		c(&o)
	}
	s.hub = session.NewHub(s.watch, o.hub)
	o.server.Hub = s.hub
	var err error
	if !o.noSearch {
		if s.index, err = search.Open(search.Options{Store: s.watch, Hub: s.hub, Log: quiet}); err != nil {
			t.Fatal(err)
		}
		o.server.Search = s.index
	}
	if s.server, err = server.New(o.server); err != nil {
		t.Fatal(err)
	}
	s.contract = check(t, s.server)
	l := o.listen()
	s.url, s.dial = "http://"+l.Addr().String(), o.dial
	transport := &http.Transport{DialContext: o.dial}
	s.client = &http.Client{Transport: transport, Timeout: patience}
	served := make(chan error, 1)
	go func() { served <- s.server.Serve(l) }()
	var stopped atomic.Bool
	s.stop = func() error {
		if stopped.Swap(true) {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		transport.CloseIdleConnections()
		if err := s.server.Shutdown(ctx); err != nil {
			return err
		}
		if s.index == nil {
			return <-served
		}
		return errors.Join(<-served, s.index.Close())
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if strings.Contains(s.log.String(), "panic") {
			t.Errorf("the log says\n%s", s.log)
		}
	})
	return s
}

// failing is a store that fails as long as it is told to.
type failing struct {
	*store.Memory
	err  atomic.Pointer[error]
	gate atomic.Pointer[chan struct{}] // set: appends wait for it

	panics atomic.Bool // Info does
}

func (f *failing) fail(err error) { f.err.Store(&err) }
func (f *failing) heal()          { f.err.Store(nil) }

func (f *failing) now() error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return nil
}

func (f *failing) Create(info store.Info, content []byte) error {
	if err := f.now(); err != nil {
		return err
	}
	return f.Memory.Create(info, content)
}

func (f *failing) Info(id string) (store.Info, error) {
	if f.panics.Load() {
		panic("a secret")
	}
	if err := f.now(); err != nil {
		return store.Info{}, err
	}
	return f.Memory.Info(id)
}

func (f *failing) List() iter.Seq2[store.Info, error] {
	if err := f.now(); err != nil {
		return func(yield func(store.Info, error) bool) { yield(store.Info{}, err) }
	}
	return f.Memory.List()
}

// stall makes appends wait until release is called.
func (f *failing) stall() (release func()) {
	gate := make(chan struct{})
	f.gate.Store(&gate)
	return func() {
		f.gate.Store(nil)
		close(gate)
	}
}

func (f *failing) Append(id, epoch string, at int64, lines []store.Line, head store.Head) error {
	if gate := f.gate.Load(); gate != nil {
		<-*gate
	}
	if err := f.now(); err != nil {
		return err
	}
	return f.Memory.Append(id, epoch, at, lines, head)
}

func (f *failing) Probe() error {
	if err := f.now(); err != nil {
		return err
	}
	return f.Memory.Probe()
}

// answer is a response, read whole.
type answer struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

const api = "/api/v1"

// call makes a request. A body that begins like JSON is sent as such unless
// the headers say otherwise.
func (s *site) call(method, path, body string, headers ...string) answer {
	s.t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, s.url+path, content)
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		switch name, value := headers[i], headers[i+1]; name {
		case "Host":
			req.Host = value
		default:
			req.Header.Set(name, value)
		}
	}
	return s.do(req)
}

func (s *site) do(req *http.Request) answer {
	s.t.Helper()
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	return answer{s.t, req.Method + " " + req.URL.RequestURI(), resp.StatusCode, resp.Header, read}
}

func (s *site) get(path string, headers ...string) answer {
	s.t.Helper()
	return s.call(http.MethodGet, path, "", headers...)
}

// create makes a document and returns what the server says of it.
func (s *site) create(body string) document {
	s.t.Helper()
	return s.call(http.MethodPost, api+"/documents", body).want(http.StatusCreated).document()
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("%s: %d %.300s, want %d", a.what, a.status, a.body, status)
	}
	return a
}

func (a answer) wantBody(want string) answer {
	a.t.Helper()
	if string(a.body) != want {
		a.t.Errorf("%s: %.300q, want %q", a.what, a.body, want)
	}
	return a
}

func (a answer) wantHeader(name, want string) answer {
	a.t.Helper()
	if got := a.header.Get(name); got != want {
		a.t.Errorf("%s: %s: %q, want %q", a.what, name, got, want)
	}
	return a
}

// wantProblem asserts an error as the contract has it.
func (a answer) wantProblem(status int, code string) answer {
	a.t.Helper()
	var p struct {
		Type, Title, Code, Detail string
		Status                    int
	}
	if err := json.Unmarshal(a.body, &p); err != nil {
		a.t.Errorf("%s: %d %.300q: %v", a.what, a.status, a.body, err)
		return a
	}
	if a.status != status || p.Code != code {
		a.t.Errorf("%s: %d %s (%s), want %d %s", a.what, a.status, p.Code, p.Detail, status, code)
	}
	if p.Status != a.status || p.Title != http.StatusText(a.status) || p.Detail == "" || p.Type != "about:blank" {
		a.t.Errorf("%s: the problem is %s", a.what, a.body)
	}
	return a.wantHeader("Content-Type", "application/problem+json").wantHeader("Cache-Control", "no-store")
}

// document is what REST says of one.
type document struct {
	ID, Kind, Title, Language, Epoch, CreatedAt, UpdatedAt, TrashedAt, Role string
	Revision, Length                                                        int64
	CreatedBy                                                               store.User
}

func (a answer) document() (d document) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, &d); err != nil {
		a.t.Fatalf("%s: %.300q: %v", a.what, a.body, err)
	}
	return d
}

// edit commits a delta, as an editor would.
func (s *site) edit(id string, seq, rev int64, op string) {
	s.t.Helper()
	p := s.join(id, "editor")
	defer p.leave()
	p.say(`{"t":"op","seq":%d,"rev":%d,"op":%s}`, seq, rev, op)
	for {
		switch f := p.next(); f.T {
		case "records":
			return
		case "refused":
			s.t.Fatalf("refused: %s", f.Code)
		}
	}
}

func at(t testing.TB, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func path(id string, more ...string) string {
	return api + "/documents/" + id + strings.Join(more, "")
}
