package sim

import (
	"context"
	"slices"
	"sync"

	"tutti/session"
)

// A life is one run of the server, from its start to a crash or a stop.
type life struct {
	w    *world
	disk *disk
	hub  *session.Hub

	mu    sync.Mutex
	ports []*port // in the order in which they came
	over  bool    // no line comes in any more
	wait  sync.WaitGroup
}

// start opens the medium and serves.
func (w *world) start() {
	st, err := w.medium.open()
	if err != nil {
		w.violate(Kept, "the store cannot be opened: %v", err)
		return
	}
	w.truth().compare(st)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lives++
	d := &disk{Store: st, w: w, dice: w.dice("disk", w.lives), dead: make(chan struct{})}
	l := &life{w: w, disk: d}
	l.hub = session.NewHub(d, session.Options{
		Tail: w.swarm.Tail, Snapshot: w.swarm.Snapshot, IdleAfter: w.swarm.Idle,
		Log: quiet,
	})
	w.life = l
}

// present is the life that runs, nil if the server is down.
func (w *world) present() *life {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.life
}

// accept gives the server a new line; false if it takes none.
func (l *life) accept(ln *line) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	p := &port{life: l, line: ln, writing: make(chan struct{}, 1)}
	l.ports = append(l.ports, p)
	l.wait.Go(func() {
		defer func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.ports = slices.DeleteFunc(l.ports, func(q *port) bool { return q == p })
		}()
		p.serve()
	})
	return true
}

// gone reports whether the server has crashed.
func (l *life) gone() bool {
	select {
	case <-l.disk.dead:
		return true
	default:
		return false
	}
}

// all are the ports that are open now.
func (l *life) all() []*port {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.ports)
}

// crash ends the present life if it is the one of d: from here on nothing of
// it is seen. torn is the write in whose middle it happens.
func (w *world) crash(d *disk, torn func() error) {
	w.mu.Lock()
	l := w.life
	if l == nil || l.disk != d {
		w.mu.Unlock()
		return
	}
	w.life = nil
	w.mu.Unlock()

	if err := d.die(func() error { return w.medium.crash(torn) }); err != nil {
		w.violate(Kept, "the medium: %v", err)
	}
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	for _, p := range l.all() {
		p.line.up.hangUp()
		p.line.down.cut(0, w.crashes.between(1, w.notice()), w.crashes.once(2))
	}
	w.graves.Go(l.bury) // on a goroutine of its own: the caller may be of this life
	w.down <- struct{}{}
}

// stop ends the present life in good order. It reports whether there was one.
func (w *world) stop() bool {
	w.mu.Lock()
	l := w.life
	w.life = nil
	w.mu.Unlock()
	if l == nil {
		return false
	}
	l.bury()
	if err := w.medium.leave(); err != nil {
		w.violate(Kept, "the store cannot be closed: %v", err)
	}
	return true
}

// bury waits until nothing of the life runs.
func (l *life) bury() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := l.hub.Close(ctx); err != nil {
		l.w.violate(Rest, "the hub: %v", err)
	}
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	for _, p := range l.all() {
		if l.gone() {
			p.line.up.hangUp()
		}
	}
	l.wait.Wait()
}
