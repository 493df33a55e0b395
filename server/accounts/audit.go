package accounts

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

const (
	auditBucket = "audit"
	// AuditKept is how many entries are kept; the oldest go.
	AuditKept = 100_000
)

// Entry is a line of the audit log: who did what. It is written right after
// what it tells of, and never changed.
type Entry struct {
	ID       int64      `json:"id"` // from 1 on, without a gap
	At       int64      `json:"at"` // Unix milliseconds
	Action   string     `json:"action"`
	User     store.User `json:"user"` // an id of "" is a stranger
	Document string     `json:"document,omitempty"`
	Subject  string     `json:"subject,omitempty"` // to whom it was done
	Detail   string     `json:"detail,omitempty"`
	Address  string     `json:"address,omitempty"`
}

// Note adds an entry to the audit log, and gives it its number and time.
func (b *Book) Note(e Entry) error {
	err := b.db.Update(func(tx *bolt.Tx) error {
		bucket := tx.Bucket([]byte(auditBucket))
		n, err := bucket.NextSequence()
		if err != nil {
			return err
		}
		e.ID, e.At = int64(n), milliseconds(time.Now())
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if n > AuditKept {
			if err := bucket.Delete(auditKey(int64(n) - AuditKept)); err != nil {
				return err
			}
		}
		return bucket.Put(auditKey(e.ID), line)
	})
	if err == nil {
		b.noted.signal()
	}
	return err
}

// Audit returns at most limit entries after an id, the oldest first.
func (b *Book) Audit(after int64, limit int) (all []Entry, err error) {
	err = b.db.View(func(tx *bolt.Tx) error {
		c := tx.Bucket([]byte(auditBucket)).Cursor()
		for k, v := c.Seek(auditKey(after + 1)); k != nil && len(all) < limit; k, v = c.Next() {
			var e Entry
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
			all = append(all, e)
		}
		return nil
	})
	return all, err
}

// LastAudit is the id of the newest entry, 0 if there is none.
func (b *Book) LastAudit() (last int64, err error) {
	err = b.db.View(func(tx *bolt.Tx) error {
		last = int64(tx.Bucket([]byte(auditBucket)).Sequence())
		return nil
	})
	return last, err
}

// FollowAudit waits until there are entries after an id, and returns some.
func (b *Book) FollowAudit(ctx context.Context, after int64, limit int) ([]Entry, error) {
	for {
		wait := b.noted.wait() // before it is looked, or one between is missed
		all, err := b.Audit(after, limit)
		if err != nil || len(all) > 0 {
			return all, err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func auditKey(id int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }
