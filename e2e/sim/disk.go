package sim

import (
	"iter"
	"sync"
	"time"

	"tutti/store"
)

// A disk is the store as one run of the server has it: it is slow, it fails,
// and from a crash on it does nothing any more.
type disk struct {
	store.Store
	w    *world
	dice *dice
	dead chan struct{} // closed by a crash

	// using counts who touches the medium; from falling on nobody new does. It
	// is no RWMutex, since the committer may sleep for a moment while somebody
	// waits for it, and the bubble's time stands still while a mutex is waited
	// for.
	using   sync.WaitGroup
	mu      sync.Mutex // guards falling, and that using does not grow behind it
	falling bool
}

// fate is what becomes of an append.
type fate int

const (
	stored fate = iota
	unavailable
	lost   // unknown, and not stored
	kept   // unknown, and stored
	before // the server crashes, and nothing was written
	torn   // the server crashes while it is written
	after  // the server crashes, and it was stored
)

func (d *disk) fate() fate {
	s := d.w.weather()
	if s.Crashes && d.dice.once(25) {
		return before + fate(d.dice.upTo(3))
	}
	if s.DiskErrors && d.dice.once(8) {
		return unavailable + fate(d.dice.upTo(3))
	}
	return stored
}

// wait lets time pass before or after a call. It reports whether the server
// lives.
func (d *disk) wait(most time.Duration) bool {
	timer := time.NewTimer(d.dice.between(1, most))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-d.dead:
		return false
	}
}

// slow is how long a write may take to get to the disk.
func (d *disk) slow() time.Duration {
	switch s := d.w.weather(); {
	case s.SlowDisk && d.dice.once(40):
		return 8 * time.Second
	case s.SlowDisk:
		return 20 * time.Millisecond
	}
	return time.Millisecond
}

// touch runs what uses the medium, unless the server is dead.
func (d *disk) touch(do func() error) error {
	d.mu.Lock()
	if d.falling {
		d.mu.Unlock()
		<-d.dead
		return store.ErrClosed
	}
	d.using.Add(1)
	d.mu.Unlock()
	defer d.using.Done()
	return do()
}

// die runs what becomes of the medium once nobody touches it any more.
func (d *disk) die(crash func() error) error {
	d.mu.Lock()
	d.falling = true
	d.mu.Unlock()
	d.using.Wait()
	defer close(d.dead)
	return crash()
}

// read is touch for what only reads, late and sometimes in vain.
func (d *disk) read(do func() error) error {
	s := d.w.weather()
	if s.SlowDisk && !d.wait(5*time.Millisecond) {
		return store.ErrClosed
	}
	if s.ReadErrors && d.dice.once(25) {
		return store.ErrUnavailable
	}
	return d.touch(do)
}

// Append is the step that everything depends on; it is what fate decides.
func (d *disk) Append(id, epoch string, at int64, lines []store.Line, head store.Head) error {
	if id == document {
		d.w.authored(lines)
	}
	if !d.wait(d.slow()) {
		return store.ErrClosed
	}
	write := func() error { return d.write(id, epoch, at, lines, head) }
	switch d.fate() {
	case unavailable:
		return store.ErrUnavailable
	case lost:
		return store.ErrUnknown
	case kept:
		if err := d.touch(write); err != nil {
			return err
		}
		return store.ErrUnknown
	case before:
		d.w.crash(d, nil)
		return store.ErrClosed
	case torn:
		d.w.crash(d, func() error { return d.Store.Append(id, epoch, at, lines, head) })
		return store.ErrClosed
	case after:
		if err := d.touch(write); err != nil {
			return err
		}
		d.w.crash(d, nil)
		return store.ErrClosed
	}
	if err := d.touch(write); err != nil {
		return err
	}
	if !d.wait(time.Millisecond) {
		return store.ErrClosed
	}
	return nil
}

// write appends, and has the truth know of it before anybody else can.
func (d *disk) write(id, epoch string, at int64, lines []store.Line, head store.Head) error {
	if id != document {
		return d.Store.Append(id, epoch, at, lines, head)
	}
	t := d.w.truth()
	t.begin()
	err := d.Store.Append(id, epoch, at, lines, head)
	if err != nil {
		lines = nil
	}
	t.end(lines)
	return err
}

// What follows is less eventful.

func (d *disk) Info(id string) (info store.Info, err error) {
	err = d.read(func() error { info, err = d.Store.Info(id); return err })
	return info, err
}

func (d *disk) Lines(id string, after int64, limit int) (lines []store.Line, err error) {
	err = d.read(func() error { lines, err = d.Store.Lines(id, after, limit); return err })
	return lines, err
}

func (d *disk) Snapshot(id string, rev int64) (snap store.Snapshot, err error) {
	err = d.read(func() error { snap, err = d.Store.Snapshot(id, rev); return err })
	return snap, err
}

func (d *disk) Mark(id, client string) (mark store.ClientMark, err error) {
	err = d.read(func() error { mark, err = d.Store.Mark(id, client); return err })
	return mark, err
}

func (d *disk) LastMessage(id string) (last int64, err error) {
	err = d.read(func() error { last, err = d.Store.LastMessage(id); return err })
	return last, err
}

// aside is a write that nobody waits for; it may fail, or be stored and fail.
func (d *disk) aside(do func() error) error {
	if !d.wait(d.slow()) {
		return store.ErrClosed
	}
	switch d.fate() {
	case unavailable, before, torn:
		return store.ErrUnavailable
	case lost:
		return store.ErrUnknown
	case kept, after:
		if err := d.touch(do); err != nil {
			return err
		}
		return store.ErrUnknown
	}
	return d.touch(do)
}

func (d *disk) SaveSnapshot(id, epoch string, snap store.Snapshot) error {
	return d.aside(func() error { return d.Store.SaveSnapshot(id, epoch, snap) })
}

func (d *disk) DropSnapshot(id, epoch string, rev int64) error {
	return d.aside(func() error { return d.Store.DropSnapshot(id, epoch, rev) })
}

// Pack may be torn, as Append may.
func (d *disk) Pack(id, epoch string, upto int64) (more bool, err error) {
	pack := func() (err error) {
		more, err = d.Store.Pack(id, epoch, upto)
		return err
	}
	if d.w.weather().Crashes && d.dice.once(10) {
		d.w.crash(d, pack)
		return false, store.ErrClosed
	}
	err = d.aside(pack)
	return more, err
}

func (d *disk) SaveName(id, epoch string, user store.User) error {
	return d.aside(func() error { return d.Store.SaveName(id, epoch, user) })
}

// What nobody calls here would go past the gate.

func (d *disk) Update(string, func(*store.Info) error) (store.Info, error) { panic("not simulated") }
func (d *disk) List() iter.Seq2[store.Info, error]                         { panic("not simulated") }
func (d *disk) Close() error                                               { panic("not simulated") }
