package e2e

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"tutti/e2e/client"
)

// One who does not read costs the others nothing and the server little: the
// deltas wait in the document's own log, not in a queue for each reader.
func TestStalledReaderDisturbsNobody(t *testing.T) {
	turn(t)
	const readers = 199
	s := serve(t, withArgs(unlimited), measured)
	doc := s.create("")
	writer := s.join(t, doc.ID)
	stalled := startStalled(t, s, doc.ID)

	deltas, size := megabytes(6, writer.welcome.Limits)
	var group sync.WaitGroup
	errs := make(chan error, readers)
	last := fmt.Appendf(nil, `"rev":%d,`, deltas)
	for range readers {
		r := s.join(t, doc.ID)
		group.Go(func() { errs <- r.drain(last) })
	}
	before := s.rss()
	began := time.Now()
	head := writer.pours(deltas, size)
	group.Wait() // all the others have everything, the one still stalls
	took := time.Since(began)
	close(errs)
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	grown := s.rss() - before
	t.Logf("%d deltas of %d KiB to %d readers in %v beside one that stalled; the server grew by %d MiB",
		deltas, size>>10, readers, took.Round(time.Millisecond), grown>>20)
	if took > 25*time.Second {
		t.Errorf("it took %v, too long to say that nobody was held up", took)
	}
	if grown > 96<<20 {
		t.Errorf("the server grew by %d MiB", grown>>20)
	}
	stalled.View(func(m *client.Machine, _ map[string]client.Person) {
		if m.Rev() == head {
			t.Error("the reader was not stalled at all")
		}
	})

	stalled.Stall(false)
	if err := stalled.Reached(soon(t), head); err != nil {
		t.Fatal(err)
	}
	stalled.View(func(m *client.Machine, _ map[string]client.Person) {
		if m.Local().Text() != s.text(doc.ID) {
			t.Error("the reader that stalled has another content")
		}
	})
	if got := stalled.Welcomes(); got != 1 {
		t.Errorf("welcomed %d times: it was cut, though it read again in time", got)
	}
}

// drain reads until a frame holds what is looked for. It decodes nothing: the
// readers are many, and it is the server that is measured.
func (r *raw) drain(until []byte) error {
	r.ws.SetReadDeadline(time.Now().Add(2 * patience))
	for {
		_, data, err := r.ws.ReadMessage()
		if err != nil {
			return err
		}
		if bytes.Contains(data, until) {
			return nil
		}
	}
}
