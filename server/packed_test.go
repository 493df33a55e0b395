package server_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tutti/store"
)

// Packing changes no answer: what is read of a document whose history is packed
// is what was read before.
func TestWhatIsReadOfAPackedDocumentIsTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tutti.db")
	const records = 20_000
	writeLong(t, path, records)
	keeper := openBolt(t, path)
	s := newRest(t, keeper)
	s.call("POST", "/documents/d/versions", `{"name":"half","rev":10000}`).ok()
	read := func() map[string]answer {
		all := map[string]answer{}
		for _, path := range []string{
			"/documents/d", "/documents/d/content", "/documents/d/content?rev=1", "/documents/d/content?rev=9999", "/documents/d/content?rev=16400",
			"/documents/d/records?after=0&limit=1000", "/documents/d/records?after=5555", "/documents/d/records?after=19990",
			"/documents/d/revisions", "/documents/d/versions", "/documents/d/diff?from=1000&to=15000", "/documents/d/blame?rev=12000", "/documents/d/blame",
			"/documents/d/archive",
		} {
			all[path] = s.call("GET", path, "").ok()
		}
		for _, of := range []string{`{"rev":7000,"dryRun":true}`, `{"user":"u3","from":17000,"dryRun":true}`} {
			all[of] = s.call("POST", "/documents/d/revert", of).ok()
		}
		return all
	}
	before := read()
	for more := true; more; {
		var err error
		if more, err = keeper.Pack("d", "e1", records-300); err != nil {
			t.Fatal(err)
		}
	}
	size, err := keeper.LogSize("d", 0, records)
	if err != nil || size.PackedTo != records-300 || size.Packed > size.Unpacked/20 {
		t.Errorf("it takes up %+v, %v", size, err)
	}
	for path, now := range read() {
		was := before[path]
		if !bytes.Equal(now.body, was.body) || now.header.Get("ETag") != was.header.Get("ETag") {
			t.Errorf("%s is %d bytes, %.100s\nwas %d bytes, %.100s", path, len(now.body), now.body, len(was.body), was.body)
		}
	}
	// Who writes against a revision that is packed is merged, as ever.
	s.patch("d", fmt.Sprintf(`{"rev":%d,"edits":[{"insert":"x","at":0}]}`, 5000)).ok()
	if lines, err := s.store.Lines("d", records, 10); err != nil || len(lines) != 1 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	copied, err := os.Create(path + ".backup")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(keeper.Backup(copied), copied.Close()); err != nil {
		t.Fatal(err)
	}
	if r, err := store.Verify(copied.Name()); err != nil || len(r.Damage) > 0 || r.Records != records+1 {
		t.Errorf("Verify: %+v, %v", r, err)
	}
}
