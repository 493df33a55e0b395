package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"tutti/ot"
)

// ErrRefused is wrapped by the error of a delta that the server did not take.
var ErrRefused = errors.New("client: delta refused")

// ErrUndecided is wrapped where a content comes in the place of the records
// that would have told what became of a delta submitted under another key.
var ErrUndecided = errors.New("client: a content cannot tell what became of a delta under another key")

// ErrDiverged is returned when the server says that a content is not what it
// has at that revision.
var ErrDiverged = errors.New("client: my content is not the server's")

// An Ack is a delta that the server has said to be committed.
type Ack struct {
	Client string
	Seq    int64
	Rev    int64    // 0 where a content was known to hold it and its revision was not told
	Op     ot.Delta // as it was when it was acknowledged
}

// delta is one submission; client is who it was submitted as.
type delta struct {
	client string
	seq    int64
	op     ot.Delta
}

// A Machine is the state of one editor instance in one document. It does no
// I/O: what came in is handed to Welcome, Records and Edit, and what must go
// out is fetched with Unsent. An error means that the server, or the machine,
// does not keep the contract; the machine is of no use after it.
type Machine struct {
	// Acked, if set, is told of every acknowledgement.
	Acked func(Ack)
	// Diff finds a change between two texts, where a content came in the
	// place of records. Set to ot.Diff by NewMachine.
	Diff func(old, new string) ot.Delta

	client string
	epoch  string
	rev    int64
	joined bool
	server ot.Document // the content at rev
	local  ot.Document // server, then inflight, then buffer

	seq      int64  // the last one given out
	inflight *delta // frozen but for transforms, until it is acknowledged
	buffer   ot.Delta
	buffered bool
	barrier  int64 // seq of the empty delta that ends a catch-up under a new key
	sent     bool  // this socket has submitted what Unsent gives
}

// NewMachine is a client that knows nothing yet.
func NewMachine(key string) *Machine { return &Machine{client: ID(key), Diff: ot.Diff} }

// Rev is the revision that the machine has been given.
func (m *Machine) Rev() int64 { return m.rev }

// Epoch names the log that Rev is of.
func (m *Machine) Epoch() string { return m.epoch }

// Local is the content as the person sees it.
func (m *Machine) Local() ot.Document { return m.local }

// Pending reports whether anything is unacknowledged.
func (m *Machine) Pending() bool { return m.inflight != nil || m.buffered || m.barrier != 0 }

// Hello is what a new socket begins with; fresh asks for the content though
// the machine has one.
func (m *Machine) Hello(key string, fresh bool) Hello {
	h := Hello{T: "hello", Key: key}
	if m.joined && !fresh {
		rev, epoch := m.rev, m.epoch
		h.Rev, h.Epoch = &rev, &epoch
	}
	m.sent = false
	return h
}

// Edit applies a local change.
func (m *Machine) Edit(d ot.Delta) error {
	if !m.joined {
		return errors.New("client: nothing to edit before the first welcome")
	}
	local, err := apply(m.local, d)
	if err != nil {
		return fmt.Errorf("client: local edit: %w", err)
	}
	m.local = local
	switch {
	case m.buffered:
		m.buffer = m.buffer.Compose(d)
	case m.inflight != nil || m.barrier != 0:
		m.buffer, m.buffered = d, true
	default:
		m.launch(d)
	}
	return nil
}

func (m *Machine) launch(d ot.Delta) {
	m.seq++
	m.inflight, m.sent = &delta{m.client, m.seq, d}, false
}

// Unsent is the submission that must go out now, if there is one. It counts
// as sent from then on.
func (m *Machine) Unsent() (Op, bool) {
	if !m.joined || m.sent {
		return Op{}, false
	}
	switch {
	case m.barrier != 0:
		m.sent = true
		return Op{T: "op", Seq: m.barrier, Rev: m.rev, Op: json.RawMessage("[]")}, true
	case m.inflight != nil:
		m.sent = true
		return Op{T: "op", Seq: m.inflight.seq, Rev: m.rev, Op: spell(m.inflight.op)}, true
	}
	return Op{}, false
}

// Rekey goes on under a new key. A delta in flight was decided under the old
// one: it is in the records still to come, or it was never taken. An empty
// delta of the new client's marks where these records end.
func (m *Machine) Rekey(key string) {
	m.client, m.seq, m.sent = ID(key), 0, false
	if m.inflight != nil {
		m.seq++
		m.barrier = m.seq
	}
}

// Records takes the next records of the stream.
func (m *Machine) Records(records []Record) error {
	for _, r := range records {
		if err := m.record(r); err != nil {
			return fmt.Errorf("client: record %d of %s/%d: %w", r.Rev, r.Client, r.Seq, err)
		}
	}
	return nil
}

func (m *Machine) record(r Record) error {
	own := m.owns(r)
	barrier := m.barrier != 0 && r.Client == m.client && r.Seq == m.barrier
	switch {
	case r.Rev <= m.rev:
		if own || barrier {
			return fmt.Errorf("acknowledges what the stream up to %d must have held", m.rev)
		}
		return nil
	case r.Rev != m.rev+1:
		return fmt.Errorf("does not follow %d", m.rev)
	case barrier:
		m.rev++
		return m.caughtUp()
	case own:
		m.rev++
		return m.own(r)
	}
	if r.Op == nil {
		return errors.New("is a stranger's and has no op")
	}
	op, err := parse(r.Op)
	if err != nil {
		return err
	}
	m.rev++
	return m.remote(op)
}

// owns tells whether a record is that of the delta in flight. Under a key that
// another took the name is not enough: the other counts on from the highest
// seq that was committed, and may have given this seq to a delta of its own.
func (m *Machine) owns(r Record) bool {
	d := m.inflight
	if d == nil || r.Client != d.client || r.Seq != d.seq {
		return false
	}
	return d.client == m.client || bytes.Equal(r.Op, spell(d.op))
}

// own takes the acknowledgement of the delta in flight.
func (m *Machine) own(r Record) error {
	if r.Op == nil && (!m.sent || m.inflight.client != m.client) {
		return errors.New("leaves out op to a socket that did not submit it")
	}
	server, err := apply(m.server, m.inflight.op)
	if err != nil {
		return err
	}
	if r.Op != nil {
		op, err := parse(r.Op)
		if err != nil {
			return err
		}
		theirs, err := apply(m.server, op)
		if err != nil {
			return err
		}
		if !same(theirs, server) {
			return fmt.Errorf("was committed as %s, and is %s here", r.Op, spell(m.inflight.op))
		}
	}
	m.server = server
	m.acknowledged(r.Rev)
	return nil
}

// acknowledged ends the flight and launches what was kept meanwhile.
func (m *Machine) acknowledged(rev int64) {
	if m.Acked != nil {
		m.Acked(Ack{m.inflight.client, m.inflight.seq, rev, m.inflight.op})
	}
	m.inflight = nil
	if m.barrier == 0 {
		m.next()
	}
}

func (m *Machine) next() {
	if m.buffered {
		m.launch(m.buffer)
		m.buffer, m.buffered = ot.Delta{}, false
	}
}

// caughtUp is reached when all is known that the old key committed.
func (m *Machine) caughtUp() error {
	m.barrier = 0
	if m.inflight == nil {
		m.next()
		return nil
	}
	m.launch(m.inflight.op)
	return nil
}

// remote takes a change that others made to the content at m.rev. The pending
// deltas, not yet committed, go first in ties: the mirror of what the server
// does when they arrive there.
func (m *Machine) remote(op ot.Delta) error {
	server, err := apply(m.server, op)
	if err != nil {
		return err
	}
	m.server = server
	if d := m.inflight; d != nil {
		op, d.op = d.op.Transform(op, true), op.Transform(d.op, false)
	}
	if m.buffered {
		op, m.buffer = m.buffer.Transform(op, true), op.Transform(m.buffer, false)
	}
	m.local, err = apply(m.local, op)
	return err
}

// Refused takes back the delta in flight: its inverse is carried over what
// was typed on top of it.
func (m *Machine) Refused(f Frame) error {
	d := m.inflight
	switch {
	case m.barrier != 0 && m.barrier == f.Seq:
		// With the barrier the delta that it was sent for is refused. If the
		// old key did commit that, it comes as a record like anyone's.
		if m.barrier = 0; d == nil {
			m.next()
			return nil
		}
	case d == nil || d.seq != f.Seq || d.client != m.client:
		return fmt.Errorf("client: refused seq %d (%s), which is not in flight", f.Seq, f.Code)
	}
	undo := invert(d.op, m.server)
	if m.buffered {
		undo, m.buffer = m.buffer.Transform(undo, true), undo.Transform(m.buffer, false)
	}
	local, err := apply(m.local, undo)
	if err != nil {
		return err
	}
	m.local, m.inflight = local, nil
	m.next()
	return nil
}
