package session

import (
	"fmt"
	"strings"
	"testing"
)

func TestWelcomeWithContent(t *testing.T) {
	r := newRig(t, "abc")
	r.join("a").op(4, 0, insert(0, "x"))
	a := r.join("a")
	w := a.welcome
	if w.Session != a.ID || w.Client != ClientID(keyOf("a")) || w.Seq != 4 || w.Epoch != docEpoch || w.Rev != 1 {
		t.Errorf("welcomed with %+v", w)
	}
	if string(w.Content) != `[{"insert":"xabc"}]` || w.Records != nil {
		t.Errorf("content %s, records %v", w.Content, w.Records)
	}
	if got := a.got(); len(got) > 0 {
		t.Errorf("and then %+v", got)
	}
}

func TestWelcomeOfAnEmptyDocument(t *testing.T) {
	if w := newRig(t, "").join("a").welcome; string(w.Content) != `[]` || w.Rev != 0 || w.Seq != 0 {
		t.Errorf("welcomed with %+v", w)
	}
}

func TestWelcomeWithTheRecordsThatWereMissed(t *testing.T) {
	r := newRig(t, "abc")
	a := r.join("a")
	for rev := range int64(5) {
		a.op(rev+1, rev, insert(0, "x"))
	}
	for since := range int64(6) {
		w := r.join("b", Place{since, docEpoch}).welcome
		if w.Content != nil || w.Records == nil || w.Rev != 5 || len(w.Records) != int(5-since) {
			t.Errorf("since %d: welcomed at %d with %d records", since, w.Rev, len(w.Records))
		}
		for i, rec := range w.Records {
			if rec.Rev != since+int64(i)+1 || rec.Op == nil {
				t.Errorf("since %d: record %d is %+v", since, i, rec)
			}
		}
	}
}

func TestWelcomeWithSomeOfTheRecordsAndTheRestFollows(t *testing.T) {
	for _, kept := range []int{3 * storeChunk, 1} {
		r := newRig(t, "")
		r.fill(3*storeChunk, insert(0, strings.Repeat("x", 1000)))
		b := r.join("b")
		b.op(1, 3*storeChunk, `[]`)
		r.forgetTail(kept)
		a := r.join("a", Place{7, docEpoch})
		w := a.welcome
		if n := len(w.Records); n == 0 || w.Rev != 7+int64(n) || w.Rev >= 3*storeChunk {
			t.Errorf("tail of %d: welcomed at %d with %d records", kept, w.Rev, n)
		}
		f := follow(t, a)
		f.all(a)
		if f.rev != 3*storeChunk+1 {
			t.Errorf("tail of %d: it has come to %d", kept, f.rev)
		}
	}
}

func TestACutWelcomeStillSaysWhatIsCommitted(t *testing.T) {
	r := newRig(t, "")
	r.fill(2*storeChunk, `[]`)
	r.join("a").op(9, 2*storeChunk, `[]`)
	r.forgetTail(1)
	a := r.join("a", Place{0, docEpoch})
	if a.welcome.Seq != 9 || a.welcome.Rev > 2*storeChunk {
		t.Fatalf("welcomed at %d with seq %d", a.welcome.Rev, a.welcome.Seq)
	}
	a.op(9, 0, `[]`) // a resend before the stream has reached it
	if got := a.stream("a"); !strings.HasSuffix(got, fmt.Sprintf(" %d:a/9", 2*storeChunk+1)) || strings.Count(got, "a/9") != 1 {
		t.Errorf("got …%s", got[max(0, len(got)-40):])
	}
}

func TestWhoCannotGoOnFromItsPlaceIsTold(t *testing.T) {
	r := newRig(t, "abc")
	r.join("a").op(1, 0, insert(0, "x"))
	for _, place := range []Place{{2, docEpoch}, {1 << 52, docEpoch}, {1, "another"}, {0, ""}} {
		_, err := r.hub.Join(docID, helloOf("b", place), who("b"))
		wantClose(t, err, CodeCannotResume)
	}
	r.join("b", Place{1, docEpoch})
}
