package server_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
)

// pipes is a network in memory, in which a bubble's time can stand still: what
// one end writes waits until the other end reads it.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return here }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- local{far}:
		return near, nil
	case <-p.done:
		return nil, errors.New("nobody listens")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var here = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}

// local is the end of a pipe as of a peer on this machine.
type local struct{ net.Conn }

func (local) RemoteAddr() net.Addr { return here }

// bubble runs a test on a site whose clocks are those of a bubble.
func bubble(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		test(t, newSite(t, func(o *setup) {
			o.listen = func() net.Listener { return p }
			o.dial = p.dial
			o.noSearch = true
			o.hub.IdleAfter = 1 << 60 // or a document would be closed while nothing happens
		}))
	})
}
