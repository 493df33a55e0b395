package e2e

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"tutti/ot"
)

// A trace is what two people did in one document, in the order in which a
// server committed it.
type trace struct {
	EndContent string `json:"endContent"`
	txns       []txn
}

// A txn is one transaction. Its positions are those of its author's own
// document, which held the server's deltas [0, Seen) and all the author's own.
type txn struct {
	Agent int    `json:"a"`
	Seen  int    `json:"v"`
	Edits []edit `json:"e"`
}

type edit struct {
	at, deletes int
	inserts     string
}

// UnmarshalJSON reads [pos, del, "ins"].
func (e *edit) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&e.at, &e.deletes, &e.inserts})
}

func (x txn) delta() ot.Delta {
	var d ot.Delta
	for _, e := range x.Edits {
		d = d.Compose(ot.Delta{}.Retain(e.at, nil).Insert(e.inserts, nil).Delete(e.deletes))
	}
	return d
}

// friendsForever is the recorded trace; the test is skipped where there is none.
func friendsForever(t *testing.T) trace {
	t.Helper()
	dir := os.Getenv("TUTTI_TRACES")
	if dir == "" {
		dir = "../../shared/traces"
	}
	file, err := os.Open(filepath.Join(dir, "friendsforever.jsonl.gz"))
	if err != nil {
		t.Skip("the traces are not here: ", err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 16<<20)
	var tr trace
	for lines.Scan() {
		var into any = &tr
		if tr.EndContent != "" {
			tr.txns = append(tr.txns, txn{})
			into = &tr.txns[len(tr.txns)-1]
		}
		if err := json.Unmarshal(lines.Bytes(), into); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return tr
}

// An agent is one author: a document, and what of it the server's deltas
// [0, seen) do not hold yet. Unlike a client it may have many deltas under way.
type agent struct {
	seen    int
	doc     ot.Document
	pending []ot.Delta // each made for what the ones before have led to
}

// receive takes the server's next delta.
func (a *agent) receive(d ot.Delta, own bool) error {
	a.seen++
	if own {
		a.pending = a.pending[1:]
		return nil
	}
	pending := make([]ot.Delta, len(a.pending)) // a copy shares the old one
	for i, p := range a.pending {
		d, pending[i] = p.Transform(d, true), d.Transform(p, false)
	}
	a.pending = pending
	var err error
	a.doc, err = a.doc.Apply(d)
	return err
}

// makes applies a delta of the agent's own.
func (a *agent) makes(d ot.Delta) error {
	a.pending = append(a.pending[:len(a.pending):len(a.pending)], d)
	var err error
	a.doc, err = a.doc.Apply(d)
	return err
}

// A history is a log of deltas that grows by transactions, as it must come to
// be on a server that keeps the contract.
type history struct {
	log     []ot.Delta
	authors []int
	agents  [2]agent
}

// catchUp has an agent receive the deltas before v.
func (h *history) catchUp(a *agent, number, v int) error {
	for a.seen < v {
		if err := a.receive(h.log[a.seen], h.authors[a.seen] == number); err != nil {
			return err
		}
	}
	return nil
}

// commit adds a transaction. It returns the delta and the revision to submit
// it with: a client's delta must know the client's own record before, so it is
// carried over what others had committed up to there.
func (h *history) commit(x txn) (submit ot.Delta, rev int, err error) {
	a := &h.agents[x.Agent]
	if err := h.catchUp(a, x.Agent, x.Seen); err != nil {
		return nil, 0, err
	}
	if err := a.makes(x.delta()); err != nil {
		return nil, 0, fmt.Errorf("delta %d: %w", len(h.log), err)
	}
	ahead := *a
	for len(ahead.pending) > 1 {
		if err := ahead.receive(h.log[ahead.seen], h.authors[ahead.seen] == x.Agent); err != nil {
			return nil, 0, err
		}
	}
	submit, rev = ahead.pending[0], ahead.seen
	committed := submit
	for _, before := range h.log[rev:] {
		committed = before.Transform(committed, false)
	}
	h.log, h.authors = append(h.log, committed), append(h.authors, x.Agent)
	return submit, rev, nil
}

// play submits a trace in its order, over a socket for each author, and
// asserts that the server makes of each delta what the contract says, and that
// everybody ends at the content given.
func play(t *testing.T, s *server, tr trace) {
	t.Helper()
	doc := s.create("").ID
	sockets := []*raw{s.join(t, doc), s.join(t, doc)}
	var h history
	var heard, seq [2]int
	hear := func(listener, upTo int) { // records as they came, checked
		for heard[listener] < upTo {
			for _, r := range sockets[listener].want("records").Records {
				want := h.log[heard[listener]].String()
				if heard[listener]++; int(r.Rev) != heard[listener] {
					t.Fatalf("revision %d came where %d must", r.Rev, heard[listener])
				}
				if r.Op != nil && string(r.Op) != want {
					t.Fatalf("record %d is %s, want %s", r.Rev, r.Op, want)
				}
			}
		}
	}
	for i, x := range tr.txns {
		d, rev, err := h.commit(x)
		if err != nil {
			t.Fatal(err)
		}
		seq[x.Agent]++
		sockets[x.Agent].op(int64(seq[x.Agent]), int64(rev), d.String())
		hear(x.Agent, i+1)
	}
	for number := range sockets {
		hear(number, len(tr.txns))
		a := &h.agents[number]
		if err := h.catchUp(a, number, len(h.log)); err != nil {
			t.Fatal(err)
		}
		if got := a.doc.Text(); got != tr.EndContent {
			t.Errorf("author %d ends at %.200q, want %.200q", number, got, tr.EndContent)
		}
	}
	if got := s.text(doc); got != tr.EndContent {
		t.Errorf("the server ends at %.200q, want %.200q", got, tr.EndContent)
	}
	if got := s.delta(doc, int64(len(tr.txns))).Text(); got != tr.EndContent {
		t.Errorf("the content at the last revision is %.200q", got)
	}
}

// The recorded afternoon of two people, 26,078 deltas of which 11,700 were
// concurrent, comes out letter by letter as it was recorded.
func TestFriendsForeverEndsAsRecorded(t *testing.T) {
	turn(t)
	tr := friendsForever(t)
	play(t, serve(t, withArgs(unlimited), measured), tr)
}

// The same with made-up people, who know less of each other.
func TestMadeUpFriendsEndAsTheContractSays(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	for round := range 5 {
		play(t, s, madeUp(t, rand.New(rand.NewPCG(seed, uint64(round)))))
	}
}

// madeUp is a trace of two who type, delete and hear of each other at random.
func madeUp(t *testing.T, rng *rand.Rand) trace {
	t.Helper()
	var tr trace
	var h history
	for range 300 {
		number := rng.IntN(2)
		a := &h.agents[number]
		v := a.seen + rng.IntN(len(h.log)-a.seen+1)/(1+rng.IntN(4))
		if err := h.catchUp(a, number, v); err != nil {
			t.Fatal(err)
		}
		at := whole(a.doc, rng.IntN(a.doc.Length()+1))
		to := whole(a.doc, min(a.doc.Length(), at+rng.IntN(3)))
		x := txn{number, v, []edit{{at, max(0, to-at), stuff[rng.IntN(len(stuff))]}}}
		if _, _, err := h.commit(x); err != nil {
			t.Fatal(err)
		}
		tr.txns = append(tr.txns, x)
	}
	var end ot.Document
	for _, d := range h.log {
		var err error
		if end, err = end.Apply(d); err != nil {
			t.Fatal(err)
		}
	}
	tr.EndContent = end.Text()
	return tr
}
