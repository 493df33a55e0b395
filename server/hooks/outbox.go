package hooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
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

	mu     sync.RWMutex // guards what follows
	hooks  map[string]Hook
	feeds  map[string]*feed  // of the hooks that are active, once started
	epochs map[string]string // see epochs.go
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

// Recheck has the judge decide about all hooks anew. It doesn't block.
func (x *Outbox) Recheck() { x.notes.recheck() }

// info is what a hook sees of a document, nil where there is none.
func (x *Outbox) info(h *Hook, id string) (*store.Info, error) {
	info, err := x.store.Info(id)
	info = x.known(info)
	if errors.Is(err, store.ErrNotFound) || err == nil && h.Epoch != "" && info.Epoch != h.Epoch {
		return nil, nil
	}
	return &info, err
}
