package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// A Server is where load is put, and the process that serves there.
type Server struct {
	URL     string
	PID     int // 0: not known, and nothing is measured of it
	Dialect Dialect
	Pprof   string // where its profiles are; "": nowhere
	// Garbage, if set, has the server's garbage collected: what is left then
	// is held.
	Garbage func(context.Context) error
	Forgets bool // it keeps nothing over a restart

	stop func() error // nil: it is not ours
}

// restarts tells whether the server may be started anew on its data.
func (s *Server) restarts() bool { return s.stop != nil && !s.Forgets }

// Stop ends a server that was started for the load.
func (s *Server) Stop() error {
	if s.stop == nil {
		return nil
	}
	return s.stop()
}

// A Target is a kind of server that load can be put on.
type Target struct {
	Name string
	// Start runs one on a folder, with a limit to what one editor may send
	// where it has such, or finds the one that runs.
	Start func(ctx context.Context, folder string, limited bool) (*Server, error)
}

// Running is a tutti that runs already.
func Running(url string, pid int, d Tutti) Target {
	return Target{Name: "tutti", Start: func(context.Context, string, bool) (*Server, error) {
		return &Server{URL: url, PID: pid, Dialect: d}, nil
	}}
}

// Own starts a tutti of a binary.
func Own(binary string, d Tutti) Target {
	return Target{Name: "tutti", Start: func(ctx context.Context, folder string, limited bool) (*Server, error) {
		args := []string{"serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(folder, "data"), "--log-level", "warn", "--pprof", "127.0.0.1:0"}
		if !limited {
			args = append(args, "--rate", "1000000")
		}
		s, err := Spawn(ctx, exec.Command(binary, args...), d)
		if err == nil {
			s.Garbage = func(ctx context.Context) error { return s.fetch(ctx, "heap?gc=1", os.DevNull) }
		}
		return s, err
	}}
}

var (
	address  = regexp.MustCompile(` is at (https?://[^/ ]+)/`)
	profiles = regexp.MustCompile(`^profiles are at (http://[^/ ]+/debug/pprof)/`)
)

const startWithin = 30 * time.Second

// Spawn starts a process and returns when it has said where it is, on a line
// as tutti's: "… is at http://127.0.0.1:8080/". It ends with this process.
func Spawn(ctx context.Context, cmd *exec.Cmd, d Dialect) (*Server, error) {
	cmd.Stderr = os.Stderr
	// An interrupt from the terminal is for us: we end it, when nobody works on it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{PID: cmd.Process.Pid, Dialect: d}
	ended := make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := profiles.FindStringSubmatch(lines.Text()); m != nil {
				s.Pprof = m[1]
			} else if m := address.FindStringSubmatch(lines.Text()); m != nil {
				s.URL = m[1]
				close(ready)
				break
			}
		}
		io.Copy(io.Discard, out) // what it says else is nobody's
		ended <- cmd.Wait()
	}()
	s.stop = func() error {
		http.DefaultClient.CloseIdleConnections()
		web.CloseIdleConnections()
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		return <-ended
	}
	select {
	case <-ready:
		return s, nil
	case err := <-ended:
		return nil, fmt.Errorf("load: %s ended at once: %w", cmd.Path, errors.Join(err, io.ErrUnexpectedEOF))
	case <-ctx.Done():
	case <-time.After(startWithin):
	}
	cmd.Process.Kill()
	<-ended
	return nil, fmt.Errorf("load: %s does not say where it is", cmd.Path)
}
