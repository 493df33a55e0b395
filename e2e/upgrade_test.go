package e2e

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The file of each older version is opened by this one, with all that was in
// it, whichever way it goes first: into a server, or into a backup. Each was
// written by the last commit of its format.
func TestFilesOfOlderVersions(t *testing.T) {
	turn(t)
	for _, from := range []struct {
		format         int
		versions, chat bool // which it knew
	}{{1, false, false}, {2, true, false}, {3, true, true}, {4, true, true}} {
		t.Run(fmt.Sprint(from.format), func(t *testing.T) {
			s := serve(t)
			s.stop()
			unpack(t, fmt.Sprintf("testdata/format-%d.db.gz", from.format), filepath.Join(s.data, "tutti.db"))
			file := filepath.Join(t.TempDir(), "tutti.tar")
			if said, err := s.tutti("backup", "--data", s.data, file); err != nil {
				t.Fatalf("backup: %v\n%s", err, said)
			}
			s.start()
			for _, s := range []*server{s, s.restore(file)} {
				doc := s.resource("notes")
				if doc.Title != "Notes" || doc.Language != "markdown" || doc.Revision != 2 {
					t.Errorf("it is %+v", doc)
				}
				if got := s.text("notes"); got != "# Notes\ntwo\n" {
					t.Errorf("it holds %q", got)
				}
				if got := s.call("GET", api+"/documents/notes/content?rev=1", nil); string(got.body) != "# Notes\none\n" {
					t.Errorf("revision 1 held %q", got.body)
				}
				s.call("GET", api+"/documents/old", nil).into(t, http.StatusGone, nil) // it is in the trash
				has := func(path, said string, want bool) {
					t.Helper()
					if got := string(s.call("GET", api+"/documents/notes/"+path, nil).body); strings.Contains(got, said) != want {
						t.Errorf("%s: %s", path, got)
					}
				}
				has("versions", "Before the meeting", from.versions)
				has("chat", "The build is green.", from.chat)
				s.call("PATCH", api+"/documents/notes/content", object{"edits": []object{{"append": "three\n"}}}).into(t, http.StatusOK, nil)
				s.stop()
				if said, err := s.tutti("verify", "--data", s.data); err != nil {
					t.Errorf("verify: %v\n%s", err, said)
				}
			}
		})
	}
}

// unpack puts what is compressed in one file in the place of another.
func unpack(t *testing.T, from, to string) {
	t.Helper()
	packed, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(plain)
	if err == nil {
		err = os.WriteFile(to, all, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
