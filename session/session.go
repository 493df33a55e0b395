package session

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/time/rate"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/store"
)

// Role is what somebody may do with a document.
type Role string

// The roles, from most to least.
const (
	Owner     Role = "owner"
	Editor    Role = "editor"
	Commenter Role = "commenter"
	Viewer    Role = "viewer"
)

// MayEdit reports whether deltas of this role are taken.
func (r Role) MayEdit() bool { return r == Owner || r == Editor }

// MayComment reports whether this role may speak beside the document.
func (r Role) MayComment() bool { return r.MayEdit() || r == Commenter }

// Identity is who a session acts for, as the server has found out.
type Identity struct {
	User  store.User
	Role  Role // of a Session: as it is now, and guarded by its document's lock
	Color string
}

// Session is one editor in one document. One goroutine calls Handle with the
// frames that arrive, one calls Poll or Next for those to send; Leave ends it.
type Session struct {
	ID     string
	Client string
	Identity
	// Renew takes another token of the same person, before the one that they
	// came by ends. It is set before Handle is called; nil: tokens are nothing
	// here, and passed over.
	Renew func(token string) *Close
	// Span is what its appends are traced in, likewise; nil: they are not.
	Span trace.Span

	hub *Hub
	doc *document
	seq *sequencer

	limiter *rate.Limiter
	chatter *rate.Limiter // of what it says in the chat; nil until it says something
	over    time.Time     // since when it has been asking for more than its rate
	delta   *submission   // the one under decision; nil until there is one
	named   bool          // the user's name is kept with the document
	turn    int64         // the last batch that it had a part in; the sequencer's own

	space chan struct{} // cap 1: the direct answers were taken
	ended chan struct{} // closed when end is set, which never changes then

	// The document's lock guards these.
	rev       int64    // what it has been sent
	flushSeen int64    // the flush of presence that it has been sent
	metaSeen  int64    // the change of meta that it has been sent
	roleSeen  Role     // that it has been told
	chatSeen  int64    // the message that it has been sent
	goneSeen  int64    // how many deletions of messages it has been told of
	out       [][]byte // direct answers, waiting
	wake      func()   // set while it rests
	resting   bool     // it is in the document's list of those
	end       *Close   // why it ends
	endRev    int64    // what is still delivered then
	barred    bool     // nothing is: meanwhile the right to read was lost

	ready []*Frame // Poll's own: taken, not yet returned
}

// End ends the session: Next returns why once it has returned what is still
// to be sent. The first reason stays, but who loses the right to read after it
// is sent nothing more.
func (s *Session) End(why *Close) {
	s.doc.mu.Lock()
	defer s.doc.mu.Unlock()
	s.endLocked(why)
}

func (s *Session) endLocked(why *Close) {
	s.barred = s.barred || !why.drains()
	if s.end != nil {
		return
	}
	s.end, s.endRev = why, s.doc.tail.head()
	close(s.ended)
	s.doc.wake(s)
}

// Leave takes the session out of its document. It must be called once, when
// neither Handle nor Poll or Next will be called any more.
func (s *Session) Leave() {
	s.End(&Close{Code: CodeDone, Reason: "left"})
	s.doc.leave(s)
	s.hub.release(s.seq)
	s.hub.opts.Metrics.Sessions.Dec()
}

// nudge leaves a wake-up on a channel of capacity 1; one is enough.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// send queues an answer for this session alone, waiting while too many are
// queued: who doesn't read its answers isn't read either.
func (s *Session) send(frame []byte) {
	for {
		s.doc.mu.Lock()
		room := len(s.out) < directSize
		if room {
			s.out = append(s.out, frame)
			s.doc.wake(s)
		}
		s.doc.mu.Unlock()
		if room {
			return
		}
		select {
		case <-s.space:
		case <-s.ended:
			return
		}
	}
}

// Handle acts on one frame from the client: valid UTF-8, within the limit.
// When it returns an error the session has ended and Next says why. It may
// block while the document is busy, and slows down who sends too fast.
func (s *Session) Handle(frame []byte) error {
	select {
	case <-s.ended:
		return s.end // what were answered now would put off the close
	default:
	}
	if why := s.handle(frame); why != nil {
		s.End(why)
		return why
	}
	return nil
}

func (s *Session) handle(frame []byte) *Close {
	if why := s.pace(); why != nil {
		return why
	}
	f, bad := decodeFrame(frame)
	if bad != nil {
		return bad
	}
	switch f.t {
	case "op":
		return s.handleOp(&f)
	case "presence":
		return s.handlePresence(&f)
	case "check":
		return s.handleCheck(&f)
	case "chat":
		return s.handleChat(&f)
	case "token":
		return s.handleToken(&f)
	case "ping":
		n, bad := f.integer(fieldN, -1<<53)
		if bad != nil {
			return bad
		}
		s.send(pongFrame(n))
		return nil
	case "hello":
		return closeBadFrame("a second hello")
	}
	return closeBadFrame("unknown message type %+.40q", f.t)
}

func (s *Session) handleToken(f *fields) *Close {
	token, bad := f.text(fieldToken)
	if bad != nil || s.Renew == nil {
		return bad
	}
	return s.Renew(token)
}

// pace makes the session wait for its rate; one that wants more for rateGrace
// on end is cut off. A frame that need not wait is no rest yet: timers are
// late, and then a few are let through at once.
func (s *Session) pace() *Close {
	now := time.Now()
	rested := s.limiter.TokensAt(now) >= float64(s.limiter.Burst())/8
	wait := s.limiter.ReserveN(now, 1).DelayFrom(now)
	switch {
	case rested:
		s.over = time.Time{}
	case s.over.IsZero():
		s.over = now
	case now.Sub(s.over) > rateGrace:
		return &Close{Code: CodeTooFast, Reason: "too many frames; slow down", RetryAfter: 5}
	}
	if wait == 0 {
		return nil
	}
	select {
	case <-time.After(wait):
		return nil
	case <-s.ended:
		return s.end
	}
}

func (s *Session) handleOp(f *fields) *Close {
	seq, bad := f.integer(fieldSeq, 1)
	if bad != nil {
		return bad
	}
	rev, bad := f.integer(fieldRev, 0)
	if bad != nil {
		return bad
	}
	raw := f.raw[fieldOp]
	if raw == nil || scan.Kind(raw) != scan.KindArray {
		return closeBadFrame("op: op is no list")
	}
	if s.delta == nil {
		s.delta = &submission{reply: make(chan outcome, 1)}
	}
	sub := s.delta
	*sub = submission{session: s, client: s.Client, user: s.User.ID, seq: seq, named: rev, rev: rev, size: len(raw), gone: s.ended, reply: sub.reply}
	sub.op, sub.flaw = parseDelta(raw)
	o := s.hub.decide(s.seq, sub)
	switch {
	case o.err != nil:
		if !errors.Is(o.err, errEnded) {
			s.hub.opts.Log.Error("a delta could not be decided", "document", s.doc.id, "session", s.ID, s.trace(), "error", o.err)
		}
		return closeBusy() // unless the session has ended for a reason of its own
	case o.refused != nil:
		s.hub.opts.Metrics.Refused.WithLabelValues(string(o.refused.Code)).Inc()
		s.send(refusedFrame(seq, o.refused))
	case o.known:
		s.acknowledge(o.record)
	case !s.named:
		s.named = true
		s.hub.keepName(s.doc, s.User)
	}
	return nil
}

// parseDelta is ot.Parse with its error as what it always is.
func parseDelta(raw []byte) (ot.Delta, *ot.Error) {
	op, err := ot.Parse(raw)
	if err == nil {
		return op, nil
	}
	flaw, ok := err.(*ot.Error)
	if !ok {
		flaw = &ot.Error{Code: ot.OpInvalid, Message: err.Error()}
	}
	return op, flaw
}

// acknowledge answers a resend of what is committed. Where the stream has not
// reached the record, the stream is the answer: position and look-up are under
// one lock, or there would be two.
func (s *Session) acknowledge(r store.Record) {
	s.hub.opts.Metrics.Resent.Inc()
	s.doc.mu.Lock()
	passed := s.rev >= r.Rev
	s.doc.mu.Unlock()
	if passed {
		s.send(acknowledgeFrame(r))
	}
}

func (s *Session) handlePresence(f *fields) *Close {
	rev, bad := f.integer(fieldRev, 0)
	if bad != nil {
		return bad
	}
	cursor, bad := f.cursor()
	if bad != nil {
		return bad
	}
	s.doc.setCursor(s, rev, cursor)
	return nil
}

func (s *Session) handleCheck(f *fields) *Close {
	rev, bad := f.integer(fieldRev, 0)
	if bad != nil {
		return bad
	}
	hash, bad := f.text(fieldHash)
	if bad != nil {
		return bad
	}
	if raw, err := hex.DecodeString(hash); err != nil || len(raw) != sha256.Size || hash != strings.ToLower(hash) {
		return closeBadFrame("check: hash is no SHA-256 in lower-case hex")
	}
	if head := s.doc.head.Load(); head.Rev == rev && head.Hash() != hash {
		s.hub.opts.Metrics.Diverged.Inc()
		s.hub.opts.Log.Warn("a client's content has diverged", "document", s.doc.id, "session", s.ID, s.trace(), "revision", rev)
		s.send(divergedFrame(rev))
	}
	return nil
}
