package hooks

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

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
		info = x.known(info)
		h.Epoch, all[h.Document] = info.Epoch, begin(info)
		return all, err
	}
	for info, err := range x.store.List() {
		if err != nil {
			return nil, err
		}
		all[info.ID] = begin(x.known(info))
	}
	return all, nil
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
