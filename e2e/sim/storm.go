package sim

import (
	"time"

	"tutti/session"
)

// notice is the longest time until a side learns that its line is broken.
func (w *world) notice() time.Duration {
	if w.weather().HalfOpen {
		return 20 * time.Second
	}
	return 50 * time.Millisecond
}

// late is how long a frame is under way.
func (w *world) late(d *dice) time.Duration {
	switch s := w.weather(); {
	case s.Late && d.once(30):
		return d.between(1, 3*time.Second)
	case s.Late:
		return d.between(1, 100*time.Millisecond)
	}
	return d.between(1, 5*time.Millisecond)
}

// supervise starts the server anew when it is down, until done is closed.
func (w *world) supervise(done chan struct{}) {
	d := w.dice("supervisor", 0)
	for {
		select {
		case <-w.down:
		case <-done:
			return
		}
		time.Sleep(d.between(1, 2*time.Second))
		if w.weather().Restores && d.once(3) {
			w.restore(d)
		}
		w.start()
	}
}

// storm lets things happen to the world until it is calm.
func (w *world) storm() {
	d := w.dice("storm", 0)
	var faults []func(*dice)
	s := w.swarm
	for _, f := range []struct {
		on    bool
		fault func(*dice)
	}{
		{s.Cuts, w.cutSome}, {s.Crashes, w.pullPlug}, {s.Restarts, w.restart},
		{s.Roles, w.changeRole}, {s.Revocations, w.revoke}, {s.Takeovers, w.takeOver}, {s.Lulls, w.fallAsleep},
		{s.Evictions, w.evict},
	} {
		if f.on {
			faults = append(faults, f.fault)
		}
	}
	for !w.isCalm() {
		w.rest(d, 3*time.Second)
		if len(faults) > 0 && !w.isCalm() {
			faults[d.upTo(len(faults))](d)
		}
	}
}

func (w *world) isCalm() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calm
}

// cutSome breaks lines, each for itself.
func (w *world) cutSome(d *dice) {
	for _, p := range w.everybody() {
		if ln := p.lineNow(); ln != nil && d.once(2) {
			ln.cut(d.between(1, w.notice()), d.between(1, w.notice()), d.once(2))
		}
	}
}

// pullPlug crashes the server between two appends.
func (w *world) pullPlug(*dice) {
	if l := w.present(); l != nil {
		w.crash(l.disk, nil)
	}
}

// restart stops the server in good order.
func (w *world) restart(*dice) {
	if w.stop() {
		w.down <- struct{}{}
	}
}

// rest is the time between two things that an actor does, with the rest of the
// night if it is night.
func (w *world) rest(d *dice, most time.Duration) {
	time.Sleep(d.between(1, most))
	w.mu.Lock()
	night := time.Until(w.lull)
	w.mu.Unlock()
	if night > 0 && !w.isCalm() {
		time.Sleep(night + d.between(1, time.Minute))
	}
}

// fallAsleep is a night, if a short one, or a machine that was suspended: nobody
// does anything, and all timers are due.
func (w *world) fallAsleep(d *dice) {
	w.mu.Lock()
	w.lull = time.Now().Add(d.between(time.Minute, 20*time.Minute))
	w.mu.Unlock()
	if d.once(2) {
		for _, p := range w.everybody() {
			if ln := p.lineNow(); ln != nil {
				ln.cut(1, 1, true)
			}
		}
	}
}

// someone is a person that is still there.
func (w *world) someone(d *dice) *person {
	all := w.everybody()
	if len(all) == 0 {
		return nil
	}
	return all[d.upTo(len(all))]
}

// changeRole makes a viewer of a person, or an editor again.
func (w *world) changeRole(d *dice) {
	p := w.someone(d)
	if p == nil {
		return
	}
	if p.roleNow() == session.Editor {
		p.allow(session.Viewer, nil)
	} else {
		p.allow(session.Editor, nil)
	}
}

// revoke puts a person out for good; another comes.
func (w *world) revoke(d *dice) {
	p := w.someone(d)
	if p == nil {
		return
	}
	why := &session.Close{Code: session.CodeForbidden, Reason: "no access"}
	if d.once(2) {
		why = &session.Close{Code: session.CodeUnauthorized, Reason: "log in"}
	}
	if !d.once(4) { // one that has fallen behind: what waits for it is not for it any more
		p.Stall(true)
		w.rest(d, 6*time.Second)
	}
	p.allow(session.Viewer, why)
	w.join(w.fresh(), "")
	w.rest(d, 3*time.Second)
	p.Stall(false)
}

// evict closes the document under those who are in it; they come back.
func (w *world) evict(*dice) {
	if l := w.present(); l != nil {
		l.hub.Expel(document, &session.Close{Code: session.CodeBusy, RetryAfter: 1})
	}
}

// takeOver has another join with a person's key.
func (w *world) takeOver(d *dice) {
	if p := w.someone(d); p != nil {
		w.join(w.fresh(), p.key)
	}
}
