package session

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"tutti/ot"
)

// seeds are the messages of the client as files, and some that are nearly
// right.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/client.*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		frame, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(frame)
	}
	for _, op := range []string{
		`[]`, `[{"insert":"x"}]`, `[{"retain":1},{"insert":"\ud83d"}]`, `[{"delete":3},{"insert":"\r\n"}]`, `[{"insert":{}}]`,
		`[{"retain":7,"attributes":{"b":null}}]`, `[{"retain":4},{"delete":1}]`, `[{"insert":{"a":{"b":[1,{"c":null}]}}}]`,
		`[{"retain":8},{"insert":"x"}]`, `[{"delete":2147483647}]`, `[{"retain":9},{"retain":-1}]`, `[{"delete":1,"attributes":{"a":1}}]`,
	} {
		f.Add([]byte(opFrame(1, 0, op)))
		f.Add([]byte(opFrame(2, 1, op)))
	}
	f.Add([]byte(`{"t":"op","seq":1,"rev":0,"rev":1,"op":{},"op":[{"insert":"x","insert":"y"}]}`))
	f.Add([]byte(`{"\u0074":"ping","n":1}`))
}

func FuzzParseHello(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, frame []byte) {
		h, bad := ParseHello(frame)
		if bad != nil {
			wantShort(t, string(frame), bad)
			return
		}
		for _, s := range []string{h.Key, h.Name, h.Color, h.Token} {
			if !utf8.ValidString(s) {
				t.Errorf("%+v is not UTF-8", h)
			}
		}
		if !ValidKey(h.Key) || !ValidName(h.Name) || h.Color != "" && !ValidColor(h.Color) || h.Since != nil && h.Since.Rev < 0 {
			t.Errorf("%+v is taken", h)
		}
	})
}

// FuzzHandle says anything to a session: it never panics, what is committed
// reads back to what is shown, and another session goes on.
func FuzzHandle(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, frame []byte) {
		if !utf8.Valid(frame) {
			t.Skip("the server refuses it before")
		}
		for _, content := range []string{"é😀x\ny", `[{"insert":"a😀"},{"insert":{"image":"i"}},{"insert":"b\n","attributes":{"h":1}}]`} {
			fuzzHandle(t, frame, content)
		}
	})
}

func fuzzHandle(t *testing.T, frame []byte, content string) {
	r := newRig(t, content)
	a, b := r.join("a"), r.join("b")
	b.op(1, 0, insert(1, "b"))
	if err := a.Handle(bytes.Clone(frame)); err != nil {
		wantShort(t, string(frame), a.wantEnd(CodeBadFrame))
	}
	answers := a.got()
	b.op(2, 1, insert(1, "b"))
	b.got()
	_, shown, err := r.hub.View(docID)
	if err != nil {
		t.Fatal(err)
	}
	l, err := load(r.store, docID, -1)
	if err != nil {
		t.Fatalf("what was committed cannot be read: %v", err)
	}
	if !bytes.Equal(l.version.Content(), shown.Content()) {
		t.Errorf("shown %s, on the disk %s", shown.Content(), l.version.Content())
	}
	if again, err := ot.Parse(shown.Content()); err != nil || string(again.AppendJSON(nil)) != string(shown.Content()) {
		t.Errorf("the content %s: %v", shown.Content(), err)
	}
	if text := shown.Doc.Text(); !utf8.ValidString(text) || strings.ContainsRune(text, '\r') || l.info.Kind == ot.Rich && !strings.HasSuffix(text, "\n") {
		t.Errorf("the text is %q", text)
	}
	if int64(len(l.entries)) != l.info.Head.Rev || l.info.Head.Length != int64(shown.Doc.Length()) {
		t.Errorf("%d records, head %+v, length %d", len(l.entries), l.info.Head, shown.Doc.Length())
	}
	if len(l.entries) == 3 && len(answers) == 0 {
		t.Errorf("committed, and its author is told nothing")
	}
}
