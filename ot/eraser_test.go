package ot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"tutti/ot"
)

// units are the text of a content, as UTF-16; an embed is a unit that is in no
// text: a lone surrogate.
func units(content ot.Delta) (text []uint16) {
	for _, op := range content {
		if op.Embed() != "" {
			text = append(text, 0xDC00)
		}
		text = append(text, utf16.Encode([]rune(op.Text()))...)
	}
	return text
}

// origin is a unit that a delta inserted.
type origin struct{ rev, offset int }

// follow applies a delta to the origins of a content, unit by unit.
func follow(before []origin, delta ot.Delta, rev int) (after []origin) {
	offset := 0
	for _, op := range delta {
		switch {
		case op.IsInsert():
			for range op.Len() {
				after = append(after, origin{rev, offset})
				offset++
			}
			continue
		case op.IsRetain():
			after = append(after, before[:op.Len()]...)
		}
		before = before[op.Len():]
	}
	return append(after, before...)
}

// occurrences are where a text stands in another, overlapping ones too.
func occurrences(text, want []uint16) (at []int) {
	for i := 0; i+len(want) <= len(text); i++ {
		if slices.Equal(text[i:i+len(want)], want) {
			at = append(at, i)
		}
	}
	return at
}

// drawSecret draws texts that meet in random contents.
func drawSecret(t *rapid.T) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("ab\n😀")), 1, 4, -1).Filter(func(s string) bool { return strings.Trim(s, "\n") != "" }).Draw(t, "secret")
}

var fewCharacters = []string{"a", "b", "\n", "😀", "ab", "a😀", "ba\n"}

// drawFew is drawDelta with few characters, so that texts come together.
func drawFew(t *rapid.T, base ot.Delta, runs int) ot.Delta {
	var b ot.Builder
	rest := characterLengths(base)
	for range rapid.IntRange(1, runs).Draw(t, "ops") {
		switch action := rapid.IntRange(0, 9).Draw(t, "action"); {
		case action < 4:
			b.Insert(rapid.SampledFrom(fewCharacters).Draw(t, "text"), rapid.SampledFrom([]*ot.Attributes{nil, nil, ot.Attr("bold", true)}).Draw(t, "attributes"))
		case action == 4:
			b.InsertEmbed(`{"x":"y"}`, nil)
		case len(rest) > 0:
			n, count := 0, rapid.IntRange(1, min(len(rest), 6)).Draw(t, "count")
			for _, units := range rest[:count] {
				n += units
			}
			rest = rest[count:]
			if action < 8 {
				b.Retain(n, rapid.SampledFrom([]*ot.Attributes{nil, nil, ot.Attr("bold", nil), ot.Attr("size", 1)}).Draw(t, "attributes"))
			} else {
				b.Delete(n)
			}
		}
	}
	return b.Delta()
}

// TestErasedText compares with a search through every revision, in which each
// unit carries its origin: what is gone are the units that ever were part of
// the text, and nothing else.
func TestErasedText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := drawSecret(t)
		want := utf16.Encode([]rune(secret))
		contents := []ot.Delta{drawFew(t, nil, 6)}
		deltas := []ot.Delta{contents[0]}
		origins := [][]origin{follow(nil, deltas[0], 0)}
		e, err := ot.NewEraser(secret, deltas[0])
		if err != nil {
			t.Fatal(err)
		}
		for rev := 1; rev <= rapid.IntRange(0, 12).Draw(t, "revisions"); rev++ {
			delta := drawFew(t, contents[rev-1], 4)
			if err := e.Add(int64(rev), delta); err != nil {
				t.Fatal(err)
			}
			deltas = append(deltas, delta)
			contents = append(contents, contents[rev-1].Compose(delta))
			origins = append(origins, follow(origins[rev-1], delta, rev))
		}
		gone := map[origin]bool{}
		for rev, content := range contents {
			for _, at := range occurrences(units(content), want) {
				for _, o := range origins[rev][at : at+len(want)] {
					gone[o] = true
				}
			}
		}
		var clean ot.Delta
		for rev, delta := range deltas {
			redacted := e.Redact(int64(rev), delta)
			if touched := e.Touches(int64(rev)); !touched && redacted.String() != delta.String() {
				t.Fatalf("revision %d is not touched, and is %s, not %s", rev, redacted, delta)
			}
			clean = clean.Compose(redacted)
			was, is := units(contents[rev]), units(clean)
			if len(was) != len(is) {
				t.Fatalf("revision %d has %d units, not %d", rev, len(is), len(was))
			}
			for i, o := range origins[rev] {
				expect := was[i]
				if gone[o] && expect != '\n' {
					expect = '█'
				}
				if is[i] != expect {
					t.Fatalf("revision %d: unit %d is %x, not %x, of %s; was %s", rev, i, is[i], expect, clean, contents[rev])
				}
			}
			if len(occurrences(is, want)) > 0 {
				t.Fatalf("revision %d still has it: %s", rev, clean)
			}
		}
		if (e.Found() > 0) != (len(gone) > 0) || (len(e.Revisions()) > 0) != (len(gone) > 0) {
			t.Fatalf("found %d in %v; %d units are part of it", e.Found(), e.Revisions(), len(gone))
		}
	})
}

func TestErasedTextIsCounted(t *testing.T) {
	e, err := ot.NewEraser("key", ot.Delta{}.Insert("a key\n", nil))
	if err != nil {
		t.Fatal(err)
	}
	for i, delta := range []ot.Delta{
		ot.Delta{}.Insert("ke", nil),               // keа key
		ot.Delta{}.Retain(2, nil).Insert("y", nil), // one more
		ot.Delta{}.Retain(20, nil),                 // beyond: refused below
	} {
		err := e.Add(int64(i+1), delta)
		if (err != nil) != (i == 2) {
			t.Fatal(i, err)
		}
	}
	if e.Found() != 2 || fmt.Sprint(e.Revisions()) != "[0 2]" || !e.Touches(1) {
		t.Errorf("found %d in %v", e.Found(), e.Revisions())
	}
}

func TestErasedElsewhereThanInText(t *testing.T) {
	delta := ot.Delta{}.Insert("see", ot.Attr("link", "https://x/?token=hunter2&y").With("bold", true)).
		InsertEmbed(`{"image":{"src":"https://x/\u0068unter2"}}`, nil).
		InsertEmbed(`{"hunter2":1}`, nil).
		InsertEmbed(`{"image":"fine"}`, ot.Attr("alt", "my hunter2")).
		Retain(2, ot.Attr("link", "hunter2")).Retain(3, ot.Attr("pin", 1234))
	content := ot.Delta{}.Insert("12345\n", nil)
	e, err := ot.NewEraser("hunter2", content)
	if err == nil {
		err = e.Add(1, delta)
	}
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"insert":"see","attributes":{"bold":true,"link":"█"}},{"insert":{"image":"█"}},{"insert":{"█":"█"}},` +
		`{"insert":{"image":"fine"},"attributes":{"alt":"█"}},{"retain":2,"attributes":{"link":"█"}},{"retain":3,"attributes":{"pin":1234}}]`
	if got := e.Redact(1, delta).String(); got != want {
		t.Errorf("got %s", got)
	}
	if e.Found() != 5 || e.Touches(0) {
		t.Errorf("found %d in %v", e.Found(), e.Revisions())
	}
}

func TestWhatCanNotBeErased(t *testing.T) {
	for _, text := range []string{"", "\n", "\n\n", "█", "a█b"} {
		if _, err := ot.NewEraser(text, nil); err == nil {
			t.Errorf("%q can be erased", text)
		}
	}
}

// BenchmarkEraser is the cost of a record where people type.
func BenchmarkEraser(b *testing.B) {
	text := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 200)
	e, err := ot.NewEraser("sk-live-1234567890abcdef", ot.Delta{}.Insert(text, nil))
	if err != nil {
		b.Fatal(err)
	}
	at := 0
	for i := range b.N {
		if i%40 == 0 {
			at = i * 7919 % len(text)
		}
		if err := e.Add(int64(i+1), ot.Delta{}.Retain(at, nil).Insert(text[at:at+1], nil)); err != nil {
			b.Fatal(err)
		}
		at++
	}
}
