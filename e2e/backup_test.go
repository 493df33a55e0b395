package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tutti/e2e/client"
)

// tutti runs a command of the binary, and returns what it said and whether it
// went well.
func (s *server) tutti(args ...string) (said string, err error) {
	out, err := exec.Command(s.bin, args...).CombinedOutput()
	return string(out), err
}

// another is a server on other data, with the binary and flags of s.
func (s *server) another(data string) *server {
	s.t.Helper()
	to := &server{t: s.t, bin: s.bin, data: data, args: s.args, stderr: &log{}}
	s.t.Cleanup(func() {
		to.kill()
		to.inspect()
	})
	to.start()
	return to
}

// restore makes another server of a backup.
func (s *server) restore(file string) *server {
	s.t.Helper()
	data := filepath.Join(s.t.TempDir(), "data")
	if said, err := s.tutti("restore", "--data", data, file); err != nil {
		s.t.Fatalf("restore: %v\n%s", err, said)
	}
	return s.another(data)
}

// movedTo has those who come to s, which is gone, come to another.
func (s *server) movedTo(other *server) {
	url := other.URL()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.url = url
}

// A backup that is taken while people type is, restored, what the records of
// the server lead to up to its revisions. Those who come from the old server,
// which is gone, find there all that is in the backup, and bring what they were
// never told is saved: each once.
func TestBackupUnderLoadAndThoseWhoComeFromTheOldServer(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	var rooms []*room
	for range 3 {
		r := newRoom(t, s, s.create("The beginning.\n").ID)
		for range 4 {
			r.add(client.Config{Delay: upTo(4 * time.Millisecond)})
		}
		rooms = append(rooms, r)
	}
	stop := make(chan struct{})
	var typing []<-chan error
	for _, r := range rooms {
		typing = append(typing, r.all(func(ty *typist) error { return ty.work(t, stop) }))
	}
	for _, r := range rooms {
		r.ledger.await(t, 100)
	}
	file := filepath.Join(t.TempDir(), "backup.tar")
	if said, err := s.tutti("backup", "--url", s.URL(), file); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	for _, r := range rooms {
		acks, _ := r.ledger.from(0)
		r.ledger.await(t, len(acks)+50)
	}

	restored := s.restore(file)
	held := map[string]int64{} // revisions in the backup
	for _, r := range rooms {
		was, is := s.resource(r.doc), restored.resource(r.doc)
		if is.Epoch == was.Epoch || is.Revision < 100 || is.Revision >= was.Revision {
			t.Fatalf("%+v is restored as %+v", was, is)
		}
		held[r.doc] = is.Revision
		if got, want := spell(restored.delta(r.doc, is.Revision)), spell(s.delta(r.doc, is.Revision)); got != want {
			t.Errorf("%s at %d is restored as %.300s\nit was %.300s", r.doc, is.Revision, got, want)
		}
		if got, want := fmt.Sprint(restored.records(r.doc, 0)), fmt.Sprint(s.records(r.doc, 0)[:is.Revision]); got != want {
			t.Errorf("%s has other records", r.doc)
		}
	}

	s.kill() // in the middle of it: some wait for an acknowledgement
	s.movedTo(restored)
	close(stop)
	for _, done := range typing {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	old := s.another(s.data)
	for _, r := range rooms {
		r.settle()
		r.wantAllBut(old.tokensAfter(r.doc, held[r.doc]))
	}
}

// tokensAfter are those that were committed after a revision.
func (s *server) tokensAfter(doc string, rev int64) map[string]bool {
	s.t.Helper()
	tokens := map[string]bool{}
	for _, r := range s.records(doc, rev) {
		for _, tok := range token.FindAllString(string(r.Op), -1) {
			tokens[tok] = true
		}
	}
	return tokens
}

// wantAllBut asserts that everybody has the same, and in it once what anybody
// typed but what was acknowledged and is not in the backup: of that only those
// know who had it, and they go on from what the server has.
func (r *room) wantAllBut(later map[string]bool) {
	r.t.Helper()
	text := r.s.text(r.doc)
	times, acknowledged := map[string]int{}, map[string]bool{}
	for _, tok := range token.FindAllString(text, -1) {
		times[tok]++
	}
	acks, _ := r.ledger.from(0)
	for _, ack := range acks {
		for _, tok := range token.FindAllString(ack.Op.String(), -1) {
			acknowledged[tok] = true
		}
	}
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	gone := 0
	for tok := range r.ledger.typed {
		switch n := times[tok]; {
		case n == 0 && later[tok] && acknowledged[tok]:
			gone++
		case n != 1:
			r.t.Errorf("%s: %s is there %d times; acknowledged %v, committed after the backup %v", r.doc, tok, n, acknowledged[tok], later[tok])
		}
	}
	r.t.Logf("%s: %d tokens are there, %d were saved after the backup", r.doc, len(times), gone)
	for _, ty := range r.typists {
		ty.View(func(m *client.Machine, _ map[string]client.Person) {
			if got := m.Local().Text(); got != text {
				r.t.Errorf("typist %d has %.300s\nthe server %.300s", ty.number, got, text)
			}
		})
	}
}
