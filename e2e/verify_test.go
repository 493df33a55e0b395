package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A byte of a record turns over on the disk. verify names the document and the
// revision, the server says of that document that it is damaged, and serves
// the others.
func TestADamagedRecordCostsItsDocumentAlone(t *testing.T) {
	turn(t)
	s := serve(t)
	hurt, other := s.create("").ID, s.create("fine").ID
	for _, word := range []string{"one ", "needle ", "three "} {
		edits := object{"edits": []object{{"append": word}}}
		s.call("PATCH", api+"/documents/"+hurt+"/content", edits).into(t, http.StatusOK, nil)
	}
	s.stop()
	if said, err := s.tutti("verify", "--data", s.data); err != nil {
		t.Fatalf("before: %v\n%s", err, said)
	}
	path := filepath.Join(s.data, "tutti.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(data, []byte("needle"), []byte("meedle")), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := s.tutti("verify", "--data", s.data)
	if err == nil || !strings.Contains(said, "document "+hurt+", revision 2") || strings.Contains(said, other) {
		t.Errorf("verify: %v\n%s", err, said)
	}
	s.start()
	if text := s.text(other); text != "fine" {
		t.Errorf("the other document is %q", text)
	}
	for path, want := range map[string]int{"/content": http.StatusInternalServerError, "/records": http.StatusInternalServerError, "/records?limit=1": http.StatusOK} {
		a := s.call("GET", api+"/documents/"+hurt+path, nil)
		if a.status != want {
			t.Errorf("%s answers %d: %s", path, a.status, a.body)
		}
	}
	s.turnsAwayAsDamaged(hurt)
	s.join(t, other).alive()
}

// turnsAwayAsDamaged asserts that nothing of a document is shown, and that it is
// said why.
func (s *server) turnsAwayAsDamaged(doc string) {
	s.t.Helper()
	s.problem(s.t, s.call("GET", api+"/documents/"+doc+"/content", nil), http.StatusInternalServerError, "document_damaged")
	r := s.dial(s.t, doc)
	r.send(object{"t": "hello", "key": r.key})
	if bye := r.closed(4500); !strings.Contains(bye.Reason, "document_damaged") {
		s.t.Errorf("closed because %q", bye.Reason)
	}
}

// What a document is called can't be read: it is in no list, and all others are.
func TestADocumentWhoseNameIsDamagedHidesNoOther(t *testing.T) {
	turn(t)
	s := serve(t)
	others := []string{s.create("", object{"title": "Aardvark"}).ID, s.create("more", object{"title": "Zebra"}).ID}
	hurt := s.create("text", object{"title": "needle"}).ID
	s.stop()
	path := filepath.Join(s.data, "tutti.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(data, []byte("needle"), []byte("meedle")), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := s.tutti("verify", "--data", s.data); err == nil || !strings.Contains(said, "document "+hurt) {
		t.Errorf("verify: %v\n%s", err, said)
	}
	s.start()
	if got := s.list(t, "sort=title", 10); fmt.Sprint(got) != "[Aardvark Zebra]" {
		t.Errorf("the list has %v", got)
	}
	s.turnsAwayAsDamaged(hurt)
	for _, id := range others {
		s.join(t, id).alive()
	}
	s.call("POST", api+"/documents", object{"id": hurt}).into(t, http.StatusConflict, nil)
}

// A page can't be read. The server says so and doesn't start; told to repair, it
// serves what was not on that page.
func TestAPageThatCantBeReadCostsNoMoreThanWasOnIt(t *testing.T) {
	turn(t)
	s := serve(t)
	texts := map[string]string{}
	for _, id := range []string{"a", "m", "z"} {
		s.create("", object{"id": id})
		for n := range 150 {
			word := fmt.Sprintf("%s-%d ", id, n)
			s.call("PATCH", api+"/documents/"+id+"/content", object{"edits": []object{{"append": word}}}).into(t, http.StatusOK, nil)
			texts[id] += word
		}
	}
	s.kill()
	path := filepath.Join(s.data, "tutti.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page, kind = 4096, 8
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte("m-75 "))
		if i < 0 {
			break
		}
		from := (at + i) / page * page
		data[from+kind] ^= 1
		at = from + page
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := s.tutti("--data", s.data, "--addr", "127.0.0.1:0")
	if err == nil || !strings.Contains(said, "damaged") || !strings.Contains(said, "tutti verify") {
		t.Errorf("a start: %v\n%s", err, said)
	}
	if said, err := s.tutti("verify", "--data", s.data); err == nil || !strings.Contains(said, "can't be read") || !strings.Contains(said, "document m, revision ") {
		t.Errorf("verify: %v\n%s", err, said)
	}
	s.args = append(s.args, "--repair")
	s.start()
	for _, id := range []string{"a", "z"} {
		if text := s.text(id); text != texts[id] {
			t.Errorf("%s is %q", id, text)
		}
		s.join(t, id).alive()
	}
	s.turnsAwayAsDamaged("m")
	if _, err := os.Stat(path + ".damaged"); err != nil {
		t.Error(err)
	}
}
