package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
	"time"

	"tutti/ot"
	"tutti/store"
)

// An Invariant is what must hold in every run.
type Invariant string

// The invariants.
const (
	Once     Invariant = "every acknowledged edit exactly once"
	Dense    Invariant = "revisions are dense"
	Replay   Invariant = "all replicas equal the replay"
	Durable  Invariant = "nothing is shown that is not durable"
	Ordered  Invariant = "each session's stream is ordered"
	Kept     Invariant = "what was durable is there after a crash"
	Refused  Invariant = "who may not write has not written"
	Unseen   Invariant = "who may not read is shown nothing more"
	Clock    Invariant = "time never runs backwards in a log"
	Contract Invariant = "no client is told what the contract forbids"
	Rest     Invariant = "everybody comes to rest"
	Gone     Invariant = "no goroutine is left"
)

// token is how a piece of typed text looks, which is typed nowhere else.
var token = regexp.MustCompile(`\[[a-z0-9]+:\d+\]`)

// author names a submission.
type author struct {
	client string
	seq    int64
}

// A truth is what is durable of a document's log, and what it comes to. It is
// told before anybody else can know.
type truth struct {
	w     *world
	epoch string

	mu      sync.Mutex // guards all below
	settled *sync.Cond
	writing int // appends that may be in the store and are not yet here
	lines   []store.Line
	records []store.Record
	docs    []ot.Document // docs[rev]
	times   []time.Time   // of the bubble, when each record was durable
	by      map[author]int64
	tokens  map[string]int // how often each was inserted
	refused map[author]bool
}

func newTruth(w *world, epoch string, content ot.Document) *truth {
	t := &truth{w: w, epoch: epoch, docs: []ot.Document{content}, by: map[author]int64{}, tokens: map[string]int{}, refused: map[author]bool{}}
	t.settled = sync.NewCond(&t.mu)
	return t
}

// begin and end stand around a write to the store.
func (t *truth) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writing++
}

func (t *truth) end(lines []store.Line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, line := range lines {
		t.add(line)
	}
	t.writing--
	t.settled.Broadcast()
}

// add checks and takes the next line; the lock is held.
func (t *truth) add(line store.Line) {
	line.JSON = bytes.Clone(line.JSON)
	r, err := store.ParseRecord(line.JSON)
	if err != nil {
		t.w.violate(Replay, "record %d: %v", line.Rev, err)
		return
	}
	if want := int64(len(t.lines)) + 1; r.Rev != want || line.Rev != want {
		t.w.violate(Dense, "record %d, in a line of revision %d, where %d comes next", r.Rev, line.Rev, want)
		return
	}
	who := author{r.Client, r.Seq}
	if first, twice := t.by[who]; twice {
		t.w.violate(Once, "%s/%d is committed as %d and again as %d", r.Client, r.Seq, first, r.Rev)
	}
	if n := len(t.records); n > 0 && r.At < t.records[n-1].At {
		t.w.violate(Clock, "record %d is of %d, the one before of %d", r.Rev, r.At, t.records[n-1].At)
	}
	if t.refused[who] {
		t.w.violate(Once, "%s/%d was refused and is committed as %d", r.Client, r.Seq, r.Rev)
	}
	doc, err := t.docs[len(t.docs)-1].Apply(r.Op)
	if err != nil {
		t.w.violate(Replay, "record %d does not fit: %v", r.Rev, err)
		doc = t.docs[len(t.docs)-1]
	}
	t.by[who] = r.Rev
	for _, tok := range inserted(r.Op) {
		if t.tokens[tok]++; t.tokens[tok] > 1 {
			t.w.violate(Once, "%s is inserted a second time, by record %d", tok, r.Rev)
		}
	}
	t.lines, t.records, t.docs = append(t.lines, line), append(t.records, r), append(t.docs, doc)
	t.times = append(t.times, time.Now())
}

// refuse takes note that a client was told that a submission is refused: it must
// not be there.
func (t *truth) refuse(client string, seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	who := author{client, seq}
	t.refused[who] = true
	if rev := t.by[who]; rev > 0 {
		t.w.violate(Once, "%s/%d is refused and is committed as %d", client, seq, rev)
	}
}

// inserted are the tokens that a delta inserts.
func inserted(d ot.Delta) (tokens []string) {
	for _, op := range d {
		if op.IsInsert() {
			tokens = append(tokens, token.FindAllString(op.Text(), -1)...)
		}
	}
	return tokens
}

// head is the newest durable revision, once no write is under way.
func (t *truth) head() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.headLocked()
}

func (t *truth) headLocked() int64 {
	for t.writing > 0 {
		t.settled.Wait()
	}
	return int64(len(t.lines))
}

// at is the content at a revision, and whether there is one.
func (t *truth) at(rev int64) (ot.Document, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if rev < 0 || rev > t.headLocked() {
		return ot.Document{}, false
	}
	return t.docs[rev], true
}

// find is the revision of a submission, 0 if it is not durable.
func (t *truth) find(client string, seq int64) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.headLocked()
	return t.by[author{client, seq}]
}

// typed is how often a token is in the log.
func (t *truth) typed(tok string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tokens[tok]
}

// shown checks a record that somebody is given, with its op or without.
func (t *truth) shown(to string, raw []byte) (rev int64, whole bool) {
	var r struct {
		Rev    int64           `json:"rev"`
		Client string          `json:"client"`
		Seq    int64           `json:"seq"`
		Op     json.RawMessage `json:"op"`
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.w.violate(Contract, "%s is given %.200s: %v", to, raw, err)
		return 0, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if head := t.headLocked(); r.Rev < 1 || r.Rev > head {
		t.w.violate(Durable, "%s is given record %d, the disk has %d", to, r.Rev, head)
		return r.Rev, r.Op != nil
	}
	line, record := t.lines[r.Rev-1], t.records[r.Rev-1]
	if r.Op != nil && !bytes.Equal(raw, line.JSON) || r.Client != record.Client || r.Seq != record.Seq {
		t.w.violate(Durable, "%s is given %.200s, the disk has %.200s", to, raw, line.JSON)
	}
	return r.Rev, r.Op != nil
}

// shownContent checks a content that somebody is given.
func (t *truth) shownContent(to string, rev int64, content []byte) {
	doc, ok := t.at(rev)
	if !ok {
		t.w.violate(Durable, "%s is given the content at %d, the disk has %d", to, rev, t.head())
		return
	}
	if want := doc.AppendJSON(nil); !bytes.Equal(content, want) {
		t.w.violate(Replay, "%s is given at %d %.300s, the replay is %.300s", to, rev, content, want)
	}
}

// compare checks what a store holds against the truth.
func (t *truth) compare(st store.Store) {
	t.mu.Lock()
	defer t.mu.Unlock()
	info, err := st.Info(document)
	if err != nil {
		t.w.violate(Kept, "the document: %v", err)
		return
	}
	if info.Head.Rev != int64(len(t.lines)) || info.Epoch != t.epoch {
		t.w.violate(Kept, "the store is at %d of %s, durable is %d of %s", info.Head.Rev, info.Epoch, len(t.lines), t.epoch)
		return
	}
	if want := int64(t.docs[len(t.docs)-1].Length()); info.Head.Length != want {
		t.w.violate(Replay, "the store's head has %d units, the replay %d", info.Head.Length, want)
	}
	lines, err := st.Lines(document, 0, len(t.lines)+1)
	if err != nil || len(lines) != len(t.lines) {
		t.w.violate(Kept, "the store gives %d of %d lines: %v", len(lines), len(t.lines), err)
		return
	}
	for i, line := range lines {
		if line.Rev != t.lines[i].Rev || !bytes.Equal(line.JSON, t.lines[i].JSON) {
			t.w.violate(Kept, "the store has %.200s, durable was %.200s", line.JSON, t.lines[i].JSON)
		}
	}
	t.compareSnapshots(st)
}

// compareSnapshots checks each snapshot, from the newest to the first.
func (t *truth) compareSnapshots(st store.Store) {
	for rev := int64(len(t.lines)); rev >= 0; {
		snap, err := st.Snapshot(document, rev)
		if err != nil || snap.Rev > rev {
			t.w.violate(Kept, "the snapshot at or below %d: %v", rev, err)
			return
		}
		if want := t.docs[snap.Rev].AppendJSON(nil); !bytes.Equal(snap.Content, want) {
			t.w.violate(Replay, "the snapshot at %d is %.300s, the replay %.300s", snap.Rev, snap.Content, want)
		}
		rev = snap.Rev - 1
	}
}

// A Violation is an invariant that did not hold.
type Violation struct {
	Invariant Invariant
	Detail    string
}

func (v Violation) String() string { return fmt.Sprintf("%s: %s", v.Invariant, v.Detail) }
