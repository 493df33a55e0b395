package server_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/store"
)

func TestATitleChangedByRESTIsToldOverTheSocket(t *testing.T) {
	s := newSite(t)
	d := s.create(`{"title":"a"}`)
	p := s.join(d.ID, "p")
	s.call("PATCH", path(d.ID), `{"title":"b"}`).want(http.StatusOK)
	if f := p.want("meta"); f.Title != "b" {
		t.Errorf("told of %q", f.Title)
	}
}

func TestATrashedDocumentClosesItsSockets(t *testing.T) {
	for _, query := range []string{"", "?permanent=true"} {
		s := newSite(t)
		d := s.create(`{}`)
		p := s.join(d.ID, "p")
		s.call("DELETE", path(d.ID, query), "").want(http.StatusNoContent)
		if bye := p.wantClose(4410); bye.Code != 4410.0 || bye.Reason == "" {
			t.Errorf("the bye is %+v", bye)
		}
		again := s.open(d.ID)
		again.hello("p")
		if query == "" {
			again.wantClose(4410)
		} else {
			again.wantClose(4404)
		}
	}
}

func TestASocketToADocumentThatIsNotThere(t *testing.T) {
	s := newSite(t)
	for _, id := range []string{"nowhere", "-no-id", "%20"} {
		p := s.open(id)
		p.hello("p")
		p.wantClose(4404)
	}
}

func TestASocketWhileTheStoreFails(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	s.store.fail(store.ErrUnavailable)
	p := s.open(d.ID)
	p.hello("p")
	if bye := p.wantClose(1013); bye.RetryAfter < 1 {
		t.Errorf("the bye is %+v", bye)
	}
	s.store.heal()
	s.join(d.ID, "p")
}

// TestAReasonFitsIntoTheCloseFrame: it has room for 123 bytes, and what is cut
// inside a character would be a broken frame to a browser.
func TestAReasonFitsIntoTheCloseFrame(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	for _, text := range []string{`{"t":"` + strings.Repeat("é", 1000) + `"}`, `{"t":"ping","` + strings.Repeat("😀", 1000) + `":"\ud800"}`} {
		p := s.join(d.ID, "p")
		p.say("%s", text)
		p.wantClose(4400)
	}
}

// TestAPeerThatClosesIsLetGoAtOnce: a browser waits for the server to close
// the connection, and the others see who has left until then.
func TestAPeerThatClosesIsLetGoAtOnce(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	p := s.join(d.ID, "p")
	began := time.Now()
	p.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(patience))
	var closed *websocket.CloseError
	if _, err := p.read(); !errors.As(err, &closed) || closed.Code != 1000 {
		t.Errorf("answered by %v", err)
	}
	p.ws.NetConn().SetReadDeadline(time.Now().Add(patience))
	if n, err := p.ws.NetConn().Read(make([]byte, 1)); n > 0 || err == nil {
		t.Error("and more comes")
	}
	s.until("left", func() bool { return bytes.Contains(s.get("/metrics").body, []byte("tutti_sessions 0\n")) })
	if took := time.Since(began); took > time.Second {
		t.Errorf("let go after %v", took)
	}
}

func TestAPeerThatIsCutOffIsLetGoAtOnce(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	p := s.join(d.ID, "p")
	p.leave()
	s.until("left", func() bool { return bytes.Contains(s.get("/metrics").body, []byte("tutti_sessions 0\n")) })
}

func TestShutdownSaysGoodBye(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	var peers []*caller
	for _, name := range []string{"a", "b", "c"} {
		peers = append(peers, s.join(d.ID, name))
	}
	silent := s.open(d.ID) // says no hello
	peers[0].say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	peers[0].want("records")
	began := time.Now()
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	for _, p := range append(peers, silent) {
		if bye := p.wantClose(1012); bye.Code != 1012.0 || bye.RetryAfter < 1 {
			t.Errorf("the bye is %+v", bye)
		}
	}
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
	if _, err := s.client.Get(s.url + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

func TestShutdownWhileManyComeAndGo(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	together(9, func(i int) {
		if i == 0 {
			s.until("busy", func() bool {
				info, err := s.store.Info(d.ID)
				return err == nil && info.Head.Rev > 20
			})
			if err := s.stop(); err != nil {
				t.Errorf("Shutdown: %v", err)
			}
			return
		}
		for n := 0; ; n++ {
			ws, _, err := s.dialer().Dial(s.socketURL(d.ID), nil)
			if err != nil {
				return
			}
			c := &caller{t, ws}
			ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"hello","key":"`+newKey(i, n)+`"}`))
			ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`))
			for {
				if f, err := c.read(); err != nil || len(f.Records) > 0 {
					break
				}
			}
			c.leave()
		}
	})
}

func newKey(i, n int) string { return strings.Repeat("k", 20) + "-" + itoa(i) + "-" + itoa(n) }

func TestShutdownCutsOffWhatDoesNotEnd(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	p := s.join(d.ID, "p") // never reads its bye
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("POST " + api + "/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{")); err != nil {
		t.Fatal(err)
	}
	s.until("the request is under way", func() bool { return true })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	s.server.Shutdown(ctx) // may or may not have had to cut
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	p.leave()
}
