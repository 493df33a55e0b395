package server_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestDiffOfRevisions(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "one\ntwo\nthree\n")
	s.put("d", plain, "one\n2 <b>\nthree\nfour").ok()
	s.edits("d", `{"append":"!"}`).ok()
	var got struct {
		From, To int64
		Items    []struct{ Op, Text string }
	}
	s.call("GET", "/documents/d/diff?from=0&to=1", "").ok().into(&got)
	var old, new string
	for _, r := range got.Items {
		if r.Op != "insert" {
			old += r.Text
		}
		if r.Op != "delete" {
			new += r.Text
		}
	}
	if old != "one\ntwo\nthree\n" || new != "one\n2 <b>\nthree\nfour" || got.From != 0 || got.To != 1 {
		t.Errorf("the runs are %+v", got)
	}
	unified := s.call("GET", "/documents/d/diff?from=0&to=1", "", "Accept", "text/x-diff").ok()
	const want = "--- d\trevision 0\n+++ d\trevision 1\n@@ -1,3 +1,4 @@\n one\n-two\n+2 <b>\n three\n+four\n\\ No newline at end of file\n"
	if string(unified.body) != want || unified.header.Get("Vary") != "Accept" {
		t.Errorf("the unified diff is %q", unified.body)
	}
	page := s.call("GET", "/documents/d/diff?to=1", "", "Accept", "text/html").ok()
	if got := string(page.body); !strings.Contains(got, "&lt;b&gt;") || strings.Contains(got, "<b>") || !strings.Contains(got, "<ins>") {
		t.Errorf("the page is %s", got)
	}
	if same := s.call("GET", "/documents/d/diff?from=1&to=1", "", "Accept", "text/x-diff").ok(); len(same.body) > 0 {
		t.Errorf("what is the same differs by %s", same.body)
	}
	s.call("GET", "/documents/d/diff?to=3", "").refused(404, "revision_not_found")
	s.call("GET", "/documents/d/diff?from=x", "").refused(400, "bad_parameter")
	s.call("GET", "/documents/d/diff?from=-1", "").refused(400, "bad_parameter")
	s.call("GET", "/documents/d/diff", "", "Accept", "image/png").refused(406, "not_acceptable")
}

// TestUnifiedDiffIsWhatPatchTakes makes random texts and has patch make one of
// the other.
func TestUnifiedDiffIsWhatPatchTakes(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Fatal("patch is part of every system that builds this: ", err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	text := func(lines []string) string {
		return strings.TrimSuffix(strings.Join(lines, "\n")+"\n", []string{"", "\n"}[random.IntN(2)])
	}
	s := inMemory(t)
	for round := range 40 {
		var lines []string
		for range random.IntN(40) {
			lines = append(lines, fmt.Sprint(random.IntN(30)))
		}
		old := text(lines)
		for range random.IntN(5) {
			at := random.IntN(len(lines) + 1)
			lines = slices.Replace(lines, at, min(len(lines), at+random.IntN(4)), slices.Repeat([]string{"new"}, random.IntN(3))...)
		}
		new := text(lines)
		id := fmt.Sprint("d", round)
		s.create(id, "text", old)
		s.put(id, plain, new).ok()
		unified := s.call("GET", "/documents/"+id+"/diff?from=0&to="+fmt.Sprint(s.head(id)), "", "Accept", "text/x-diff").ok().body
		if old == new {
			continue
		}
		file := filepath.Join(t.TempDir(), "d")
		if err := os.WriteFile(file, []byte(old), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(patch, "--no-backup-if-mismatch", "-F0", file)
		cmd.Stdin = strings.NewReader(string(unified))
		out, err := cmd.CombinedOutput()
		if err == nil {
			var got []byte
			if got, err = os.ReadFile(file); os.IsNotExist(err) && new == "" {
				err = nil // patch removes what becomes empty
			}
			out = append(out, got...)
			if string(got) != new {
				t.Errorf("patch makes %q", got)
			}
		}
		if err != nil || t.Failed() {
			t.Fatalf("%q to %q by\n%s\n%v %s", old, new, unified, err, out)
		}
	}
}
