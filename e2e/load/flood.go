package load

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// again is how long one who floods waits before they come back.
const again = time.Second

// flood is one person who types without waiting for acknowledgements, beside
// another who reads nothing of it. Cut off or refused, they begin anew in
// another document.
type flood struct {
	server *Server
	text   string // of each edit
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup
	edits  atomic.Int64 // acknowledged
	err    error        // once done
}

func (b *bench) flood(ctx context.Context, size int) *flood {
	f := &flood{server: b.server, text: strings.Repeat("x", size)}
	f.ctx, f.cancel = context.WithCancel(ctx)
	f.done.Go(func() {
		for f.err == nil && f.ctx.Err() == nil {
			if f.err = f.document(); f.err != nil {
				break
			}
			timer := time.NewTimer(again)
			select {
			case <-timer.C:
			case <-f.ctx.Done():
			}
			timer.Stop()
		}
	})
	return f
}

// end stops the flood, and says what was wrong with it.
func (f *flood) end() error {
	f.cancel()
	f.done.Wait()
	if errors.Is(f.err, context.Canceled) {
		return nil
	}
	return f.err
}

// acked counts the edits that went through; a flood that is none has none.
func (f *flood) acked() int64 {
	if f == nil {
		return 0
	}
	return f.edits.Load()
}

// document floods one until it may no more.
func (f *flood) document() error {
	d, dialect := newDocument(), f.server.Dialect
	if err := dialect.Create(f.ctx, f.server, d.id, ""); err != nil {
		return err
	}
	defer dialect.Delete(context.WithoutCancel(f.ctx), f.server, d.id)
	deaf, _, err := dialect.Join(f.ctx, f.server, d.id)
	if err != nil {
		return err
	}
	defer deaf.Close()
	conn, session, err := dialect.Join(f.ctx, f.server, d.id)
	if err != nil {
		return err
	}
	defer context.AfterFunc(f.ctx, func() { conn.Close() })()
	var mu sync.Mutex // guards session
	var writing sync.WaitGroup
	defer writing.Wait()
	defer conn.Close()
	writing.Go(func() {
		for f.write(conn, session, &mu) == nil {
		}
	})
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return nil // cut off
		}
		mu.Lock()
		taken, err := session.Take(frame, nil)
		mu.Unlock()
		f.edits.Add(int64(taken.Acks))
		if err != nil {
			return nil // refused
		}
	}
}

func (f *flood) write(conn *websocket.Conn, session Session, mu *sync.Mutex) error {
	mu.Lock()
	kind, frame := session.Edit(0, f.text)
	mu.Unlock()
	return conn.WriteMessage(kind, frame)
}
