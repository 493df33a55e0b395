package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

func TestRevisionThatCannotBeContinuedClosesWith4409(t *testing.T) {
	turn(t)
	s := serve(t)
	b := s.observe(t, "abc")
	b.undisturbed(t)
	epoch := b.raw.welcome.Epoch
	for name, hello := range map[string]struct {
		ahead int64
		epoch string
	}{
		"another epoch":            {-1, "x" + epoch},
		"another epoch, the head":  {0, "x" + epoch},
		"an empty epoch":           {0, ""},
		"beyond the head":          {1, epoch},
		"far beyond the head":      {1 << 52, epoch},
		"another epoch and beyond": {1, "x"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.dial(t, b.doc)
			r.send(object{"t": "hello", "key": r.key, "rev": b.rev + hello.ahead, "epoch": hello.epoch})
			r.closed(4409)
			b.undisturbed(t)
		})
	}
}

// A document that is created again under an id has another history.
func TestEpochChangesWhenAnIDIsUsedAgain(t *testing.T) {
	turn(t)
	s := serve(t)
	first := s.create("one", object{"id": "again"})
	s.call("DELETE", api+"/documents/again?permanent=true", nil).into(t, http.StatusNoContent, nil)
	second := s.create("two", object{"id": "again"})
	if first.Epoch == second.Epoch {
		t.Fatalf("both have epoch %s", first.Epoch)
	}
	r := s.dial(t, "again")
	r.send(object{"t": "hello", "key": r.key, "rev": 0, "epoch": first.Epoch})
	r.closed(4409)
}

func TestDeletedDocumentClosesWith4410(t *testing.T) {
	turn(t)
	s := serve(t)
	for _, way := range []string{"", "?permanent=true"} {
		t.Run("while open"+way, func(t *testing.T) {
			doc := s.create("abc")
			joined, silent := s.join(t, doc.ID), s.dial(t, doc.ID)
			s.call("DELETE", api+"/documents/"+doc.ID+way, nil).into(t, http.StatusNoContent, nil)
			joined.closed(4410)
			silent.send(object{"t": "hello", "key": silent.key})
			if way == "" {
				silent.closed(4410)
			}
		})
	}
	t.Run("at hello", func(t *testing.T) {
		doc := s.create("abc")
		s.call("DELETE", api+"/documents/"+doc.ID, nil).into(t, http.StatusNoContent, nil)
		r := s.dial(t, doc.ID)
		r.send(object{"t": "hello", "key": r.key})
		r.closed(4410)

		s.call("POST", api+"/documents/"+doc.ID+"/restore", nil).into(t, http.StatusOK, nil)
		back := s.dial(t, doc.ID).hello(object{"rev": 0, "epoch": doc.Epoch})
		back.op(1, 0, `[{"insert":"back "}]`)
		back.acknowledged(1)
		if got := s.text(doc.ID); got != "back abc" {
			t.Errorf("content %q", got)
		}
	})
	t.Run("gone for good", func(t *testing.T) {
		doc := s.create("abc")
		s.call("DELETE", api+"/documents/"+doc.ID+"?permanent=true", nil).into(t, http.StatusNoContent, nil)
		r := s.dial(t, doc.ID)
		r.send(object{"t": "hello", "key": r.key})
		r.closed(4404)
	})
}

// The older of two sessions with one key ends, and what it had sent before is
// decided by then: the newer one is told.
func TestSecondSessionWithAKeyEndsTheFirstWith4411(t *testing.T) {
	turn(t)
	s := serve(t)
	b := s.observe(t, "abc")
	for round := range 20 {
		old := s.join(t, b.doc)
		rev := old.welcome.Rev
		old.op(1, rev, fmt.Sprintf(`[{"insert":"%d;"}]`, round))
		young := s.dial(t, b.doc)
		young.key = old.key
		young.hello(object{"rev": rev, "epoch": old.welcome.Epoch})
		old.closed(4411)

		// However the race went, it is known now: committed with the
		// session that ended, or free to be sent again.
		if young.welcome.Seq == 0 {
			young.op(1, rev, fmt.Sprintf(`[{"insert":"%d;"}]`, round))
			young.acknowledged(1)
		} else if got := young.welcome.Records; len(got) != 1 || got[0].Seq != 1 || got[0].Op == nil {
			t.Fatalf("welcome says seq 1 is committed, its records are %+v", got)
		}
		b.commits(rev + 1)
		b.undisturbed(t)
		young.ws.Close()
	}
	seen := map[string]bool{}
	for _, r := range s.records(b.doc, 0) {
		if id := fmt.Sprint(r.Client, r.Seq); seen[id] {
			t.Errorf("%s/%d is committed twice", r.Client, r.Seq)
		} else {
			seen[id] = true
		}
	}
}

// Two tabs that share a key by mistake part, and neither loses a letter.
func TestClientsThatShareAKeyPartAndLoseNothing(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("start\n")
	room := newRoom(t, s, doc.ID)
	key := client.NewKey()
	a := room.add(client.Config{Key: key})
	for range 50 {
		room.typeToken(a)
	}
	b := room.add(client.Config{Key: key})
	for range 50 {
		room.typeToken(a)
		room.typeToken(b)
	}
	room.settle()
	room.verify()
}

// Above the rate the server reads more slowly, and after ten seconds of that
// it ends the session. The others do not notice.
func TestFloodClosesWith4429(t *testing.T) {
	t.Parallel()
	s := serve(t, withArgs("--rate=20"))
	b := s.observe(t, "abc")
	if got := b.raw.welcome.Limits.Rate; got != 20 {
		t.Errorf("limits say %v deltas a second, want 20", got)
	}
	r := s.join(t, b.doc)
	r.op(1, 0, `[]`)
	r.acknowledged(1)
	b.commits(1)
	began := time.Now()
	var flood sync.WaitGroup
	flood.Go(func() { // of what is refused: it is the number that counts
		r.ws.SetWriteDeadline(began.Add(patience))
		for seq := int64(2); ; seq++ {
			frame := fmt.Appendf(nil, `{"t":"op","seq":%d,"rev":0,"op":[]}`, seq)
			if r.ws.WriteMessage(websocket.TextMessage, frame) != nil {
				return
			}
		}
	})
	var bye client.Frame
	var end error
	ended := make(chan struct{})
	go func() {
		bye, end = r.ending()
		close(ended)
	}()
	pace := time.NewTicker(500 * time.Millisecond) // the bystander's, well below the rate
	defer pace.Stop()
	for waiting := true; waiting; {
		b.undisturbed(t)
		select {
		case <-pace.C:
		case <-ended:
			waiting = false
		}
	}
	if took := time.Since(began); took < 9*time.Second || took > 25*time.Second {
		t.Errorf("ended after %v, want some 10 s", took)
	}
	if !websocket.IsCloseError(end, 4429) || bye.Code.Close() != 4429 {
		t.Errorf("ended with %v after bye %q, want 4429", end, bye.Code)
	}
	if bye.RetryAfter <= 0 {
		t.Error("bye without retryAfter")
	}
	r.ws.Close()
	flood.Wait()
	b.undisturbed(t)
}

// Below the rate nobody is slowed down, however long they type.
func TestTypingBelowTheRateGoesOn(t *testing.T) {
	t.Parallel()
	s := serve(t, withArgs("--rate=20"))
	r := s.join(t, s.create("").ID)
	pace := time.NewTicker(time.Second / 15)
	defer pace.Stop()
	began := time.Now()
	for seq := int64(1); time.Since(began) < 14*time.Second; seq++ {
		<-pace.C
		r.op(seq, seq-1, `[{"insert":"x"}]`)
		r.acknowledged(seq)
	}
}
