package session

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"tutti/store"
)

// errEnded answers what comes too late: the session has ended, or the
// sequencer has before it came to the request.
var errEnded = errors.New("session: it has ended")

// errGap is met when the log does not continue where it must. It can't
// happen; if it does, nothing may be built on it.
var errGap = errors.New("session: a gap in the log")

// joining asks for a place in the document; answered on reply, nil or why not.
type joining struct {
	session *Session
	since   *int64 // the revision that it has; nil: it wants the content
	records []store.Line
	reply   chan error
}

// sequencer gives the deltas of one document their order. Who asks something of
// it while nobody works for it does the work, on their own goroutine: a document
// at rest has none, and who types alone waits for none. Only who works runs the
// methods behind do.
type sequencer struct {
	hub   *Hub
	doc   *document
	inbox inbox
	done  chan struct{} // closed when it has ended

	idle    *time.Timer
	handled time.Time // when something was asked for last

	users int // who keeps it open; the hub's lock guards it

	// marks say how far clients have come: all that the newest snapshot does
	// not know yet, and those of present sessions.
	marks    map[string]store.ClientMark
	crowded  int   // how many marks there may be before some are forgotten
	at       int64 // of the newest record
	snapshot snapshotting
	batch    []*submission
	company  company
}

func newSequencer(h *Hub, l loaded) *sequencer {
	q := &sequencer{
		hub:   h,
		doc:   newDocument(l.info, l.version, l.snapshot, l.entries, h.opts.Tail),
		done:  make(chan struct{}),
		marks: map[string]store.ClientMark{}, crowded: marksKept,
		at: l.info.Head.At,
	}
	q.crowded = marksKept
	q.snapshot.from(l)
	for i := range l.entries {
		q.mark(&l.entries[i].Record)
	}
	return q
}

func (q *sequencer) mark(r *store.Record) {
	if !isUnkeyed(r.Client) && r.Seq > q.marks[r.Client].Seq {
		q.marks[r.Client] = store.ClientMark{Client: r.Client, Seq: r.Seq, Rev: r.Rev}
	}
}

// markOf returns how far a client has come, from memory or from the store.
func (q *sequencer) markOf(client string) (store.ClientMark, error) {
	if m, ok := q.marks[client]; ok || isUnkeyed(client) {
		return m, nil
	}
	m, err := q.hub.store.Mark(q.doc.id, client)
	if err == nil {
		q.marks[client] = m
		if len(q.marks) > q.crowded {
			q.forgetMarks()
			q.crowded = max(marksKept, 2*len(q.marks))
		}
	}
	return m, err
}

// forgetMarks drops the marks that the newest snapshot knows, but for those of
// present sessions.
func (q *sequencer) forgetMarks() {
	present := q.doc.clients()
	for client, m := range q.marks {
		if m.Rev <= q.snapshot.rev && !present[client] {
			delete(q.marks, client)
		}
	}
}

// begin has it end once it is idle.
func (q *sequencer) begin() {
	q.handled = time.Now()
	q.idle = time.AfterFunc(time.Hour, func() {
		_ = q.do(request{own: q.rest}) // or it has ended otherwise
	})
	q.idle.Reset(q.hub.opts.IdleAfter) // only now: rest goes on with q.idle
}

// do has a request handled, now or in its turn. errEnded.
func (q *sequencer) do(r request) error {
	work, err := q.inbox.put(r)
	if work && q.round(r) {
		if r, ok := q.inbox.takeOrRest(); ok {
			go q.rounds(r) // not here: this caller has what it came for
		}
	}
	return err
}

// rounds works until nothing waits.
func (q *sequencer) rounds(r request) {
	for waits := true; waits && q.round(r); {
		r, waits = q.inbox.takeOrRest()
	}
}

// round handles a request, and what else waits with it. It reports whether the
// sequencer goes on.
func (q *sequencer) round(r request) (goesOn bool) {
	defer func() {
		if !goesOn {
			q.finish()
		}
	}()
	defer q.outlive()
	if r.own == nil {
		q.handled = time.Now()
	}
	return q.handle(r)
}

// finish answers what is still in the inbox. Who comes later sees that it has
// ended.
func (q *sequencer) finish() {
	for _, r := range q.inbox.end() {
		q.answer(r)
	}
	q.snapshot.wait()
	q.idle.Stop()
	close(q.done)
	q.hub.ended()
}

// rest ends the sequencer if nobody has used it for long.
func (q *sequencer) rest() (goesOn bool) {
	wait := q.hub.opts.IdleAfter - time.Since(q.handled)
	if wait <= 0 && q.hub.retire(q) {
		q.lastSnapshot()
		return false
	}
	if wait <= 0 {
		wait = q.hub.opts.IdleAfter
	}
	q.idle.Reset(wait)
	return true
}

// handle takes r and what else waits behind it. Submissions are decided
// together; any other request ends their batch, so that all that came before
// it is done. It reports whether the sequencer goes on.
func (q *sequencer) handle(r request) bool {
	batch, bytes := q.batch[:0], 0
	for r.submission != nil {
		batch = append(batch, r.submission)
		bytes += r.submission.size
		r = request{}
		if len(batch) == batchSize || bytes >= batchBytes {
			break
		}
		r = q.company.next(&q.inbox, len(batch))
	}
	q.batch = batch
	goesOn := true
	if len(batch) > 0 {
		q.company.meet(batch)
		goesOn = q.commit(batch)
		q.company.answered = time.Now()
	}
	clear(batch) // or who has left would be kept here
	if !goesOn {
		q.answer(r)
		return false
	}
	switch {
	case r.own != nil:
		return r.own()
	case r.join != nil:
		r.join.reply <- q.join(r.join)
	case r.stop != nil:
		// Not before all that came earlier is decided: whoever loads the
		// document while it still grows would not know of it, and refuse what
		// is committed.
		q.hub.remove(q)
		q.doc.endAll(r.stop)
		q.lastSnapshot()
		return false
	}
	return true
}

// join gives a session its place. All that its client had in the inbox of an
// older session is decided by now.
func (q *sequencer) join(j *joining) error {
	mark, err := q.markOf(j.session.Client)
	if err != nil {
		return err
	}
	if j.since != nil {
		head := q.doc.head.Load().Rev
		if *j.since > head {
			return closeCannotResume("that revision is beyond this document's head")
		}
		q.resume(j)
	}
	q.doc.enter(j.session, mark, j.since, j.records)
	return nil
}

// resume gives a joining session its first records from the tail, unless they
// had to be read from the store before.
func (q *sequencer) resume(j *joining) {
	if len(j.records) > 0 {
		return
	}
	q.doc.mu.Lock()
	defer q.doc.mu.Unlock()
	entries, _ := q.doc.tail.after(*j.since)
	for i := range entries {
		j.records = append(j.records, store.Line{Rev: entries[i].Rev, JSON: entries[i].json})
	}
	j.records = cut(j.records)
}

// depose ends the sequencer after a failed write: what is in memory may not
// be what is on the disk. The next to join loads the document again.
func (q *sequencer) depose(err error) {
	q.hub.opts.Metrics.Deposed.Inc()
	q.hub.opts.Log.Error("a write failed; the document is closed and will be loaded again",
		"document", q.doc.id, "revision", q.doc.head.Load().Rev, "error", err)
	q.hub.remove(q)
	q.doc.endAll(closeBusy)
}

// outlive deposes a sequencer that has panicked, which is as good as a write
// that failed: this document is closed, and all others go on. Who waits for
// what it was about to decide sees that it is done.
func (q *sequencer) outlive() {
	p := recover()
	if p == nil {
		return
	}
	q.depose(panicked(p))
}

// panicked makes an error of what was recovered, with the stack: it is the
// only one to see it.
func panicked(p any) error { return fmt.Errorf("session: panic: %v\n%s", p, debug.Stack()) }

func (q *sequencer) answer(r request) {
	switch {
	case r.submission != nil:
		r.submission.reply <- outcome{err: errEnded}
	case r.join != nil:
		r.join.reply <- errEnded
	}
}
