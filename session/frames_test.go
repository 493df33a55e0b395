package session

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

const goodKey = "abcdefghijklmnopqrstuv"

func TestParseHello(t *testing.T) {
	for frame, want := range map[string]Hello{
		`{"t":"hello","key":"` + goodKey + `"}`:                                 {Key: goodKey},
		` { "key" : "` + goodKey + `" , "t" : "hello" , "unknown" : [ { } ] } `: {Key: goodKey},
		`{"t":"hello","key":"` + strings.Repeat("-_aZ", 16) + `"}`:              {Key: strings.Repeat("-_aZ", 16)},
		`{"t":"hello","key":"` + goodKey + `","rev":0,"epoch":""}`:              {Key: goodKey, Since: &Place{}},
		`{"t":"hello","key":"` + goodKey + `","rev":9007199254740991,"epoch":"é","token":"\u0000","name":"","color":"#aAbBcC"}`: {
			Key: goodKey, Token: "\x00", Color: "#aAbBcC", Since: &Place{1<<53 - 1, "é"}},
		`{"t":"hello","key":"` + goodKey + `","name":"` + strings.Repeat("😀", 32) + `"}`: {Key: goodKey, Name: strings.Repeat("😀", 32)},
		`{"t":"hello","key":"` + goodKey + `","name":"\ud83d\ude00"}`:                    {Key: goodKey, Name: "😀"},
	} {
		got, bad := ParseHello([]byte(frame))
		if bad != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", frame, got, bad)
		}
	}
}

func TestParseHelloRefuses(t *testing.T) {
	hello := func(more string) string { return `{"t":"hello","key":"` + goodKey + `",` + more + `}` }
	for _, frame := range []string{
		``, ` `, `null`, `[]`, `"hello"`, `{`, `{}`, `{"t":"hello"}`, "\xff", `{"t":"hello","key":"` + goodKey + `"} x`,
		`{"t":"hello","key":"` + goodKey[1:] + `"}`, `{"t":"hello","key":"` + strings.Repeat("a", 65) + `"}`,
		`{"t":"hello","key":"` + goodKey + `é"}`, `{"t":"hello","key":"` + goodKey + `\u0000"}`, `{"t":"hello","key":7}`,
		`{"t":"op","key":"` + goodKey + `"}`, `{"t":"HELLO","key":"` + goodKey + `"}`, `{"t":1,"key":"` + goodKey + `"}`,
		hello(`"rev":0`), hello(`"epoch":"e"`), hello(`"rev":-1,"epoch":"e"`), hello(`"rev":1.0,"epoch":"e"`),
		hello(`"rev":1e3,"epoch":"e"`), hello(`"rev":9007199254740992,"epoch":"e"`), hello(`"rev":"1","epoch":"e"`),
		hello(`"rev":null,"epoch":"e"`), hello(`"rev":1,"epoch":null`), hello(`"rev":1,"epoch":2`),
		hello(`"token":1`), hello(`"token":null`), hello(`"name":null`), hello(`"name":["a"]`),
		hello(`"name":"a\u0007"`), hello(`"name":"a\u0085"`), hello(`"name":"` + strings.Repeat("a", 65) + `"`),
		hello(`"name":"` + strings.Repeat("😀", 33) + `"`), hello(`"color":""`), hello(`"color":"red"`),
		hello(`"color":"#12345"`), hello(`"color":"#1234567"`), hello(`"color":"#12345g"`), hello(`"color":"0123456"`),
		hello(`"name":"\ud800"`), hello(`"token":"\udfff"`), hello(`"unknown":{"a":["\ud800x"]}`), hello(`"\ud800":1`),
		hello(`"op":["\ud800"]`), hello(`"unknown":01`), hello(`"unknown":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000)),
	} {
		if h, bad := ParseHello([]byte(frame)); bad == nil || bad.Code != CodeBadFrame {
			t.Errorf("%.200q: %+v, %v", frame, h, bad)
		}
	}
}

func TestFramesThatBreakTheContractEndTheSession(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	for _, frame := range []string{
		``, `[]`, `{}`, `null`, `{"t":null}`, `{"t":""}`, `{"t":"records","records":[]}`, `{"t":"welcome"}`, `{"t":"Op"}`,
		`{"t":"op"}`, `{"t":"op","seq":1,"rev":0}`, `{"t":"op","seq":1,"op":[]}`, `{"t":"op","rev":0,"op":[]}`,
		`{"t":"op","seq":0,"rev":0,"op":[]}`, `{"t":"op","seq":1,"rev":-1,"op":[]}`, `{"t":"op","seq":1.5,"rev":0,"op":[]}`,
		`{"t":"op","seq":"1","rev":0,"op":[]}`, `{"t":"op","seq":1,"rev":0,"op":{}}`, `{"t":"op","seq":1,"rev":0,"op":null}`,
		`{"t":"op","seq":1,"rev":0,"op":{"ops":[]}}`, `{"t":"op","seq":1,"rev":0,"op":[],"x":"\udc00"}`,
		`{"t":"op","seq":1,"rev":0,"op":[}`, `{"t":"op","seq":9007199254740992,"rev":0,"op":[]}`,
		`{"t":"presence"}`, `{"t":"presence","rev":0}`, `{"t":"presence","cursor":null}`, `{"t":"presence","rev":-1,"cursor":null}`,
		`{"t":"presence","rev":0,"cursor":{}}`, `{"t":"presence","rev":0,"cursor":{"anchor":1}}`, `{"t":"presence","rev":0,"cursor":[1,2]}`,
		`{"t":"presence","rev":0,"cursor":{"anchor":1,"head":1.5}}`, `{"t":"presence","rev":0,"cursor":{"anchor":"1","head":1}}`,
		`{"t":"presence","rev":0,"cursor":false}`, `{"t":"presence","rev":0,"cursor":{"anchor":1,"head":null}}`,
		`{"t":"check"}`, `{"t":"check","rev":0}`, `{"t":"check","rev":0,"hash":1}`, `{"t":"check","rev":0,"hash":""}`,
		`{"t":"check","rev":0,"hash":"` + hash[1:] + `g"}`, `{"t":"check","rev":0,"hash":"` + hash + `00"}`,
		`{"t":"check","rev":0,"hash":"` + strings.ToUpper(hash) + `"}`, `{"t":"check","rev":-1,"hash":"` + hash + `"}`,
		`{"t":"ping"}`, `{"t":"ping","n":null}`, `{"t":"ping","n":1.5}`, `{"t":"ping","n":"1"}`, `{"t":"ping","n":9007199254740992}`,
		`{"t":"ping","n":1,"op":"\ud800"}`, `{"t":"hello","key":"` + goodKey + `"}`,
	} {
		r := newRig(t, "abc")
		a := r.join("a")
		if err := a.Handle([]byte(frame)); err == nil {
			t.Errorf("%s is taken", frame)
			continue
		}
		why := a.wantEnd(CodeBadFrame)
		wantShort(t, frame, why)
		r.wantText("abc")
	}
}

// wantShort: a reason goes into the close frame, which has room for 123
// bytes, and must not cut a character there.
func wantShort(t *testing.T, what string, why *Close) {
	t.Helper()
	if why.Reason == "" || len(why.Reason) > 400 || strings.ContainsFunc(why.Reason, func(r rune) bool { return r >= utf8.RuneSelf }) {
		t.Errorf("%.100s: the reason is %.500q", what, why.Reason)
	}
}

func TestWhatAClientSaysIsNotSaidBackAtLength(t *testing.T) {
	long := strings.Repeat("é😀", 10000)
	for _, frame := range []string{`{"t":"` + long + `"}`, `{"t":"ping","` + long + `":"\ud800"}`, `{"t":"ping" ` + long + `}`, long} {
		a := newRig(t, "").join("a")
		if a.Handle([]byte(frame)) == nil {
			t.Errorf("%.40s is taken", frame)
		}
		wantShort(t, frame, a.wantEnd(CodeBadFrame))
	}
	a := newRig(t, `[{"insert":"\n"}]`).join("a")
	for i, op := range []string{`[{"` + long + `":1}]`, `[{"insert":"x","attributes":{"` + long + `":[]}}]`} {
		a.op(int64(i+1), 0, op)
		for _, m := range a.gotOf("refused") {
			if m.size > 1000 || strings.ContainsRune(m.Message, utf8.RuneError) {
				t.Errorf("a refusal of %d bytes: %.300q", m.size, m.Message)
			}
		}
	}
}

func TestAFrameMayBeOverwrittenOnceItIsHandled(t *testing.T) {
	r := newRig(t, `[{"insert":"\n"}]`)
	a := r.join("a")
	frame := []byte(opFrame(1, 0, `[{"insert":"text","attributes":{"link":"there"}},{"insert":{"image":"source"}}]`))
	if err := a.Handle(frame); err != nil {
		t.Fatal(err)
	}
	hello := []byte(`{"t":"hello","key":"` + goodKey + `","rev":0,"epoch":"e1","name":"A name","color":"#123456","token":"secret"}`)
	parsed, _ := ParseHello(hello)
	for _, b := range [][]byte{frame, hello} {
		for i := range b {
			b[i] = 'X'
		}
	}
	_, v, err := r.hub.View(docID)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(v.Content()), `[{"insert":"text","attributes":{"link":"there"}},{"insert":{"image":"source"}},{"insert":"\n"}]`; got != want {
		t.Errorf("the document holds %s", got)
	}
	if want := (Hello{Key: goodKey, Token: "secret", Name: "A name", Color: "#123456", Since: &Place{0, "e1"}}); !reflect.DeepEqual(parsed, want) {
		t.Errorf("the hello is %+v", parsed)
	}
}
