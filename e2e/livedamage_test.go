package e2e

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

var damageRounds = flag.Int("damage.rounds", 6, "servers whose file is damaged under them")

// The file is cut short under a server in which people type. It writes nothing
// more to it and says so; what it shows is right; and it neither starts on such
// a file nor takes an empty one for a new one.
func TestAFileCutShortUnderTheServer(t *testing.T) {
	turn(t)
	for name, to := range map[string]func(used int64) int64{
		"to nothing":     func(int64) int64 { return 0 },
		"to a meta page": func(int64) int64 { return 4096 },
		"by half":        func(used int64) int64 { return used / 2 &^ 4095 },
		"by its end":     func(used int64) int64 { return used - 3*4096 },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, withArgs(unlimited), measured)
			l := newLibrary(t, s)
			file := filepath.Join(s.data, "tutti.db")
			if err := os.Truncate(file, to(inUse(t, file))); err != nil {
				t.Fatal(err)
			}
			s.until("not ready", func() bool { return s.status("/readyz") == http.StatusServiceUnavailable })
			if got := s.status("/healthz"); got != http.StatusOK {
				t.Errorf("/healthz says %d", got)
			}
			if !strings.Contains(s.stderr.String(), "tutti verify") {
				t.Error("the log doesn't say what to do")
			}
			l.showsNothingElse()
			for _, r := range l.typing.rooms {
				edit := object{"edits": []object{{"append": "x"}}}
				if a := s.call("PATCH", api+"/documents/"+r.doc+"/content", edit); a.status < 500 {
					t.Errorf("an edit is answered with %d", a.status)
				}
			}
			s.kill()
			if said, err := s.tutti("verify", "--data", s.data); err == nil {
				t.Errorf("verify finds nothing: %s", said)
			}
			if said := s.refuses(); !strings.Contains(said, file) || !strings.Contains(said, "damaged") && !strings.Contains(said, "not a file of tutti") {
				t.Errorf("it doesn't start, and says %s", said)
			}
			l.comesBackBy()
		})
	}
}

// Bytes turn over in the file of a server in which people type: what it shows
// is what was written, or that it is damaged; verify names it; and what verify
// doesn't name has all that was acknowledged, before and after.
func TestBytesTurnOverUnderTheServer(t *testing.T) {
	turn(t)
	rng := rand.New(rand.NewPCG(seed, 31))
	refused := 0
	for round := range *damageRounds {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			s := serve(t, withArgs(unlimited), measured)
			l := newLibrary(t, s)
			file := filepath.Join(s.data, "tutti.db")
			flip(t, rng, file, 8)
			l.showsNothingElse()
			s.kill() // what is open was read before
			said, err := s.tutti("verify", "--data", s.data)
			if err == nil {
				s.start()
			} else if why, starts := s.startsOn(); !starts {
				if !strings.Contains(why, "damaged") && !strings.Contains(why, "not a file of tutti") {
					t.Errorf("it doesn't start, and says %s", why)
				}
				refused++
				l.comesBackBy()
				return
			}
			refused += l.showsNothingElse()
			general := strings.Contains(said, "page ") || strings.Contains(said, "of what is kept in") || strings.Contains(said, "something of a document")
			for _, r := range l.typing.rooms {
				if !general && !strings.Contains(said, r.doc) {
					again := audits(t, s, r.doc, r.ledger)
					again.run()
				}
			}
			s.kill()
			l.comesBackBy()
		})
	}
	t.Logf("%d servers; %d documents, or files as a whole, were refused", *damageRounds, refused)
}

// damagedCode ends the sessions of a document that is damaged.
const damagedCode = 4500

// A library is documents that nobody has open, others in which people type, and
// a backup of them all.
type library struct {
	t      *testing.T
	s      *server
	shelf  map[string]string // texts that nobody changes, by document
	typing *typing
	backup string
}

func newLibrary(t *testing.T, s *server) *library {
	t.Helper()
	s.forgiven = "level=ERROR" // it meets what it can't make sense of, says so, and lives
	l := &library{t: t, s: s, shelf: map[string]string{}, backup: filepath.Join(t.TempDir(), "backup.tar")}
	for i := range 20 {
		doc := s.create(fmt.Sprintf("Book %d. %s\n", i, strings.Repeat("All is as it was written. ", 40)))
		for range 10 {
			s.call("PATCH", api+"/documents/"+doc.ID+"/content", object{"edits": []object{{"append": "One more line.\n"}}}).into(t, http.StatusOK, nil)
		}
		l.shelf[doc.ID] = s.text(doc.ID)
	}
	if said, err := s.tutti("backup", "--url", s.URL(), l.backup); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	s.stop() // and nothing is in memory
	s.start()
	l.typing = types(t, s, 3, 2, 0, nil)
	l.typing.more(40)
	return l
}

// showsNothingElse asserts that each document is shown as it was, or said to be
// damaged or not to be had, and returns how many are not shown.
func (l *library) showsNothingElse() (refused int) {
	l.t.Helper()
	for id, text := range l.shelf {
		for _, path := range []string{"/content", "/records"} {
			a, err := l.s.try("GET", api+"/documents/"+id+path, nil, "Accept", map[string]string{"/content": "text/plain", "/records": "application/json"}[path])
			switch {
			case err != nil:
				l.t.Fatalf("%s%s: %v\n%s", id, path, err, l.s.stderr.tail(8<<10))
			case a.status == http.StatusOK && path == "/content" && string(a.body) != text:
				l.t.Errorf("%s is shown as %.300q", id, a.body)
			case a.status == http.StatusOK:
			case a.status == http.StatusInternalServerError && strings.Contains(string(a.body), "document_damaged"), a.status == http.StatusServiceUnavailable:
				refused++
			default:
				l.t.Errorf("%s%s answers %d: %s", id, path, a.status, a.body)
			}
		}
	}
	return refused
}

// comesBackBy has the backup restored, in which all is well.
func (l *library) comesBackBy() {
	l.t.Helper()
	close(l.typing.stop)
	for i, r := range l.typing.rooms {
		for _, ty := range r.typists {
			if err := ty.Err(); err != nil && !websocket.IsCloseError(err, damagedCode) {
				l.t.Errorf("one who typed in %s has ended: %v", r.doc, err)
			}
			ty.Close()
		}
		<-l.typing.done[i]
	}
	restored := l.s.restore(l.backup)
	for id, text := range l.shelf {
		if got := restored.text(id); got != text {
			l.t.Errorf("%s is restored as %.300q", id, got)
		}
	}
}

// refuses starts the server, which must not start, and returns what it says.
func (s *server) refuses() string {
	s.t.Helper()
	said, starts := s.startsOn()
	if starts {
		s.kill()
		s.t.Error("it starts")
	}
	return said
}

// startsOn starts the server, and reports whether it does, else what it says.
func (s *server) startsOn() (said string, starts bool) {
	s.t.Helper()
	cmd := s.command()
	out := &log{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	s.until("it starts or ends", func() bool {
		select {
		case <-ended:
			return true
		default:
			return address.MatchString(out.String())
		}
	})
	starts = address.MatchString(out.String())
	if !starts {
		return out.String(), false
	}
	cmd.Process.Kill()
	<-ended
	s.start()
	return "", true
}

// inUse is how many bytes of a file hold something.
func inUse(t testing.TB, file string) int64 {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	end := len(data)
	for end > 0 && data[end-1] == 0 {
		end--
	}
	return int64(end+4095) &^ 4095
}

// flip turns n bytes over, behind the meta pages.
func flip(t testing.TB, rng *rand.Rand, path string, n int) {
	t.Helper()
	used := inUse(t, path)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		at := 2*4096 + rng.Int64N(used-2*4096)
		one := make([]byte, 1)
		_, err1 := file.ReadAt(one, at)
		one[0] ^= byte(1 + rng.IntN(255))
		_, err2 := file.WriteAt(one, at)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
