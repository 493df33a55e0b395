package client

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tutti/ot"
)

// server is the least that keeps the contract: one list of records.
type server struct {
	log []Record
	doc ot.Document
}

func (s *server) find(client string, seq int64) *Record {
	for i := range s.log {
		if s.log[i].Client == client && s.log[i].Seq == seq {
			return &s.log[i]
		}
	}
	return nil
}

// submit commits a delta that is not known yet.
func (s *server) submit(t *testing.T, client string, op Op) {
	if s.find(client, op.Seq) != nil {
		return
	}
	d, err := parse(op.Op)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.log[op.Rev:] {
		if r.Client == client {
			t.Fatalf("%s/%d at revision %d does not know its own record %d", client, op.Seq, op.Rev, r.Rev)
		}
		seen, _ := parse(r.Op)
		d = seen.Transform(d, false)
	}
	if s.doc, err = apply(s.doc, d); err != nil {
		t.Fatal(err)
	}
	s.log = append(s.log, Record{Rev: int64(len(s.log)) + 1, Client: client, Seq: op.Seq, Op: spell(d)})
}

func (s *server) highest(client string) (seq int64) {
	for _, r := range s.log {
		if r.Client == client {
			seq = max(seq, r.Seq)
		}
	}
	return seq
}

// link is a client and its socket: what is under way in both directions.
type link struct {
	m     *Machine
	key   string
	up    []Op
	mine  map[int64]bool // seqs submitted on this very socket
	given int64          // revision up to which the server has written
	down  []Frame
	acked []Ack
}

func (l *link) connect(t *testing.T, s *server, fresh bool) {
	l.up, l.down, l.mine = nil, nil, map[int64]bool{}
	h := l.m.Hello(l.key, fresh)
	f := Frame{T: "welcome", Client: ID(l.key), Seq: s.highest(ID(l.key)), Epoch: "e", Rev: int64(len(s.log))}
	if h.Rev == nil {
		f.Content = s.doc.AppendJSON(nil)
	} else {
		f.Records = s.log[*h.Rev:]
	}
	l.given = f.Rev
	if err := l.m.Welcome(f); err != nil {
		t.Fatal(err)
	}
}

// write puts the next records on the way to the client.
func (l *link) write(s *server) {
	records := append([]Record(nil), s.log[l.given:]...)
	for i := range records {
		if records[i].Client == ID(l.key) && l.mine[records[i].Seq] {
			records[i].Op = nil
		}
	}
	if len(records) > 0 {
		l.down = append(l.down, Frame{T: "records", Records: records})
		l.given = int64(len(s.log))
	}
}

// step does one of the things that can happen next.
func (l *link) step(t *testing.T, rng *rand.Rand, s *server, typing bool) {
	switch n := rng.IntN(20); {
	case n < 4 && typing:
		if err := l.m.Edit(someEdit(rng, l.m.Local())); err != nil {
			t.Fatal(err)
		}
	case n < 8:
		if op, ok := l.m.Unsent(); ok {
			l.up = append(l.up, op)
			l.mine[op.Seq] = true
		}
	case n < 12 && len(l.up) > 0:
		s.submit(t, ID(l.key), l.up[0])
		l.up = l.up[1:]
	case n < 15:
		l.write(s)
	case n < 18 && len(l.down) > 0:
		if err := l.m.Records(l.down[0].Records); err != nil {
			t.Fatal(err)
		}
		l.down = l.down[1:]
	case n == 18 && typing && rng.IntN(4) == 0:
		l.connect(t, s, l.m.barrier == 0 && rng.IntN(3) == 0)
	case n == 19 && typing && l.m.barrier == 0 && rng.IntN(8) == 0:
		for _, op := range l.up { // 4411: what was in the inbox is decided first
			s.submit(t, ID(l.key), op)
		}
		l.key = NewKey()
		l.m.Rekey(l.key)
		l.connect(t, s, false)
	}
}

func (l *link) busy(s *server) bool {
	return l.m.Pending() || l.m.Rev() < int64(len(s.log))
}

func someEdit(rng *rand.Rand, doc ot.Document) ot.Delta {
	at := rng.IntN(doc.Length() + 1)
	if rng.IntN(3) > 0 || at == doc.Length() {
		return ot.Delta{}.Retain(at, nil).Insert(string(rune('a'+rng.IntN(26))), nil)
	}
	return ot.Delta{}.Retain(at, nil).Delete(1 + rng.IntN(min(3, doc.Length()-at)))
}

// Every machine ends at the server's content, and each submission is
// committed once, whatever is cut, sent again or joined anew in between.
func TestMachinesConverge(t *testing.T) {
	for seed := range uint64(300) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			s := &server{}
			s.doc, _ = ot.NewDocument(ot.Delta{}.Insert("the first content", nil))
			var links []*link
			for range 2 + rng.IntN(3) {
				l := &link{key: NewKey()}
				l.m = NewMachine(l.key)
				l.m.Acked = func(a Ack) { l.acked = append(l.acked, a) }
				l.connect(t, s, true)
				links = append(links, l)
			}
			for range 400 {
				links[rng.IntN(len(links))].step(t, rng, s, true)
			}
			for _, l := range links {
				l.connect(t, s, false)
			}
			for settle := 0; ; settle++ {
				busy := false
				for _, l := range links {
					l.step(t, rng, s, false)
					busy = busy || l.busy(s)
				}
				if !busy {
					break
				}
				if settle > 100_000 {
					t.Fatal("the machines do not come to rest")
				}
			}
			for _, l := range links {
				if !same(l.m.Local(), s.doc) {
					t.Errorf("client has %q, server %q", l.m.Local().Text(), s.doc.Text())
				}
				for _, a := range l.acked {
					if s.find(a.Client, a.Seq) == nil {
						t.Errorf("%s/%d was acknowledged and is not there", a.Client, a.Seq)
					}
				}
			}
		})
	}
}

// A refused delta is taken back from under what was typed after it.
func TestRefusedDeltaIsTakenBack(t *testing.T) {
	key := NewKey()
	m := NewMachine(key)
	welcome := Frame{T: "welcome", Client: ID(key), Content: json.RawMessage(`[{"insert":"one two"}]`)}
	if err := m.Welcome(welcome); err != nil {
		t.Fatal(err)
	}
	m.Edit(ot.Delta{}.Insert("BAD ", nil))
	m.Unsent()
	m.Edit(ot.Delta{}.Retain(11, nil).Insert(" three", nil))
	if err := m.Refused(Frame{T: "refused", Seq: 1, Code: "op_invalid"}); err != nil {
		t.Fatal(err)
	}
	if got, want := m.Local().Text(), "one two three"; got != want {
		t.Errorf("content %q, want %q", got, want)
	}
	op, ok := m.Unsent()
	if want := `[{"retain":7},{"insert":" three"}]`; !ok || op.Seq != 2 || string(op.Op) != want {
		t.Errorf("sends %v %+v %s, want seq 2 %s", ok, op, op.Op, want)
	}
}

// What is wrong with a stream is said, not passed over.
func TestBrokenStreamIsNoticed(t *testing.T) {
	for name, records := range map[string][]Record{
		"does not follow":  {{Rev: 2, Client: "x", Seq: 1, Op: json.RawMessage(`[]`)}},
		"no op":            {{Rev: 1, Client: "x", Seq: 1}},
		"BeyondEnd":        {{Rev: 1, Client: "x", Seq: 1, Op: json.RawMessage(`[{"delete":9}]`)}},
		"did not submit":   {{Rev: 1, Client: ID("k"), Seq: 1}},
		"was committed as": {{Rev: 1, Client: ID("k"), Seq: 1, Op: json.RawMessage(`[{"insert":"z"}]`)}},
	} {
		t.Run(name, func(t *testing.T) {
			m := NewMachine("k")
			m.Welcome(Frame{Client: ID("k"), Content: json.RawMessage(`[]`)})
			m.Edit(ot.Delta{}.Insert("a", nil))
			err := m.Records(records)
			if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "beyond_end", "BeyondEnd"), name) {
				t.Errorf("error %v, want one with %q", err, name)
			}
		})
	}
}
