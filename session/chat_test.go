package session

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"tutti/store"
)

func chatLine(text string) string { return fmt.Sprintf(`{"t":"chat","text":%q}`, text) }

// heard returns the chat that is there, as "id:text", a deleted message
// as "-id".
func (p *peer) heard() string {
	p.t.Helper()
	var all []string
	for _, m := range p.gotOf("chat") {
		for _, said := range m.Messages {
			if said.Deleted {
				all = append(all, fmt.Sprint("-", said.ID))
				continue
			}
			all = append(all, fmt.Sprint(said.ID, ":", said.Text))
		}
	}
	return strings.Join(all, " ")
}

func wantHeard(t *testing.T, who string, p *peer, want string) {
	t.Helper()
	if got := p.heard(); got != want {
		t.Errorf("%s heard %q, want %q", who, got, want)
	}
}

func (r *rig) say(text string) {
	r.t.Helper()
	if _, err := r.hub.Say(docID, docEpoch, store.Message{User: store.User{ID: "program"}, Text: text}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) unsay(message int64) {
	r.t.Helper()
	if err := r.hub.Unsay(docID, docEpoch, message); err != nil {
		r.t.Fatal(err)
	}
}

func TestWhatIsSaidIsHeardByAllAndKept(t *testing.T) {
	r := newRig(t, "abc")
	a, b := r.join("a"), r.join("b")
	a.say(chatLine("  hello\r\nyou\t "))
	b.say(chatLine("hi"))
	r.say("beep")
	for _, p := range []*peer{a, b} {
		wantHeard(t, p.Client, p, "1:hello\nyou 2:hi 3:beep")
	}
	r.unsay(2)
	wantHeard(t, "a", a, "-2")
	if c := r.join("c"); c.welcome.Chat.Last != 3 || c.heard() != "" {
		t.Errorf("who comes later is welcomed to %d messages", c.welcome.Chat.Last)
	}
	r.close(r.hub)
	r.hub = r.newHub()
	d := r.join("d")
	if d.welcome.Chat.Last != 3 {
		t.Errorf("after a restart the last message is %d", d.welcome.Chat.Last)
	}
	d.say(chatLine("back"))
	wantHeard(t, "d", d, "4:back")
	r.wantText("abc")
}

func TestMessagesCarryWhoSaidThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		a.say(chatLine("x"))
		got := a.gotOf("chat")[0].Messages[0]
		if want := (store.Message{ID: 1, User: a.User, Color: a.Color, Text: "x", At: time.Now().UnixMilli()}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func (p *peer) chatRefusal(line string) string {
	p.t.Helper()
	p.say(line)
	refused := p.gotOf("chat_refused")
	if len(refused) == 0 {
		return ""
	}
	if len(refused) > 1 || refused[0].Message == "" {
		p.t.Errorf("refusals: %+v", refused)
	}
	return refused[0].Code
}

func TestWhatCannotBeSaidIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		for line, want := range map[string]string{
			"":                                 chatInvalid,
			" \n\t ":                           chatInvalid,
			"a\x07b":                           chatInvalid,
			strings.Repeat("x", 2001):          chatInvalid,
			strings.Repeat("😀", 1001):          chatInvalid,
			" " + strings.Repeat("😀", 1000):    "",
			"a\nb\tc":                          "",
			`<script>alert(1)</script>\u2028"`: "",
		} {
			quoted := strings.ReplaceAll(chatLine(line), `\x07`, `\u0007`)
			if got := a.chatRefusal(strings.ReplaceAll(quoted, `\a`, `\u0007`)); got != want {
				t.Errorf("%.40q: refused %q, want %q", line, got, want)
			}
		}
		for role, want := range map[Role]string{Viewer: chatReadOnly, Commenter: "", Owner: ""} {
			identity := who("other")
			identity.Role = role
			p, err := r.tryJoin(r.hub, identity, helloOf("other"))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.chatRefusal(chatLine("hello")); got != want {
				t.Errorf("a %s is refused %q, want %q", role, got, want)
			}
			p.leave()
		}
		for _, frame := range []string{`{"t":"chat"}`, `{"t":"chat","text":7}`, `{"t":"chat","text":"\ud800"}`} {
			p := r.join("bad")
			wantClose(t, p.Handle([]byte(frame)), CodeBadFrame)
		}
	})
}

func TestWhoTalksWithoutPauseIsRefusedForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		for i := range chatBurst {
			if code := a.chatRefusal(chatLine("x")); code != "" {
				t.Fatalf("line %d: %s", i, code)
			}
		}
		if code := a.chatRefusal(chatLine("x")); code != chatTooFast {
			t.Errorf("refused %q", code)
		}
		time.Sleep(time.Second)
		if code := a.chatRefusal(chatLine("x")); code != "" {
			t.Errorf("after a pause: %s", code)
		}
	})
}

func TestAMessageThatIsNotStoredIsRefusedAndHeardByNobody(t *testing.T) {
	r := newRig(t, "")
	a, b := r.join("a"), r.join("b")
	r.store.on("AddMessage", once(fails(store.ErrUnavailable)))
	if code := a.chatRefusal(chatLine("lost")); code != chatUnavailable {
		t.Errorf("refused %q", code)
	}
	wantHeard(t, "b", b, "")
	a.say(chatLine("kept"))
	wantHeard(t, "b", b, "1:kept")
	a.op(1, 0, insert(0, "x")) // the document goes on
	r.wantText("x")
}

func TestASlowReaderHearsAllInOrder(t *testing.T) {
	r := newRig(t, "")
	a, slow := r.join("a"), r.join("slow")
	var want []string
	for i := 1; i <= 3*chatPiece+1; i++ {
		r.say("m")
		want = append(want, fmt.Sprint(i, ":m"))
	}
	wantHeard(t, "slow", slow, strings.Join(want, " "))
	before := r.store.count("Messages")
	wantHeard(t, "a", a, strings.Join(want, " "))
	if reads := r.store.count("Messages") - before; reads > 4 {
		t.Errorf("the store was read %d times", reads)
	}
	// Who has not heard a message is not told what it said once it is deleted.
	r.say("secret")
	wantHeard(t, "a", a, "62:secret")
	r.unsay(62)
	wantHeard(t, "slow", slow, "-62 -62")
	wantHeard(t, "a", a, "-62")
}

func TestManyWhoHearTheSameReadItOnce(t *testing.T) {
	r := newRig(t, "")
	var all []*peer
	for i := range 20 {
		all = append(all, r.join(fmt.Sprint("p", i)))
	}
	r.say("hello")
	for _, p := range all {
		wantHeard(t, p.Client, p, "1:hello")
	}
	if reads := r.store.count("Messages"); reads != 1 {
		t.Errorf("the store was read %d times", reads)
	}
}

func TestDeletionsAreRecalledToABound(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	for i := range 2*chatRecall + 10 {
		r.say("m")
		r.unsay(int64(i + 1))
	}
	a.got()
	r.say("m")
	r.unsay(2*chatRecall + 11)
	if got := a.heard(); got != fmt.Sprintf("-%[1]d -%[1]d", 2*chatRecall+11) {
		t.Errorf("heard %.100s", got)
	}
	if n := len(a.doc.chat.recall); n >= 2*chatRecall {
		t.Errorf("%d deletions are remembered", n)
	}
}

func TestAMessageWhileTheDocumentIsOpenedIsNotMissed(t *testing.T) {
	for _, method := range []string{"Snapshot", "LastMessage"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, "")
			release := r.store.stall(method)
			var all sync.WaitGroup
			var a *peer
			all.Go(func() { a = r.join("a") })
			synctest.Wait()
			all.Go(func() { r.say("hello") })
			synctest.Wait()
			release()
			all.Wait()
			if heard := a.heard(); a.welcome.Chat.Last != 1 && heard != "1:hello" {
				t.Errorf("%s: welcomed to %d messages, heard %q", method, a.welcome.Chat.Last, heard)
			}
		})
	}
}

func TestAChatThatCannotBeReadIsAnErrorOfTheSession(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	broken := errors.New("broken")
	r.store.on("Messages", fails(broken))
	r.say("hello")
	if a.got(); !errors.Is(a.ended, broken) {
		t.Errorf("Next says %v", a.ended)
	}
}

func TestAChatOfAnotherEpochIsNotTold(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	if _, err := r.hub.Say(docID, "e0", store.Message{Text: "x"}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("Say: %v", err)
	}
	if err := r.hub.Unsay(docID, docEpoch, 1); !errors.Is(err, store.ErrNoMessage) {
		t.Errorf("Unsay: %v", err)
	}
	wantHeard(t, "a", a, "")
}

// TestEverybodyHearsEverything has people talk at once, some of them slowly
// reading, and looks that all have heard the same, in order, once.
func TestEverybodyHearsEverything(t *testing.T) {
	r := newRig(t, "")
	const people, lines = 6, 15
	var group sync.WaitGroup
	var all []*peer
	for i := range people {
		all = append(all, r.join(fmt.Sprint("p", i)))
	}
	for i, p := range all {
		group.Go(func() {
			for n := range lines {
				p.say(chatLine(fmt.Sprint(i, ".", n)))
			}
		})
		group.Go(func() {
			for next := int64(1); next <= people*lines; {
				frame, err := p.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				for _, m := range read(t, frame).Messages {
					if m.ID != next {
						t.Errorf("message %d where %d follows", m.ID, next)
						return
					}
					next++
				}
			}
		})
	}
	group.Wait()
}

// FuzzChatText: what is kept can be said, and is kept as it is the next time.
func FuzzChatText(f *testing.F) {
	for _, seed := range []string{"", " a\r\nb ", "\r", "\x00", strings.Repeat("😀", 1000), "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		kept, flaw := ChatText(text)
		if (kept == "") == (flaw == "") {
			t.Fatalf("%q: kept %q, flaw %q", text, kept, flaw)
		}
		if again, worse := ChatText(kept); flaw == "" && (again != kept || worse != "" || len(utf16.Encode([]rune(kept))) > chatUnits) {
			t.Errorf("%q is kept as %q, and then as %q: %s", text, kept, again, worse)
		}
	})
}
