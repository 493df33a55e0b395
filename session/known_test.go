package session

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"tutti/store"
)

// acks are the acknowledgements that come beside the stream: without op.
func (p *peer) acks() (all []string) {
	p.t.Helper()
	for _, m := range p.gotOf("records") {
		for _, r := range m.Records {
			if r.Op == nil {
				all = append(all, fmt.Sprintf("%d:%d", r.Rev, r.Seq))
			}
		}
	}
	return all
}

func wantOne(t testing.TB, what string, got []string, want string) {
	t.Helper()
	if len(got) != 1 || got[0] != want {
		t.Errorf("%s: %v, want one %s", what, got, want)
	}
}

func TestAResendIsAnsweredByTheStreamWhereThatHasNotReachedIt(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.op(1, 0, insert(0, "x"))
	a.op(1, 0, insert(0, "x"))
	a.op(1, 0, `[{"insert":""}]`) // whatever it holds
	if got := a.stream("a"); got != "1:a/1" {
		t.Errorf("got %s", got)
	}
	r.wantText("x")
}

func TestAResendOfWhatTheStreamHasPassedIsAnsweredOnceWithoutOp(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.op(1, 0, insert(0, "x"))
	a.got()
	a.op(1, 0, insert(0, "x"))
	wantOne(t, "resend", a.acks(), "1:1")
	if more := a.got(); len(more) > 0 {
		t.Errorf("and then %+v", more)
	}
}

func TestAResendInTheBatchOfTheOriginalIsAnsweredByIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a, b := r.join("a"), r.join("b")
		// By REST two requests with one Idempotency-Key come at once.
		sub := Submission{Client: "program", Seq: 1, Op: parse(t, insert(0, "x"))}
		revs := make(chan int64, 2)
		submit := func() {
			rec, err := r.hub.Submit(t.Context(), docID, sub)
			if err != nil {
				t.Error(err)
			}
			revs <- rec.Rev
		}
		crowd(r, func() { a.op(1, 0, insert(0, "a")) }, submit, func() { b.op(1, 0, insert(0, "b")) }, submit)
		if one, two := <-revs, <-revs; one != 2 || two != 2 {
			t.Errorf("committed at %d and %d, want 2 and 2", one, two)
		}
		r.wantText("bxa")
		if n := r.store.count("Append"); n != 2 {
			t.Errorf("%d appends, want 2", n)
		}
	})
}

func TestAResendAfterAReloadIsRecognised(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	a.op(3, 0, insert(0, "x"))
	r.close(r.hub)
	r.hub = r.newHub()
	a = r.join("a", Place{0, docEpoch})
	if a.welcome.Seq != 3 || len(a.welcome.Records) != 1 {
		t.Errorf("welcome: seq %d, %d records", a.welcome.Seq, len(a.welcome.Records))
	}
	a.op(3, 0, insert(0, "x"))
	wantOne(t, "resend", a.acks(), "1:3")
	if got := a.refusal(2, 1, insert(0, "x")); got != "seq_stale" {
		t.Errorf("a lower seq: %q", got)
	}
	r.wantText("x")
}

func TestAResendBehindTheTailIsFoundInTheLog(t *testing.T) {
	r := newRig(t, "")
	r.fillAs(ClientID(keyOf("a")), 3, insert(0, "a"))
	r.fill(3*storeChunk, insert(0, "x"))
	r.fillAs(ClientID(keyOf("a")), 1, insert(0, "a")) // its seq is its rev
	last := int64(3 + 3*storeChunk + 1)
	b := r.join("b")
	for i := range int64(2) {
		b.op(i+1, last, `[]`)
	}
	// What is on the disk is forgotten but for the newest record.
	r.forgetTail(1)
	a := r.join("a")
	if a.welcome.Seq != last {
		t.Fatalf("welcome says seq %d, want %d", a.welcome.Seq, last)
	}
	for _, seq := range []int64{last, 3, 1} {
		a.op(seq, last, `[]`)
		wantOne(t, fmt.Sprint("resend of ", seq), a.acks(), fmt.Sprintf("%d:%d", seq, seq))
	}
	for _, seq := range []int64{4, last - 1} {
		if got := a.refusal(seq, last, `[]`); got != "seq_stale" {
			t.Errorf("seq %d, never committed: %q, want seq_stale", seq, got)
		}
	}
}

// forgetTail leaves the newest n records in the tail, if the document is open.
func (r *rig) forgetTail(n int) {
	r.hub.mu.Lock()
	o := r.hub.open[docID]
	if o == nil || o.seq == nil {
		r.hub.mu.Unlock()
		return
	}
	d := o.seq.doc
	r.hub.mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	drop := max(0, len(d.tail.entries)-n)
	d.tail.base += int64(drop)
	d.tail.entries = append([]entry(nil), d.tail.entries[drop:]...)
	d.joined = joinedFrame{}
}

func TestAResendIsRecognisedAfterItsMarkWasPruned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		a.op(7, 0, insert(0, "x"))
		a.leave()
		b := r.join("b")
		for i := range int64(snapshotRecords) {
			b.op(i+1, i+1, `[]`)
		}
		synctest.Wait() // for the snapshot
		b.op(snapshotRecords+1, snapshotRecords+1, `[]`)
		if _, kept := b.seq.marks[ClientID(keyOf("a"))]; kept {
			t.Error("the mark of who left long ago is still in memory")
		}
		r.forgetTail(1)
		a = r.join("a")
		a.op(7, 0, insert(0, "x"))
		wantOne(t, "resend", a.acks(), "1:7")
		if got := a.refusal(6, 0, `[]`); got != "seq_stale" {
			t.Errorf("a lower seq: %q", got)
		}
		if got := a.refusal(8, 0, `[]`); got != "rev_stale" {
			t.Errorf("a rev below its own last record: %q", got)
		}
	})
}

func TestADeltaFromBehindTheTailIsCarriedForward(t *testing.T) {
	r := newRig(t, "0123456789")
	r.fill(2*storeChunk+10, insert(3, "x"))
	a, b := r.join("a"), r.join("b")
	b.op(1, 2*storeChunk+10, `[]`)
	r.forgetTail(1)
	a.op(1, 0, insert(5, "here"))
	if got, want := r.text()[:5], "012xx"; got != want {
		t.Errorf("the document begins with %q, want %q", got, want)
	}
	if got, want := r.text()[3+2*storeChunk+10:], "34here56789"; got != want {
		t.Errorf("the document ends with %q, want %q", got, want)
	}
}

func TestADeltaThatCannotBeCarriedForwardEndsItsSessionAlone(t *testing.T) {
	r := newRig(t, "")
	r.fill(5, insert(0, "x"))
	a, b := r.join("a"), r.join("b")
	b.op(1, 5, `[]`)
	r.forgetTail(1)
	r.store.on("Lines", fails(store.ErrUnavailable))
	if err := a.Handle([]byte(opFrame(1, 0, insert(0, "y")))); err == nil {
		t.Error("the session goes on, and nobody will answer")
	}
	a.wantEnd(CodeBusy)
	b.op(2, 6, insert(0, "b"))
	if got := b.refusal(3, 7, `[]`); got != "" {
		t.Errorf("the others are refused: %s", got)
	}
	r.store.on("Lines", nil)
	r.wantText("bxxxxx")
}

func TestADeltaWhoseMarkCannotBeReadEndsItsSession(t *testing.T) {
	r := newRig(t, "")
	r.store.on("Mark", fails(store.ErrUnavailable))
	if _, err := r.hub.Join(docID, helloOf("a"), who("a")); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Join: %v", err)
	}
	if _, err := r.hub.Submit(t.Context(), docID, Submission{Client: "c", Seq: 1}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Submit: %v", err)
	}
	r.store.on("Mark", nil)
	r.join("a").op(1, 0, insert(0, "x"))
	r.wantText("x")
}

// TestADeltaOfManyOpsFromFarBehindIsNotTheSequencersWork: it is carried
// forward by its author first, a few times at most.
func TestADeltaOfManyOpsFromFarBehindIsNotTheSequencersWork(t *testing.T) {
	const records, ops = 1000, 1000
	r := newRig(t, strings.Repeat("x", ops))
	r.fill(records, insert(0, "y"))
	l, err := load(r.store, docID, -1)
	if err != nil {
		t.Fatal(err)
	}
	q := newSequencer(r.hub, l)
	op := parse(t, "["+strings.TrimSuffix(strings.Repeat(`{"retain":1},{"insert":"z"},`, ops), ",")+"]")
	head := q.doc.head.Load()
	sub := &submission{client: "c", seq: 1, op: op}
	if o := q.decide(&stage{head: head, doc: head.Doc}, sub); o.err != errLagging {
		t.Errorf("the sequencer transforms %d ops over %d records: %v", len(op), records, o.err)
	}
	sub.carried = carryAtMost
	o := q.decide(&stage{head: head, doc: head.Doc}, sub)
	if o.err != nil || o.refused != nil {
		t.Fatalf("it never does: %+v", o)
	}
	a := r.join("a")
	a.op(1, 0, op.String())
	if got := a.doc.tail.entries[len(a.doc.tail.entries)-1].Op; got.String() != o.record.Op.String() {
		t.Error("carried forward it is another delta")
	}
	if want := strings.Repeat("y", records) + strings.Repeat("xz", ops); r.text() != want {
		t.Errorf("the document holds %.50s…", r.text())
	}
}
