package e2e

import (
	"fmt"
	"net/http"
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
	named := func(doc string, rev int64, name string) {
		s.call("POST", api+"/documents/"+doc+"/versions", object{"rev": rev, "name": name}).into(t, http.StatusCreated, nil)
	}
	for _, r := range rooms {
		r.ledger.await(t, 100)
		named(r.doc, 20, "early")
		named(r.doc, 90, "late")
	}
	file := filepath.Join(t.TempDir(), "backup.tar")
	if said, err := s.tutti("backup", "--url", s.URL(), file); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	for _, r := range rooms {
		acks, _ := r.ledger.from(0)
		r.ledger.await(t, len(acks)+50)
		named(r.doc, 95, "after the backup")
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
		for _, rev := range []int64{20, is.Revision} {
			blame := fmt.Sprintf("%s/documents/%s/blame?rev=%d", api, r.doc, rev)
			if got, want := s.body(restored, blame), s.body(s, blame); got != want {
				t.Errorf("%s: blame at %d is %.300s\nit was %.300s", r.doc, rev, got, want)
			}
		}
		var versions struct {
			Items []struct {
				Rev  int64
				Name string
			}
		}
		restored.call("GET", api+"/documents/"+r.doc+"/versions", nil).into(t, http.StatusOK, &versions)
		if got := fmt.Sprint(versions.Items); got != "[{90 late} {20 early}]" {
			t.Errorf("%s has the versions %s", r.doc, got)
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

// body is what a server answers to GET.
func (s *server) body(from *server, path string) string {
	s.t.Helper()
	a := from.call("GET", path, nil)
	if a.status != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	return string(a.body)
}

// Whoever was at the old server is turned away from going on where they were,
// also where the restored one has that revision: it may be another. They get the
// content, and are told up to where it is what they had. What is sent again is
// committed once.
func TestWhoComesToARestoredServerLearnsWhatItGoesOnFrom(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc")
	r := s.join(t, doc.ID)
	if len(r.welcome.Lineage) > 0 {
		t.Errorf("a new document goes on from %v", r.welcome.Lineage)
	}
	r.op(1, 0, `[{"insert":"1"}]`)
	r.acknowledged(1)
	file := filepath.Join(t.TempDir(), "backup.tar")
	if said, err := s.tutti("backup", "--url", s.URL(), file); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	r.op(2, 1, `[{"insert":"2"}]`)
	r.acknowledged(2)
	s.kill()

	restored := s.restore(file)
	for _, rev := range []int64{0, 1, 2} {
		again := restored.dial(t, doc.ID)
		again.send(object{"t": "hello", "key": r.key, "rev": rev, "epoch": doc.Epoch})
		again.closed(4409)
	}
	again := restored.dial(t, doc.ID)
	again.key = r.key
	w := again.hello(object{}).welcome
	if w.Rev != 1 || w.Seq != 1 || w.Epoch == doc.Epoch || fmt.Sprint(w.Lineage) != fmt.Sprintf("[{%s 1}]", doc.Epoch) {
		t.Errorf("welcomed with %+v", w)
	}
	again.op(1, 1, `[{"insert":"1"}]`) // it has that
	if record := again.record(); record.Rev != 1 {
		t.Errorf("what the backup has is committed again: %+v", record)
	}
	for range 2 { // that it hasn't
		again.op(2, 1, `[{"insert":"2"}]`)
		if record := again.acknowledged(2); record.Rev != 2 {
			t.Errorf("%+v", record)
		}
	}
	if text := restored.text(doc.ID); text != "21abc" {
		t.Errorf("the text is %q", text)
	}

	// From a backup of that, and once more from the first one.
	second := filepath.Join(t.TempDir(), "second.tar")
	if said, err := s.tutti("backup", "--url", restored.URL(), second); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	for file, want := range map[string]string{
		second: fmt.Sprintf("[{%s 1} {%s 2}]", doc.Epoch, w.Epoch),
		file:   fmt.Sprintf("[{%s 1}]", doc.Epoch),
	} {
		if got := s.restore(file).join(t, doc.ID).welcome.Lineage; fmt.Sprint(got) != want {
			t.Errorf("it goes on from %v, want %s", got, want)
		}
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
