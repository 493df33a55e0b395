package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/server/access"
	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

// againEvery is how often all that is open is decided again though nothing has
// changed: log-ins expire.
const againEvery = time.Second

// admissions are what goes on after it was allowed: sockets, event streams,
// downloads. Each is decided again as soon as any right has changed.
type admissions struct {
	mu   sync.Mutex
	open map[*func()]struct{}

	end    context.CancelFunc // nil: nothing is watched
	ending context.Context    // done when close is called
	done   chan struct{}
}

// watch decides again whenever a right has changed in book, until close.
func (a *admissions) watch(book *accounts.Book) {
	ctx, end := context.WithCancel(context.Background())
	a.ending, a.end, a.done = ctx, end, make(chan struct{})
	changed := make(chan struct{}, 1)
	unfollow := book.Follow(func() {
		select {
		case changed <- struct{}{}:
		default: // what is to come sees this change, too
		}
	})
	go func() {
		defer close(a.done)
		defer unfollow()
		tick := time.NewTicker(againEvery)
		defer tick.Stop()
		for {
			select {
			case <-changed:
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			a.again()
		}
	}()
}

func (a *admissions) close() {
	if a.end != nil {
		a.end()
		<-a.done
	}
}

func (a *admissions) again() {
	a.mu.Lock()
	all := make([]func(), 0, len(a.open))
	for decide := range a.open {
		all = append(all, *decide)
	}
	a.mu.Unlock()
	for _, decide := range all {
		decide()
	}
}

// admit has decide called when rights have changed, which must not block, and
// now: one may have been taken while it was being let in.
func (a *admissions) admit(decide func()) (leave func()) {
	if a.end == nil {
		return func() {}
	}
	a.mu.Lock()
	if a.open == nil {
		a.open = map[*func()]struct{}{}
	}
	a.open[&decide] = struct{}{}
	a.mu.Unlock()
	decide()
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.open, &decide)
	}
}

// whileAllowed ends the context of a request when its caller may not do that
// any more. done ends the watch.
func (s *Server) whileAllowed(c echo.Context, do access.Action, info *store.Info) (done func()) {
	r := c.Request()
	ctx, cancel := context.WithCancel(r.Context())
	c.SetRequest(r.WithContext(ctx))
	leave := s.admitted.admit(func() {
		if _, allowed := s.may(s.caller(r), do, info); !allowed {
			cancel()
		}
	})
	return func() {
		leave()
		c.SetRequest(r)
		cancel()
	}
}

// follow holds a session to what its person may do: it is told its role when
// that changes, and ended with it. by is what they show, which they may renew.
func (s *Server) follow(by func() *http.Request, id string, sess *session.Session) (leave func()) {
	return s.admitted.admit(func() {
		who, err := s.decided(s.caller(by()), read, s.accounts.Document(id, sess.Epoch()))
		if err != nil {
			sess.End(closeOf(err))
			return
		}
		sess.SetRole(who.role)
	})
}
