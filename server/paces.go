package server

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pace is how often something may be done: burst times at once, then once
// every while.
type pace struct {
	every time.Duration
	burst int
}

// paces hold callers to a pace, each by a name of its own.
type paces struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

// pacesKept is how many callers are remembered. Beyond that those are
// forgotten who have not come for so long that they could come at once.
const pacesKept = 10_000

// What somebody may do in a while, beside what a session does: the paces of a
// person, of a token, of a guest. Two thousand documents are a big ZIP.
var (
	writes       = pace{10 * time.Millisecond, 2000}
	sayings      = pace{200 * time.Millisecond, 100}
	newDocuments = pace{time.Second, 2000}
	uploads      = pace{time.Second, 300}
	joins        = pace{200 * time.Millisecond, 300}
)

// pace holds a caller to a pace. On an open server nobody is told from others,
// and nobody is held.
func (s *Server) pace(who principal, what string, at pace) error {
	if who.Open {
		return nil
	}
	name := who.token
	if name == "" {
		name = who.User.ID
	}
	return s.attempts.take(what+" "+name, at)
}

// take does one thing by name's pace. Above it the error is a problem, 429,
// that says when to come again.
func (p *paces) take(name string, at pace) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	l := p.of[name]
	if l == nil {
		if len(p.of) >= pacesKept {
			p.forget(now)
		}
		if p.of == nil {
			p.of = map[string]*rate.Limiter{}
		}
		l = rate.NewLimiter(rate.Every(at.every), at.burst)
		p.of[name] = l
	}
	reserved := l.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	reserved.CancelAt(now)
	return rateLimited(wait)
}

func (p *paces) forget(now time.Time) {
	for name, l := range p.of {
		if l.TokensAt(now) >= float64(l.Burst()) {
			delete(p.of, name)
		}
	}
}

func rateLimited(wait time.Duration) *problem {
	p := newProblem(http.StatusTooManyRequests, "rate_limited", "too many of these; wait a moment")
	p.retryAfter = strconv.Itoa(int(math.Ceil(wait.Seconds())))
	return p
}
