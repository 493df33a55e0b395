package server_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
)

// fragile is a log that panics over one message.
type fragile struct {
	slog.Handler
	message string
}

func (f fragile) Enabled(context.Context, slog.Level) bool { return true }

func (f fragile) Handle(_ context.Context, r slog.Record) error {
	if r.Message == f.message {
		panic("over a message")
	}
	return nil
}

func TestAPanicInOneSocketEndsThatOneAlone(t *testing.T) {
	s := newSite(t, func(o *setup) {
		o.hub.Log = slog.New(fragile{slog.DiscardHandler, "a client's content has diverged"})
		o.server.Log = slog.New(slog.DiscardHandler)
	})
	d := s.create(`{"content":"a"}`)
	p, q := s.join(d.ID, "p"), s.join(d.ID, "q")
	p.say(`{"t":"check","rev":0,"hash":"%s"}`, strings.Repeat("0", 64))
	for {
		if _, err := p.read(); err != nil {
			break
		}
	}
	q.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	q.want("records")
	s.join(d.ID, "p").say(`{"t":"ping","n":1}`)
	if people := s.hub.People(d.ID); len(people) != 2 {
		t.Errorf("there are %+v", people)
	}
}
