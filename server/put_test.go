package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tutti/session"
	"tutti/store"
)

func TestPutMergesWithWhatHappenedSince(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "one two three\n")
		tag := s.call("GET", "/documents/d/content", "").ok().header.Get("ETag")
		s.edits("d", `{"find":"one","replace":"1"}`).wrote(1, `[{"insert":"1"},{"delete":3}]`)
		s.put("d", plain, "one two 3\n", "If-Match", tag).wrote(2, `[{"retain":6},{"insert":"3"},{"delete":5}]`)
		s.wantText("d", "1 two 3\n")
		for _, tag := range []string{`"0"`, tag, strings.Replace(tag, `.t"`, `.d"`, 1)} {
			s.put("d", plain, "one two three!\n", "If-Match", tag).ok()
		}
		s.wantText("d", "1 two 3!!!\n")
		s.put("d", plain, "all\r\nnew\r").ok()
		s.wantText("d", "all\nnew\n")
		s.put("d", delta, `{"ops":[{"insert":"all "},{"insert":"newer\n"}]}`).ok()
		s.wantText("d", "all newer\n")
		s.replay("d")
	})
}

func TestIfMatchOfAnythingIsTheHead(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "one\n")
	s.put("d", plain+"; charset=Utf-8", "two\n").ok()
	s.put("d", plain, "tw\n", "If-Match", "*", "Content-Encoding", "identity").wrote(2, `[{"retain":2},{"delete":1}]`)
	s.call("PUT", "/documents/d/content?strict=true", "t\n", "Content-Type", plain, "If-Match", "*").wrote(3, `[{"retain":1},{"delete":1}]`)
}

func TestPutThatChangesNothingCommitsNothing(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "as it is\n")
	s.edits("d", `{"append":"."}`).ok()
	s.put("d", plain, "as it is\n.").wrote(1, `[]`)
	s.put("d", plain, "as it is\n", "If-Match", `"0"`).wrote(1, `[]`)
	s.edits("d").wrote(1, `[]`)
	s.edits("d", `{"find":"as","replace":"as"}`, `{"append":""}`).wrote(1, `[]`)
	// Both took the same word away: there is nothing left of the second.
	s.put("d", plain, "as it\n.").ok()
	s.put("d", plain, "as it\n.", "If-Match", `"1"`).wrote(2, `[]`)
	if n := len(s.records("d")); n != 2 {
		t.Errorf("%d records", n)
	}
}

func TestPutOfTextIntoRichKeepsFormats(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", `[{"insert":"A bold","attributes":{"bold":true}},{"insert":" word and "},{"insert":{"image":"x"}},{"insert":"\n","attributes":{"header":1}}]`)
	s.put("d", plain, "A bold word or \uFFFC\n").ok()
	s.wantContent("d", `[{"insert":"A bold","attributes":{"bold":true}},{"insert":" word or "},{"insert":{"image":"x"}},{"insert":"\n","attributes":{"header":1}}]`)
	// A line at the end: the first is the header still.
	s.put("d", plain, "A bold word or \uFFFC\nnext").ok()
	s.wantContent("d", `[{"insert":"A bold","attributes":{"bold":true}},{"insert":" word or "},{"insert":{"image":"x"}},{"insert":"\n","attributes":{"header":1}},{"insert":"next\n"}]`)
	// And away again.
	s.put("d", plain, "A bold word or \uFFFC").ok()
	s.wantContent("d", `[{"insert":"A bold","attributes":{"bold":true}},{"insert":" word or "},{"insert":{"image":"x"}},{"insert":"\n","attributes":{"header":1}}]`)
	s.put("d", plain, "").ok()
	s.wantText("d", "\n")
	s.replay("d")
}

func TestPutOfADeltaDiffsFormatsToo(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", `[{"insert":"plain and bold\n"}]`)
	s.put("d", delta, `[{"insert":"plain and "},{"insert":"bold","attributes":{"bold":true}},{"insert":"\n"}]`).
		wrote(1, `[{"retain":10},{"retain":4,"attributes":{"bold":true}}]`)
	// The last newline is there even where the delta lacks it.
	s.put("d", delta, `[{"insert":"plain and bold"}]`).wrote(2, `[{"retain":10},{"retain":4,"attributes":{"bold":null}}]`)
	s.put("d", delta, `[]`).ok()
	s.wantContent("d", `[{"insert":"\n"}]`)
}

func TestPutOfMarkdownAndHTMLIntoRich(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", "")
	s.put("d", "text/markdown", "# Title\n\nSome *words*.\n").ok()
	if got := s.content("d"); !strings.Contains(got, `"header":1`) || !strings.Contains(got, `"italic":true`) {
		t.Errorf("the content is %s", got)
	}
	s.put("d", "text/html", "<h1>Title</h1><p>Some <b>words</b>.<script>alert(1)</script></p>").ok()
	if got := s.content("d"); !strings.Contains(got, `"bold":true`) || strings.Contains(got, "alert") {
		t.Errorf("the content is %s", got)
	}
	s.replay("d")
}

func TestPutRefusals(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "text\n")
	s.create("r", "rich", "rich\n")
	for _, tag := range []string{`"1"`, `"0.other.t"`, `"0.`, `0`, `W/"0"`, `"0", "1"`, `"-1"`, `""`, `"99999999999999999999"`, `"0x0"`} {
		s.put("d", plain, "x", "If-Match", tag).refused(http.StatusPreconditionFailed, "precondition_failed")
	}
	s.put("d", "text/html", "<p>x</p>").refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	s.put("d", "application/json", `"x"`).refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	s.put("d", plain+"; charset=latin1", "x").refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	s.put("d", plain, "\x1f\x8b", "Content-Encoding", "gzip").refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	s.put("d", plain, "\xff").refused(http.StatusBadRequest, "not_utf8")
	s.put("d", delta, `[{"insert":"x","attributes":{"bold":true}}]`).refused(http.StatusUnprocessableEntity, "not_in_text")
	s.put("d", delta, `[{"insert":{"image":"x"}}]`).refused(http.StatusUnprocessableEntity, "not_in_text")
	s.put("d", delta, `[{"retain":1}]`).refused(http.StatusUnprocessableEntity, "op_invalid")
	s.put("d", delta, `[{"insert":"\ud800"}]`).refused(http.StatusUnprocessableEntity, "surrogate")
	s.put("d", delta, `[{"insert":"a\r"}]`).refused(http.StatusUnprocessableEntity, "carriage_return")
	s.put("d", delta, `[`).refused(http.StatusBadRequest, "bad_json")
	s.put("d", delta, `7`).refused(http.StatusBadRequest, "bad_parameter")
	s.put("r", delta, `[{"insert":"a\r\n"}]`).refused(http.StatusUnprocessableEntity, "carriage_return")
	s.put("d", plain, "x", "Idempotency-Key", "short").refused(http.StatusBadRequest, "bad_parameter")
	s.call("PUT", "/documents/d/content?strict=1", "x", "Content-Type", plain).refused(http.StatusBadRequest, "bad_parameter")
	s.put("none", plain, "x").refused(http.StatusNotFound, "document_not_found")
	s.put("a b", plain, "x").refused(http.StatusNotFound, "document_not_found")
	s.put("d", plain, strings.Repeat("x", 16<<20+1)).refused(http.StatusUnprocessableEntity, "document_too_large")
	s.call("DELETE", "/documents/d", "").ok()
	s.put("d", plain, "x").refused(http.StatusGone, "document_deleted")
	if s.call("POST", "/documents/d/restore", "").ok(); len(s.records("d")) > 0 || len(s.records("r")) > 0 {
		t.Error("a refused write was committed")
	}
	s.wantText("d", "text\n")
}

func TestPutOfAnUnrelatedMegabyteIsBoundedAndRight(t *testing.T) {
	s := inMemory(t)
	long := func(seed uint64, from rune) string {
		random := rand.New(rand.NewPCG(seed, seed))
		var b strings.Builder
		for b.Len() < 1<<20 {
			b.WriteRune(from + random.Int32N(40))
		}
		return b.String() + "\n"
	}
	for _, kind := range []string{"text", "rich"} {
		s.create(kind, kind, long(1, 'A'))
		began := time.Now()
		want := long(2, 'α')
		s.put(kind, plain, want).ok()
		if s.wantText(kind, want); time.Since(began) > 15*time.Second { // it is half a second on a quiet machine
			t.Errorf("%s took %v", kind, time.Since(began))
		}
	}
}

func TestNoContentHoldsACarriageReturn(t *testing.T) {
	s := inMemory(t)
	for _, content := range []string{`[{"insert":"a\r\n"}]`, `[{"insert":"a\rb"},{"insert":"\n"}]`} {
		s.call("POST", "/documents", `{"kind":"rich","content":`+content+`}`).refused(422, "carriage_return")
	}
	s.create("d", "text", "a\r\nb\rc")
	s.wantText("d", "a\nb\nc")
}

// endless is a body that never ends, and counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestABodyThatIsTooLargeIsNotReadWhole(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	for _, length := range []int64{-1, 1 << 30} {
		body := &endless{}
		r := httptest.NewRequest("PUT", "http://localhost/api/v1/documents/d/content", body)
		r.Header.Set("Content-Type", plain)
		r.RemoteAddr, r.ContentLength = "127.0.0.1:1234", length
		w := httptest.NewRecorder()
		s.srv.ServeHTTP(w, r)
		answer{t, "PUT", w.Code, w.Header(), w.Body.Bytes()}.refused(http.StatusRequestEntityTooLarge, "too_large")
		if length > 0 && body.read > 0 || body.read > 120<<20 {
			t.Errorf("%d bytes were read", body.read)
		}
	}
}

func TestStrictWritesAreNeverMerged(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "0\n")
		s.put("d", plain, "1\n", "If-Match", `"0"`).ok()
		s.edits("d", `{"append":"2"}`).ok()
		refusals := []answer{
			s.call("PUT", "/documents/d/content?strict=true", "x", "Content-Type", plain, "If-Match", `"0"`),
			s.call("PUT", "/documents/d/content?strict=true", "0\n", "Content-Type", plain, "If-Match", `"0"`), // changes nothing
			s.patch("d", `{"rev":0,"strict":true,"edits":[{"append":"x"}]}`),
			s.patch("d", `{"rev":0,"strict":true,"edits":[]}`),
		}
		for _, a := range refusals {
			var p struct {
				Revision int64
				Records  []struct{ Rev int64 }
			}
			a.refused(http.StatusPreconditionFailed, "precondition_failed").into(&p)
			if p.Revision != 2 || len(p.Records) != 2 || p.Records[0].Rev != 1 || p.Records[1].Rev != 2 {
				t.Errorf("the problem says %s", a.body)
			}
		}
		s.call("PUT", "/documents/d/content?strict=true", "2\n", "Content-Type", plain, "If-Match", `"2"`).ok()
		s.call("PUT", "/documents/d/content?strict=true", "3\n", "Content-Type", plain).ok()
		s.patch("d", `{"rev":4,"strict":true,"edits":[{"append":"x"}]}`).ok()
		s.patch("d", `{"strict":true,"edits":[{"append":"y"}]}`).ok()
		s.wantText("d", "3\nxy")
	})
}

func TestAnOldBaseIsFoundInTheTailAndOnTheDisk(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "[]")
		var client = session.ClientID("other")
		for i := range 5000 {
			if _, err := s.hub.Submit(t.Context(), "d", session.Submission{Client: client, User: store.User{ID: "u"}, Seq: int64(i + 1), Rev: int64(i), Op: parse(t, `[{"retain":1},{"insert":"."}]`)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, rev := range []int{0, 1, 63, 64, 65, 1024, 2500, 2951, 2952, 3000, 4000, 4990, 4999, 5000} {
			got := s.call("GET", fmt.Sprintf("/documents/d/content?rev=%d", rev), "").ok()
			if want := "[" + strings.Repeat(".", rev) + "]"; string(got.body) != want {
				t.Fatalf("revision %d has %d units", rev, len(got.body))
			}
			s.put("d", plain, string(got.body)+"!", "If-Match", got.header.Get("ETag")).ok()
		}
		s.wantText("d", "["+strings.Repeat(".", 5000)+"]"+strings.Repeat("!", 14))
	})
}
