package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is asked of a server that runs, and of the data of one that doesn't, is
// the same: stats and export; and a file that was compacted is smaller and has
// all that it had.
func TestOperations(t *testing.T) {
	turn(t)
	s := serve(t)
	for i := range 10 {
		s.create(strings.Repeat("all of it ", 1000), object{"id": fmt.Sprint("large-", i), "title": "Large"})
		if i > 0 {
			s.call("DELETE", fmt.Sprintf("%s/documents/large-%d?permanent=true", api, i), nil).into(t, http.StatusNoContent, nil)
		}
	}
	s.create("hello", object{"id": "small", "title": "Small"})
	s.call("PATCH", api+"/documents/small/content", object{"edits": []object{{"append": " you"}}}).into(t, http.StatusOK, nil)
	running, data := []string{"--url", s.URL()}, []string{"--data", s.data}
	s.looksWell(running)
	if said, err := s.tutti("compact", "--data", s.data); err == nil || !strings.Contains(said, "in use") || !strings.Contains(said, "stop the server") {
		t.Errorf("compact under a server: %v\n%s", err, said)
	}
	if said, err := s.tutti("stats", "--data", s.data); err == nil || !strings.Contains(said, "--url") {
		t.Errorf("stats of the data under a server: %v\n%s", err, said)
	}
	s.stop()
	s.looksWell(data)
	file := filepath.Join(s.data, "tutti.db")
	before, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if said, err := s.tutti("compact", "--data", s.data); err != nil {
		t.Fatalf("compact: %v\n%s", err, said)
	}
	if after, err := os.Stat(file); err != nil || after.Size() >= before.Size() || after.Size() > 1<<20 {
		t.Errorf("%v: %d bytes, it had %d", err, after.Size(), before.Size())
	}
	if said, err := s.tutti("verify", "--data", s.data); err != nil {
		t.Errorf("verify: %v\n%s", err, said)
	}
	s.looksWell(data)
	s.start()
	s.looksWell([]string{"--url", s.URL()})
	none := filepath.Join(t.TempDir(), "none")
	for _, command := range []string{"stats", "verify", "compact"} {
		if said, err := s.tutti(command, "--data", none); err == nil {
			t.Errorf("%s of nothing: %s", command, said)
		}
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("to look at what isn't there makes it")
	}
}

// looksWell asks for stats and an export of TestOperations's documents.
func (s *server) looksWell(of []string) {
	s.t.Helper()
	said, err := s.tutti(append([]string{"stats"}, of...)...)
	if err != nil || !strings.Contains(said, "2 documents, 0 more in the trash") || !strings.Contains(said, `"Small"`) {
		s.t.Errorf("stats %v: %v\n%s", of, err, said)
	}
	for _, c := range []struct {
		want string
		args []string
	}{
		{"Large.txt Small.txt", []string{"--all"}},
		{"Large.tutti Small.tutti", []string{"--all", "--format", "archive"}},
		{"Small.txt", []string{"small"}},
	} {
		to := filepath.Join(s.t.TempDir(), "all.zip")
		if said, err := s.tutti(append(append([]string{"export", to}, c.args...), of...)...); err != nil {
			s.t.Errorf("export %v: %v\n%s", c.args, err, said)
			continue
		}
		b, err := os.ReadFile(to)
		if err != nil {
			s.t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			s.t.Fatal(err)
		}
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			s.t.Errorf("export %v has %s, want %s", c.args, got, c.want)
		}
	}
}
