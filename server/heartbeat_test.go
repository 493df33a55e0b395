package server

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// consumer is the far end of an event stream.
type consumer struct {
	mu  sync.Mutex
	got bytes.Buffer
}

func (c *consumer) Header() http.Header                { return http.Header{} }
func (c *consumer) WriteHeader(int)                    {}
func (c *consumer) Flush()                             {}
func (c *consumer) SetWriteDeadline(_ time.Time) error { return nil }

func (c *consumer) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got.Write(b)
}

func (c *consumer) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.got.String()
	c.got.Reset()
	return s
}

func TestAQuietStreamSaysEach15SecondsThatItIsAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := store.NewMemory()
		if err := st.Create(store.Info{ID: "d", Kind: ot.Text, Epoch: "e"}, []byte("[]")); err != nil {
			t.Fatal(err)
		}
		hub := session.NewHub(st, session.Options{Log: slog.New(slog.DiscardHandler)})
		f, err := hub.Follow("d", -1)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		c := &consumer{}
		done := make(chan error, 1)
		go func() {
			out := eventStream{w: c, control: http.NewResponseController(c)}
			done <- out.follow(ctx, f)
		}()
		for _, step := range []struct {
			wait time.Duration
			want string
		}{{14 * time.Second, ""}, {2 * time.Second, ":\n\n"}, {13 * time.Second, ""}, {31 * time.Second, ":\n\n:\n\n:\n\n"}} {
			time.Sleep(step.wait)
			synctest.Wait()
			if got := c.take(); got != step.want {
				t.Errorf("after %v more: %q, want %q", step.wait, got, step.want)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		f.Close()
		if err := hub.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
