package session

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/otel/trace"

	"tutti/ot"
	"tutti/store"
)

// errLagging answers a delta that is far behind: its author's goroutine
// carries it forward, off the sequencer's.
var errLagging = errors.New("session: the delta's base is far behind")

// transformAtOnce is how many ops, of a delta times the records that it is
// behind, the sequencer itself transforms: some 5 ms. A delta of many ops from
// far behind (everything replaced, while offline) would hold up everybody for
// seconds. Where others write so much that carrying does not get it nearer,
// after carryAtMost times, they wait for it after all.
const (
	transformAtOnce = 1 << 18
	carryAtMost     = 4
)

// errOld answers a seq not above its client's highest that is not in the tail:
// its author's goroutine looks for it in the log, from record.Rev downwards.
var errOld = errors.New("session: the seq may be in the log")

// ErrMoved is returned for a strict submission whose base is not the head of
// the log any more: it was not committed.
var ErrMoved = errors.New("session: the head has moved on")

// The objections to a submission that are not about its delta.
const (
	ReadOnly      ot.Code = "read_only"
	SeqStale      ot.Code = "seq_stale"
	RevBeyondHead ot.Code = "rev_beyond_head"
	RevStale      ot.Code = "rev_stale"
)

// submission is a delta that somebody wants committed.
type submission struct {
	session  *Session // nil: it came by REST, where a delta that comes to nothing is not committed
	client   string
	user     string
	seq      int64
	named    int64           // the revision that its author made it against
	rev      int64           // the revision that op stands on by now
	op       ot.Delta        // of the right shape even where it has a flaw
	flaw     *ot.Error       // what is wrong with it whatever the document holds
	strict   bool            // it is committed on the very revision that it names, or not at all
	lookup   bool            // it is only asked whether (client, seq) is committed
	searched bool            // the log was searched for (client, seq): it is not there
	carried  int             // how often it was carried forward on its author's goroutine
	span     trace.Span      // what it was made in, where it came by REST; nil: none
	queued   time.Time       // when it was handed over
	size     int             // bytes of its JSON as submitted; 0: not limited
	gone     <-chan struct{} // closed when its author waits for it no more
	reply    chan outcome
}

// outcome is the answer to a submission: it was refused, or could not be
// decided, or record says what it came to.
type outcome struct {
	refused *ot.Error
	err     error
	known   bool // it had been committed before
	record  store.Record
}

// stage is where a batch is built: a version that nobody sees yet, and the
// records that lead to it.
type stage struct {
	head    *Version
	doc     ot.Document
	entries []entry
	lines   []store.Line
}

func (s *stage) rev() int64 { return s.head.Rev + int64(len(s.entries)) }

// commit decides a batch, makes it durable with one append, and only then
// publishes and answers. It reports whether the sequencer may go on.
func (q *sequencer) commit(batch []*submission) bool {
	head := q.doc.head.Load()
	st := stage{head: head, doc: head.Doc, entries: make([]entry, 0, len(batch)), lines: make([]store.Line, 0, len(batch))}
	outcomes := make([]outcome, len(batch))
	now := time.Now()
	for i, sub := range batch {
		q.hub.opts.Metrics.Wait.Observe(now.Sub(sub.queued).Seconds())
		outcomes[i] = q.decide(&st, sub)
	}
	if err := q.append(batch, &st); err != nil {
		q.depose(err) // first, so that who tries again at once finds another
		for _, sub := range batch {
			sub.reply <- outcome{err: err}
		}
		return false
	}
	for i, sub := range batch {
		sub.reply <- outcomes[i]
	}
	return true
}

// append makes what is staged durable, then adopts it.
func (q *sequencer) append(batch []*submission, st *stage) error {
	if len(st.entries) == 0 {
		return nil
	}
	last := &st.entries[len(st.entries)-1]
	began := time.Now()
	err := q.hub.store.Append(q.doc.id, q.doc.epoch, st.head.Rev, st.lines,
		store.Head{Rev: last.Rev, At: last.At, Length: int64(st.doc.Length())})
	took := time.Since(began)
	q.hub.opts.Metrics.Append.Observe(took.Seconds())
	q.traceAppend(batch, st, began, took, err)
	if err != nil {
		return err
	}
	q.hub.opts.Metrics.Commits.Add(float64(len(st.entries)))
	q.hub.opts.Metrics.Batch.Observe(float64(len(st.entries)))
	q.at = last.At
	for i := range st.entries {
		q.mark(&st.entries[i].Record)
	}
	v := newVersion(last.Rev, st.doc)
	q.doc.adopt(v, st.entries)
	q.snapshotSoon(v, st.entries)
	return nil
}

// decide finds what becomes of one submission, on top of what is staged.
func (q *sequencer) decide(st *stage, sub *submission) outcome {
	role := Owner // of a program, which the server has let in
	if sub.session != nil {
		var here bool
		if role, here = q.present(sub.session); !here {
			return outcome{err: errEnded}
		}
	}
	o, decided := q.known(st, sub)
	if decided {
		return o
	}
	if sub.lookup {
		return outcome{}
	}
	mark, err := q.stagedMark(st, sub.client)
	switch {
	case err != nil:
		return outcome{err: err}
	case !role.MayEdit():
		return refuse(ReadOnly, "your role here is %s", role)
	case sub.seq < mark.Seq:
		return refuse(SeqStale, "seq %d is below %d, which is committed", sub.seq, mark.Seq)
	case sub.named > st.head.Rev:
		return refuse(RevBeyondHead, "revision %d is beyond the head, %d", sub.named, st.head.Rev)
	case sub.named < mark.Rev:
		return refuse(RevStale, "revision %d is below your own last record, %d", sub.named, mark.Rev)
	case sub.strict && sub.named != st.rev():
		return outcome{err: ErrMoved}
	}
	if sub.flaw != nil && sub.flaw.Code == ot.OpInvalid {
		return outcome{refused: sub.flaw}
	}
	op, ok := q.transform(st, sub)
	if !ok {
		return outcome{err: errLagging}
	}
	next, flaw := q.apply(st, sub, op)
	if flaw != nil {
		return outcome{refused: flaw}
	}
	if sub.session == nil && len(op) == 0 {
		return outcome{record: store.Record{Rev: st.rev(), Op: ot.Delta{}}}
	}
	return outcome{record: q.stage(st, sub, op, next)}
}

func refuse(code ot.Code, format string, args ...any) outcome {
	return outcome{refused: &ot.Error{Code: code, Message: fmt.Sprintf(format, args...)}}
}

// present reports whether a session still speaks for its client, and as what:
// one that was replaced, or has ended, does not.
func (q *sequencer) present(s *Session) (Role, bool) {
	q.doc.mu.Lock()
	defer q.doc.mu.Unlock()
	return s.Role, q.doc.sessions[s.Client] == s && s.end == nil
}

// stagedMark is markOf with what is staged on top.
func (q *sequencer) stagedMark(st *stage, client string) (store.ClientMark, error) {
	for i := len(st.entries) - 1; i >= 0; i-- {
		if e := &st.entries[i]; e.Client == client {
			return store.ClientMark{Client: client, Seq: e.Seq, Rev: e.Rev}, nil
		}
	}
	return q.markOf(client)
}

// known answers a (client, seq) that is committed already, or staged in this
// batch, and one that is so old that only the log can tell.
func (q *sequencer) known(st *stage, sub *submission) (o outcome, decided bool) {
	mark, err := q.stagedMark(st, sub.client)
	if err != nil {
		return outcome{err: err}, true
	}
	if sub.seq > mark.Seq {
		return outcome{}, false
	}
	for i := range st.entries {
		if e := &st.entries[i]; e.Client == sub.client && e.Seq == sub.seq {
			return outcome{known: true, record: e.Record}, true
		}
	}
	q.doc.mu.Lock()
	rev, ok := q.doc.tail.find(sub.client, sub.seq)
	base := q.doc.tail.base
	var r store.Record
	if ok {
		r = q.doc.tail.entries[rev-base-1].Record
	}
	q.doc.mu.Unlock()
	switch {
	case ok:
		return outcome{known: true, record: r}, true
	case base > 0 && !sub.searched:
		return outcome{err: errOld, record: store.Record{Rev: mark.Rev}}, true
	}
	return outcome{}, false
}

// transform carries a submission over the records that its author had not
// seen, the incoming delta first in ties. It reports whether the tail still
// had them all, and they were not too much at once.
func (q *sequencer) transform(st *stage, sub *submission) (ot.Delta, bool) {
	op := sub.op
	if sub.rev < st.head.Rev {
		q.doc.mu.Lock()
		entries, ok := q.doc.tail.after(sub.rev)
		q.doc.mu.Unlock()
		if !ok || len(entries)*len(op) > transformAtOnce && sub.carried < carryAtMost {
			return nil, false
		}
		for i := range entries {
			op = entries[i].Op.Transform(op, false)
		}
	}
	for i := range st.entries {
		op = st.entries[i].Op.Transform(op, false)
	}
	return op, true
}

// apply tries a transformed delta on the staged document. Of several
// objections the first in the contract's order is given.
func (q *sequencer) apply(st *stage, sub *submission, op ot.Delta) (ot.Document, *ot.Error) {
	limits := &q.hub.opts.Limits
	flaw := ot.First(sub.flaw, op.CheckKind(q.doc.kind, st.doc.Length()))
	next, err := st.doc.Apply(op)
	if err != nil {
		misfit, ok := err.(*ot.Error)
		if !ok {
			misfit = &ot.Error{Code: ot.OpInvalid, Message: err.Error()}
		}
		flaw = ot.First(flaw, misfit)
	}
	switch {
	case flaw != nil:
	case sub.size > limits.Delta:
		flaw = &ot.Error{Code: ot.DeltaTooLarge, Message: fmt.Sprintf("the delta has %d bytes, more than %d", sub.size, limits.Delta)}
	case next.Length() > limits.Document && next.Length() > st.doc.Length():
		flaw = &ot.Error{Code: ot.DocumentTooLarge, Message: fmt.Sprintf("the document would have %d units, more than %d", next.Length(), limits.Document)}
	}
	return next, flaw
}

// stage adds a decided delta to the batch as the next record. It stays in the
// tail for long: none of it has room that is not needed.
func (q *sequencer) stage(st *stage, sub *submission, op ot.Delta, next ot.Document) store.Record {
	r := store.Record{
		Rev:    st.rev() + 1,
		Client: sub.client,
		Seq:    sub.seq,
		User:   sub.user,
		At:     max(time.Now().UnixMilli(), q.at), // time never runs backwards in a log
		Op:     slices.Clone(op),
	}
	var room [512]byte
	json := bytes.Clone(r.AppendJSON(room[:0]))
	st.doc = next
	st.entries = append(st.entries, entry{r, json})
	st.lines = append(st.lines, store.Line{Rev: r.Rev, JSON: json})
	return r
}
