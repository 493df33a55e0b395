package server_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestExamples runs the examples of the README against a server, in their
// order, and holds what they print against what stands there: … is anything.
func TestExamples(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if _, missing := exec.LookPath("curl"); err != nil || missing != nil {
		t.Skip("bash or curl is missing")
	}
	s := inMemory(t)
	address := strings.TrimPrefix(s.http.URL, "http://")
	folder := t.TempDir()
	examples := regexp.MustCompile("(?s)```sh\n(.*?)```\n```text\n(.*?)```\n").FindAllStringSubmatch(section(t, "## REST by example"), -1)
	if all := strings.Count(section(t, "## REST by example"), "```sh\n"); len(examples) < 10 || len(examples) != all {
		t.Fatalf("%d examples of %d say what they print", len(examples), all)
	}
	for _, example := range examples {
		script := strings.ReplaceAll(example[1], "localhost:8080", address)
		c := exec.CommandContext(t.Context(), bash, "-uo", "pipefail", "-c", script)
		c.Dir = folder
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s\n%v\n%s", script, err, out)
		}
		// Line ends and spaces between answers depend on who gave them.
		want := regexp.QuoteMeta(strings.Join(strings.Fields(example[2]), " "))
		want = "^" + strings.ReplaceAll(strings.ReplaceAll(want, " ", `\s*`), "…", `[\s\S]*`) + "$"
		if got := strings.Join(strings.Fields(string(out)), " "); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s\nprints\n%s\nnot\n%s", script, out, example[2])
		}
	}
}

// section returns a part of the README, which begins with a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n"+heading+"\n")
	if !found {
		t.Fatalf("the README has no %q", heading)
	}
	part, _, _ := strings.Cut(after, "\n## ")
	return part
}
