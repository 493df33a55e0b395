package hooks

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

func TestWhatHappensIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("old", "e0")
		r.write("old", 3)
		r.hook(Hook{Records: true})
		time.Sleep(time.Minute)
		r.wants("") // nothing of what was before
		r.create("a", "e1")
		r.write("a", 2)
		time.Sleep(2 * time.Second)
		r.wants("created 1-2")
		g := r.came()[0]
		if g.body.Document.ID != "a" || g.body.Document.Epoch != "e1" || g.body.Document.Title != "of a" || len(g.body.Events[1].Records) != 2 {
			t.Errorf("came %s", g.json)
		}
		r.write("old", 1)
		time.Sleep(2 * time.Second)
		r.wants("created 1-2; 4-4")
		r.update("a", func(i *store.Info) { i.Title, i.ChangedAt = "new", time.Now().UnixMilli() })
		time.Sleep(3 * time.Second)
		r.update("a", func(i *store.Info) { i.TrashedAt = time.Now().UnixMilli() })
		time.Sleep(3 * time.Second)
		r.update("a", func(i *store.Info) { i.TrashedAt = 0 })
		time.Sleep(3 * time.Second)
		r.must(r.st.Delete("a"))
		time.Sleep(100 * time.Millisecond)
		r.create("a", "e2")
		time.Sleep(3 * time.Second)
		r.wants("created 1-2; 4-4; updated; trashed; restored; deleted; created")
		if g := r.came()[5]; g.body.Document.Epoch != "e1" || g.body.Document.Title != "new" {
			t.Errorf("came %s", g.json)
		}
	})
}

// While somebody types there is a request a second, and no event is missing.
func TestTypingIsCollected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e")
		r.hook(Hook{Events: []string{Changed}})
		for range 200 {
			r.write("a", 1)
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		if n := len(r.came()); n < 5 || n > 11 {
			t.Errorf("%d requests in ten seconds: %s", n, kinds(r.came()))
		}
		next := int64(1)
		for _, g := range r.came() {
			if g.body.Events[0].FromRev != next || g.body.Events[0].Records != nil {
				t.Errorf("came %s", g.json)
			}
			next = g.body.Events[0].ToRev + 1
		}
		if next != 201 {
			t.Errorf("told up to %d", next-1)
		}
	})
}

func TestALongRunOfRecordsIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e")
		r.hook(Hook{Records: true})
		r.write("a", 2500)
		r.update("a", func(i *store.Info) { i.ChangedAt++ })
		time.Sleep(time.Minute)
		r.wants("1-1000; 1001-2000; 2001-2500 updated")
	})
}

func TestFailuresAreTriedAgainMoreAndMoreSeldomUntilTheHookIsPaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.answers(func(got) (int, error) { return http.StatusInternalServerError, nil })
		r.create("a", "e")
		h := r.hook(Hook{})
		r.write("a", 1)
		time.Sleep(50 * time.Hour)
		r.write("a", 1) // changes nothing of what is tried
		r.restart()
		time.Sleep(30 * time.Hour)
		came := r.came()
		for i, g := range came {
			if g.json != came[0].json {
				t.Fatalf("try %d is %s, the first was %s", i+1, g.json, came[0].json)
			}
			if i == 0 {
				continue
			}
			pause := g.at.Sub(came[i-1].at)
			most := min(longestPause, firstPause<<min(i-1, 20))
			// Who is started anew tries at once.
			if restarted := g.at.Sub(came[0].at).Round(time.Hour) == 50*time.Hour; pause > most || pause < most/2 && !restarted {
				t.Errorf("pause %d is %v, want %v to %v", i, pause, most/2, most)
			}
		}
		if took := came[len(came)-1].at.Sub(came[0].at); took < giveUpAfter || took > giveUpAfter+longestPause {
			t.Errorf("it was given up after %v", took)
		}
		if h, err := r.x.Hook(h.ID); err != nil || h.Paused != Failing || h.PausedAt == 0 {
			t.Errorf("the hook is %+v, %v", h, err)
		}
		all, err := r.x.Attempts(h.ID)
		if err != nil || len(all) != attemptsKept || all[0].Status != 500 || all[0].Try != len(came) || all[0].Error == "" {
			t.Errorf("%d attempts, the last %+v of %d, %v", len(all), all[0], len(came), err)
		}
		r.answers(func(got) (int, error) { return 200, nil })
		r.must(r.x.Resume(h.ID, ""))
		time.Sleep(5 * time.Second)
		if last := kinds(r.came()[len(came):]); last != "1-1; 2-2" {
			t.Errorf("after it was resumed came %s", last)
		}
	})
}

// A receiver that takes no document of one name is told of the others, and when
// it takes that too, it gets it soon.
func TestADocumentThatFailsHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e1")
		r.create("b", "e2")
		r.hook(Hook{})
		r.answers(func(g got) (int, error) {
			if g.body.Document.ID == "a" {
				return 422, nil
			}
			return 200, nil
		})
		r.write("a", 1)
		for range 100 {
			r.write("b", 1)
			time.Sleep(10 * time.Second)
		}
		b := 0
		for _, g := range r.came() {
			if g.body.Document.ID == "b" {
				b++
			}
		}
		if b != 100 {
			t.Errorf("%d of 100", b)
		}
	})
}

func TestADeadReceiverHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e1")
		for range 5 {
			r.hook(Hook{URL: "https://dead.example.org/hangs"})
		}
		r.hook(Hook{})
		for range 60 {
			r.write("a", 1)
			time.Sleep(3 * time.Second)
		}
		if n := len(r.came()); n != 60 {
			t.Errorf("%d of 60", n)
		}
	})
}

func TestHooksOfOneDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e1")
		r.create("b", "e2")
		h := r.hook(Hook{Document: "a", Events: []string{Changed}})
		r.write("a", 1)
		r.write("b", 1)
		time.Sleep(time.Minute)
		r.wants("1-1")
		r.must(r.x.Replay(h.ID, "a", 1))
		time.Sleep(time.Minute)
		r.wants("1-1; 1-1")
		if came := r.came(); came[0].body.ID == came[1].body.ID {
			t.Error("a replay has the name of the delivery: who knows that drops it")
		}
		for _, from := range []int64{0, 2} {
			if err := r.x.Replay(h.ID, "a", from); err != ErrRevision {
				t.Errorf("a replay from %d: %v", from, err)
			}
		}
		r.must(r.st.Delete("a"))
		r.create("a", "e3") // somebody else's, perhaps
		time.Sleep(time.Minute)
		r.wants("1-1; 1-1")
		if _, err := r.x.Hook(h.ID); err != ErrNotFound {
			t.Errorf("it outlives its document: %v", err)
		}
	})
}

func TestRights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e1")
		told, reads := true, false
		r.may = func(Hook, *store.Info) (bool, bool) { return told, reads }
		h := r.hook(Hook{Records: true, Person: "person:1"})
		r.write("a", 2)
		time.Sleep(time.Minute)
		r.wants("1-2")
		if r.came()[0].body.Events[0].Records != nil {
			t.Errorf("who may not read got %s", r.came()[0].json)
		}
		told = false
		r.x.Recheck()
		time.Sleep(time.Minute)
		if h, err := r.x.Hook(h.ID); err != nil || h.Paused != Forbidden {
			t.Errorf("it is %q, %v", h.Paused, err)
		}
		r.write("a", 1)
		time.Sleep(time.Hour)
		r.wants("1-2")
		told, reads = true, true
		r.must(r.x.Resume(h.ID, "person:2"))
		time.Sleep(time.Minute)
		r.wants("1-2; 3-3")
		if h, _ := r.x.Hook(h.ID); h.Person != "person:2" || len(r.came()[1].body.Events[0].Records) != 1 {
			t.Errorf("it is %s's and came with %s", h.Person, r.came()[1].json)
		}
	})
}

func TestA410PausesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.close()
		r.create("a", "e1")
		h := r.hook(Hook{})
		r.answers(func(got) (int, error) { return http.StatusGone, nil })
		r.write("a", 1)
		time.Sleep(time.Hour)
		r.wants("1-1")
		if h, err := r.x.Hook(h.ID); err != nil || h.Paused != Gone {
			t.Errorf("it is %q, %v", h.Paused, err)
		}
		r.must(r.x.Remove(h.ID))
		if err := r.x.Remove(h.ID); err != ErrNotFound {
			t.Errorf("removed again: %v", err)
		}
	})
}

func TestATestIsNoDelivery(t *testing.T) {
	r := newRig(t)
	defer r.close()
	h := r.hook(Hook{})
	a, err := r.x.Test(t.Context(), h.ID)
	if err != nil || a.Status != 204 || a.Error != "" || kinds(r.came()) != "test" {
		t.Errorf("%+v, %v; came %s", a, err, kinds(r.came()))
	}
	var raw map[string]any
	r.must(json.Unmarshal([]byte(r.came()[0].json), &raw))
	if _, ok := raw["document"]; ok {
		t.Errorf("came %v", raw)
	}
}
