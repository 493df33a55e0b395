package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// binaries is where the tested binaries are built, each when it is first
// wanted.
var binaries string

// seed makes the random choices of a run; a failed run says which it was.
var seed = rand.Uint64()

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	flag.Uint64Var(&seed, "seed", seed, "of the random choices")
	flag.Parse()
	flag.Set("test.parallel", "200") // they wait for their turn, or a clock
	dir, err := os.MkdirTemp("", "tutti-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binaries = dir
	code := m.Run()
	if code != 0 {
		fmt.Fprintf(os.Stderr, "to choose the same again: -seed=%d\n", seed)
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

var working sync.Mutex

// turn lets the tests that work follow one another, while beside them others
// wait for the server's clocks and cost nothing.
func turn(t *testing.T) {
	t.Parallel()
	working.Lock()
	t.Cleanup(working.Unlock)
}

// raceBinary has the race detector in it; plainBinary is what people run, for
// the tests that measure.
var (
	raceBinary  = sync.OnceValues(func() (string, error) { return build("tutti-race", "-race") })
	plainBinary = sync.OnceValues(func() (string, error) { return build("tutti") })
)

func build(name string, flags ...string) (string, error) {
	if given := os.Getenv("TUTTI_BIN"); given != "" {
		return filepath.Abs(given)
	}
	out := filepath.Join(binaries, name)
	args := append([]string{"build", "-o", out}, flags...)
	cmd := exec.Command("go", append(args, "..")...)
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, said)
	}
	return out, nil
}
