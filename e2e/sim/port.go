package sim

import (
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"tutti/session"
	"tutti/store"
)

// stalledFor is how long a peer may take nothing.
const stalledFor = 30 * time.Second

// A port is the server's end of a line. It does what server/socket.go does.
type port struct {
	life    *life
	line    *line
	writing chan struct{} // has one while somebody writes, who may wait for long
	left    atomic.Bool   // nobody reads any more
	rev     int64         // what the session was given; of who writes

	mu     sync.Mutex       // guards all below
	name   string           // of the person, once the hello is read
	sess   *session.Session // nil: not in
	unseen int64            // who was put out gets nothing beyond this revision; 0: it was not
}

// serve lives as long as the line.
func (p *port) serve() {
	defer p.close(errBroken)
	frame, err := p.line.up.receive()
	if err != nil {
		return
	}
	hello, bad := session.ParseHello(frame)
	if bad != nil {
		p.life.w.violate(Contract, "a hello is refused: %v", bad)
		p.bye(bad)
		return
	}
	p.mu.Lock()
	p.name = hello.Name // which only this goroutine writes
	p.mu.Unlock()
	if hello.Since != nil {
		p.rev = hello.Since.Rev
	}
	sess, err := p.join(hello)
	if err != nil {
		why := &session.Close{Code: session.CodeBusy, RetryAfter: 3}
		errors.As(err, &why)
		p.bye(why)
		return
	}
	defer sess.Leave()
	p.wake(sess)
	p.read(sess)
	p.left.Store(true)
	p.writing <- struct{}{}
	<-p.writing
}

// join asks the door, and enters. Between the two a person may have lost its
// right: it is looked up again, as the server does.
func (p *port) join(hello session.Hello) (*session.Session, error) {
	w := p.life.w
	role, why := w.door(hello.Name)
	if why != nil {
		return nil, why
	}
	sess, err := p.life.hub.Join(document, hello, session.Identity{
		User: store.User{ID: "guest:" + hello.Name, Name: hello.Name}, Role: role, Color: "#123456",
	})
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.sess = sess
	p.mu.Unlock()
	role, why = w.door(hello.Name)
	p.admit(role, why)
	return sess, nil
}

// of reports whether the port is that of a person.
func (p *port) of(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.name == name
}

// admit tells the session what its person may do now.
func (p *port) admit(role session.Role, why *session.Close) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.sess == nil || p.unseen > 0:
	case why != nil:
		p.sess.End(why)
		p.unseen = p.life.w.truth().head() + 1
	default:
		p.sess.SetRole(role)
	}
}

// read hands frames to the session until the line ends.
func (p *port) read(sess *session.Session) {
	for {
		frame, err := p.line.up.receive()
		if err != nil {
			return
		}
		if sess.Handle(frame) != nil {
			for err == nil { // until the peer has seen the close
				_, err = p.line.up.receive()
			}
			return
		}
	}
}

// wake is called when there is something to write.
func (p *port) wake(sess *session.Session) { go p.write(sess) }

// write sends all that there is for the session.
func (p *port) write(sess *session.Session) {
	p.writing <- struct{}{}
	defer func() { <-p.writing }()
	for !p.left.Load() {
		frame, err := sess.Poll(func() { p.wake(sess) })
		var why *session.Close
		switch {
		case errors.As(err, &why):
			p.bye(why)
			time.AfterFunc(2*time.Second, p.line.up.hangUp)
			return
		case frame == nil && err == nil:
			return
		case err != nil:
			sess.End(&session.Close{Code: session.CodeBusy, RetryAfter: 3})
			continue
		}
		p.check(frame.JSON)
		if p.line.down.send(frame.JSON, stalledFor) != nil {
			sess.End(&session.Close{Code: session.CodeGoingAway, Reason: "the connection broke"})
			p.line.up.hangUp()
			return
		}
	}
}

// bye says why the session ends.
func (p *port) bye(why *session.Close) {
	if why.Bye() && p.line.down.send(session.ByeFrame(why), stalledFor) != nil {
		return
	}
	p.close(&websocket.CloseError{Code: why.Code, Text: why.Reason})
}

func (p *port) close(end error) {
	p.line.down.finish(end)
	if end == errBroken {
		p.line.up.hangUp()
	}
}

// check looks at what a session is about to send.
func (p *port) check(frame []byte) {
	var f struct {
		T       string            `json:"t"`
		Epoch   string            `json:"epoch"`
		Rev     int64             `json:"rev"`
		Content json.RawMessage   `json:"content"`
		Records []json.RawMessage `json:"records"`
	}
	w := p.life.w
	if p.life.gone() {
		return // nobody sees it
	}
	if err := json.Unmarshal(frame, &f); err != nil {
		w.violate(Contract, "%s is sent %.200s: %v", p.name, frame, err)
		return
	}
	t := w.truth()
	if f.T == "welcome" {
		if f.Epoch != t.epoch {
			w.violate(Durable, "%s is welcomed to epoch %s, the disk has %s", p.name, f.Epoch, t.epoch)
			return
		}
		if f.Content != nil {
			p.rev = f.Rev
			t.shownContent(p.name, f.Rev, f.Content)
		}
	}
	for _, raw := range f.Records {
		rev, whole := t.shown(p.name, raw)
		if !whole { // an acknowledgement beside the stream
			if rev > p.rev {
				w.violate(Contract, "%s is told of %d beside a stream that is at %d", p.name, rev, p.rev)
			}
			continue
		}
		if rev != p.rev+1 {
			w.violate(Ordered, "%s is given %d after %d", p.name, rev, p.rev)
		}
		p.rev = rev
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unseen > 0 && p.rev >= p.unseen {
		w.violate(Unseen, "%s is given %d; it was put out when the head was %d", p.name, p.rev, p.unseen-1)
	}
}
