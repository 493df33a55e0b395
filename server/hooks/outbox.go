package hooks

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

// Options say how an Outbox is kept. Path and Store are needed.
type Options struct {
	Path  string         // of its file
	Store *store.Watched // of the documents that hooks are told of
	Allow []netip.Prefix // addresses that hooks may go to though they are not public, without TLS too
	Log   *slog.Logger   // zero: slog.Default
}

// Judge decides whether a hook may be told of a document, and whether it may be
// sent its records. info is nil where there is no document any more.
type Judge func(h Hook, info *store.Info) (told, reads bool)

// Outbox keeps hooks and delivers to them. All methods may be called from any
// goroutine.
type Outbox struct {
	db    *bolt.DB
	store *store.Watched
	allow []netip.Prefix
	log   *slog.Logger
	judge Judge // set by Start
	notes notes
	// send makes a request; tests have it answer without a network.
	send   func(plain bool, r *http.Request) (*http.Response, error)
	counts counts

	ctx     context.Context // done when it is closed
	cancel  context.CancelFunc
	running sync.WaitGroup
	changes sync.Mutex // held while hooks are made, paused or removed, which may wait for a feed; no feed takes it
	rows    sync.Mutex // held while the row of a hook is written

	mu    sync.RWMutex // guards what follows
	hooks map[string]Hook
	feeds map[string]*feed // of the hooks that are active, once started
}

// Open opens the file, or makes it. Nothing is delivered before Start.
func Open(o Options) (*Outbox, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, err
	}
	db, err := bolt.Open(o.Path, 0o600, &bolt.Options{Timeout: time.Second, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("hooks: %s: %w", o.Path, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	x := &Outbox{
		db: db, store: o.Store, allow: o.Allow, log: o.Log, notes: newNotes(), counts: newCounts(),
		ctx: ctx, cancel: cancel, hooks: map[string]Hook{}, feeds: map[string]*feed{},
	}
	secure, plain := newClient(false, o.Allow), newClient(true, o.Allow)
	x.send = func(isPlain bool, r *http.Request) (*http.Response, error) {
		if isPlain {
			return plain.Do(r)
		}
		return secure.Do(r)
	}
	x.running.Go(func() { // nothing is kept open behind Close
		<-ctx.Done()
		secure.CloseIdleConnections()
		plain.CloseIdleConnections()
	})
	if err := db.Update(x.load); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// Start begins to deliver. It is called once.
func (x *Outbox) Start(judge Judge) {
	x.judge = judge
	x.mu.Lock()
	for id, h := range x.hooks {
		if h.Paused == "" {
			x.begin(id)
		}
	}
	x.mu.Unlock()
	unfollow := x.store.Follow(x.notes.add)
	x.running.Go(func() {
		defer unfollow()
		x.watch()
	})
}

// Close stops delivering and closes the file. What was under way is sent again
// when it is opened next.
func (x *Outbox) Close() error {
	x.cancel()
	x.running.Wait()
	return x.db.Close()
}

// Add makes a hook of h's address, events and person, on h's document if it
// names one. The secret is shown this once. Invalid; store.ErrNotFound.
func (x *Outbox) Add(h Hook) (_ Hook, secret string, err error) {
	if err := h.check(x.allow); err != nil {
		return h, "", err
	}
	x.changes.Lock()
	defer x.changes.Unlock()
	if err := x.room(&h); err != nil {
		return h, "", err
	}
	now := time.Now()
	h.ID, h.CreatedAt, h.Paused, h.PausedAt, h.Secrets = strings.ToLower(rand.Text()), now.UnixMilli(), "", 0, nil
	secret = h.renew(now)
	start, err := x.starts(&h)
	if err != nil {
		return h, "", err
	}
	err = x.db.Update(func(tx *bolt.Tx) error {
		for id, c := range start {
			if err := putCursor(tx, h.ID, id, c); err != nil {
				return err
			}
		}
		return putHook(tx, h)
	})
	if err != nil {
		return h, "", err
	}
	x.mu.Lock()
	x.hooks[h.ID] = h
	x.begin(h.ID)
	x.mu.Unlock()
	x.notes.sweep() // what was written since the cursors were made
	return h, secret, nil
}

// room refuses a hook that is one too many.
func (x *Outbox) room(h *Hook) error {
	place, person := 0, 0
	for _, other := range x.Hooks() {
		if other.Document == h.Document {
			place++
		}
		if other.Person == h.Person {
			person++
		}
	}
	switch {
	case place >= perPlace:
		return Invalid(fmt.Sprintf("there are %d hooks here already", place))
	case person >= perPerson:
		return Invalid(fmt.Sprintf("you have %d hooks already", person))
	}
	return nil
}

// starts are the cursors of a new hook: it is told of what comes.
func (x *Outbox) starts(h *Hook) (map[string]cursor, error) {
	all := map[string]cursor{}
	if h.Document != "" {
		info, err := x.store.Info(h.Document)
		h.Epoch, all[h.Document] = info.Epoch, begin(info)
		return all, err
	}
	for info, err := range x.store.List() {
		if err != nil {
			return nil, err
		}
		all[info.ID] = begin(info)
	}
	return all, nil
}

// Hooks returns all hooks, the newest first.
func (x *Outbox) Hooks() []Hook {
	x.mu.RLock()
	defer x.mu.RUnlock()
	all := make([]Hook, 0, len(x.hooks))
	for _, h := range x.hooks {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b Hook) int { return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return all
}

// Hook returns one. ErrNotFound.
func (x *Outbox) Hook(id string) (Hook, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	h, ok := x.hooks[id]
	if !ok {
		return h, ErrNotFound
	}
	return h, nil
}

// Remove removes a hook. What was under way may still arrive. ErrNotFound.
func (x *Outbox) Remove(id string) error {
	x.changes.Lock()
	defer x.changes.Unlock()
	x.end(id)
	return x.forget(id)
}

// forget drops a hook and all that is kept of it. Its feed has ended, or is about to.
func (x *Outbox) forget(id string) error {
	x.rows.Lock()
	defer x.rows.Unlock()
	if _, err := x.Hook(id); err != nil {
		return err
	}
	if err := x.db.Update(func(tx *bolt.Tx) error { return dropHook(tx, id) }); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.hooks, id)
	return nil
}

// Pause stops delivering to a hook, for a reason. ErrNotFound.
func (x *Outbox) Pause(id, why string) error {
	x.changes.Lock()
	defer x.changes.Unlock()
	x.end(id)
	_, err := x.change(id, func(h *Hook) { h.Paused, h.PausedAt = why, time.Now().UnixMilli() })
	return err
}

// Resume delivers to a hook again, in the name of a person, and tries at once
// what has failed. ErrNotFound.
func (x *Outbox) Resume(id, person string) error {
	x.changes.Lock()
	defer x.changes.Unlock()
	x.end(id)
	err := x.db.Update(func(tx *bolt.Tx) error { return forgive(tx, id) })
	if err != nil {
		return err
	}
	if _, err := x.change(id, func(h *Hook) { h.Paused, h.PausedAt, h.Person = "", 0, person }); err != nil {
		return err
	}
	x.mu.Lock()
	x.begin(id)
	x.mu.Unlock()
	x.notes.sweep()
	return nil
}

// Renew gives a hook a new secret, which is shown this once. Deliveries are
// signed with the one before too, for a day. ErrNotFound.
func (x *Outbox) Renew(id string) (h Hook, secret string, err error) {
	x.changes.Lock()
	defer x.changes.Unlock()
	h, err = x.change(id, func(h *Hook) { secret = h.renew(time.Now()) })
	return h, secret, err
}

// change changes the row of a hook. ErrNotFound.
func (x *Outbox) change(id string, change func(*Hook)) (Hook, error) {
	x.rows.Lock()
	defer x.rows.Unlock()
	h, err := x.Hook(id)
	if err != nil {
		return h, err
	}
	change(&h)
	if err := x.db.Update(func(tx *bolt.Tx) error { return putHook(tx, h) }); err != nil {
		return h, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.hooks[id] = h
	return h, nil
}

// Replay has a hook be sent the records of a document again from a revision on,
// and what came after them. ErrNotFound, ErrRevision, store.ErrNotFound.
func (x *Outbox) Replay(id, document string, from int64) error {
	h, err := x.Hook(id)
	if err != nil {
		return err
	}
	if !h.wants(Changed) {
		return Invalid("the hook isn't told of " + Changed)
	}
	info, err := x.info(&h, document)
	switch {
	case err != nil:
		return err
	case info == nil:
		return store.ErrNotFound
	case from < 1 || from > info.Head.Rev:
		return ErrRevision
	}
	err = x.db.Update(func(tx *bolt.Tx) error {
		c, err := getCursor(tx, id, document)
		if err != nil {
			return err
		}
		c.observe(&h, info, time.Now().UnixMilli())
		// What is being sent now has another number: it is not taken for what
		// is sent next.
		c.Told, c.Sending, c.Tries, c.FailedAt = told{info.Epoch, from - 1}, nil, 0, 0
		c.Next++
		return putCursor(tx, id, document, c)
	})
	x.mu.RLock()
	f := x.feeds[id]
	x.mu.RUnlock()
	if f != nil {
		f.hurry()
	}
	x.notes.add(document)
	return err
}

// Recheck has the judge decide about all hooks anew. It doesn't block.
func (x *Outbox) Recheck() { x.notes.recheck() }

// info is what a hook sees of a document, nil where there is none.
func (x *Outbox) info(h *Hook, id string) (*store.Info, error) {
	info, err := x.store.Info(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && h.Epoch != "" && info.Epoch != h.Epoch {
		return nil, nil
	}
	return &info, err
}
