package session

import (
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tutti/store"
)

// Hub knows which documents are open and opens them when somebody comes.
type Hub struct {
	store store.Store
	opts  Options
	// sample chooses the appends that are traced though nothing is wrong with
	// them.
	sample *rate.Limiter

	mu      sync.Mutex // guards all below, and users in every sequencer
	open    map[string]*opening
	closing bool
	running sync.WaitGroup // the sequencers
}

// opening is a document that is open, or about to be.
type opening struct {
	ready chan struct{} // closed when seq or err is set
	seq   *sequencer
	err   error
	wait  int // who waits for ready
}

// NewHub returns a hub over a store, which it does not close.
func NewHub(st store.Store, opts Options) *Hub {
	return &Hub{store: st, opts: opts.withDefaults(), sample: rate.NewLimiter(rate.Every(appendSpanEvery), 1), open: map[string]*opening{}}
}

// Limits are what clients are told.
func (h *Hub) Limits() Limits { return h.opts.Limits }

// acquire returns the sequencer of a document, which stays open until release.
// Errors are a *Close or the store's.
func (h *Hub) acquire(id string) (*sequencer, error) {
	h.mu.Lock()
	if h.closing {
		h.mu.Unlock()
		return nil, closeRestart(0)
	}
	o := h.open[id]
	if o == nil {
		o = &opening{ready: make(chan struct{})}
		h.open[id] = o
		h.running.Add(1)
		go h.load(id, o)
	}
	if o.seq != nil {
		o.seq.users++
		h.mu.Unlock()
		return o.seq, nil
	}
	o.wait++
	h.mu.Unlock()
	<-o.ready // load has counted us among the users
	return o.seq, o.err
}

// load opens a document, on a goroutine of its own: the stack that this grows
// would be kept as long as who asked for it stays.
func (h *Hub) load(id string, o *opening) {
	l, err := load(h.store, id, -1)
	var said int64
	if err == nil {
		said, err = h.store.LastMessage(id)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		err = closeNotFound()
	case err == nil && l.info.TrashedAt != 0:
		err = closeDeleted()
	case err != nil:
		h.opts.Log.Error("a document could not be opened", "document", id, "error", err)
	}
	var q *sequencer
	if err == nil {
		q = newSequencer(h, l)
		q.doc.chat.last = said
	}
	h.mu.Lock()
	o.seq, o.err = q, err
	if err != nil {
		delete(h.open, id)
	} else {
		q.users = o.wait
		h.opts.Metrics.Documents.Inc()
		q.begin()
	}
	h.mu.Unlock()
	if q == nil {
		h.running.Done()
	}
	close(o.ready)
}

// ended is called when a sequencer has.
func (h *Hub) ended() {
	h.opts.Metrics.Documents.Dec()
	h.running.Done()
}

func (h *Hub) release(q *sequencer) {
	h.mu.Lock()
	q.users--
	h.mu.Unlock()
}

// retire takes an idle document out of the hub. It reports whether that was
// possible: nobody may be using it.
func (h *Hub) retire(q *sequencer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if q.users > 0 {
		return false
	}
	h.removeLocked(q)
	return true
}

// remove takes a document out of the hub although it is in use: whoever comes
// now loads it again.
func (h *Hub) remove(q *sequencer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.removeLocked(q)
}

// removeLocked leaves alone what has been loaded in the place of q since.
func (h *Hub) removeLocked(q *sequencer) {
	if o := h.open[q.doc.id]; o != nil && o.seq == q {
		delete(h.open, q.doc.id)
	}
}

// gone says why a sequencer has ended, to who came too late for it.
func (h *Hub) gone() *Close {
	if h.Closing() {
		return closeRestart(0)
	}
	return closeBusy()
}

// Join puts an editor into a document. The error is a *Close where the
// contract has a code for it. The session must be left again.
func (h *Hub) Join(id string, hello Hello, who Identity) (*Session, error) {
	q, err := h.acquire(id)
	if err != nil {
		return nil, err
	}
	s := &Session{
		ID:       newID(),
		Client:   ClientID(hello.Key),
		Identity: who,
		hub:      h,
		doc:      q.doc,
		seq:      q,
		limiter:  rate.NewLimiter(rate.Limit(h.opts.Limits.Rate), h.opts.Limits.Rate),
		space:    make(chan struct{}, 1),
		ended:    make(chan struct{}),
	}
	j := &joining{session: s, reply: make(chan error, 1)}
	if err = j.from(h, q, hello.Since); err == nil {
		err = q.send(request{join: j}, j.reply)
	}
	if err != nil {
		h.release(q)
		if errors.Is(err, errEnded) {
			err = h.gone()
		}
		return nil, err
	}
	h.opts.Metrics.Sessions.Inc()
	return s, nil
}

// from works out what a joining session is given: everything, or what comes
// after the place that it has reached.
func (j *joining) from(h *Hub, q *sequencer, since *Place) error {
	if since == nil {
		q.doc.head.Load().Content() // encoded here, not under the document's lock
		return nil
	}
	if since.Epoch != q.doc.epoch {
		return closeCannotResume("the document's history is another now")
	}
	j.since = &since.Rev
	base := q.doc.base()
	if since.Rev >= base {
		return nil
	}
	lines, err := readLines(h.store, q.doc.id, since.Rev, base)
	j.records = cut(lines)
	return err
}

// send has a request handled and waits for its answer, which always comes:
// either on reply, or by the end of the sequencer.
func (q *sequencer) send(r request, reply chan error) error {
	if err := q.do(r); err != nil {
		return err
	}
	select {
	case err := <-reply:
		return err
	case <-q.done:
	}
	select {
	case err := <-reply:
		return err
	default:
		return errEnded
	}
}

// decide brings a submission to its decision: it carries it forward and
// searches the log on this goroutine where the sequencer asks for that.
func (h *Hub) decide(q *sequencer, sub *submission) outcome {
	began := time.Now()
	for {
		o := q.submit(sub)
		switch {
		case errors.Is(o.err, errLagging):
			if err := h.carry(q, sub); err != nil {
				return outcome{err: err}
			}
		case errors.Is(o.err, errOld):
			r, found, err := h.search(q, sub, o.record.Rev)
			if err != nil || found {
				return outcome{err: err, known: found, record: r}
			}
			sub.searched = true
		default:
			if o.err == nil && o.refused == nil && !o.known && !sub.lookup {
				h.opts.Metrics.Ack.Observe(time.Since(began).Seconds())
			}
			return o
		}
	}
}

// submit has a submission decided and waits for the outcome.
func (q *sequencer) submit(sub *submission) outcome {
	sub.queued = time.Now()
	if err := q.do(request{submission: sub}); err != nil {
		return outcome{err: err}
	}
	select {
	case o := <-sub.reply:
		return o
	case <-q.done:
	}
	select {
	case o := <-sub.reply:
		return o
	default:
		return outcome{err: errEnded}
	}
}
