package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tutti/e2e/client"
)

// post makes a request with a JSON body and wants it answered well.
func (s *server) post(path string, body any, into any) {
	s.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.Post(s.URL()+"/api/v1"+path, "application/json", bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		s.t.Fatalf("POST %s answers %d", path, resp.StatusCode)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		s.t.Fatal(err)
	}
}

// paste puts a text at the beginning of a document, as a program does.
func (s *server) paste(doc, text string) {
	s.t.Helper()
	b, _ := json.Marshal(object{"edits": []object{{"insert": text, "at": 0}}})
	r, err := http.NewRequest(http.MethodPatch, s.URL()+"/api/v1/documents/"+doc+"/content", bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("PATCH answers %d", resp.StatusCode)
	}
}

// A secret is erased again and again from a document in which many type
// meanwhile: it is nowhere afterwards, not in the files either once they are
// written anew, and of what was typed all is there, once.
func TestEraseWhilePeopleType(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	room := newRoom(t, s, s.create("The beginning.\n").ID)
	for range 8 {
		room.add(client.Config{Delay: upTo(4 * time.Millisecond)})
	}
	stop := make(chan struct{})
	typing := room.all(func(ty *typist) error { return ty.work(t, stop) })
	var secrets []string
	for i := range 4 {
		secret := fmt.Sprintf("hunter%d\"\U0001F600", i)
		secrets = append(secrets, secret)
		s.paste(room.doc, secret)
		s.paste(room.doc, "and once more: "+secret)
		acks, _ := room.ledger.from(0)
		room.ledger.await(t, len(acks)+40)
		before := s.resource(room.doc)
		var said struct {
			Occurrences int
			Epoch       string
			Erased      bool
		}
		s.post("/documents/"+room.doc+"/erase", object{"text": secret}, &said)
		if !said.Erased || said.Occurrences < 2 || said.Epoch == before.Epoch {
			t.Errorf("erased: %+v", said)
		}
		room.ledger.await(t, len(acks)+80)
	}
	close(stop)
	if err := <-typing; err != nil {
		t.Fatal(err)
	}
	room.settle()
	room.verify()
	for _, r := range s.records(room.doc, 0) {
		for _, secret := range secrets {
			if bytes.Contains(r.Op, bytes.Trim(quoted(secret), `"`)) {
				t.Errorf("revision %d has %s", r.Rev, secret)
			}
		}
	}
	s.wantNotInFiles(secrets)
}

func quoted(s string) []byte {
	b, _ := json.Marshal(s)
	return b
}

// wantNotInFiles looks for texts in all files of a server, after tutti compact:
// as they are, and as JSON has them.
func (s *server) wantNotInFiles(texts []string) {
	s.t.Helper()
	if exit := s.stop(); exit != 0 {
		s.t.Errorf("exit code %d", exit)
	}
	if said, err := s.tutti("compact", "--data", s.data); err != nil {
		s.t.Fatalf("compact: %v\n%s", err, said)
	}
	err := filepath.WalkDir(s.data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := os.ReadFile(path)
		for _, text := range texts {
			if bytes.Contains(file, []byte(text)) || bytes.Contains(file, bytes.Trim(quoted(text), `"`)) {
				s.t.Errorf("%s holds %q", path, text)
			}
		}
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
}
