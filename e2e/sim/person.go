package sim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// maxPeople bounds how many come in place of those that were put out.
const maxPeople = 12

// A person types at a client.
type person struct {
	w    *world
	name string
	key  string
	dice *dice
	*client.Client

	typing *dice
	typed  int

	mu      sync.Mutex // guards all below
	line    *line      // the newest
	role    session.Role
	since   time.Time      // when the role, or out, was set
	out     *session.Close // why it is not let in
	acks    []client.Ack
	refused int
	tokens  []string
}

// newPerson connects a person; key is picked when empty.
func (w *world) newPerson(name, key string) *person {
	if key == "" {
		key = name + strings.Repeat("-", 24)
	}
	p := &person{
		w: w, name: name, key: key, role: session.Editor, since: time.Now(),
		dice: newDice(w.seed, name+"/line"), typing: newDice(w.seed, name+"/typing"),
	}
	w.mu.Lock()
	w.people[name] = p
	w.mu.Unlock()
	p.Client = client.Start(client.Config{
		Key: key, Name: name, Dial: p.dial, Acked: p.acked, Refused: p.wasRefused,
		Jitter: func(below time.Duration) time.Duration { return p.dice.between(0, below) },
	})
	return p
}

// fresh is a name that nobody has had.
func (w *world) fresh() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprint("x", len(w.people))
}

// join has another person come and type for a while.
func (w *world) join(name, key string) {
	w.mu.Lock()
	full := len(w.people) >= maxPeople
	w.mu.Unlock()
	if full {
		return
	}
	p := w.newPerson(name, key)
	if key == "" { // two that hold one key do not both type
		w.living.Go(p.live)
	}
}

// everybody is who is there and may be, in the order of names.
func (w *world) everybody() []*person {
	return slices.DeleteFunc(w.all(), func(p *person) bool { return !p.isIn() })
}

// all is everybody who ever was there, in the order of names.
func (w *world) all() []*person {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.SortedFunc(maps.Values(w.people), func(a, b *person) int { return strings.Compare(a.name, b.name) })
}

func (p *person) isIn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out == nil
}

func (p *person) lineNow() *line {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.line
}

func (p *person) roleNow() session.Role {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.role
}

var errNobody = errors.New("sim: nobody there")

// dial opens a line to the server that runs.
func (p *person) dial(context.Context) (client.Conn, error) {
	l := p.w.present()
	if l == nil {
		return nil, errNobody
	}
	ln := newLine(p.w.swarm.Window, func() time.Duration { return p.w.late(p.dice) })
	if !l.accept(ln) {
		return nil, errNobody
	}
	p.mu.Lock()
	p.line = ln
	p.mu.Unlock()
	return &clientEnd{ln, func() bool { return p.w.weather().Duplicates && p.dice.once(4) }}, nil
}

// acked keeps an acknowledgement, which must be of what is durable.
func (p *person) acked(a client.Ack) {
	p.mu.Lock()
	p.acks = append(p.acks, a)
	p.mu.Unlock()
	rev := p.w.recorded(a.Client, a.Seq)
	if rev == 0 || a.Rev != 0 && rev != a.Rev {
		p.w.violate(Durable, "%s is told that %s/%d is committed as %d; the disk has it as %d", p.name, a.Client, a.Seq, a.Rev, rev)
	}
}

// recorded is the revision of a submission in the newest log that has it.
func (w *world) recorded(name string, seq int64) int64 {
	w.mu.Lock()
	truths := slices.Clone(w.truths)
	w.mu.Unlock()
	for _, t := range slices.Backward(truths) {
		if rev := t.find(name, seq); rev > 0 {
			return rev
		}
	}
	return 0
}

func (p *person) wasRefused(f client.Frame) {
	p.w.truth().refuse(f.Client, f.Seq)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refused++
	if f.Code != client.Code(session.ReadOnly) || !p.w.swarm.Roles {
		p.w.violate(Contract, "%s is refused seq %d: %s, %s", p.name, f.Seq, f.Code, f.Message)
	}
}

// door says what the person of a name may do.
func (w *world) door(name string) (session.Role, *session.Close) {
	w.mu.Lock()
	p := w.people[name]
	w.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out != nil {
		why := *p.out
		return "", &why
	}
	return p.role, nil
}

// allow changes what the person may do, and tells its sessions.
func (p *person) allow(role session.Role, out *session.Close) {
	p.mu.Lock()
	p.role, p.out, p.since = role, out, time.Now()
	p.mu.Unlock()
	if l := p.w.present(); l != nil {
		for _, port := range l.all() {
			if port.of(p.name) {
				port.admit(role, out)
			}
		}
	}
}

// decidedWithin is how long ago a delta may have been decided that is being
// stored now: the sequencer may have to read marks for others of its batch.
const decidedWithin = time.Second

// authored checks that the authors of what is about to be stored may write.
func (w *world) authored(lines []store.Line) {
	for _, line := range lines {
		r, err := store.ParseRecordHeader(line.JSON)
		if err != nil {
			continue // the truth says so
		}
		name := strings.TrimPrefix(r.User, "guest:")
		w.mu.Lock()
		p := w.people[name]
		w.mu.Unlock()
		if p == nil {
			continue // a program
		}
		p.mu.Lock()
		if !p.role.MayEdit() && time.Since(p.since) > decidedWithin {
			w.violate(Refused, "%s may not write since %v, and is stored as record %d", name, time.Since(p.since), r.Rev)
		}
		p.mu.Unlock()
	}
}

// live types, among other things, until the person has typed enough.
func (p *person) live() {
	s := p.w.swarm
	for range s.Edits {
		p.pause()
		if !p.isIn() || p.w.isCalm() {
			return
		}
		switch n := p.typing.upTo(40); {
		case n == 0 && s.Cuts:
			p.Cut()
		case n == 1 && s.Fresh:
			p.CutFresh()
		case n == 2 && s.Stalls:
			p.stall()
		case n == 3:
			p.Check()
		case n < 8:
			p.SetCursor(&client.Cursor{Anchor: int64(p.typing.upTo(100)), Head: int64(p.typing.upTo(100))})
		default:
			p.edit()
		}
	}
}

// stall reads nothing for a while, and types when it has fallen behind: a delta
// that is sent twice is answered then before the stream has reached it.
func (p *person) stall() {
	p.Stall(true)
	time.Sleep(p.typing.between(1, 20*time.Second))
	p.edit()
	time.Sleep(p.typing.between(1, 20*time.Second))
	p.Stall(false)
}

// pause is the time between two keystrokes.
func (p *person) pause() {
	most := 400 * time.Millisecond
	if p.typing.once(3) {
		most = 10 * time.Millisecond // a quick one
	}
	p.w.rest(p.typing, most)
}

// edit types a token between others, or deletes one that is in the log.
func (p *person) edit() {
	tok := fmt.Sprintf("[%s:%d]", p.name, p.typed)
	erases := p.typing.once(4)
	pick := p.typing.upTo(1 << 20)
	err := p.Edit(func(doc ot.Document) ot.Delta {
		text := doc.Text()
		ends := token.FindAllStringIndex(text, -1) // all ASCII: bytes are units
		if erases && len(ends) > 0 {
			if at := ends[pick%len(ends)]; p.w.truth().typed(text[at[0]:at[1]]) > 0 {
				tok = ""
				return ot.Delta{}.Retain(at[0], nil).Delete(at[1] - at[0])
			}
		}
		at := 0
		if n := pick % (len(ends) + 1); n > 0 {
			at = ends[n-1][1]
		}
		return ot.Delta{}.Retain(at, nil).Insert(tok, nil)
	})
	if err != nil || tok == "" {
		return // not in yet, or put out: nothing was typed
	}
	p.typed++
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tokens = append(p.tokens, tok)
}

// gaveUp is what the client failed of, unless that is what befell the person.
func (p *person) gaveUp() error {
	err := p.Err()
	if errors.Is(err, client.ErrUndecided) {
		return nil
	}
	var closed *websocket.CloseError
	if errors.As(err, &closed) && !p.isIn() && (closed.Code == session.CodeForbidden || closed.Code == session.CodeUnauthorized) {
		return nil
	}
	return err
}
