package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"tutti/e2e/client"
)

func TestRevisionThatCannotBeContinuedClosesWith4409(t *testing.T) {
	s := serve(t)
	b := s.observe(t, "abc")
	b.undisturbed(t)
	epoch := b.raw.welcome.Epoch
	for name, hello := range map[string]object{
		"another epoch":            {"rev": 0, "epoch": "x" + epoch},
		"an empty epoch":           {"rev": 0, "epoch": ""},
		"beyond the head":          {"rev": 2, "epoch": epoch},
		"far beyond the head":      {"rev": 1<<53 - 1, "epoch": epoch},
		"another epoch and beyond": {"rev": 99, "epoch": "x"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.dial(t, b.doc)
			hello["t"], hello["key"] = "hello", r.key
			r.send(hello)
			r.closed(4409)
			b.undisturbed(t)
		})
	}
}

// A document that is created again under an id has another history.
func TestEpochChangesWhenAnIDIsUsedAgain(t *testing.T) {
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
	began := time.Now()
	flooded := make(chan struct{})
	go func() {
		defer close(flooded)
		// Deltas that come to nothing: it is their number that counts.
		for seq := int64(1); ; seq++ {
			frame := fmt.Appendf(nil, `{"t":"op","seq":%d,"rev":0,"op":[]}`, seq)
			r.ws.SetWriteDeadline(time.Now().Add(patience))
			if r.ws.WriteMessage(1, frame) != nil {
				return
			}
		}
	}()
	for i := range 3 {
		if i > 0 {
			time.Sleep(time.Second) // the bystander's own pace
		}
		b.raw.op(int64(i+1), 0, `[{"insert":"x"}]`)
		b.raw.acknowledged(int64(i + 1))
	}
	bye := r.closed(4429)
	if took := time.Since(began); took < 9*time.Second || took > 25*time.Second {
		t.Errorf("closed after %v, want some 10 s", took)
	}
	if bye.RetryAfter <= 0 {
		t.Error("bye without retryAfter")
	}
	r.ws.Close()
	<-flooded
}
