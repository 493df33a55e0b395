package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"tutti/ot"
	"tutti/server"
	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

// fuzzed is a server that is asked without a network, by its administrator.
// The contract is held against every answer, see check.
type fuzzed struct {
	*rest
	cookie string
	count  int
}

func newFuzzed(f *testing.F) *fuzzed {
	book, err := accounts.Open(filepath.Join(f.TempDir(), "accounts.db"), accounts.Options{Log: quiet(), Cost: cheap})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { book.Close() })
	h := &house{book: book}
	h.rest = newRest(f, store.NewMemory(), func(o *server.Options) { o.Accounts = book })
	return &fuzzed{rest: h.rest, cookie: h.first("boss").cookie}
}

// on has what fails from now on fail t.
func (s *fuzzed) on(t *testing.T) { s.t, s.contract.t = t, t }

func (s *fuzzed) ask(method, path, media, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost/api/v1"+path, strings.NewReader(body))
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	r.Header.Set("Cookie", s.cookie)
	r.RemoteAddr = "127.0.0.1:1234"
	w := httptest.NewRecorder()
	s.srv.Forgive()
	s.srv.ServeHTTP(w, r)
	return w
}

// another writes a document with an id that none had before, and returns that.
func (s *fuzzed) another(rich bool, history ...logged) string {
	s.count++
	id := fmt.Sprint("d", s.count)
	kind, content := ot.Text, `[{"insert":"a😀b c d\n"}]`
	if rich {
		kind, content = ot.Rich, `[{"insert":"a😀"},{"insert":"b","attributes":{"bold":true}},{"insert":{"image":"x"}},{"insert":" c d\n"}]`
	}
	s.write(id, kind, content, history...)
	return id
}

// wantWhole fails the test unless a document's records lead to the content that
// is shown, and that is one that its kind can have.
func (s *fuzzed) wantWhole(id string) {
	s.t.Helper()
	info, shown, err := s.hub.View(id)
	if err != nil {
		s.t.Fatal(err)
	}
	doc := s.replayed(id)
	if string(shown.Content()) != string(doc.AppendJSON(nil)) || info.Head.Length != int64(doc.Length()) {
		s.t.Fatalf("the records lead to %.300s, the content is %.300s, the length %d", doc.AppendJSON(nil), shown.Content(), info.Head.Length)
	}
	if flaw := doc.Delta().CheckKind(info.Kind, 1); flaw != nil || info.Kind == ot.Rich && !strings.HasSuffix(doc.Text(), "\n") {
		s.t.Fatalf("the content became %.300s: %v", doc.AppendJSON(nil), flaw)
	}
}

// clear deletes all documents for good.
func (s *fuzzed) clear() {
	s.t.Helper()
	for info, err := range s.store.List() {
		if err != nil {
			s.t.Fatal(err)
		}
		s.hub.Expel(info.ID, &session.Close{Code: session.CodeDone})
		if err := s.store.Delete(info.ID); err != nil {
			s.t.Fatal(err)
		}
	}
}

// FuzzPatch sends anything as a PATCH of content: it is taken whole or refused
// whole, and never an error of the server's own.
func FuzzPatch(f *testing.F) {
	for _, body := range []string{
		`{"rev":0,"edits":[{"find":"b","replace":"😀"}],"strict":true}`,
		`{"edits":[{"insert":"x","at":3},{"insert":"y","after":"\ud83d\ude00","occurrence":1},{"append":"\r\n"}]}`,
		`{"edits":[{"op":[{"retain":1,"attributes":{"bold":true}},{"delete":2},{"insert":{"image":"x"}}]}]}`,
		`{"edits":[{"op":{"ops":[{"insert":"\ud800"}]}}]}`, `{"edits":[{"find":"\ufffc","replace":"a\nb\n","occurrence":9007199254740991}]}`,
		`{"edits":[{"insert":"x","at":-9007199254740991}]}`, `{"edits":[[[[]]]]}`, `{"edits":[{"find":"d\n","replace":""}]}`,
		`{"edits":[{"append":"x","unknown":1}]}`, "\xff", `{`,
	} {
		f.Add(body, true)
		f.Add(body, false)
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, body string, rich bool) {
		s.on(t)
		id := s.another(rich)
		w := s.ask("PATCH", "/documents/"+id+"/content", "application/json", body)
		records := s.records(id)
		switch {
		case w.Code == http.StatusOK && len(records) <= 1:
		case w.Code >= 400 && w.Code < 500 && len(records) == 0:
		default:
			t.Fatalf("status %d, %d records: %s", w.Code, len(records), w.Body)
		}
		s.wantWhole(id)
		s.clear()
	})
}
