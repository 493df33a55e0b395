package session

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"tutti/ot"
	"tutti/store"
)

func TestOfTwoInsertsAtOnePlaceTheLaterComesFirst(t *testing.T) {
	r := newRig(t, "()")
	a, b := r.join("a"), r.join("b")
	a.op(1, 0, insert(1, "AA"))
	b.op(1, 0, insert(1, "B"))
	a.op(2, 1, insert(3, "A")) // behind its own, not having seen b's
	r.wantText("(BAAA)")
}

func TestTheLaterOfTwoFormatsWins(t *testing.T) {
	r := newRig(t, `[{"insert":"ab\n"}]`)
	a, b := r.join("a"), r.join("b")
	a.op(1, 0, `[{"retain":2,"attributes":{"color":"red","bold":true}}]`)
	b.op(1, 0, `[{"retain":1,"attributes":{"color":"blue"}}]`)
	_, v, err := r.hub.View(docID)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"insert":"a","attributes":{"bold":true,"color":"blue"}},{"insert":"b","attributes":{"bold":true,"color":"red"}},{"insert":"\n"}]`
	if got := string(v.Content()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestADeltaIsTransformedOverAllThatItsAuthorHadNotSeen(t *testing.T) {
	r := newRig(t, "0123456789")
	a, b := r.join("a"), r.join("b")
	a.op(1, 0, insert(0, "xx"))
	a.op(2, 1, erase(4, 3)) // 234
	a.op(3, 2, insert(0, "y"))
	b.op(1, 1, insert(5, "!")) // between 2 and 3
	b.op(2, 4, erase(0, 1))
	r.wantText("xx01!56789")
	if got := string(r.log(docID)[3].Op.AppendJSON(nil)); got != insert(5, "!") {
		t.Errorf("recorded %s", got)
	}
}

func TestADeltaThatNeedsNoTransformIsRecordedAsSubmitted(t *testing.T) {
	r := newRig(t, "abc")
	a := r.join("a")
	// Not as a builder would make it: two retains, two inserts, one at the end.
	const op = `[{"retain":1},{"retain":1},{"insert":"x"},{"insert":"y"},{"retain":1}]`
	a.op(1, 0, op)
	a.op(2, 1, `[]`)
	if got := string(r.log(docID)[0].Op.AppendJSON(nil)); got != op {
		t.Errorf("recorded %s, submitted %s", got, op)
	}
	if got := string(r.log(docID)[1].Op.AppendJSON(nil)); got != "[]" {
		t.Errorf("an empty delta is recorded as %s", got)
	}
}

func TestADeltaMayBecomeEmptyAndIsARevisionAllTheSame(t *testing.T) {
	r := newRig(t, "abc")
	a, b := r.join("a"), r.join("b")
	a.op(1, 0, erase(0, 3))
	b.op(1, 0, erase(1, 1))
	r.wantText("")
	if got := b.stream("a", "b"); got != "1:a/1 2:b/1" {
		t.Errorf("b got %s", got)
	}
}

// crowd has everybody submit one delta while an append is under way, so that
// all of them are decided together in the next.
func crowd(r *rig, first func(), rest ...func()) {
	release := r.store.stall("Append")
	var all sync.WaitGroup
	all.Go(first)
	synctest.Wait() // its append has begun
	for _, submit := range rest {
		all.Go(submit)
		synctest.Wait() // in its place in the inbox
	}
	release()
	all.Wait()
}

func TestWhatWaitsIsDecidedTogetherAndStoredWithOneAppend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "()")
		a := r.join("a")
		var others []*peer
		var submit []func()
		for i := range 9 {
			p := r.join(fmt.Sprint("p", i))
			others = append(others, p)
			submit = append(submit, func() { p.op(1, 0, insert(1, fmt.Sprint(i))) })
		}
		crowd(r, func() { a.op(1, 0, insert(1, "a")) }, submit...)
		if n := r.store.count("Append"); n != 2 {
			t.Errorf("%d appends, want 2", n)
		}
		r.wantText("(876543210a)")
		frames := others[0].gotOf("records")
		if len(frames) != 1 || len(frames[0].Records) != 10 {
			t.Errorf("%d frames of records, want one with all 10", len(frames))
		}
	})
}

func TestOneAppendIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		paste := strings.Repeat("x", batchBytes/3)
		var submit []func()
		for i := range 6 {
			p := r.join(fmt.Sprint("p", i))
			submit = append(submit, func() { p.op(1, 0, insert(0, paste)) })
		}
		crowd(r, func() { a.op(1, 0, insert(0, "a")) }, submit...)
		if n := r.store.count("Append"); n < 3 {
			t.Errorf("%d appends, want at least 3", n)
		}
		if n := len(r.text()); n != 6*len(paste)+1 {
			t.Errorf("the document has %d units", n)
		}
	})
}

func TestABadDeltaHarmsNoOtherInItsBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "abc", limited(Limits{Document: 20}))
		a, b, c, d := r.join("a"), r.join("b"), r.join("c"), r.join("d")
		crowd(r,
			func() { a.op(1, 0, insert(0, "1")) },
			func() { b.op(1, 0, erase(0, 40)) },
			func() { c.op(1, 0, insert(3, "2")) },
			func() { d.op(1, 0, insert(0, strings.Repeat("x", 30))) },
		)
		crowd(r,
			func() { a.op(2, 2, insert(0, "3")) },
			func() { c.op(2, 9, insert(0, "no")) },
			func() { b.op(2, 0, insert(3, "4")) },
		)
		r.wantText("31abc42")
		for p, want := range map[*peer]string{a: "", b: "beyond_end", c: "rev_beyond_head", d: "document_too_large"} {
			codes := ""
			for _, m := range p.gotOf("refused") {
				codes += m.Code
			}
			if codes != want {
				t.Errorf("refused: %q, want %q", codes, want)
			}
		}
	})
}

func TestATimeOfARecordIsNeverBeforeTheLast(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.op(1, 0, insert(0, "x"))
	a.seq.at += 1e9 // the clock was set back since
	at := a.seq.at
	a.op(2, 1, insert(0, "x"))
	if got := r.log(docID)[1].At; got != at {
		t.Errorf("the second record is of %d, the first of %d", got, at)
	}
}

func TestOrderOfRefusals(t *testing.T) {
	r := newRig(t, "abc", limited(Limits{Delta: 400, Document: 30}))
	a, b := r.join("a"), r.join("b")
	b.op(1, 0, insert(0, "b"))
	a.op(5, 1, insert(0, "a"))
	b.op(2, 2, insert(0, "b"))
	const bad = `[{"insert":""}]`
	long := strings.Repeat("x", 400)
	for _, test := range []struct {
		name     string
		seq, rev int64
		op, want string
	}{
		{"known comes before all", 5, 99, bad, ""},
		{"seq_stale before rev_beyond_head", 4, 99, bad, "seq_stale"},
		{"rev_beyond_head before the delta", 6, 4, bad, "rev_beyond_head"},
		{"rev_stale before the delta", 7, 1, bad, "rev_stale"},
		{"op_invalid before surrogate", 8, 3, `[{"insert":"\ud800"},{"insert":""}]`, "op_invalid"},
		{"surrogate before attributes", 9, 3, `[{"insert":"x","attributes":{}},{"insert":"\ud800"}]`, "surrogate"},
		{"attributes before embed", 10, 3, `[{"insert":{}},{"insert":"x","attributes":{}}]`, "attributes_invalid"},
		{"embed before kind", 11, 3, `[{"insert":{}}]`, "embed_invalid"},
		{"kind before carriage return", 12, 3, `[{"insert":"\r","attributes":{"b":true}}]`, "not_in_text"},
		{"carriage return before the end", 13, 3, `[{"retain":99},{"insert":"\r"}]`, "carriage_return"},
		{"end before the size of the delta", 14, 3, `[{"retain":99},{"insert":"` + long + `"}]`, "beyond_end"},
		{"size of the delta before that of the document", 15, 3, `[{"insert":"` + long + `"}]`, "delta_too_large"},
		{"size of the document", 16, 3, `[{"insert":"` + long[:40] + `"}]`, "document_too_large"},
		{"and one that is well", 17, 3, `[]`, ""},
		{"rev_stale again after it", 18, 3, `[]`, "rev_stale"},
	} {
		if got := a.refusal(test.seq, test.rev, test.op); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	r.wantText("bababc")
}

func TestTheLastNewlineOfRichTextStays(t *testing.T) {
	r := newRig(t, `[{"insert":"ab\n"}]`)
	a := r.join("a")
	for i, test := range []struct{ op, want string }{
		{erase(2, 1), "newline_final"},
		{erase(0, 3), "newline_final"},
		{insert(3, "x"), "newline_final"},
		{`[{"retain":3},{"insert":"\r"}]`, "newline_final"},
		{erase(0, 9), "newline_final"},
		{`[{"retain":3,"attributes":{"align":"right"}}]`, ""},
	} {
		if got := a.refusal(int64(i+1), 0, test.op); got != test.want {
			t.Errorf("%s: %q, want %q", test.op, got, test.want)
		}
	}
}

func TestTheNewlineIsLookedForInTheTransformedDelta(t *testing.T) {
	r := newRig(t, `[{"insert":"a\n\n"}]`)
	a, b := r.join("a"), r.join("b")
	a.op(1, 0, erase(1, 1))
	if got := b.refusal(1, 0, erase(1, 1)); got != "" {
		t.Errorf("deleting what is gone already is refused: %s", got)
	}
	a.op(2, 2, erase(0, 1)) // only the newline is left
	if got := b.refusal(2, 2, insert(1, "x")); got != "" {
		t.Errorf("insert before the newline: %s", got)
	}
	r.wantText("x\n")
}

func TestWhoMayNotEditIsRefusedAndMayDoAllElse(t *testing.T) {
	r := newRig(t, "abc")
	for _, role := range []Role{Commenter, Viewer} {
		id := who("v")
		id.Role = role
		p, err := r.tryJoin(r.hub, id, helloOf("v"+string(role)))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.refusal(1, 9, `[{"insert":""}]`); got != "read_only" {
			t.Errorf("%s: %q, want read_only", role, got)
		}
		p.say(`{"t":"presence","rev":0,"cursor":{"anchor":1,"head":1}}`)
		p.say(`{"t":"ping","n":1}`)
		if got := p.gotOf("pong"); len(got) != 1 {
			t.Errorf("%s: %d pongs", role, len(got))
		}
	}
	r.wantText("abc")
}

func TestADocumentThatIsTooLongMayStillBeShortened(t *testing.T) {
	r := newRig(t, strings.Repeat("x", 50), limited(Limits{Document: 20}))
	a := r.join("a")
	if got := a.refusal(1, 0, erase(0, 10)); got != "" {
		t.Errorf("shortening: %s", got)
	}
	if got := a.refusal(2, 1, insert(0, "y")); got != "document_too_large" {
		t.Errorf("lengthening: %q", got)
	}
}

func TestSubmitOfAProgram(t *testing.T) {
	r := newRig(t, "abc")
	a := r.join("a")
	sub := Submission{Client: "program", User: store.User{ID: "u"}, Seq: 1, Rev: 0, Op: parse(t, insert(3, "!"))}
	first, err := r.hub.Submit(t.Context(), docID, sub)
	if err != nil || first.Rev != 1 {
		t.Fatalf("Submit = %+v, %v", first, err)
	}
	sub.Op = parse(t, insert(0, "?"))
	again, err := r.hub.Submit(t.Context(), docID, sub)
	if err != nil || again.Rev != 1 || again.Op.String() != first.Op.String() {
		t.Errorf("a repeat gives %+v, %v", again, err)
	}
	sub.Seq, sub.Rev = 2, 7
	if _, err = r.hub.Submit(t.Context(), docID, sub); err == nil || err.(*ot.Error).Code != RevBeyondHead {
		t.Errorf("a rev beyond the head: %v", err)
	}
	if _, err = r.hub.Submit(t.Context(), "nowhere", sub); err == nil {
		t.Error("a document that does not exist takes deltas")
	} else {
		wantClose(t, err, CodeNotFound)
	}
	if got := a.stream(); got != "1:program/1" {
		t.Errorf("a got %s", got)
	}
	r.wantText("abc!")
}
