package sim

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	mutate = flag.String("mutate", "^(acknowledge before|drop the look for|ignore the epoch)", "which mutations are tried")
	stop   = flag.Bool("stop", false, "stop at the first seed in which an invariant failed that -expect names")
	expect = flag.String("expect", "", "see -stop")
)

// tries is how many seeds a mutation may survive.
const tries = 100

// TestMutationsApply sees that the table speaks of the code as it is, and that
// each invariant is in it.
func TestMutationsApply(t *testing.T) {
	shown := map[Invariant]bool{}
	for _, m := range mutations {
		shown[m.breaks] = true
		if _, err := m.files(); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
	for _, i := range []Invariant{Once, Dense, Replay, Durable, Ordered, Kept, Refused, Unseen, Clock, Contract, Rest, Gone} {
		if !shown[i] {
			t.Errorf("no mutation breaks: %s", i)
		}
	}
}

// TestMutations builds the simulation with one mutation after the other and
// sees that each is caught.
func TestMutations(t *testing.T) {
	which := regexp.MustCompile(*mutate)
	for _, m := range mutations {
		if which.MatchString(m.name) {
			t.Run(m.name, m.caught)
		}
	}
}

// caught fails unless the invariant that m breaks is found broken.
func (m mutation) caught(t *testing.T) {
	dir := t.TempDir()
	overlay, err := m.overlay(dir)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "mutant")
	if out, err := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// A mutant may not come to an end; it notices that by itself, mostly.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	// -test.v, since who is ended by the watchdog has not printed the rest.
	run := exec.CommandContext(ctx, binary, "-test.v", "-test.run", "TestSeeds", "-seeds", fmt.Sprint(tries),
		"-stop", "-expect", string(m.breaks), "-endless", "20s")
	out, err := run.CombinedOutput()
	if err == nil {
		t.Fatalf("it survives %d seeds", tries)
	}
	if !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	seed := ""
	for line := range strings.Lines(string(out)) {
		if named := seedNamed.FindStringSubmatch(line); named != nil {
			seed = named[1]
		} else if seed != "" && strings.Contains(line, string(m.breaks)) {
			t.Logf("seed %s: %s", seed, m.breaks)
			return
		}
	}
	t.Fatalf("it is not this that fails: %s\n%.3000s", m.breaks, out)
}

var seedNamed = regexp.MustCompile(`seed (\d+):`)

// files are the files with the edits in them, by their absolute path.
func (m mutation) files() (map[string]string, error) {
	files := map[string]string{}
	for _, e := range m.edits {
		path, err := filepath.Abs(filepath.Join("../..", filepath.FromSlash(e.file)))
		if err != nil {
			return nil, err
		}
		text, ok := files[path]
		if !ok {
			b, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			text = string(b)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return nil, fmt.Errorf("%s has %d times %q", e.file, n, e.old)
		}
		files[path] = strings.Replace(text, e.old, e.new, 1)
	}
	return files, nil
}

// overlay writes what `go build -overlay` takes.
func (m mutation) overlay(dir string) (string, error) {
	files, err := m.files()
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for path, text := range files {
		to := filepath.Join(dir, fmt.Sprint(len(replace), ".go"))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[path] = to
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, b, 0o600)
}
