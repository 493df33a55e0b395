package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tutti/ot"
	"tutti/session"
)

// FuzzPatch sends anything as a PATCH of content: it is taken whole or refused
// whole, and never an error of the server's own.
func FuzzPatch(f *testing.F) {
	for _, body := range []string{
		`{"rev":0,"edits":[{"find":"b","replace":"😀"}],"strict":true}`,
		`{"edits":[{"insert":"x","at":3},{"insert":"y","after":"\ud83d\ude00","occurrence":1},{"append":"\r\n"}]}`,
		`{"edits":[{"op":[{"retain":1,"attributes":{"bold":true}},{"delete":2},{"insert":{"image":"x"}}]}]}`,
		`{"edits":[{"op":{"ops":[{"insert":"\ud800"}]}}]}`, `{"edits":[{"find":"\ufffc","replace":"a\nb\n","occurrence":9007199254740991}]}`,
		`{"edits":[{"insert":"x","at":-9007199254740991}]}`, `{"edits":[[[[]]]]}`, `{"edits":[{"find":"d\n","replace":""}]}`, "\xff", `{`,
	} {
		f.Add(body, true)
		f.Add(body, false)
	}
	shared := inMemory(f)
	count := 0
	f.Fuzz(func(t *testing.T, body string, rich bool) {
		s := *shared
		s.t, s.contract.t = t, t
		count++
		id := fmt.Sprint("d", count)
		kind, content := ot.Text, `[{"insert":"a😀b c d\n"}]`
		if rich {
			kind, content = ot.Rich, `[{"insert":"a😀"},{"insert":"b","attributes":{"bold":true}},{"insert":{"image":"x"}},{"insert":" c d\n"}]`
		}
		s.write(id, kind, content)
		r := httptest.NewRequest("PATCH", "http://localhost/api/v1/documents/"+id+"/content", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = "127.0.0.1:1234"
		w := httptest.NewRecorder()
		s.srv.ServeHTTP(w, r)
		records := s.records(id)
		switch {
		case w.Code == http.StatusOK && len(records) <= 1:
		case w.Code >= 400 && w.Code < 500 && len(records) == 0:
		default:
			t.Fatalf("status %d, %d records: %s", w.Code, len(records), w.Body)
		}
		doc := s.replay(id)
		if rich && !strings.HasSuffix(doc.Text(), "\n") || strings.Contains(doc.Text(), "\r") {
			t.Fatalf("the content became %q", doc.Text())
		}
		s.hub.Expel(id, &session.Close{Code: session.CodeDone})
		if err := s.store.Delete(id); err != nil {
			t.Fatal(err)
		}
	})
}
