package e2e

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"testing"
	"time"

	"tutti/e2e/client"
)

// person reads presence until it speaks of a session, and returns what it says.
func (r *raw) person(session string) client.Person {
	r.t.Helper()
	for {
		for _, p := range r.want("presence").People {
			if p.Session == session {
				return p
			}
		}
	}
}

// points sets the cursor and waits until the server has taken it.
func (r *raw) points(rev int64, anchor, head int64) {
	r.t.Helper()
	r.send(client.Presence{T: "presence", Rev: rev, Cursor: &client.Cursor{Anchor: anchor, Head: head}})
	r.alive()
}

// toldCursor asserts where newcomers are told that a session's cursor is. Of
// when a cursor is taken the contract says nothing: they may come too soon.
func (s *server) toldCursor(t *testing.T, doc string, of *raw, anchor, head int64) {
	t.Helper()
	want := client.Cursor{Anchor: anchor, Head: head}
	var told *client.Cursor
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); {
		newcomer := s.join(t, doc)
		newcomer.ws.Close()
		for _, p := range newcomer.welcome.People {
			if p.Session == of.welcome.Session {
				told = p.Cursor
			}
		}
		if told != nil && *told == want {
			return
		}
	}
	t.Errorf("newcomers are told of a cursor at %+v, want %+v", told, want)
}

func TestPeopleSeeEachOtherComePointAndGo(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("0123456789")
	ada := s.join(t, doc.ID)
	bob := s.dial(t, doc.ID).hello(object{"name": "Bob 🦜", "color": "#00ff7f"})

	p := ada.person(bob.welcome.Session)
	if p.Name != "Bob 🦜" || p.Color != "#00ff7f" || p.Client != client.ID(bob.key) || p.User.ID == "" || p.Cursor != nil || p.Gone {
		t.Errorf("Ada is told of %+v", p)
	}
	bob.points(0, 7, 3)
	if p := ada.person(bob.welcome.Session); p.Cursor == nil || *p.Cursor != (client.Cursor{Anchor: 7, Head: 3}) {
		t.Errorf("Ada sees Bob's cursor at %+v, want 7 to 3", p.Cursor)
	}
	bob.send(`{"t":"presence","rev":0,"cursor":null}`)
	if p := ada.person(bob.welcome.Session); p.Cursor != nil || p.Gone {
		t.Errorf("Ada sees %+v, want no cursor", p)
	}
	bob.ws.Close()
	if p := ada.person(bob.welcome.Session); !p.Gone {
		t.Errorf("Ada sees %+v, want him gone", p)
	}
	if got := s.join(t, doc.ID).welcome.People; len(got) != 1 {
		t.Errorf("a newcomer is told of %+v, want Ada alone", got)
	}
}

func TestCursorOutOfRangeIsClamped(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	b := s.observe(t, "0123456789")
	for _, c := range []struct{ anchor, head, wantAnchor, wantHead int64 }{
		{0, 10, 0, 10}, {11, 10, 10, 10}, {3, 1 << 40, 3, 10}, {-1, 4, 0, 4}, {-1 << 40, 1<<53 - 1, 0, 10},
	} {
		r := s.join(t, b.doc)
		r.points(0, c.anchor, c.head)
		s.toldCursor(t, b.doc, r, c.wantAnchor, c.wantHead)
		r.ws.Close()
	}
	b.undisturbed(t)
}

// An author's own cursor goes behind what they typed; the others' cursors are
// moved only by what stands before them.
func TestRecordsMoveCursors(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("0123456789")
	author, other := s.join(t, doc.ID), s.join(t, doc.ID)
	author.points(0, 4, 4)
	other.points(0, 4, 8)

	author.op(1, 0, `[{"retain":4},{"insert":"ab"}]`)
	author.acknowledged(1)
	s.toldCursor(t, doc.ID, author, 6, 6)
	s.toldCursor(t, doc.ID, other, 4, 10)
	// A delete takes them along.
	author.op(2, 1, `[{"retain":1},{"delete":7}]`)
	author.acknowledged(2)
	s.toldCursor(t, doc.ID, author, 1, 1)
	s.toldCursor(t, doc.ID, other, 1, 3)
	other.stream(2)
	// One that was made for an older revision is brought to the head.
	other.points(0, 4, 9)
	s.toldCursor(t, doc.ID, other, 1, 4)
}

func TestPresenceComesAtMostEvery50ms(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("0123456789")
	watcher := s.join(t, doc.ID)
	var movers []*raw
	for range 5 {
		movers = append(movers, s.join(t, doc.ID))
	}
	began := time.Now()
	moves := int64(0)
	for ; time.Since(began) < 500*time.Millisecond; moves++ {
		for _, m := range movers {
			m.points(0, moves%10, 9)
		}
	}
	for _, m := range movers {
		m.points(0, 7, 2)
	}
	// Frames are counted by when they were sent: all of them lie between
	// began and the last one's arrival.
	there, frames := map[string]bool{}, 0
	for len(there) < len(movers) {
		frames++
		for _, p := range watcher.want("presence").People {
			if p.Cursor != nil && *p.Cursor == (client.Cursor{Anchor: 7, Head: 2}) {
				there[p.Session] = true
			}
		}
	}
	// The movers' joins fall into the time before.
	allowed := int(time.Since(began)/(50*time.Millisecond)) + 2 + len(movers)
	t.Logf("%d moves came in %d frames in %v", moves*int64(len(movers)), frames, time.Since(began))
	if frames > allowed {
		t.Errorf("%d frames, want at most %d", frames, allowed)
	}
}

func TestCheckTellsDivergence(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	hash := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	say := func(r *raw, rev int64, hash string) { r.send(client.Check{T: "check", Rev: rev, Hash: hash}) }

	t.Run("text", func(t *testing.T) {
		b := s.observe(t, "Grüße 😀\n")
		b.undisturbed(t)
		r := s.join(t, b.doc)
		say(r, 1, hash(b.text))
		r.alive()
		say(r, 0, hash("something else")) // not the head
		r.alive()
		say(r, 1, hash("something else"))
		if f := r.want("diverged"); f.Rev != 1 {
			t.Errorf("diverged at %d, want 1", f.Rev)
		}
		r.alive()
		b.undisturbed(t)
	})
	t.Run("embeds count as U+FFFC", func(t *testing.T) {
		doc := s.create("ab\n", object{"kind": "rich"})
		r := s.join(t, doc.ID)
		r.op(1, 0, `[{"retain":1},{"insert":{"image":"x"}},{"insert":"c","attributes":{"bold":true}}]`)
		r.acknowledged(1)
		say(r, 1, hash("a\uFFFCcb\n"))
		r.alive()
		say(r, 1, hash("acb\n"))
		r.want("diverged")
	})
}

func TestPingIsAnswered(t *testing.T) {
	turn(t)
	s := serve(t)
	r := s.join(t, s.create("").ID)
	for _, n := range []int64{0, 1, -1, 1<<53 - 1} {
		r.send(fmt.Sprintf(`{"t":"ping","n":%d}`, n))
		if f := r.want("pong"); f.N != n {
			t.Errorf("pong %d, want %d", f.N, n)
		}
	}
}

func TestMetadataReachesEveryone(t *testing.T) {
	turn(t)
	s := serve(t)
	doc := s.create("abc", object{"title": "old"})
	one, two := s.join(t, doc.ID), s.join(t, doc.ID)
	s.call("PATCH", api+"/documents/"+doc.ID, object{"title": "new 🎵"}).into(t, http.StatusOK, nil)
	for _, r := range []*raw{one, two} {
		if f := r.want("meta"); f.Title == nil || *f.Title != "new 🎵" || f.Language != nil && *f.Language != doc.Language {
			t.Errorf("meta says %v %v", f.Title, f.Language)
		}
	}
	s.call("PATCH", api+"/documents/"+doc.ID, object{"language": "go"}).into(t, http.StatusOK, nil)
	for _, r := range []*raw{one, two} {
		if f := r.want("meta"); f.Language == nil || *f.Language != "go" {
			t.Errorf("meta says %v", f.Language)
		}
	}
	if got := s.join(t, doc.ID).welcome; *got.Title != "new 🎵" || *got.Language != "go" {
		t.Errorf("welcome says %q, %q", *got.Title, *got.Language)
	}
}
