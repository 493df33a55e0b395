package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tutti/e2e/client"
)

// Who committed what is known for as long as the document lives: after
// snapshots, after restarts, and far below the client's highest seq.
func TestResendsAreKnownAfterARestart(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("abc")
	r := s.join(t, doc.ID)
	const edits = 1200
	for i := int64(1); i <= edits; i++ { // odd seqs only: 1, 3, 5, …
		r.op(2*i-1, i-1, `[{"insert":"xyz"}]`)
		r.acknowledged(2*i - 1)
	}
	other := s.join(t, doc.ID)
	other.op(1, edits, `[{"insert":"!"}]`)
	other.acknowledged(1)

	head := int64(edits + 1)
	for _, end := range []func(){func() { s.stop() }, s.kill} {
		end()
		s.start()
		again := s.dial(t, doc.ID)
		again.key = r.key
		again.hello(object{"rev": head, "epoch": doc.Epoch})
		if again.welcome.Seq != 2*edits-1 || again.welcome.Client != client.ID(r.key) {
			t.Fatalf("welcomed as %s at seq %d, want %d", again.welcome.Client, again.welcome.Seq, 2*edits-1)
		}
		for _, i := range []int64{1, 2, edits / 2, edits - 1, edits} {
			again.op(2*i-1, head, `[{"insert":"again"}]`)
			record := again.record()
			if record.Client != client.ID(r.key) || record.Seq != 2*i-1 || record.Rev != i || record.Op != nil {
				t.Errorf("seq %d sent again is answered by %+v, want revision %d without its op", 2*i-1, record, i)
			}
			if i == edits {
				continue // the next one would be new
			}
			again.op(2*i, head, `[{"insert":"late"}]`)
			if code := again.refused(2 * i); code != "seq_stale" {
				t.Errorf("seq %d is refused with %s, want seq_stale", 2*i, code)
			}
		}
		if got := s.resource(doc.ID).Revision; got != head {
			t.Errorf("revision %d, want %d", got, head)
		}
	}
}

// However long one was away, the records come in order and without a gap, in
// as many frames as they need.
func TestLongAbsenceIsCaughtUp(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("")
	room := newRoom(t, s, doc.ID)
	away := room.add(client.Config{})
	writer := s.join(t, doc.ID)
	away.Stall(true)
	room.typeToken(away)
	away.Cut() // it comes back at once, and reads nothing

	const revisions = 1500
	text := strings.Repeat("lorem ipsum ", 100)
	var rev int64
	for seq := int64(1); seq <= revisions; seq++ {
		writer.op(seq, rev, fmt.Sprintf(`[{"insert":"%s"}]`, text))
		rev = writer.acknowledged(seq).Rev
	}
	raw := s.dial(t, doc.ID).hello(object{"rev": 0, "epoch": doc.Epoch})
	next := int64(1)
	follows := func(records []client.Record) {
		for _, r := range records {
			if r.Rev != next || r.Op == nil {
				t.Fatalf("record %d of %s came where %d must", r.Rev, r.Client, next)
			}
			next++
		}
	}
	follows(raw.welcome.Records)
	if raw.welcome.Rev != next-1 {
		t.Errorf("welcome says revision %d, its records end at %d", raw.welcome.Rev, next-1)
	}
	for next <= rev {
		follows(raw.want("records").Records)
	}
	away.Stall(false)
	room.settle()
	room.verify()
}

// A document that nobody has open is put away, and is the same when somebody
// comes back, whatever they had.
func TestDocumentIsTheSameAfterALongRest(t *testing.T) {
	if testing.Short() {
		t.Skip("takes more than a minute")
	}
	t.Parallel()
	s := serve(t)
	doc := s.create("abc")
	r := s.join(t, doc.ID)
	for seq := int64(1); seq <= 3; seq++ {
		r.op(seq, seq-1, fmt.Sprintf(`[{"insert":"%d"}]`, seq))
		r.acknowledged(seq)
	}
	r.ws.Close()
	<-time.After(70 * time.Second)

	back := s.dial(t, doc.ID)
	back.key = r.key
	back.hello(object{"rev": 1, "epoch": doc.Epoch})
	if w := back.welcome; w.Seq != 3 || w.Rev != 3 || len(w.Records) != 2 || w.Records[0].Op == nil {
		t.Errorf("welcome is %+v, want records 2 and 3", w)
	}
	back.op(2, 3, `[{"insert":"2"}]`)
	if record := back.record(); record.Rev != 2 || record.Seq != 2 {
		t.Errorf("seq 2 sent again is answered by %+v", record)
	}
	back.op(4, 3, `[{"insert":"4"}]`)
	if record := back.acknowledged(4); record.Rev != 4 {
		t.Errorf("committed at %d, want 4", record.Rev)
	}
	if got := s.text(doc.ID); got != "4321abc" {
		t.Errorf("content %q", got)
	}
}
