package hooks

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"tutti/store"
)

// cursor is how far a hook has come with a document. Times are Unix
// milliseconds. That of a document which the hook has never seen is zero.
type cursor struct {
	Told told `json:"told"`
	Seen seen `json:"seen"`
	// Events were seen and are not delivered yet, the oldest first. Records
	// are not among them: they stand in the log.
	Events []event `json:"events,omitempty"`
	// Next is the number of the next delivery, and Sending what it holds, once
	// that is fixed.
	Next    int64    `json:"next,omitempty"`
	Sending *promise `json:"sending,omitempty"`
	// Tries have failed to deliver it, the first at FailedAt.
	Tries    int   `json:"tries,omitempty"`
	FailedAt int64 `json:"failedAt,omitempty"`
}

// told is the last record that was delivered.
type told struct {
	Epoch string `json:"epoch"`
	Rev   int64  `json:"rev"`
}

// in is the revision told in an epoch.
func (t told) in(epoch string) int64 {
	if t.Epoch != epoch {
		return 0
	}
	return t.Rev
}

// seen is a document when it was last looked at; its epoch is "" where there
// was none.
type seen struct {
	Epoch     string `json:"epoch,omitempty"`
	Title     string `json:"title,omitempty"`
	ChangedAt int64  `json:"changedAt,omitempty"`
	TrashedAt int64  `json:"trashedAt,omitempty"`
}

func see(info store.Info) seen {
	return seen{info.Epoch, info.Title, info.ChangedAt, info.TrashedAt}
}

// event is a change that is no record.
type event struct {
	Type  string `json:"type"`
	At    int64  `json:"at"`
	Rev   int64  `json:"rev"` // the records up to it came before
	Epoch string `json:"epoch"`
	Title string `json:"title,omitempty"`
}

// promise is what a delivery holds: so many of the cursor's events, and the
// records up to a revision.
type promise struct {
	Number  int64  `json:"number"`
	Epoch   string `json:"epoch"`
	Events  int    `json:"events,omitempty"`
	Rev     int64  `json:"rev,omitempty"` // 0: no records
	At      int64  `json:"at,omitempty"`  // of the last record
	Records bool   `json:"records,omitempty"`
}

// name is the same for a delivery however often it is made.
func (p promise) name(hook, document string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%d", hook, document, p.Epoch, p.Number))
	return "msg_" + base64.RawURLEncoding.EncodeToString(sum[:])[:22]
}

// begin is the cursor of a hook that is told of nothing that was before it.
func begin(info store.Info) cursor {
	return cursor{Told: told{info.Epoch, info.Head.Rev}, Seen: see(info)}
}

// observe notes what has become of a document since it was last looked at;
// info is nil if there is none. It reports whether anything has.
func (c *cursor) observe(h *Hook, info *store.Info, now int64) bool {
	var is seen
	var rev int64
	if info != nil {
		is, rev = see(*info), info.Head.Rev
	}
	was := c.Seen
	if is == was {
		return false
	}
	c.Seen = is
	note := func(kind string, at, rev int64, of seen) {
		if h.wants(kind) {
			c.Events = append(c.Events, event{kind, at, rev, of.Epoch, of.Title})
		}
	}
	if is.Epoch != was.Epoch {
		if was.Epoch != "" {
			note(Deleted, now, 0, was)
		}
		if is.Epoch == "" {
			return true
		}
		note(Created, info.CreatedAt, 0, is)
		was = seen{is.Epoch, is.Title, is.ChangedAt, 0}
	}
	if is.ChangedAt != was.ChangedAt {
		note(Updated, is.ChangedAt, rev, is)
	}
	if was.TrashedAt != 0 && is.TrashedAt != was.TrashedAt {
		note(Restored, now, rev, is)
	}
	if is.TrashedAt != 0 && is.TrashedAt != was.TrashedAt {
		note(Trashed, is.TrashedAt, rev, is)
	}
	return true
}

// waits reports whether there is anything to deliver.
func (c *cursor) waits(h *Hook, info *store.Info) bool {
	return c.Sending != nil || len(c.Events) > 0 || info != nil && h.wants(Changed) && info.Head.Rev > c.Told.in(info.Epoch)
}

// plan says what the next delivery holds, which is all that waits but for
// another life of the document's id. There is something.
func (c *cursor) plan(h *Hook, info *store.Info) promise {
	p := promise{Number: c.Next}
	if len(c.Events) > 0 {
		p.Epoch = c.Events[0].Epoch
	} else {
		p.Epoch = info.Epoch
	}
	for _, e := range c.Events {
		if e.Epoch != p.Epoch {
			break
		}
		p.Events++
	}
	if info != nil && info.Epoch == p.Epoch && h.wants(Changed) && info.Head.Rev > c.Told.in(p.Epoch) {
		p.Rev, p.At = info.Head.Rev, info.Head.At
	}
	return p
}

// upTo has a promise hold no records after a revision, and no events either.
func (c *cursor) upTo(p *promise, rev, at int64) {
	p.Rev, p.At = rev, at
	for i, e := range c.Events[:p.Events] {
		if e.Rev > rev {
			p.Events = i
			break
		}
	}
}

// delivered moves on behind a promise.
func (c *cursor) delivered(p promise) {
	if c.Told.Epoch != p.Epoch {
		c.Told = told{Epoch: p.Epoch}
	}
	c.Told.Rev = max(c.Told.Rev, p.Rev)
	c.Events = c.Events[p.Events:]
	c.Next, c.Sending, c.Tries, c.FailedAt = p.Number+1, nil, 0, 0
}

// ended reports whether the document is gone and nothing is left to tell.
func (c *cursor) ended() bool { return c.Seen.Epoch == "" && len(c.Events) == 0 && c.Sending == nil }
