package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tutti/store"
)

// peer is an editor as a test drives it: it says what it is told to, and
// keeps what it was sent.
type peer struct {
	t testing.TB
	*Session
	welcome message
	leave   func()
	ended   error // what Next said last, if that was no frame
}

func keyOf(name string) string { return name + strings.Repeat("-", max(0, 22-len(name))) }

func helloOf(name string, since ...Place) Hello {
	h := Hello{Key: keyOf(name)}
	if len(since) > 0 {
		h.Since = &since[0]
	}
	return h
}

func who(name string) Identity {
	return Identity{User: store.User{ID: userOfAll, Name: name}, Role: Editor, Color: "#112233"}
}

// join puts an editor into the document; it leaves at the latest when the
// test ends.
func (r *rig) join(name string, since ...Place) *peer {
	r.t.Helper()
	p, err := r.tryJoin(r.hub, who(name), helloOf(name, since...))
	if err != nil {
		r.t.Fatalf("%s joins: %v", name, err)
	}
	return p
}

func (r *rig) tryJoin(h *Hub, who Identity, hello Hello) (*peer, error) {
	s, err := h.Join(docID, hello, who)
	if err != nil {
		return nil, err
	}
	p := &peer{t: r.t, Session: s, leave: sync.OnceFunc(s.Leave)}
	r.t.Cleanup(p.leave)
	p.welcome = p.next()
	if p.welcome.T != "welcome" {
		r.t.Errorf("the first frame is %q", p.welcome.T)
	}
	return p, nil
}

// passed is a context that is done: Next then gives what is there, or an
// error at once.
var passed = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// next is the next frame, which must be there.
func (p *peer) next() message {
	p.t.Helper()
	frame, err := p.Next(passed)
	if err != nil {
		p.t.Fatalf("want a frame, got %v", err)
	}
	return read(p.t, frame)
}

// got returns all frames that are there.
func (p *peer) got() []message {
	p.t.Helper()
	var all []message
	for {
		frame, err := p.Next(passed)
		if err != nil {
			p.ended = err
			return all
		}
		all = append(all, read(p.t, frame))
	}
}

// gotOf is got, of one type.
func (p *peer) gotOf(t string) []message {
	p.t.Helper()
	return slices.DeleteFunc(p.got(), func(m message) bool { return m.T != t })
}

// stream returns the records that are there, as "rev:client/seq", the client
// by its name among those given.
func (p *peer) stream(names ...string) string {
	p.t.Helper()
	var all []string
	for _, m := range p.gotOf("records") {
		for _, r := range m.Records {
			name := r.Client
			for _, n := range names {
				if ClientID(keyOf(n)) == r.Client {
					name = n
				}
			}
			all = append(all, fmt.Sprintf("%d:%s/%d", r.Rev, name, r.Seq))
		}
	}
	return strings.Join(all, " ")
}

// say hands a frame to the session, which must take it.
func (p *peer) say(frame string) {
	p.t.Helper()
	if err := p.Handle([]byte(frame)); err != nil {
		p.t.Errorf("%.200s: %v", frame, err)
	}
}

func opFrame(seq, rev int64, op string) string {
	return fmt.Sprintf(`{"t":"op","seq":%d,"rev":%d,"op":%s}`, seq, rev, op)
}

// op submits a delta. The answer is there when it returns.
func (p *peer) op(seq, rev int64, op string) {
	p.t.Helper()
	p.say(opFrame(seq, rev, op))
}

// refusal submits a delta and returns the code that it is refused with, ""
// if it is not. Other frames are passed over.
func (p *peer) refusal(seq, rev int64, op string) string {
	p.t.Helper()
	p.op(seq, rev, op)
	refused := p.gotOf("refused")
	if len(refused) == 0 {
		return ""
	}
	if len(refused) > 1 || refused[0].Seq != seq || refused[0].Message == "" {
		p.t.Errorf("refusals of %d: %+v", seq, refused)
	}
	return refused[0].Code
}

func (p *peer) point(rev int64, at int) {
	p.t.Helper()
	p.say(fmt.Sprintf(`{"t":"presence","rev":%d,"cursor":{"anchor":%d,"head":%d}}`, rev, at, at))
}

// wantEnd asserts that nothing is left to be sent and why the session ended.
func (p *peer) wantEnd(code int) *Close {
	p.t.Helper()
	p.got()
	return wantClose(p.t, p.ended, code)
}
