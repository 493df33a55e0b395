package hooks

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

const (
	// giveUpAfter is for how long a delivery is tried before its hook is paused.
	giveUpAfter = 72 * time.Hour
	// The pause after the first failure, which doubles with each other, and the
	// longest.
	firstPause   = 5 * time.Second
	longestPause = 30 * time.Minute
	// answerBytes are read of an answer, so that its connection can be used
	// again.
	answerBytes = 64 << 10
)

// deliver sends what waits in a feed until ctx is done or the hook is paused.
func (x *Outbox) deliver(ctx context.Context, f *feed) {
	for {
		id, w, ok := f.next(ctx)
		if !ok {
			return
		}
		ended, err := x.turn(ctx, f, id)
		if err != nil && ctx.Err() == nil {
			x.log.Error("a hook could not be served", "hook", f.id, "document", id, "error", err)
			f.again(id, w.since, lookAgain)
		}
		if ended {
			x.mu.Lock()
			if x.feeds[f.id] == f {
				delete(x.feeds, f.id)
			}
			x.mu.Unlock()
			return
		}
	}
}

// turn makes one delivery about a document, if there is anything to deliver.
// It reports whether the hook is paused, or removed, by what came of it.
func (x *Outbox) turn(ctx context.Context, f *feed, id string) (ended bool, err error) {
	h, err := x.Hook(f.id)
	if err != nil {
		return true, nil
	}
	info, err := x.info(&h, id)
	if err != nil {
		return false, err
	}
	told, reads := x.judge(h, info)
	if !told && (info != nil || h.Document == "") {
		return x.halt(&h, Forbidden)
	}
	d, err := x.promise(&h, id, info, reads)
	switch {
	case err != nil:
		return false, err
	case d == nil: // nothing waits
		return x.leave(&h, id)
	}
	came := x.post(ctx, &h, d)
	if ctx.Err() != nil {
		return false, nil // whether it has arrived or not, it is sent again under the same name
	}
	c, err := x.note(&h, id, d, came)
	if err != nil {
		return false, err
	}
	x.counts.attempt(came.ok())
	if !came.ok() {
		return x.failed(f, &h, id, d, c, came)
	}
	if d.try > 1 {
		f.hurry()
	}
	if c.waits(&h, info) {
		f.again(id, time.Now(), settle)
		return false, nil
	}
	return x.leave(&h, id)
}

// failed has a delivery be tried again, or pauses its hook.
func (x *Outbox) failed(f *feed, h *Hook, id string, d *delivery, c cursor, came outcome) (ended bool, err error) {
	x.log.Warn("a delivery of a hook has failed", "hook", h.ID, "host", h.host(), "document", id, "delivery", d.body.ID, "try", d.try, "status", came.status, "error", came.said())
	if c.Sending == nil { // a replay has come between
		f.again(id, time.Now(), settle)
		return false, nil
	}
	since := time.UnixMilli(c.FailedAt)
	switch {
	case came.status == http.StatusGone:
		return x.halt(h, Gone)
	case time.Since(since) >= giveUpAfter:
		return x.halt(h, Failing)
	}
	f.again(id, since, max(pauseAfter(c.Tries), min(came.retryAfter, longestPause)))
	return false, nil
}

// pauseAfter is how long to wait after so many failures: somewhere in the upper
// half of what doubles, so that receivers that come back are not met by all at
// once.
func pauseAfter(tries int) time.Duration {
	d := longestPause
	if shift := tries - 1; shift < 20 {
		d = min(d, firstPause<<shift)
	}
	return d/2 + rand.N(d/2+1)
}

// halt pauses a hook from its own feed, which ends then.
func (x *Outbox) halt(h *Hook, why string) (ended bool, err error) {
	x.log.Warn("a hook is paused", "hook", h.ID, "host", h.host(), "why", why)
	_, err = x.change(h.ID, func(h *Hook) { h.Paused, h.PausedAt = why, time.Now().UnixMilli() })
	return err == nil, err
}

// leave ends with a document of which nothing waits: if it is gone, with all
// that is kept of it, and with the hook if that was about nothing else.
func (x *Outbox) leave(h *Hook, id string) (ended bool, err error) {
	gone := false
	look := func(tx *bolt.Tx) error {
		c, err := getCursor(tx, h.ID, id)
		gone = err == nil && c.ended()
		return err
	}
	if err := x.db.View(look); err != nil || !gone { // mostly it isn't, and nothing is to be written
		return false, err
	}
	err = x.db.Update(func(tx *bolt.Tx) error {
		if err := look(tx); err != nil || !gone {
			return err
		}
		return tx.Bucket(cursorsBucket).Delete(key(h.ID, id))
	})
	if err != nil || !gone || h.Document == "" {
		return false, err
	}
	x.log.Info("a hook ends with its document", "hook", h.ID, "host", h.host(), "document", id)
	err = x.forget(h.ID)
	return err == nil, err
}

// promise fixes what the next delivery about a document holds, nil if nothing
// waits, and builds it.
func (x *Outbox) promise(h *Hook, id string, info *store.Info, reads bool) (d *delivery, err error) {
	var c cursor
	err = x.db.View(func(tx *bolt.Tx) error {
		c, err = getCursor(tx, h.ID, id)
		return err
	})
	if err != nil || !c.waits(h, info) {
		return nil, err
	}
	fixed := c.Sending != nil
	if !fixed {
		p := c.plan(h, info)
		c.Sending = &p
	}
	b, err := x.newBuilder(h, id, info, reads, &c)
	if err != nil {
		return nil, err
	}
	if !fixed {
		if b.records {
			c.Sending.Records = true
			if err := b.cut(); err != nil {
				return nil, err
			}
		}
		replayed := false
		err = x.db.Update(func(tx *bolt.Tx) error {
			now, err := getCursor(tx, h.ID, id)
			if err != nil {
				return err
			}
			if replayed = now.Next != c.Next; replayed {
				return nil
			}
			now.Sending = c.Sending // what was seen meanwhile stays
			return putCursor(tx, h.ID, id, now)
		})
		if err != nil || replayed {
			return nil, err
		}
	}
	return b.build()
}

// outcome is what came of a request.
type outcome struct {
	at         time.Time
	took       time.Duration
	status     int // 0: there was no answer
	err        error
	retryAfter time.Duration
}

func (o *outcome) ok() bool { return o.err == nil && o.status/100 == 2 }

// said is the failure in words that hold no address: whoever makes hooks is not
// told what stands in the network of the server.
func (o *outcome) said() string {
	var (
		timeout  interface{ Timeout() bool }
		name     *net.DNSError
		verified *tls.CertificateVerificationError
	)
	switch {
	case o.ok():
		return ""
	case o.err == nil && o.status/100 == 3:
		return "a redirect, which is not followed"
	case o.err == nil:
		return "the status is no 2xx"
	case errors.Is(o.err, errAddress):
		return "the address is not one that hooks go to; see --hooks-allow"
	case errors.As(o.err, &name):
		return "the name can't be looked up"
	case errors.As(o.err, &verified):
		return "the certificate is not good"
	case errors.As(o.err, &timeout) && timeout.Timeout():
		return "no answer in time"
	}
	return "no connection, or none that lasted"
}

// post makes the request.
func (x *Outbox) post(ctx context.Context, h *Hook, d *delivery) (o outcome) {
	o.at = time.Now()
	defer func() { o.took = time.Since(o.at) }()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(d.json))
	if err != nil {
		o.err = err
		return o
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "tutti-hooks/1")
	sign(r.Header, h.keys(o.at), d.body.ID, o.at, d.json)
	resp, err := x.send(strings.HasPrefix(h.URL, "http:"), r)
	if err != nil {
		o.err = err
		return o
	}
	defer resp.Body.Close()
	// The answer counts as soon as its status is there: what follows is read so
	// that the connection can be used again, and may fail.
	_, _ = io.CopyN(io.Discard, resp.Body, answerBytes)
	o.status = resp.StatusCode
	if s, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 20); err == nil {
		o.retryAfter = time.Duration(s) * time.Second
	}
	return o
}

// note writes down what came of a delivery, and returns the cursor as it is
// then. Its Sending is nil if a replay has come between.
func (x *Outbox) note(h *Hook, id string, d *delivery, came outcome) (c cursor, err error) {
	err = x.db.Update(func(tx *bolt.Tx) error {
		if c, err = getCursor(tx, h.ID, id); err != nil {
			return err
		}
		if c.Sending != nil && *c.Sending == d.promise {
			if came.ok() {
				c.delivered(d.promise)
			} else {
				c.Tries++
				if c.FailedAt == 0 {
					c.FailedAt = came.at.UnixMilli()
				}
			}
			if err := putCursor(tx, h.ID, id, c); err != nil {
				return err
			}
		}
		return putAttempt(tx, h.ID, d.attempt(id, came))
	})
	return c, err
}

// Test sends a hook an event of the kind test, now and once, and returns what
// came of it. ErrNotFound.
func (x *Outbox) Test(ctx context.Context, id string) (a Attempt, err error) {
	h, err := x.Hook(id)
	if err != nil {
		return a, err
	}
	d, err := testDelivery(&h)
	if err != nil {
		return a, err
	}
	came := x.post(ctx, &h, d)
	a = d.attempt("", came)
	return a, x.db.Update(func(tx *bolt.Tx) error { return putAttempt(tx, h.ID, a) })
}
