package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come; only a failing test
// uses it up.
const patience = 30 * time.Second

// A server is a data directory and the process that serves it, if one runs.
type server struct {
	t    testing.TB
	bin  string
	data string
	args []string

	mu  sync.Mutex
	url string

	cmd    *exec.Cmd
	ended  chan struct{}
	err    error // of cmd.Wait, once ended is closed
	stdout *log  // of the present process
	stderr *log

	forgiven string // what a line of trouble in the log may say
}

type option func(*server)

func withArgs(args ...string) option {
	return func(s *server) { s.args = append(s.args, args...) }
}

// measured uses the binary without the race detector.
func measured(s *server) {
	bin, err := plainBinary()
	if err != nil {
		s.t.Fatal(err)
	}
	s.bin = bin
}

// unlimited lifts the rate of deltas out of a test's way.
const unlimited = "--rate=1000000"

// serve starts a server on a fresh data directory, for the life of the test.
func serve(t testing.TB, options ...option) *server {
	t.Helper()
	s := &server{t: t, data: t.TempDir(), stderr: &log{}}
	for _, o := range options {
		o(s)
	}
	if s.bin == "" {
		bin, err := raceBinary()
		if err != nil {
			t.Fatal(err)
		}
		s.bin = bin
	}
	t.Cleanup(func() {
		s.kill()
		s.inspect()
	})
	s.start()
	return s
}

var address = regexp.MustCompile(`tutti is at (http://127\.0\.0\.1:\d+)/`)

// command is the binary on this data directory, not yet started.
func (s *server) command() *exec.Cmd {
	cmd := exec.Command(s.bin, append([]string{"--data", s.data, "--addr", "127.0.0.1:0"}, s.args...)...)
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=0")
	cmd.Stderr = s.stderr
	// A test binary that is killed takes its servers along.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// start runs the process and returns when it can take edits.
func (s *server) start() {
	s.t.Helper()
	cmd := s.command()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.cmd, s.ended = cmd, make(chan struct{})
	said, printed := make(chan string, 1), &log{}
	s.stdout = printed
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			printed.Write([]byte(lines.Text() + "\n"))
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				said <- m[1]
			}
		}
		s.err = cmd.Wait()
		close(s.ended)
	}()
	select {
	case url := <-said:
		s.mu.Lock()
		s.url = url
		s.mu.Unlock()
	case <-s.ended:
		s.t.Fatalf("the server ended at once: %v\n%s", s.err, s.stderr)
	case <-time.After(patience):
		s.t.Fatalf("the server does not say where it is\n%s", s.stderr)
	}
	s.until("ready", func() bool {
		resp, err := http.Get(s.URL() + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// URL is where the server is now; it moves with a restart.
func (s *server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

var redeemable = regexp.MustCompile(`#redeem=(\S+)`)

// firstLink is the secret of the link that makes the first administrator.
func (s *server) firstLink() (secret string) {
	s.t.Helper()
	s.until("the link is printed", func() bool {
		m := redeemable.FindStringSubmatch(s.stdout.String())
		if m != nil {
			secret = m[1]
		}
		return m != nil
	})
	return secret
}

// stop ends the server in order and says how that went.
func (s *server) stop() (exit int) {
	s.t.Helper()
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Fatalf("the server does not end on SIGTERM\n%s", s.stderr)
	}
	return s.cmd.ProcessState.ExitCode()
}

// kill ends the server as a crash does.
func (s *server) kill() {
	if s.cmd == nil {
		return
	}
	s.cmd.Process.Kill()
	<-s.ended
	http.DefaultClient.CloseIdleConnections()
}

var trouble = regexp.MustCompile(`(?m)^.*(DATA RACE|panic|fatal error:).*$`)

// inspect fails the test for what stands in the server's log.
func (s *server) inspect() {
	for _, found := range trouble.FindAllString(s.stderr.String(), -1) {
		if s.forgiven == "" || !strings.Contains(found, s.forgiven) {
			s.t.Errorf("the server's log says %q", found)
			break
		}
	}
	if s.t.Failed() {
		s.t.Logf("the server's log:\n%s", s.stderr.tail(8<<10))
	}
}

// rss is the memory that the server holds, in bytes.
func (s *server) rss() int64 {
	s.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.t.Skip(err)
	}
	var kB int64
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		s.t.Skip("no VmRSS: ", err)
	}
	return kB << 10
}

// until waits for a condition that nothing announces, by asking often.
func (s *server) until(what string, holds func() bool) {
	s.t.Helper()
	ask := time.NewTicker(5 * time.Millisecond)
	defer ask.Stop()
	for deadline := time.Now().Add(patience); !holds(); <-ask.C {
		if time.Now().After(deadline) {
			s.t.Fatalf("never came to be: %s\n%s", what, s.stderr.tail(4<<10))
		}
	}
}

// soon is a context that ends when patience does.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeoutCause(context.Background(), patience, errors.New("waited long enough"))
	t.Cleanup(cancel)
	return ctx
}

// log keeps what a process writes.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *log) tail(n int) string {
	s := l.String()
	return s[max(0, len(s)-n):]
}
