package session

import "sync"

// request is what an inbox holds: one of its fields is set.
type request struct {
	submission *submission
	join       *joining
	stop       func() *Close
	own        func() (goesOn bool) // of the sequencer itself
}

// inbox holds what is asked of a sequencer while somebody works for it. Nobody
// puts in more than one thing that they then wait for, so it needs no bound.
type inbox struct {
	mu      sync.Mutex
	working bool // somebody does
	ended   bool // nobody ever will
	waiting []request
	taken   int           // of those that wait
	more    chan struct{} // holds one where somebody wants to know what comes
}

// put reports whether the caller is to work now, for a start on r: nobody else
// does. Otherwise r waits. errEnded.
func (i *inbox) put(r request) (work bool, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.ended:
		return false, errEnded
	case !i.working:
		i.working = true
		return true, nil
	}
	i.waiting = append(i.waiting, r)
	nudge(i.more)
	return false, nil
}

// take gives who works what has waited longest.
func (i *inbox) take() (r request, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.takeLocked()
}

func (i *inbox) takeLocked() (r request, ok bool) {
	if i.taken == len(i.waiting) {
		return r, false
	}
	r, i.waiting[i.taken] = i.waiting[i.taken], request{}
	if i.taken++; i.taken == len(i.waiting) {
		i.waiting, i.taken = i.waiting[:0], 0
	}
	return r, true
}

// takeOrRest is take, and where nothing waits the end of the work.
func (i *inbox) takeOrRest() (r request, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	r, i.working = i.takeLocked()
	return r, i.working
}

// comes tells who works that something may have come since it was asked for.
func (i *inbox) comes() <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.more == nil {
		i.more = make(chan struct{}, 1)
	}
	return i.more
}

// end ends the work for good, and returns what waits.
func (i *inbox) end() []request {
	i.mu.Lock()
	defer i.mu.Unlock()
	rest := i.waiting[i.taken:]
	i.ended, i.waiting, i.taken = true, nil, 0
	return rest
}
