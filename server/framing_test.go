package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/server"
)

func TestFramesThatAreNoText(t *testing.T) {
	s := newSite(t, func(o *setup) { o.hub.Limits.Frame = 1000 })
	d := s.create(`{}`)
	big := []byte(`{"t":"ping","n":1,"x":"` + strings.Repeat("x", 1000) + `"}`)
	for name, test := range map[string]struct {
		kind, code int
		frame      []byte
	}{
		"binary":      {websocket.BinaryMessage, 4400, []byte(ping)},
		"not UTF-8":   {websocket.TextMessage, 1007, []byte("{\"t\":\"ping\",\"n\":1,\"x\":\"\xff\"}")},
		"too big":     {websocket.TextMessage, 1009, big},
		"far too big": {websocket.TextMessage, 1009, make([]byte, 1<<20)},
	} {
		for _, joined := range []bool{true, false} {
			p := s.open(d.ID)
			if joined {
				p.hello("p")
				p.want("welcome")
			}
			if err := p.ws.WriteMessage(test.kind, test.frame); err != nil {
				t.Fatal(err)
			}
			bye := p.wantClose(test.code)
			if (bye.T == "bye") != (test.code >= 4000) {
				t.Errorf("%s: the bye is %+v", name, bye)
			}
		}
	}
}

const ping = `{"t":"ping","n":1}`

// TestTheLimitCountsWhatComesOutOfTheCompression: 4 KiB of it hold 4 MiB.
func TestTheLimitCountsWhatComesOutOfTheCompression(t *testing.T) {
	s := newSite(t, func(o *setup) { o.hub.Limits.Frame = 100 << 10 })
	d := s.create(`{}`)
	for size, code := range map[int]int{50 << 10: 0, 4 << 20: 1009} {
		dialer := s.dialer()
		dialer.EnableCompression = true
		ws, _, err := dialer.Dial(s.socketURL(d.ID), nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &caller{t, ws}
		t.Cleanup(p.leave)
		p.hello("p")
		p.want("welcome")
		p.say(`{"t":"ping","n":7,"x":"%s"}`, strings.Repeat("x", size))
		if code == 0 {
			p.want("pong")
			continue
		}
		p.wantClose(code)
	}
}

// TestALongAnswerMayTakeItsTime as long as the peer takes some of it.
func TestALongAnswerMayTakeItsTime(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		const length = 1 << 20
		d := s.create(`{"content":"` + strings.Repeat("x", length) + `"}`)
		p := s.open(d.ID)
		p.hello("p")
		_, r, err := p.ws.NextReader()
		if err != nil {
			t.Fatal(err)
		}
		began, got := time.Now(), 0
		for piece := make([]byte, 60<<10); ; {
			n, err := r.Read(piece)
			if got += n; err != nil {
				break
			}
			if got%7 == 0 || n > 30<<10 {
				time.Sleep(server.StalledFor / 3)
			}
		}
		if got < length {
			t.Errorf("cut after %d bytes and %v", got, time.Since(began))
		}
		if took := time.Since(began); took < 2*server.StalledFor {
			t.Errorf("it took only %v: nothing is proven", took)
		}
	})
}

func TestAHandlerThatPanicsSaysNothingOfIt(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	s.contract.fails = true
	s.store.panics.Store(true)
	a := s.get(path(d.ID)).wantProblem(500, "internal")
	if strings.Contains(string(a.body), "secret") {
		t.Errorf("it says %s", a.body)
	}
	s.store.panics.Store(false)
	s.get(path(d.ID)).want(200)
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(s.log.String(), "a secret") {
		t.Error("the log does not say what happened")
	}
	s.log.Reset()
}
