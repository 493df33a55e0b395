package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"tutti/e2e/client"
	"tutti/ot"
)

// token is how a piece of text that must never be lost looks. Nothing else
// that the tests type has brackets in it.
var token = regexp.MustCompile(`\[\d+:\d+\]`)

// A ledger is what clients of one document know to be committed. It is kept
// outside the server, and survives it.
type ledger struct {
	mu    sync.Mutex
	acks  []client.Ack
	typed map[string]bool // every token, acknowledged or not
	grown chan struct{}   // closed and replaced with every acknowledgement
}

func newLedger() *ledger {
	return &ledger{typed: map[string]bool{}, grown: make(chan struct{})}
}

func (l *ledger) acknowledged(a client.Ack) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acks = append(l.acks, a)
	close(l.grown)
	l.grown = make(chan struct{})
}

func (l *ledger) types(token string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.typed[token] = true
}

// from gives what was acknowledged after the first n, and a channel that is
// closed when there is more.
func (l *ledger) from(n int) ([]client.Ack, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acks[n:len(l.acks):len(l.acks)], l.grown
}

// await returns when n deltas are acknowledged.
func (l *ledger) await(t testing.TB, n int) {
	t.Helper()
	ctx := soon(t)
	for {
		acks, grown := l.from(0)
		if len(acks) >= n {
			return
		}
		select {
		case <-grown:
		case <-ctx.Done():
			t.Fatalf("%d deltas are acknowledged, %d were awaited", len(acks), n)
		}
	}
}

// An audit replays a document's records as the server gives them out, and
// compares them with the ledger. It goes on from where it was.
type audit struct {
	t       testing.TB
	s       *server
	id      string
	ledger  *ledger
	content ot.Document
	rev     int64
	audited int               // acknowledgements that were looked up
	records map[string]string // op by client/seq
}

// audits begins at the document's creation.
func audits(t testing.TB, s *server, id string, l *ledger) *audit {
	return &audit{t: t, s: s, id: id, ledger: l, content: s.delta(id, 0), records: map[string]string{}}
}

// run asserts that revisions are dense, that nothing is committed twice, that
// the content is what the records make it, and that each acknowledged delta
// is in them with its tokens.
func (a *audit) run() {
	a.t.Helper()
	acks, _ := a.ledger.from(a.audited) // before the records are fetched
	for _, r := range a.s.records(a.id, a.rev) {
		if r.Rev != a.rev+1 {
			a.t.Fatalf("%s: revision %d follows %d", a.id, r.Rev, a.rev)
		}
		who := fmt.Sprint(r.Client, "/", r.Seq)
		if _, twice := a.records[who]; twice {
			a.t.Fatalf("%s: %s is committed twice, again at %d", a.id, who, r.Rev)
		}
		op, err := ot.Parse(r.Op)
		if err != nil {
			a.t.Fatalf("%s: record %d: %v", a.id, r.Rev, err)
		}
		if a.content, err = a.content.Apply(op); err != nil {
			a.t.Fatalf("%s: record %d: %v", a.id, r.Rev, err)
		}
		a.records[who], a.rev = string(r.Op), r.Rev
	}
	if got, want := spell(a.s.delta(a.id, a.rev)), spell(a.content); got != want {
		a.t.Fatalf("%s at %d is %.300s\nits records make it %.300s", a.id, a.rev, got, want)
	}
	for _, ack := range acks {
		who := fmt.Sprint(ack.Client, "/", ack.Seq)
		op, there := a.records[who]
		if !there {
			a.t.Fatalf("%s: %s was acknowledged at %d and is lost", a.id, who, ack.Rev)
		}
		for _, tok := range token.FindAllString(ack.Op.String(), -1) {
			if !strings.Contains(op, tok) {
				a.t.Fatalf("%s: %s was acknowledged with %s and is recorded as %.300s", a.id, who, tok, op)
			}
		}
	}
	a.audited += len(acks)
}

// complete asserts that each token that anyone typed is there exactly once.
// Everybody must have come to rest.
func (a *audit) complete() {
	a.t.Helper()
	times := map[string]int{}
	for _, tok := range token.FindAllString(a.content.Text(), -1) {
		times[tok]++
	}
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	for tok := range a.ledger.typed {
		if times[tok] != 1 {
			a.t.Errorf("%s: %s is there %d times", a.id, tok, times[tok])
		}
	}
	if len(times) != len(a.ledger.typed) {
		a.t.Errorf("%s: %d tokens were typed, %d are there", a.id, len(a.ledger.typed), len(times))
	}
}

func spell(doc ot.Document) string { return string(doc.AppendJSON(nil)) }
