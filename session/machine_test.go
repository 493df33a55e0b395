package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"tutti/ot"
)

// machine is a client as small as the contract allows: one delta in flight,
// one buffer, resends after each reconnect. It types tokens that are nowhere
// else, "name.1;" "name.2;", between those that are there, and deletes whole
// ones, so that each can be counted at the end.
type machine struct {
	r    *rig
	name string
	dice *rand.Rand

	session *Session
	known   bool  // it has had a content
	fresh   bool  // nothing is in flight at this socket
	rev     int64 // of the server, as far as it is known here
	seq     int64
	local   ot.Document
	flight  ot.Delta // nil: none
	buffer  ot.Delta // nil: none

	typed   int
	acked   map[int64]bool
	deleted map[string]bool
}

func newMachine(r *rig, name string, seed uint64) *machine {
	return &machine{r: r, name: name, dice: rand.New(rand.NewPCG(seed, uint64(name[0]))), acked: map[int64]bool{}, deleted: map[string]bool{}}
}

func (m *machine) fail(format string, args ...any) {
	m.r.t.Errorf(m.name+": "+format, args...)
	panic(errBroken)
}

var errBroken = errors.New("the machine is broken")

// connect joins unless it is there. It may be sent away.
func (m *machine) connect() {
	if m.session != nil {
		return
	}
	hello := helloOf(m.name)
	if m.known {
		hello.Since = &Place{m.rev, docEpoch}
	}
	s, err := m.r.hub.Join(docID, hello, who(m.name))
	if err != nil {
		m.expect(err)
		return
	}
	m.session, m.fresh = s, true
	m.read()
}

// expect takes the errors that a client is to come back after.
func (m *machine) expect(err error) {
	var why *Close
	if errors.As(err, &why) && why.Code != CodeBusy && why.Code != CodeRestart && why.Code != CodeReplaced {
		m.fail("sent away: %v", err)
	}
}

func (m *machine) leave() {
	if m.session != nil {
		m.session.Leave()
		m.session = nil
	}
}

// read takes all that is there.
func (m *machine) read() {
	for m.session != nil {
		frame, err := m.session.Next(passed)
		switch {
		case err == nil:
			m.take(frame)
		case errors.Is(err, passed.Err()):
			return
		default:
			m.expect(err)
			m.leave()
		}
	}
}

func (m *machine) take(frame []byte) {
	var f message
	if err := json.Unmarshal(frame, &f); err != nil {
		m.fail("%s: %v", frame, err)
	}
	switch f.T {
	case "welcome":
		m.welcome(f)
	case "records":
		m.records(f.Records)
	case "presence":
	default:
		m.fail("told %s", frame)
	}
}

func (m *machine) welcome(f message) {
	if m.known {
		if m.records(f.Records); m.rev != f.Rev {
			m.fail("welcomed at %d, its records lead to %d", f.Rev, m.rev)
		}
		return
	}
	content, err := ot.Parse(f.Content)
	if err == nil {
		m.local, err = ot.NewDocument(content)
	}
	if err != nil {
		m.fail("content: %v", err)
	}
	m.known, m.rev = true, f.Rev
}

func (m *machine) records(records []record) {
	for _, r := range records {
		own := m.flight != nil && r.Client == ClientID(keyOf(m.name)) && r.Seq == m.seq
		switch {
		case r.Op == nil && (!own || m.fresh || r.Rev > m.rev):
			m.fail("record %d without op, at %d", r.Rev, m.rev)
		case r.Op == nil:
			m.fail("the stream has passed %d, and did not acknowledge %d", r.Rev, r.Seq)
		case r.Rev != m.rev+1:
			m.fail("record %d after %d", r.Rev, m.rev)
		}
		m.rev++
		if own {
			m.acknowledge()
			continue
		}
		m.remote(parse(m.r.t, string(r.Op)))
	}
}

func (m *machine) acknowledge() {
	m.acked[m.seq] = true
	m.flight, m.buffer = m.buffer, nil
	if m.flight != nil {
		m.seq++
		m.fresh = true
	}
}

func (m *machine) remote(op ot.Delta) {
	if m.flight != nil {
		op, m.flight = m.flight.Transform(op, true), op.Transform(m.flight, false)
	}
	if m.buffer != nil {
		op, m.buffer = m.buffer.Transform(op, true), op.Transform(m.buffer, false)
	}
	m.apply(op)
}

func (m *machine) apply(op ot.Delta) {
	next, err := m.local.Apply(op)
	if err != nil {
		m.fail("%s: %v", op, err)
	}
	m.local = next
}

// send submits what is in flight unless this socket has, or, now and then,
// although it has.
func (m *machine) send() {
	if m.session == nil || m.flight == nil || !m.fresh && m.dice.IntN(4) > 0 {
		return
	}
	m.fresh = false
	if err := m.session.Handle([]byte(opFrame(m.seq, m.rev, m.flight.String()))); err != nil {
		m.expect(err)
	}
}

// edit types or deletes a token.
func (m *machine) edit() {
	tokens := strings.SplitAfter(m.local.Text(), ";")
	i := m.dice.IntN(len(tokens))
	at := len(strings.Join(tokens[:i], "")) // all ASCII
	var op ot.Delta
	if m.dice.IntN(4) == 0 && tokens[i] != "" {
		m.deleted[tokens[i]] = true
		op = ot.Delta{}.Retain(at, nil).Delete(len(tokens[i]))
	} else {
		m.typed++
		op = ot.Delta{}.Retain(at, nil).Insert(fmt.Sprintf("%s.%d;", m.name, m.typed), nil)
	}
	m.apply(op)
	switch {
	case m.flight == nil:
		m.seq++
		m.flight, m.fresh = op, true
	case m.buffer == nil:
		m.buffer = op
	default:
		m.buffer = m.buffer.Compose(op)
	}
}

// live does steps of what a client does, at random, in the time of a bubble.
func (m *machine) live(steps int) {
	defer func() {
		if p := recover(); p != nil && p != errBroken {
			panic(p)
		}
	}()
	for range steps {
		switch n := m.dice.IntN(100); {
		case n < 30:
			if m.known {
				m.edit()
			}
		case n < 60:
			m.connect()
			m.send()
		case n < 85:
			m.read()
		case n < 90:
			m.leave()
		case n < 92: // away for so long that the document may be closed
			m.leave()
			time.Sleep(time.Duration(m.dice.IntN(5000)) * time.Millisecond)
		default:
			time.Sleep(time.Duration(m.dice.IntN(3)) * time.Millisecond)
		}
	}
	m.settle()
}

// settle brings home what is pending.
func (m *machine) settle() {
	for tries := 0; m.flight != nil || !m.known || m.session == nil; tries++ {
		if tries == 10000 {
			m.fail("never acknowledged: seq %d at %d", m.seq, m.rev)
		}
		m.connect()
		m.send()
		m.read()
		time.Sleep(time.Millisecond)
	}
}
