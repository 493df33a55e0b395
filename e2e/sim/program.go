package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// A program comes past the sockets, as REST does. It repeats a submission
// until it has an answer, under the same idempotency key.
func (w *world) program() {
	d := w.dice("program", 0)
	for n := range w.swarm.Edits {
		w.rest(d, time.Second)
		if w.isCalm() {
			return
		}
		w.submit(d, n)
	}
}

func (w *world) submit(d *dice, n int) {
	tok := fmt.Sprintf("[program:%d]", n)
	sub := session.Submission{Client: session.ClientID(tok), Seq: 1, User: store.User{ID: "program", Name: "A program"}}
	made := false
	for began := time.Now(); time.Since(began) < ages; time.Sleep(d.between(1, time.Second)) {
		l := w.present()
		if l == nil {
			continue
		}
		if !made {
			info, v, err := l.hub.View(document)
			if err != nil {
				continue
			}
			sub.Epoch, sub.Rev, sub.Op = info.Epoch, v.Rev, ot.Delta{}.Insert(tok, nil)
			made = true
		}
		r, err := l.hub.Submit(context.Background(), document, sub)
		var why *session.Close
		switch {
		case l.gone(): // and its answer with it
		case err == nil:
			if rev := w.recorded(r.Client, r.Seq); rev != r.Rev {
				w.violate(Durable, "a program is told that it is committed as %d; the disk has it as %d", r.Rev, rev)
			}
			w.repeat(d, sub, r.Rev)
			return
		case errors.As(err, &why) && why.Code == session.CodeCannotResume:
			return // the document was restored: it would have to look first
		case errors.As(err, new(*ot.Error)):
			w.violate(Contract, "a program is refused: %v", err)
			return
		}
	}
	w.violate(Rest, "a program gets no answer")
}

// ages is longer than any fault lasts.
const ages = 10 * time.Minute

// repeat asks what has become of a submission that is committed, and submits it
// again as a program does that has lost the answer.
func (w *world) repeat(d *dice, sub session.Submission, rev int64) {
	for range d.upTo(3) {
		w.rest(d, 3*time.Second)
		l := w.present()
		if l == nil {
			continue
		}
		r, found, err := l.hub.Committed(context.Background(), document, sub.Client, sub.Seq)
		w.sameAs(l, sub, rev, r, found, err)
		r, err = l.hub.Submit(context.Background(), document, sub)
		w.sameAs(l, sub, rev, r, true, err)
	}
}

// sameAs checks what is said of a submission that was committed before.
func (w *world) sameAs(l *life, sub session.Submission, rev int64, r store.Record, found bool, err error) {
	if err == nil && !l.gone() && w.truth().epoch == sub.Epoch && (!found || r.Rev != rev) {
		w.violate(Once, "a program's delta was committed as %d, and is now said to be %v, %d", rev, found, r.Rev)
	}
}

// viewer reads contents, new and old.
func (w *world) viewer() {
	d := w.dice("viewer", 0)
	for !w.isCalm() {
		w.rest(d, time.Second)
		if d.once(2) {
			w.view(-1)
			continue
		}
		w.view(int64(d.upTo(int(w.truth().head()) + 1)))
	}
}

// view compares what is shown at a revision, at the head if that is negative.
func (w *world) view(rev int64) {
	l := w.present()
	if l == nil {
		return
	}
	var info store.Info
	var v *session.Version
	var err error
	if rev < 0 {
		info, v, err = l.hub.View(document)
	} else {
		info, v, err = l.hub.ViewAt(document, rev)
	}
	t := w.truth()
	if err != nil || l.gone() || info.Epoch != t.epoch {
		return
	}
	if rev >= 0 && v.Rev != rev {
		w.violate(Replay, "a viewer asks for revision %d and gets %d", rev, v.Rev)
	}
	t.shownContent("a viewer", v.Rev, v.Content())
}

// packer packs what is old, while it is read and what is new comes behind it.
func (w *world) packer() {
	d := w.dice("packer", 0)
	for !w.isCalm() {
		w.rest(d, time.Second)
		l, t := w.present(), w.truth()
		if l == nil {
			continue
		}
		switch _, err := l.disk.Pack(document, t.epoch, int64(d.upTo(int(t.head())+1))); {
		case err == nil, errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrConflict):
		default:
			w.violate(Kept, "what is old cannot be packed: %v", err)
		}
	}
}

// follower reads the log as it grows, now and then from an older place.
func (w *world) follower() {
	d := w.dice("follower", 0)
	for !w.isCalm() {
		w.rest(d, time.Second)
		if l := w.present(); l != nil {
			w.follow(l, d)
		}
	}
}

func (w *world) follow(l *life, d *dice) {
	t := w.truth()
	at := int64(d.upTo(int(t.head()) + 1))
	f, err := l.hub.Follow(document, at)
	if err != nil {
		return
	}
	defer f.Close()
	ctx, cancel := context.WithTimeout(context.Background(), d.between(1, 20*time.Second))
	defer cancel()
	for {
		lines, err := f.Next(ctx)
		if err != nil || l.gone() || w.truth() != t {
			return
		}
		for _, line := range lines {
			if line.Rev != at+1 {
				w.violate(Ordered, "a follower is given %d after %d", line.Rev, at)
			}
			at, _ = t.shown("a follower", line.JSON)
		}
	}
}
