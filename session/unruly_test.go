package session

import (
	"sync"

	"tutti/store"
)

// unruly is a store in memory that does to its callers what a test asks for.
type unruly struct {
	*store.Memory

	mu    sync.Mutex
	hooks map[string]hook
	calls map[string]int
	lines func([]store.Line) // is shown what Lines gives, if set
}

// hook stands around a call; do is what the store would do.
type hook func(do func() error) error

func newUnruly() *unruly {
	return &unruly{Memory: store.NewMemory(), hooks: map[string]hook{}, calls: map[string]int{}}
}

// on puts a hook around a method; nil takes it away.
func (u *unruly) on(method string, h hook) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.hooks[method] = h
}

// count is how often a method was called so far.
func (u *unruly) count(method string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.calls[method]
}

func (u *unruly) call(method string, do func() error) error {
	u.mu.Lock()
	u.calls[method]++
	h := u.hooks[method]
	u.mu.Unlock()
	if h == nil {
		return do()
	}
	return h(do)
}

// fails answers err, and nothing is done.
func fails(err error) hook { return func(func() error) error { return err } }

// failsAfter answers err, although all is done.
func failsAfter(err error) hook {
	return func(do func() error) error {
		if done := do(); done != nil {
			return done
		}
		return err
	}
}

// once is h the first time, and then nothing.
func once(h hook) hook {
	var first sync.Once
	return func(do func() error) error {
		mine := false
		first.Do(func() { mine = true })
		if mine {
			return h(do)
		}
		return do()
	}
}

// stall makes a method wait until release is called; calls that come after
// that pass.
func (u *unruly) stall(method string) (release func()) {
	gate := make(chan struct{})
	u.on(method, func(do func() error) error {
		<-gate
		return do()
	})
	return sync.OnceFunc(func() { close(gate) })
}

func (u *unruly) Info(id string) (info store.Info, err error) {
	err = u.call("Info", func() error { info, err = u.Memory.Info(id); return err })
	return info, err
}

func (u *unruly) Update(id string, change func(*store.Info) error) (info store.Info, err error) {
	err = u.call("Update", func() error { info, err = u.Memory.Update(id, change); return err })
	return info, err
}

func (u *unruly) Append(id, epoch string, at int64, lines []store.Line, head store.Head) error {
	return u.call("Append", func() error { return u.Memory.Append(id, epoch, at, lines, head) })
}

func (u *unruly) Lines(id string, after int64, limit int) (lines []store.Line, err error) {
	err = u.call("Lines", func() error { lines, err = u.Memory.Lines(id, after, limit); return err })
	if u.lines != nil {
		u.lines(lines)
	}
	return lines, err
}

func (u *unruly) SaveSnapshot(id, epoch string, s store.Snapshot) error {
	return u.call("SaveSnapshot", func() error { return u.Memory.SaveSnapshot(id, epoch, s) })
}

func (u *unruly) Snapshot(id string, rev int64) (s store.Snapshot, err error) {
	err = u.call("Snapshot", func() error { s, err = u.Memory.Snapshot(id, rev); return err })
	return s, err
}

func (u *unruly) DropSnapshot(id, epoch string, rev int64) error {
	return u.call("DropSnapshot", func() error { return u.Memory.DropSnapshot(id, epoch, rev) })
}

func (u *unruly) Mark(id, client string) (m store.ClientMark, err error) {
	err = u.call("Mark", func() error { m, err = u.Memory.Mark(id, client); return err })
	return m, err
}

func (u *unruly) AddMessage(id, epoch string, m store.Message) (said store.Message, err error) {
	err = u.call("AddMessage", func() error { said, err = u.Memory.AddMessage(id, epoch, m); return err })
	return said, err
}

func (u *unruly) Messages(id string, after int64, limit int) (messages []store.Message, err error) {
	err = u.call("Messages", func() error { messages, err = u.Memory.Messages(id, after, limit); return err })
	return messages, err
}

func (u *unruly) LastMessage(id string) (last int64, err error) {
	err = u.call("LastMessage", func() error { last, err = u.Memory.LastMessage(id); return err })
	return last, err
}

func (u *unruly) SaveName(id, epoch string, user store.User) error {
	return u.call("SaveName", func() error { return u.Memory.SaveName(id, epoch, user) })
}
