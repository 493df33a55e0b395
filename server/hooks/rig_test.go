package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tutti/ot"
	"tutti/store"
)

// rig is an outbox over documents in memory, whose requests a function answers.
type rig struct {
	t    *testing.T
	path string
	st   *store.Watched
	x    *Outbox
	may  func(h Hook, info *store.Info) (told, reads bool)

	mu     sync.Mutex
	answer func(got) (status int, err error)
	took   []got
}

// got is a request that has come.
type got struct {
	at   time.Time
	url  string
	body body
	json string
}

func newRig(t *testing.T) *rig {
	r := &rig{
		t: t, path: filepath.Join(t.TempDir(), "hooks.db"), st: store.Watch(store.NewMemory()),
		may:    func(Hook, *store.Info) (bool, bool) { return true, true },
		answer: func(got) (int, error) { return http.StatusNoContent, nil },
	}
	r.open()
	return r
}

func (r *rig) open() {
	r.t.Helper()
	x, err := Open(Options{Path: r.path, Store: r.st, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		r.t.Fatal(err)
	}
	x.db.NoSync = true // these crashes are not of the machine
	x.send = r.send
	r.x = x
	x.Start(func(h Hook, info *store.Info) (bool, bool) { return r.may(h, info) })
}

func (r *rig) close() {
	r.t.Helper()
	r.must(r.x.Close())
}

func (r *rig) restart() {
	r.close()
	r.open()
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) send(_ bool, q *http.Request) (*http.Response, error) {
	b, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	g := got{at: time.Now(), url: q.URL.String(), json: string(b)}
	if err := json.Unmarshal(b, &g.body); err != nil {
		return nil, err
	}
	if q.Header.Get("webhook-id") != g.body.ID {
		r.t.Errorf("the header says %s, the body %s", q.Header.Get("webhook-id"), g.body.ID)
	}
	if strings.HasSuffix(g.url, "/hangs") {
		<-q.Context().Done()
		return nil, q.Context().Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	status, err := r.answer(g)
	r.took = append(r.took, g)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{}}, nil
}

// came are the requests so far.
func (r *rig) came() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got(nil), r.took...)
}

func (r *rig) answers(f func(got) (int, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func (r *rig) hook(h Hook) Hook {
	r.t.Helper()
	if h.Events == nil {
		h.Events = Events
	}
	if h.URL == "" {
		h.URL = "https://example.org/hook"
	}
	h, secret, err := r.x.Add(h)
	if err != nil || !strings.HasPrefix(secret, "whsec_") {
		r.t.Fatalf("Add: %q, %v", secret, err)
	}
	return h
}

func (r *rig) create(id, epoch string) {
	r.t.Helper()
	now := time.Now().UnixMilli()
	r.must(r.st.Create(store.Info{ID: id, Kind: ot.Text, Title: "of " + id, Epoch: epoch, CreatedAt: now, ChangedAt: now}, []byte("[]")))
}

// write commits so many records.
func (r *rig) write(id string, n int) {
	r.t.Helper()
	info, err := r.st.Info(id)
	r.must(err)
	var lines []store.Line
	now := time.Now().UnixMilli()
	for i := range n {
		rev := info.Head.Rev + int64(i) + 1
		lines = append(lines, store.Line{Rev: rev, JSON: fmt.Appendf(nil, `{"rev":%d,"client":"c","seq":%d,"user":"u","at":%d,"op":[]}`, rev, rev, now)})
	}
	r.must(r.st.Append(id, info.Epoch, info.Head.Rev, lines, store.Head{Rev: info.Head.Rev + int64(n), At: now}))
}

func (r *rig) update(id string, change func(*store.Info)) {
	r.t.Helper()
	_, err := r.st.Update(id, func(i *store.Info) error {
		change(i)
		return nil
	})
	r.must(err)
}

// kinds spells the events of requests: c created, 1-3 changed, u, t, r, d.
func kinds(all []got) string {
	var s []string
	for _, g := range all {
		var of []string
		for _, n := range g.body.Events {
			if n.Type == Changed {
				of = append(of, fmt.Sprintf("%d-%d", n.FromRev, n.ToRev))
			} else {
				of = append(of, n.Type)
			}
		}
		s = append(s, strings.Join(of, " "))
	}
	return strings.Join(s, "; ")
}

func (r *rig) wants(want string) {
	r.t.Helper()
	if is := kinds(r.came()); is != want {
		r.t.Fatalf("came %q, want %q", is, want)
	}
}

var errLost = errors.New("the answer is lost")
