package e2e

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestTextThatIsNotUTF8ClosesWith1007(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	b := s.observe(t, "abc")
	for name, bad := range map[string]string{
		"a stray byte":         "\xff",
		"a continuation alone": "\x80",
		"cut short":            "\xe2\x82",
		"overlong":             "\xc0\xaf",
		"a surrogate":          "\xed\xa0\xbd",
		"two surrogates":       "\xed\xa0\xbd\xed\xb8\x80",
		"beyond Unicode":       "\xf4\x90\x80\x80",
	} {
		t.Run(name+" in a delta", func(t *testing.T) {
			r := s.join(t, b.doc)
			r.op(1, b.rev, `[{"insert":"`+bad+`"}]`)
			r.closed(1007)
			b.undisturbed(t)
		})
		t.Run(name+" in a hello", func(t *testing.T) {
			r := s.dial(t, b.doc)
			r.send(fmt.Sprintf(`{"t":"hello","key":"%s","name":"%s"}`, r.key, bad))
			r.closed(1007)
			b.undisturbed(t)
		})
	}
	t.Run("at the very end", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.send("{\"t\":\"ping\",\"n\":1}\xe2\x82")
		r.closed(1007)
		b.undisturbed(t)
	})
	t.Run("compressed", func(t *testing.T) {
		r := s.dialWith(t, b.doc, &compressing).hello(nil)
		r.frames(handframe{opcode: textFrame, compressed: true, payload: deflated(t, strings.NewReader("{\"t\":\"\xff\"}"))})
		r.closed(1007)
		b.undisturbed(t)
	})
	t.Run("a character in two fragments is whole", func(t *testing.T) {
		r := s.join(t, b.doc)
		whole := []byte(fmt.Sprintf(`{"t":"op","seq":1,"rev":%d,"op":[{"insert":"€"}]}`, b.rev))
		cut := strings.Index(string(whole), "€") + 1
		r.frames(handframe{opcode: textFrame, payload: whole[:cut], more: true},
			handframe{opcode: pingFrame, payload: []byte("between")},
			handframe{opcode: continuation, payload: whole[cut:]})
		r.acknowledged(1)
		b.commits(b.rev + 1)
		b.undisturbed(t)
	})
}

var compressing = websocket.Dialer{
	Subprotocols: []string{"tutti.v1"}, HandshakeTimeout: patience, EnableCompression: true,
}

// pingOf is a ping whose frame has exactly n bytes.
func pingOf(n int) string {
	const frame = `{"t":"ping","n":5,"more":""}`
	return fmt.Sprintf(`{"t":"ping","n":5,"more":"%s"}`, strings.Repeat("z", n-len(frame)))
}

func TestFrameLimitHoldsHoweverTheBytesCome(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	b := s.observe(t, "abc")
	limit := b.raw.welcome.Limits.Frame

	pongs := func(t *testing.T, r *raw) {
		if f := r.want("pong"); f.N != 5 {
			t.Errorf("pong %d, want 5", f.N)
		}
	}
	t.Run("at the limit", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.send(pingOf(limit))
		pongs(t, r)
	})
	t.Run("at the limit in fragments", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.frames(fragments(pingOf(limit), limit/7)...)
		pongs(t, r)
	})
	t.Run("at the limit compressed", func(t *testing.T) {
		r := s.dialWith(t, b.doc, &compressing).hello(nil)
		r.frames(handframe{opcode: textFrame, compressed: true, payload: deflated(t, strings.NewReader(pingOf(limit)))})
		pongs(t, r)
	})
	t.Run("a byte over", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.send(pingOf(limit + 1))
		r.closed(1009)
		b.undisturbed(t)
	})
	t.Run("a byte over in a hello", func(t *testing.T) {
		r := s.dial(t, b.doc)
		r.send(strings.Replace(pingOf(limit+1), "ping", "hell", 1))
		r.closed(1009)
		b.undisturbed(t)
	})
	t.Run("far over", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.send(pingOf(8 * limit))
		r.closed(1009)
		b.undisturbed(t)
	})
	t.Run("a byte over in fragments", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.frames(fragments(pingOf(limit+1), limit/7)...)
		r.closed(1009)
		b.undisturbed(t)
	})
	t.Run("fragments without end", func(t *testing.T) {
		r := s.join(t, b.doc)
		part := []byte(strings.Repeat("x", 1024))
		r.frames(handframe{opcode: textFrame, payload: part, more: true})
		for range 2 * limit / len(part) {
			r.frames(handframe{opcode: continuation, payload: part, more: true})
		}
		r.closed(1009)
		b.undisturbed(t)
	})
	t.Run("a length that is only claimed", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.frames(handframe{opcode: textFrame, announce: 1 << 40})
		r.closed(1009)
		b.undisturbed(t)
	})
	t.Run("a byte over once inflated", func(t *testing.T) {
		r := s.dialWith(t, b.doc, &compressing).hello(nil)
		r.frames(handframe{opcode: textFrame, compressed: true, payload: deflated(t, strings.NewReader(pingOf(limit+1)))})
		r.closed(1009)
		b.undisturbed(t)
	})
	t.Run("a bomb", func(t *testing.T) {
		const size = 96 << 20
		r := s.dialWith(t, b.doc, &compressing).hello(nil)
		before := s.rss()
		bomb := deflated(t, io.LimitReader(endless('z'), size))
		r.frames(handframe{opcode: textFrame, compressed: true, payload: bomb})
		r.closed(1009)
		if grown := s.rss() - before; grown > size/2 {
			t.Errorf("%d bytes that inflate to %d cost the server %d", len(bomb), size, grown)
		}
		b.undisturbed(t)
	})
}

func fragments(message string, size int) []handframe {
	var frames []handframe
	for at := 0; at < len(message); at += size {
		end := min(at+size, len(message))
		f := handframe{payload: []byte(message[at:end]), more: end < len(message)}
		if at == 0 {
			f.opcode = textFrame
		}
		frames = append(frames, f)
	}
	return frames
}

func TestBrokenFramingClosesWith1002(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	b := s.observe(t, "abc")
	ping := []byte(`{"t":"ping","n":1}`)
	for name, frames := range map[string][]handframe{
		"not masked":               {{opcode: textFrame, payload: ping, unmasked: true}},
		"reserved bit":             {{opcode: textFrame, payload: ping, reserved: true}},
		"compressed, not agreed":   {{opcode: textFrame, payload: ping, compressed: true}},
		"reserved opcode":          {{opcode: 0x3, payload: ping}},
		"continuation of nothing":  {{opcode: continuation, payload: ping}},
		"text within a message":    {{opcode: textFrame, payload: ping, more: true}, {opcode: textFrame, payload: ping}},
		"a control frame in parts": {{opcode: pingFrame, payload: ping, more: true}},
		"a long control frame":     {{opcode: pingFrame, payload: make([]byte, 126)}},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.join(t, b.doc)
			r.frames(frames...)
			r.closed(1002)
			b.undisturbed(t)
		})
	}
}
