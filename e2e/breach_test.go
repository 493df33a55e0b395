package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

// Frames that no session may send once it is welcome.
var breaches = []struct{ name, frame string }{
	{"nothing", ``},
	{"a word", `hello`},
	{"half an object", `{"t":"ping","n":1`},
	{"an object and more", `{"t":"ping","n":1} x`},
	{"two objects", `{"t":"ping","n":1}{"t":"ping","n":2}`},
	{"a comma too many", `{"t":"ping","n":1,}`},
	{"a list", `[]`},
	{"a string", `"ping"`},
	{"null", `null`},
	{"no type", `{"n":1}`},
	{"a number for a type", `{"t":1}`},
	{"null for a type", `{"t":null}`},
	{"unknown type", `{"t":"shout","text":"x"}`},
	{"type in capitals", `{"t":"PING","n":1}`},
	{"a server's type", `{"t":"records","records":[]}`},
	{"a server's bye", `{"t":"bye","code":1012,"reason":"x"}`},

	{"op without seq", `{"t":"op","rev":0,"op":[]}`},
	{"op without rev", `{"t":"op","seq":1,"op":[]}`},
	{"op without op", `{"t":"op","seq":1,"rev":0}`},
	{"seq 0", `{"t":"op","seq":0,"rev":0,"op":[]}`},
	{"seq below 0", `{"t":"op","seq":-1,"rev":0,"op":[]}`},
	{"seq in quotes", `{"t":"op","seq":"1","rev":0,"op":[]}`},
	{"seq with a point", `{"t":"op","seq":1.0,"rev":0,"op":[]}`},
	{"seq with an exponent", `{"t":"op","seq":1e0,"rev":0,"op":[]}`},
	{"seq null", `{"t":"op","seq":null,"rev":0,"op":[]}`},
	{"seq 2^53", `{"t":"op","seq":9007199254740992,"rev":0,"op":[]}`},
	{"seq beyond all integers", `{"t":"op","seq":99999999999999999999,"rev":0,"op":[]}`},
	{"rev below 0", `{"t":"op","seq":1,"rev":-1,"op":[]}`},
	{"rev in quotes", `{"t":"op","seq":1,"rev":"0","op":[]}`},
	{"rev null", `{"t":"op","seq":1,"rev":null,"op":[]}`},
	{"rev 2^53", `{"t":"op","seq":1,"rev":9007199254740992,"op":[]}`},
	{"op an object", `{"t":"op","seq":1,"rev":0,"op":{}}`},
	{"op a string", `{"t":"op","seq":1,"rev":0,"op":"[]"}`},
	{"op null", `{"t":"op","seq":1,"rev":0,"op":null}`},
	{"op that ends too soon", `{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}}`},

	{"presence without rev", `{"t":"presence","cursor":null}`},
	{"presence without cursor", `{"t":"presence","rev":0}`},
	{"presence, rev in quotes", `{"t":"presence","rev":"0","cursor":null}`},
	{"presence, rev below 0", `{"t":"presence","rev":-1,"cursor":null}`},
	{"cursor a number", `{"t":"presence","rev":0,"cursor":3}`},
	{"cursor without head", `{"t":"presence","rev":0,"cursor":{"anchor":1}}`},
	{"cursor without anchor", `{"t":"presence","rev":0,"cursor":{"head":1}}`},
	{"cursor in quotes", `{"t":"presence","rev":0,"cursor":{"anchor":"1","head":"1"}}`},
	{"cursor with a point", `{"t":"presence","rev":0,"cursor":{"anchor":1.0,"head":1}}`},

	{"check without rev", `{"t":"check","hash":"00"}`},
	{"check without hash", `{"t":"check","rev":0}`},
	{"check, hash a number", `{"t":"check","rev":0,"hash":5}`},
	{"check, rev a string", `{"t":"check","rev":"0","hash":"00"}`},
	{"ping without n", `{"t":"ping"}`},

	{"second hello", `{"t":"hello","key":"0123456789012345678901"}`},
	{"lone half in an unknown field", `{"t":"ping","n":1,"more":"\ud83d"}`},
	{"lone half in an unknown field's name", `{"t":"ping","n":1,"\ude00":1}`},
	{"lone half in a hash", `{"t":"check","rev":0,"hash":"\ud83d"}`},
	{"lone half in a type", `{"t":"\ud83d"}`},
}

// Hellos that are none. KEY stands for a good key.
var wrongHellos = []struct{ name, frame string }{
	{"no key", `{"t":"hello"}`},
	{"key a number", `{"t":"hello","key":5}`},
	{"key null", `{"t":"hello","key":null}`},
	{"key too short", `{"t":"hello","key":"012345678901234567890"}`},
	{"key too long", `{"t":"hello","key":"` + strings.Repeat("k", 65) + `"}`},
	{"key with a plus", `{"t":"hello","key":"+123456789012345678901"}`},
	{"key with an umlaut", `{"t":"hello","key":"ü12345678901234567890x"}`},
	{"key with a newline behind it", `{"t":"hello","key":"0123456789012345678901\n"}`},
	{"name a number", `{"t":"hello","key":"KEY","name":5}`},
	{"name of 65 units", `{"t":"hello","key":"KEY","name":"` + strings.Repeat("n", 65) + `"}`},
	{"name of 66 units in 33 emoji", `{"t":"hello","key":"KEY","name":"` + strings.Repeat("😀", 33) + `"}`},
	{"name with a control character", `{"t":"hello","key":"KEY","name":"a\u0007b"}`},
	{"name with a newline", `{"t":"hello","key":"KEY","name":"a\nb"}`},
	{"name with half a pair", `{"t":"hello","key":"KEY","name":"a\ud83d"}`},
	{"color a word", `{"t":"hello","key":"KEY","color":"red"}`},
	{"color of three digits", `{"t":"hello","key":"KEY","color":"#abc"}`},
	{"color of no digits", `{"t":"hello","key":"KEY","color":"#gggggg"}`},
	{"color and more", `{"t":"hello","key":"KEY","color":"#aabbcc;"}`},
	{"color a number", `{"t":"hello","key":"KEY","color":11259375}`},
	{"token a number", `{"t":"hello","key":"KEY","token":5}`},
	{"rev without epoch", `{"t":"hello","key":"KEY","rev":0}`},
	{"epoch without rev", `{"t":"hello","key":"KEY","epoch":"x"}`},
	{"rev below 0", `{"t":"hello","key":"KEY","rev":-1,"epoch":"x"}`},
	{"rev in quotes", `{"t":"hello","key":"KEY","rev":"0","epoch":"x"}`},
	{"epoch a number", `{"t":"hello","key":"KEY","rev":0,"epoch":1}`},

	{"op before hello", `{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`},
	{"ping before hello", `{"t":"ping","n":1}`},
	{"presence before hello", `{"t":"presence","rev":0,"cursor":null}`},
	{"check before hello", `{"t":"check","rev":0,"hash":"00"}`},
	{"unknown before hello", `{"t":"shout"}`},
	{"not JSON before hello", `hello`},
}

func TestBreachClosesWith4400AndHarmsNobody(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	b := s.observe(t, "abc")
	for _, c := range breaches {
		t.Run(c.name, func(t *testing.T) {
			r := s.join(t, b.doc)
			r.send(c.frame)
			r.closed(4400)
			b.undisturbed(t)
		})
	}
	for _, c := range wrongHellos {
		t.Run(c.name, func(t *testing.T) {
			r := s.dial(t, b.doc)
			r.send(strings.ReplaceAll(c.frame, "KEY", r.key))
			r.closed(4400)
			b.undisturbed(t)
		})
	}
	t.Run("binary frame", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.ws.WriteMessage(websocket.BinaryMessage, []byte(`{"t":"ping","n":1}`))
		r.closed(4400)
		b.undisturbed(t)
	})
	t.Run("binary hello", func(t *testing.T) {
		r := s.dial(t, b.doc)
		r.ws.WriteMessage(websocket.BinaryMessage, fmt.Appendf(nil, `{"t":"hello","key":%q}`, r.key))
		r.closed(4400)
		b.undisturbed(t)
	})
	t.Run("frames after it are ignored", func(t *testing.T) {
		r := s.join(t, b.doc)
		r.send(`{"t":"shout"}`)
		r.op(1, b.rev, `[{"insert":"too late"}]`)
		r.closed(4400)
		b.undisturbed(t)
	})
}

// What is at the border of the rules is within them.
func TestWhatTheContractAllowsIsTaken(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("abc")
	for name, hello := range map[string]object{
		"key of 22":            {"key": client.NewKey()},
		"key of 64":            {"key": "-_" + strings.Repeat("k", 40) + client.NewKey()},
		"name of 64 units":     {"name": strings.Repeat("n", 64)},
		"name of 32 emoji":     {"name": strings.Repeat("😀", 32)},
		"no name, by name":     {"name": ""},
		"a colour":             {"color": "#0a1b2c"},
		"fields of the future": {"shoe": 43, "more": object{"t": []int{1}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.dial(t, doc.ID).hello(hello)
			if r.welcome.Client != client.ID(r.key) {
				t.Errorf("welcomed as %q, want %q", r.welcome.Client, client.ID(r.key))
			}
		})
	}
	t.Run("frames with fields of the future", func(t *testing.T) {
		r := s.join(t, doc.ID)
		r.send(`{"more":[1,{"x":null}],"n":7,"t":"ping"}`)
		if f := r.want("pong"); f.N != 7 {
			t.Errorf("pong %d, want 7", f.N)
		}
		r.send(`{"op":[{"insert":"x"}],"rev":0,"later":true,"seq":9007199254740991,"t":"op"}`)
		r.acknowledged(9007199254740991)
	})
	t.Run("white space", func(t *testing.T) {
		r := s.join(t, doc.ID)
		r.send(" {\n\t\"t\" : \"ping\" , \"n\" : 8 } \r\n")
		if f := r.want("pong"); f.N != 8 {
			t.Errorf("pong %d, want 8", f.N)
		}
	})
	t.Run("a type spelt with escapes", func(t *testing.T) {
		r := s.join(t, doc.ID)
		r.send(`{"t":"\u0070ing","n":9}`)
		if f := r.want("pong"); f.N != 9 {
			t.Errorf("pong %d, want 9", f.N)
		}
	})
	t.Run("an empty delta is a revision", func(t *testing.T) {
		b := s.observe(t, "abc")
		r := s.join(t, b.doc)
		r.op(1, 0, `[]`)
		if got := r.acknowledged(1).Rev; got != 1 {
			t.Errorf("committed at %d, want 1", got)
		}
		if got := b.raw.record(); string(got.Op) != `[]` {
			t.Errorf("the others got %s, want []", got.Op)
		}
	})
}
