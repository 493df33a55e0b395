package e2e

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Frames that were good before chance came over them: whatever the server
// makes of each, it answers or closes, and harms nobody.
func TestNoiseHarmsNobody(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	b := s.observe(t, "abc😀\n")
	rng := rand.New(rand.NewPCG(seed, 7))
	good := []string{
		`{"t":"op","seq":7,"rev":%d,"op":[{"retain":3},{"insert":"x😀"},{"delete":2}]}`,
		`{"t":"op","seq":7,"rev":%d,"op":[{"insert":{"image":{"a":[1,-2.5e3,null,true]}},"attributes":{"bold":true}}]}`,
		`{"t":"presence","rev":%d,"cursor":{"anchor":1,"head":2}}`,
		`{"t":"check","rev":%d,"hash":"00ff"}`,
		`{"t":"ping","n":%d,"text":"\ud83d\ude00"}`,
	}
	const bits = "{}[]:,\"\\\x00\n 0123456789-+.eEtfnu\xff\xf0\x9f"
	r := s.join(t, b.doc)
	ended := 0
	for range 400 {
		frame := []byte(fmt.Sprintf(good[rng.IntN(len(good))], b.rev))
		for n := 1 + rng.IntN(3); n > 0 && len(frame) > 0; n-- {
			at := rng.IntN(len(frame))
			switch rng.IntN(4) {
			case 0:
				frame[at] = bits[rng.IntN(len(bits))]
			case 1:
				frame = append(frame[:at], frame[at+1:]...)
			case 2:
				frame = frame[:at+1]
			case 3:
				from := rng.IntN(at + 1)
				frame = append(frame[:at:at], append([]byte(string(frame[from:at])), frame[at:]...)...)
			}
		}
		r.send(string(frame))
		r.send(`{"t":"ping","n":4712}`)
		for answered := false; !answered; {
			f, err := r.read()
			switch {
			case err != nil:
				ended++
				r = s.join(t, b.doc)
				answered = true
			case f.T == "pong" && f.N == 4712:
				answered = true
			}
		}
		// A delta may have come through whole.
		if head := s.resource(b.doc).Revision; head != b.rev {
			b.commits(head)
			r.ws.Close()
			r = s.join(t, b.doc)
		}
	}
	t.Logf("of 400 frames %d ended their session", ended)
	b.undisturbed(t)
}

// What is nested very deep costs a parser its stack.
func TestDeepNestingHarmsNobody(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	b := s.observe(t, "abc\n", object{"kind": "rich"})
	limits := b.raw.welcome.Limits
	deep := func(open, close string, n int) string {
		return strings.Repeat(open, n) + "0" + strings.Repeat(close, n)
	}
	for name, frame := range map[string]string{
		"lists in a field":    `{"t":"ping","n":1,"more":` + deep("[", "]", limits.Frame/3) + `}`,
		"objects in a field":  `{"t":"ping","n":1,"more":` + deep(`{"a":`, "}", limits.Frame/8) + `}`,
		"lists without end":   `{"t":"ping","n":1,"more":` + strings.Repeat("[", limits.Frame/2),
		"lists in an embed":   `{"t":"op","seq":1,"rev":0,"op":[{"insert":{"a":` + deep("[", "]", limits.Delta/3) + `}}]}`,
		"objects in an embed": `{"t":"op","seq":1,"rev":0,"op":[{"insert":{"a":` + deep(`{"a":`, "}", limits.Delta/8) + `}}]}`,
		"lists for an op":     `{"t":"op","seq":1,"rev":0,"op":` + deep("[", "]", limits.Delta/3) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := s.join(t, b.doc)
			r.send(frame)
			r.send(`{"t":"ping","n":2}`)
			f, err := r.read()
			for err == nil && f.T == "presence" {
				f, err = r.read()
			}
			t.Logf("answered by %s %s, %v", f.T, f.Code, err)
			if head := s.resource(b.doc).Revision; head != b.rev {
				t.Fatalf("it was committed")
			}
			b.undisturbed(t)
		})
	}
}
