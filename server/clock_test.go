package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"tutti/server"
)

func TestWhoSaysNoHelloInTimeIsSentAway(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.open(d.ID)
		began := time.Now()
		if bye := p.wantClose(4408); bye.Code != 4408.0 {
			t.Errorf("the bye is %+v", bye)
		}
		if took := time.Since(began); took < server.HelloWithin || took > server.HelloWithin+server.ByeWithin {
			t.Errorf("sent away after %v", took)
		}
	})
}

func TestPongsAreNoHello(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.open(d.ID)
		began := time.Now()
		go func() {
			for p.ws.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second)) == nil {
				time.Sleep(5 * time.Second)
			}
		}()
		p.wantClose(4408)
		if took := time.Since(began); took > server.HelloWithin+server.ByeWithin {
			t.Errorf("sent away after %v", took)
		}
		time.Sleep(10 * time.Second) // for the pongs to end
	})
}

func TestWhoAnswersPingsStaysForEver(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		pings := 0
		answer := p.ws.PingHandler()
		p.ws.SetPingHandler(func(data string) error {
			pings++
			return answer(data)
		})
		go func() {
			time.Sleep(10 * time.Minute)
			s.call("PATCH", path(d.ID), `{"title":"still here"}`)
		}()
		p.ws.SetReadDeadline(time.Time{})
		for {
			_, data, err := p.ws.ReadMessage()
			if err != nil {
				t.Fatalf("sent away: %v", err)
			}
			if strings.Contains(string(data), "still here") {
				break
			}
		}
		if want := int(10 * time.Minute / server.PingEvery); pings < want-1 || pings > want+1 {
			t.Errorf("%d pings in 10 minutes, want %d", pings, want)
		}
	})
}

func TestWhoSendsNothingIsCut(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		p.ws.SetPingHandler(func(string) error { return nil }) // is half dead
		began := time.Now()
		for {
			if _, err := p.read(); err != nil {
				break
			}
		}
		if took := time.Since(began); took < server.SilentFor || took > server.SilentFor+5*time.Second {
			t.Errorf("cut after %v", took)
		}
		synctest.Wait()
		if got := string(s.get("/metrics").body); !strings.Contains(got, "tutti_sessions 0\n") {
			t.Error("its session is still there")
		}
	})
}

// TestAPingFrameIsASignOfLife: a browser shows no pings to its page, which
// sends some of its own.
func TestAPingFrameIsASignOfLife(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		p.ws.SetPingHandler(func(string) error { return nil })
		go func() {
			for n := range 10 {
				time.Sleep(server.SilentFor - time.Second)
				p.say(`{"t":"ping","n":%d}`, n)
			}
		}()
		for n := range 10 {
			if f := p.want("pong"); f.N != int64(n) {
				t.Errorf("pong %d", f.N)
			}
		}
	})
}

// TestALongFrameMayTakeItsTime as long as some of it comes.
func TestALongFrameMayTakeItsTime(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			p.want("records")
		}()
		frame := `{"t":"op","seq":1,"rev":0,"op":[{"insert":"` + strings.Repeat("x", 20000) + `"}]}`
		w, err := p.ws.NextWriter(websocket.TextMessage)
		if err != nil {
			t.Fatal(err)
		}
		for len(frame) > 0 {
			n := min(5000, len(frame))
			if _, err := w.Write([]byte(frame[:n])); err != nil {
				t.Fatal(err)
			}
			frame = frame[n:]
			time.Sleep(server.SilentFor - 20*time.Second)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		<-answered
	})
}

func TestWhoTakesNothingIsCut(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		stalled, p := s.join(d.ID, "s"), s.join(d.ID, "p")
		began := time.Now()
		go func() { // it still talks, and reads nothing
			for stalled.ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"presence","rev":0,"cursor":null}`)) == nil {
				time.Sleep(5 * time.Second)
			}
		}()
		p.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
		p.want("records")
		var gone time.Duration
		for gone == 0 {
			f, err := p.read()
			if err != nil {
				t.Fatal(err)
			}
			if f.T == "presence" && f.People[0].Gone {
				gone = time.Since(began)
			}
		}
		if gone < server.StalledFor || gone > server.StalledFor+5*time.Second {
			t.Errorf("cut after %v", gone)
		}
		stalled.leave()
		time.Sleep(time.Minute)
	})
}

// TestWhoAsksAndTakesNoAnswersIsCut: the one that reads it waits for room for
// its answers, and nobody reads these any more.
func TestWhoAsksAndTakesNoAnswersIsCut(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		go func() {
			for p.ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"ping","n":1}`)) == nil {
			}
		}()
		time.Sleep(server.StalledFor + 5*time.Second)
		if got := string(s.get("/metrics").body); !strings.Contains(got, "tutti_sessions 0\n") {
			t.Error("its session is still there")
		}
		p.leave()
	})
}

func TestWhoDoesNotAnswerTheCloseIsCut(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		p.ws.SetCloseHandler(func(int, string) error { return nil })
		p.say(`{"t":"nonsense"}`)
		var closed *websocket.CloseError
		for {
			if _, err := p.read(); errors.As(err, &closed) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		if _, err := p.ws.NetConn().Read(make([]byte, 1)); err == nil {
			t.Error("more comes after the close")
		}
		if took := time.Since(began); took > server.ByeWithin+time.Second {
			t.Errorf("cut after %v", took)
		}
	})
}

func TestShutdownDoesNotWaitForADiskThatStands(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		release := s.store.stall()
		p.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
		synctest.Wait()
		go func() { // answers what it is told
			for {
				if _, err := p.read(); err != nil {
					return
				}
			}
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		stopped := make(chan error, 1)
		go func() { stopped <- s.server.Shutdown(ctx) }()
		select {
		case err := <-stopped:
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Shutdown: %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("Shutdown waits for ever")
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
		release()
	})
}

// TestASocketOutlivesItsHandshake, whose body, if it has one, had to come at
// some pace.
func TestASocketOutlivesItsHandshake(t *testing.T) {
	for range 50 {
		bubble(t, func(t *testing.T, s *site) {
			d := s.create(`{}`)
			p := s.join(d.ID, "p")
			time.Sleep(20 * time.Second)
			p.say(`{"t":"ping","n":1}`)
			p.want("pong")
		})
	}
}
