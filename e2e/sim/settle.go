package sim

import (
	"bytes"
	"context"
	"errors"
	"time"

	"tutti/e2e/client"
	"tutti/ot"
	"tutti/session"
)

// calmDown ends all faults.
func (w *world) calmDown() {
	w.mu.Lock()
	w.calm = true
	w.mu.Unlock()
	for _, p := range w.everybody() {
		if p.roleNow() != session.Editor {
			p.allow(session.Editor, nil)
		}
	}
}

// settle waits until all that was typed is acknowledged and everybody has all,
// and compares what they have.
func (w *world) settle() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	here, t := w.everybody(), w.truth()
	await := func(holds func(*client.Machine) bool) {
		for _, p := range here {
			err := p.Wait(ctx, func(m *client.Machine) bool { return m.Epoch() == t.epoch && holds(m) })
			if err != nil && p.Err() == nil {
				w.violate(Rest, "%s: %v", p.name, err)
			}
		}
	}
	await(func(m *client.Machine) bool { return !m.Pending() })
	head := t.head()
	want, _ := t.at(head)
	await(func(m *client.Machine) bool { return m.Rev() >= head })
	for _, p := range here {
		p.Check()
	}
	w.view(head)
	time.Sleep(2 * time.Second) // for the answers to the checks
	for _, p := range w.all() {
		if err := p.gaveUp(); err != nil {
			broken := Contract
			if errors.Is(err, client.ErrDiverged) {
				broken = Replay
			}
			w.violate(broken, "%s: %v", p.name, err)
		}
	}
	for _, p := range here {
		if p.Err() != nil {
			continue
		}
		p.View(func(m *client.Machine, _ map[string]client.Person) {
			if got := m.Local(); !same(got, want) {
				w.violate(Replay, "%s has at %d %.300q, the replay at %d is %.300q", p.name, m.Rev(), got.Text(), head, want.Text())
			}
		})
	}
}

func same(a, b ot.Document) bool { return bytes.Equal(a.AppendJSON(nil), b.AppendJSON(nil)) }

// part ends all that still runs.
func (w *world) part() {
	for _, p := range w.all() {
		p.Close()
	}
	w.stop()
	w.graves.Wait()
}

// audit looks at what is left: the store, and what everybody believes of it.
func (w *world) audit() {
	st, err := w.medium.open()
	if err != nil {
		w.violate(Kept, "the store cannot be opened: %v", err)
		return
	}
	t := w.truth()
	t.compare(st)
	if err := w.medium.leave(); err != nil {
		w.violate(Kept, "the store cannot be closed: %v", err)
	}
	for _, p := range w.all() {
		p.audit(t)
	}
}

// audit checks that all that the person typed is there once.
func (p *person) audit(t *truth) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.acks {
		rev := p.w.recorded(a.Client, a.Seq)
		if rev == 0 {
			p.w.violate(Once, "%s/%d of %s was acknowledged and is lost", a.Client, a.Seq, p.name)
		}
	}
	if p.refused > 0 || p.out != nil || p.w.swarm.Restores || p.Err() != nil {
		return // not all of it needs be there, and the truth has seen that nothing is there twice
	}
	for _, tok := range p.tokens {
		if n := t.typed(tok); n != 1 {
			p.w.violate(Once, "%s of %s is in the log %d times", tok, p.name, n)
		}
	}
}
