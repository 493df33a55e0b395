package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

// A disk that is full takes nothing, and is told from one that has lost
// something: nobody gets an acknowledgement, nobody an empty document, and
// when there is room again all go on by themselves.
func TestFullDiskLosesNothing(t *testing.T) {
	turn(t)
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("no disk can be made here: %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", disk).Run() })

	s := serve(t, withArgs(unlimited), on(disk))
	room := newRoom(t, s, s.create("The beginning.\n").ID)
	for range 3 {
		room.add(client.Config{})
	}
	stop := make(chan struct{})
	typing := room.all(func(ty *typist) error { return ty.work(t, stop) })
	room.ledger.await(t, 30)

	// What the search index gives up is filled again, until nothing has room.
	var ballast []string
	s.until("full, and says so", func() bool {
		ballast = append(ballast, filepath.Join(disk, fmt.Sprint("ballast", len(ballast))))
		fill(t, ballast[len(ballast)-1])
		return s.turnsAway(t, room.doc) && s.status("/readyz") == http.StatusServiceUnavailable
	})
	acks, _ := room.ledger.from(0)
	t.Logf("full after %d acknowledgements", len(acks))
	if got := s.status("/healthz"); got != http.StatusOK {
		t.Errorf("/healthz says %d while the disk is full", got)
	}
	if got := s.status(api + "/documents/" + room.doc + "/content"); got != http.StatusOK && got != http.StatusServiceUnavailable {
		t.Errorf("the content is answered with %d while the disk is full", got)
	}
	for _, file := range ballast {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	s.until("ready again", func() bool { return s.status("/readyz") == http.StatusOK })
	acks, _ = room.ledger.from(0)
	room.ledger.await(t, len(acks)+30)
	close(stop)
	if err := <-typing; err != nil {
		t.Fatal(err)
	}
	room.settle()
	room.verify()
	s.kill()
	s.start()
	room.settle()
	again := audits(t, s, room.doc, room.ledger)
	again.run()
	again.complete()
}

// turnsAway tells whether an edit ends its session with a wish to come back.
func (s *server) turnsAway(t *testing.T, doc string) bool {
	ws, _, err := subprotocol.Dial(s.socket(doc), nil)
	if err != nil {
		return false
	}
	defer ws.Close()
	r := &raw{t: t, ws: ws, key: client.NewKey()}
	r.send(object{"t": "hello", "key": r.key})
	for {
		f, err := r.read()
		switch {
		case websocket.IsCloseError(err, websocket.CloseTryAgainLater, websocket.CloseServiceRestart):
			return true
		case err != nil || f.T == "refused":
			t.Fatalf("an edit on a full disk ends with %s %v", f.Code, err)
		case f.T == "welcome":
			r.op(1, f.Rev, `[{"insert":"`+strings.Repeat("full ", 2000)+`"}]`)
		}
		for _, record := range f.Records {
			if record.Client == client.ID(r.key) {
				return false
			}
		}
	}
}

// on puts the data on a disk of its own.
func on(disk string) option {
	return func(s *server) { s.data = filepath.Join(disk, "data") }
}

// fill writes until nothing more goes in.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, piece := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = file.WriteString(strings.Repeat("x", piece))
		}
	}
}

func (s *server) status(path string) int {
	a, err := s.try("GET", path, nil)
	if err != nil {
		return 0
	}
	return a.status
}
