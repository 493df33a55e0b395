package e2e

import (
	"bytes"
	"net/http"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"tutti/e2e/client"
)

// A stop in order says goodbye with a time to come back that differs from one
// session to the next, so that they do not all come back at once.
func TestStopSaysWhenToComeBack(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc")
	other := s.create("def")
	var sessions []*raw
	for i := range 60 {
		sessions = append(sessions, s.join(t, []string{doc.ID, other.ID}[i%2]))
	}
	began := time.Now()
	if exit := s.stop(); exit != 0 {
		t.Errorf("exit code %d, want 0", exit)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
	waits := map[float64]bool{}
	for _, r := range sessions {
		bye := r.closed(1012)
		if bye.RetryAfter <= 0 {
			t.Errorf("retryAfter %v", bye.RetryAfter)
		}
		waits[bye.RetryAfter] = true
	}
	if len(waits) < 2 {
		t.Errorf("all of %d sessions are told to come back after %v s", len(sessions), waits)
	}
}

// Neither a socket that has not said hello nor one that does not answer the
// close may hold the stop up for long: who runs the server waits for it.
func TestStopDoesNotWaitForTheSilent(t *testing.T) {
	turn(t)
	for name, keep := range map[string]func(*server, string){
		"without a hello": func(s *server, doc string) { s.dial(t, doc) },
		"welcome":         func(s *server, doc string) { s.join(t, doc) },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			doc := s.create("abc").ID
			keep(s, doc)
			s.text(doc) // by then the handshake is over on the server's side too
			began := time.Now()
			if exit := s.stop(); exit != 0 {
				t.Errorf("exit code %d, want 0", exit)
			}
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("the stop took %v", took)
			}
		})
	}
}

// A stop loses nothing that was acknowledged, and the people go on after it.
func TestStopUnderLoadLosesNothing(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	room := newRoom(t, s, s.create("The beginning.\n").ID)
	for range 8 {
		room.add(client.Config{})
	}
	stop := make(chan struct{})
	typing := room.all(func(ty *typist) error { return ty.work(t, stop) })
	for i := range 3 {
		room.ledger.await(t, 100*(i+1))
		if exit := s.stop(); exit != 0 {
			t.Errorf("exit code %d", exit)
		}
		s.start()
		room.audit.run()
	}
	close(stop)
	if err := <-typing; err != nil {
		t.Fatal(err)
	}
	room.settle()
	room.verify()
}

// Data that a server serves is no other's: the second is told so at once.
func TestSecondServerOnTheSameDataIsTurnedAway(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc")
	second := s.command()
	var said bytes.Buffer
	second.Stdout, second.Stderr = &said, &said
	began := time.Now()
	err := second.Start()
	if err != nil {
		t.Fatal(err)
	}
	over := time.AfterFunc(patience, func() { second.Process.Kill() })
	defer over.Stop()
	err = second.Wait()
	if _, failed := err.(*exec.ExitError); !failed || second.ProcessState.ExitCode() <= 0 {
		t.Errorf("it ended with %v, want an exit code above 0", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v to say so", took)
	}
	t.Logf("it said: %s", bytes.TrimSpace(said.Bytes()))
	if !bytes.Contains(said.Bytes(), []byte(s.data)) {
		t.Error("what it said does not name the data")
	}
	if got := s.text(doc.ID); got != "abc" {
		t.Errorf("the first server's document is %q", got)
	}
}

// Between the first signal and the end nobody new is sent here, and a second
// signal doesn't wait for those who are slow to go. What was acknowledged is
// there.
func TestFirstSignalTurnsReadyRedAndTheSecondEndsAtOnce(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc").ID
	s.join(t, doc) // and never answers the close
	s.call("PATCH", api+"/documents/"+doc+"/content", object{"edits": []object{{"append": "def"}}}).into(t, http.StatusOK, nil)
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.until("not ready", func() bool {
		a, err := s.try("GET", "/readyz", nil)
		return err == nil && a.status == http.StatusServiceUnavailable
	})
	if a, err := s.try("GET", "/healthz", nil); err == nil && a.status != http.StatusOK {
		t.Errorf("healthz answers %d: it would be restarted while it goes", a.status)
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(patience):
		t.Fatal("the second signal doesn't end it")
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	s.start()
	if got := s.text(doc); got != "abcdef" {
		t.Errorf("afterwards there is %q", got)
	}
}
