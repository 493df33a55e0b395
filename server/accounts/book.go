package accounts

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/server/access"
)

// Options say how a Book is kept.
type Options struct {
	Log  *slog.Logger // zero: slog.Default
	Cost Cost         // of a password; zero: UsualCost
}

// Book is all that is known about people. All methods may be called from any
// goroutine.
type Book struct {
	db     *bolt.DB
	log    *slog.Logger
	hasher *hasher

	writing sync.Mutex // held by who changes rows; who holds it may read them without mu

	mu      sync.RWMutex // guards the rows
	people  table[Person]
	logins  table[Login]
	tickets table[Ticket]
	grants  table[[]access.Grant]
	links   table[Link]
	tokens  table[Token]
	groups  table[Group]
	epochs  table[string] // by document and epoch: under which one its rights are kept

	used  usage
	noted bell // rings with each entry of the audit log

	following sync.Mutex // guards followers
	followers []*func()

	stop    chan struct{}
	stopped chan struct{}
}

// everyMinute is how often the times of use are written, and what has expired
// is removed.
const everyMinute = time.Minute

// Open opens the file at path, or makes it.
func Open(path string, o Options) (*Book, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, fmt.Errorf("accounts: %s: %w", path, err)
	}
	b := &Book{
		db: db, log: o.Log, hasher: newHasher(o.Cost),
		people: table[Person]{bucket: "people"}, logins: table[Login]{bucket: "logins"},
		tickets: table[Ticket]{bucket: "tickets"}, grants: table[[]access.Grant]{bucket: "grants"},
		links: table[Link]{bucket: "links"}, tokens: table[Token]{bucket: "tokens"}, groups: table[Group]{bucket: "groups"},
		epochs: table[string]{bucket: "epochs"},
		used:   usage{at: map[string]int64{}}, stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	if err := db.Update(b.load); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go b.tidy()
	return b, nil
}

func (b *Book) load(tx *bolt.Tx) error {
	for _, load := range []func(*bolt.Tx) error{b.people.load, b.logins.load, b.tickets.load, b.grants.load, b.links.load, b.tokens.load, b.groups.load, b.epochs.load} {
		if err := load(tx); err != nil {
			return err
		}
	}
	_, err := tx.CreateBucketIfNotExists([]byte(auditBucket))
	return err
}

// Close writes what is still to be written and closes the file.
func (b *Book) Close() error {
	close(b.stop)
	<-b.stopped
	return errors.Join(b.flush(), b.db.Close())
}

// update changes rows: on disk, then in memory, then it tells the followers.
func (b *Book) update(f func(*change) error) error {
	if err := b.write(f); err != nil {
		return err
	}
	b.tell()
	return nil
}

func (b *Book) write(f func(*change) error) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	c := &change{}
	err := b.db.Update(func(tx *bolt.Tx) error {
		c.tx = tx
		return f(c)
	})
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, apply := range c.apply {
		apply()
	}
	return nil
}

// Follow has f called after every change that may have given or taken a right.
// It is called on the writer's goroutine and must be quick.
func (b *Book) Follow(f func()) (unfollow func()) {
	b.following.Lock()
	defer b.following.Unlock()
	b.followers = append(b.followers, &f)
	return func() {
		b.following.Lock()
		defer b.following.Unlock()
		b.followers = slices.DeleteFunc(b.followers, func(g *func()) bool { return g == &f })
	}
}

func (b *Book) tell() {
	b.following.Lock()
	defer b.following.Unlock()
	for _, f := range b.followers {
		(*f)()
	}
}

// tidy writes times of use and removes what has expired, until Close.
func (b *Book) tidy() {
	defer close(b.stopped)
	tick := time.NewTicker(everyMinute)
	defer tick.Stop()
	for {
		select {
		case <-b.stop:
			return
		case <-tick.C:
		}
		if err := b.flush(); err != nil {
			b.log.Error("accounts could not be tidied", "error", err)
		}
	}
}

// flush writes the times of use that are noted, and removes what has expired.
// No right changes by it.
func (b *Book) flush() error {
	used, now := b.used.take(), milliseconds(time.Now())
	if len(used) == 0 && !b.anyExpired(now) {
		return nil
	}
	return b.write(func(c *change) error {
		for id, at := range used {
			if err := b.setUsed(c, id, at); err != nil {
				return err
			}
		}
		return errors.Join(
			b.logins.deleteWhere(c, func(_ string, l Login) bool { return l.ExpiresAt <= now }),
			b.tickets.deleteWhere(c, func(_ string, t Ticket) bool { return t.ExpiresAt <= now }),
			b.links.deleteWhere(c, func(_ string, l Link) bool { return l.expired(now) }),
			b.tokens.deleteWhere(c, func(_ string, t Token) bool { return t.expired(now) }),
		)
	})
}

func (b *Book) setUsed(c *change, id string, at int64) error {
	if l, ok := b.logins.rows[id]; ok {
		l.UsedAt = at
		return b.logins.put(c, id, l)
	}
	if t, ok := b.tokens.rows[id]; ok {
		t.UsedAt = at
		return b.tokens.put(c, id, t)
	}
	return nil
}

func (b *Book) anyExpired(now int64) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.logins.any(func(l Login) bool { return l.ExpiresAt <= now }) ||
		b.tickets.any(func(t Ticket) bool { return t.ExpiresAt <= now }) ||
		b.links.any(func(l Link) bool { return l.expired(now) }) ||
		b.tokens.any(func(t Token) bool { return t.expired(now) })
}

// usage notes when log-ins were used, until it is written.
type usage struct {
	mu sync.Mutex
	at map[string]int64
}

func (u *usage) note(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.at[id] = milliseconds(time.Now())
}

// last returns when id was used, as far as that is not written yet.
func (u *usage) last(id string) int64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.at[id]
}

func (u *usage) take() map[string]int64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	at := u.at
	u.at = map[string]int64{}
	return at
}

func milliseconds(t time.Time) int64 { return t.UnixMilli() }
