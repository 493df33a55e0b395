package session

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"tutti/ot"
	"tutti/store"
)

// The files under testdata are the wire, byte by byte: one message each. Who
// changes them changes the contract. -update writes those of the server.
var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, append(bytes.Clone(got), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want = bytes.TrimSuffix(want, []byte("\n")); !bytes.Equal(got, want) {
		t.Errorf("%s: sends\n%s\nand not\n%s", name, got, want)
	}
}

// given is a message of the client, from its file.
func given(t *testing.T, name string) []byte {
	t.Helper()
	frame, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

// conversation is a rig whose answers are always the same: time stands at the
// start of 2000 in a bubble, and the ids of sessions are replaced.
type conversation struct {
	*rig
	names *strings.Replacer
}

func (c *conversation) enter(file string, who Identity) *Session {
	c.t.Helper()
	hello, bad := ParseHello(given(c.t.(*testing.T), file))
	if bad != nil {
		c.t.Fatal(bad)
	}
	s, err := c.hub.Join(docID, hello, who)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(s.Leave)
	return s
}

func (c *conversation) hear(s *Session, name string) {
	c.t.Helper()
	frame, err := s.Next(passed)
	if err != nil {
		c.t.Fatalf("want %s, got %v", name, err)
	}
	golden(c.t.(*testing.T), name, []byte(c.names.Replace(string(frame))))
}

func (c *conversation) tell(s *Session, file string) {
	c.t.Helper()
	if err := s.Handle(given(c.t.(*testing.T), file)); err != nil {
		c.t.Errorf("%s: %v", file, err)
	}
}

func TestEveryMessageIsAsInItsFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &conversation{rig: newRig(t, `[{"insert":"Hello, "},{"insert":"world","attributes":{"bold":true}},{"insert":"\n"}]`)}
		ada := Identity{User: store.User{ID: "guest:ada", Name: `Ada "the first" 😀`}, Role: Editor, Color: "#d14b4b"}
		bob := Identity{User: store.User{ID: "guest:bob", Name: "Bob"}, Role: Viewer, Color: "#3f74d1"}

		a := c.enter("client.hello", ada)
		c.names = strings.NewReplacer(a.ID, "sessionofada")
		c.hear(a, "server.welcome.content")
		c.tell(a, "client.op")
		c.hear(a, "server.records")
		c.tell(a, "client.op") // again
		c.hear(a, "server.records.acknowledgement")
		c.tell(a, "client.op.bad")
		c.hear(a, "server.refused")
		c.tell(a, "client.presence")

		b := c.enter("client.hello.resume", bob)
		c.names = strings.NewReplacer(a.ID, "sessionofada", b.ID, "sessionofbob")
		c.hear(b, "server.welcome.records")
		pause()
		c.hear(a, "server.presence")
		c.hear(b, "server.presence.selection")
		c.tell(b, "client.presence")
		pause()
		c.hear(a, "server.presence.moved")
		c.tell(b, "client.presence.none")
		c.tell(b, "client.check")
		c.hear(b, "server.diverged")
		c.tell(b, "client.ping")
		c.hear(b, "server.pong")
		c.tell(b, "client.chat")
		c.hear(b, "server.chat_refused")
		if _, err := c.hub.Update(docID, titled("A \u2028 title")); err != nil {
			t.Fatal(err)
		}
		c.hear(b, "server.meta")
		b.doc.leave(b)
		pause()
		c.hear(a, "server.meta")
		c.hear(a, "server.presence.gone")
		c.tell(a, "client.chat")
		c.hear(a, "server.chat")
		if err := c.hub.Unsay(docID, docEpoch, 1); err != nil {
			t.Fatal(err)
		}
		c.hear(a, "server.chat.deleted")
	})
}

func TestByeIsAsInItsFile(t *testing.T) {
	golden(t, "server.bye", ByeFrame(&Close{Code: CodeBadFrame, Reason: `"why" \ not`}))
	golden(t, "server.bye.retry", ByeFrame(&Close{Code: CodeRestart, Reason: "the server restarts", RetryAfter: 3}))
}

// TestClientFilesHoldWhatTheyShould keeps the inward files honest: all fields
// of each arrive.
func TestClientFilesHoldWhatTheyShould(t *testing.T) {
	hello, bad := ParseHello(given(t, "client.hello"))
	if want := (Hello{Key: keyOf("ada"), Token: "a token", Name: "Ada", Color: "#D14B4b"}); bad != nil || !reflect.DeepEqual(hello, want) {
		t.Errorf("hello: %+v, %v", hello, bad)
	}
	hello, bad = ParseHello(given(t, "client.hello.resume"))
	if want := (Hello{Key: keyOf("bob"), Since: &Place{0, docEpoch}}); bad != nil || !reflect.DeepEqual(hello, want) {
		t.Errorf("hello: %+v, %v", hello, bad)
	}
	for file, want := range map[string]string{
		"client.op":            "op seq=1 rev=0 op",
		"client.op.bad":        "op seq=2 rev=1 op",
		"client.presence":      "presence rev=1 cursor",
		"client.presence.none": "presence rev=1 cursor",
		"client.check":         "check rev=1 hash",
		"client.ping":          "ping n=-7",
		"client.chat":          "chat text",
	} {
		f, bad := decodeFrame(given(t, file))
		if bad != nil {
			t.Errorf("%s: %v", file, bad)
			continue
		}
		got := []string{f.t}
		for _, i := range []int{fieldSeq, fieldRev, fieldN, fieldOp, fieldCursor, fieldHash, fieldText} {
			switch n, bad := f.integer(i, -1<<53); {
			case bad == nil:
				got = append(got, fmt.Sprintf("%s=%d", fieldNames[i], n))
			case f.has(i):
				got = append(got, fieldNames[i])
			}
		}
		if !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: %v, want %s", file, got, want)
		}
	}
	f, _ := decodeFrame(given(t, "client.presence"))
	if cursor, bad := f.cursor(); bad != nil || *cursor != (Cursor{3, 7}) {
		t.Errorf("cursor %v, %v", cursor, bad)
	}
	f, _ = decodeFrame(given(t, "client.presence.none"))
	if cursor, bad := f.cursor(); bad != nil || cursor != nil {
		t.Errorf("cursor %v, %v", cursor, bad)
	}
	f, _ = decodeFrame(given(t, "client.op"))
	if _, err := ot.Parse(f.raw[fieldOp]); err != nil {
		t.Error(err)
	}
}
