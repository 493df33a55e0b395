package ot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tutti/ot"
)

// FuzzParse holds the decoder to: no panic, no lone surrogate, and what it
// gives encodes and decodes to the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`[]`, `[{"insert":"a\ud83d\ude00"},{"retain":3,"attributes":{"b":null,"a":1e2}},{"delete":2147483647}]`,
		`[{"insert":{"image":{"\u0061":[1, 2]}},"attributes":{"x":"\u2028"}}]`, `[{"insert":"\ud800"}]`, `[{"retain":{}}]`,
		`[{"delete":1,"attributes":{"a":true}},{"insert":{"a":1,"b":1}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		delta, err := ot.Parse(data)
		if err != nil {
			bad, ok := err.(*ot.Error)
			if !ok || (bad.Code == ot.OpInvalid) != (delta == nil) {
				t.Fatalf("%q: %s beside %v", data, delta, err)
			}
		}
		encoded := delta.AppendJSON(nil)
		if !utf8.Valid(encoded) || strings.Contains(string(encoded), `\ud`) {
			t.Fatalf("%q is encoded as %q", data, encoded)
		}
		again, err := ot.Parse(encoded)
		if err != nil || again.String() != string(encoded) || again.Length() != delta.Length() {
			t.Fatalf("%q is encoded as %s, and that as %s, %v", data, encoded, again, err)
		}
		for i, op := range again {
			if op.Len() < 1 || op.Attributes() != delta[i].Attributes() && !op.Attributes().Equal(delta[i].Attributes()) {
				t.Fatalf("op %d of %s", i, encoded)
			}
		}
	})
}

// script builds a content and deltas from bytes, so that the fuzzer's small
// changes make small changes.
type script struct{ bytes []byte }

func (s *script) next(n int) int {
	if len(s.bytes) == 0 {
		return 0
	}
	b := s.bytes[0]
	s.bytes = s.bytes[1:]
	return int(b) % n
}

func (s *script) insert(b *ot.Builder) {
	attr := insertAttributes[s.next(len(insertAttributes))]
	which := s.next(len(characters) + len(embeds))
	if which >= len(characters) {
		b.InsertEmbed(embeds[which-len(characters)], attr)
		return
	}
	b.Insert(strings.Repeat(characters[which], 1+s.next(200)), attr)
}

func (s *script) content() ot.Delta {
	var b ot.Builder
	for range s.next(8) {
		s.insert(&b)
	}
	return b.Delta()
}

func (s *script) delta(base ot.Delta) ot.Delta {
	var b ot.Builder
	rest := characterLengths(base)
	for range s.next(8) {
		action := s.next(3)
		if action == 0 || len(rest) == 0 {
			s.insert(&b)
			continue
		}
		n, count := 0, min(len(rest), 1+s.next(250))
		for _, units := range rest[:count] {
			n += units
		}
		rest = rest[count:]
		if action == 1 {
			b.Retain(n, retainAttributes[s.next(len(retainAttributes))])
		} else {
			b.Delete(n)
		}
	}
	return b.Delta()
}

// FuzzTransform holds Transform to convergence (TP1).
func FuzzTransform(f *testing.F) {
	f.Add([]byte("any bytes will do, they are a script"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := script{data}
		doc := s.content()
		a, b := s.delta(doc), s.delta(doc)
		for _, p := range []bool{true, false} {
			left, right := a.Compose(a.Transform(b, p)), b.Compose(b.Transform(a, !p))
			if left.String() != right.String() {
				t.Fatalf("on %s with a %s and b %s:\n%s\n%s", doc, a, b, left, right)
			}
		}
	})
}

// FuzzApply holds Document.Apply to Compose, over a chain of deltas, and each
// delta's inverse to lead back.
func FuzzApply(f *testing.F) {
	f.Add([]byte("any bytes will do, they are a script"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := script{data}
		content := s.content()
		doc, err := ot.NewDocument(content)
		if err != nil {
			t.Fatal(err)
		}
		for range 16 {
			delta := s.delta(content)
			next, err := doc.Apply(delta)
			if err != nil {
				t.Fatalf("%s on %s: %v", delta, content, err)
			}
			content = content.Compose(delta)
			if err := next.CheckTree(); err != nil || next.Delta().String() != content.String() {
				t.Fatalf("%s gives %s, not %s, %v", delta, next.Delta(), content, err)
			}
			back, err := next.Apply(delta.Invert(doc.Delta()))
			if err != nil || back.Delta().String() != doc.Delta().String() {
				t.Fatalf("%s taken back gives %s, not %s, %v", delta, back.Delta(), doc.Delta(), err)
			}
			doc = next
		}
	})
}

// FuzzApplyAnything applies deltas that need not fit: a refusal is fine, a
// panic or a broken tree is not.
func FuzzApplyAnything(f *testing.F) {
	f.Add("a😀b", []byte(`[{"retain":2},{"delete":1},{"insert":"x"}]`))
	f.Fuzz(func(t *testing.T, text string, data []byte) {
		doc, _ := ot.NewDocument(ot.Delta{}.Insert(strings.Repeat(text, 100), nil))
		delta, _ := ot.Parse(data)
		next, err := doc.Apply(delta)
		if err == nil {
			next, err = next.Apply(delta)
		}
		if broken := next.CheckTree(); broken != nil {
			t.Fatalf("%s on %q: %v, then %v", delta, text, broken, err)
		}
		_ = delta.CheckKind(ot.Rich, doc.Length())
		_ = delta.Compose(delta).Transform(doc.Delta(), true)
		_ = delta.Transform(delta, false).Invert(doc.Delta())
	})
}

// FuzzDiff holds Diff to lead from one text to the other.
func FuzzDiff(f *testing.F) {
	f.Add("a😀b\n", "a😁b\n\n")
	f.Fuzz(func(t *testing.T, old, new string) {
		doc, _ := ot.NewDocument(ot.Delta{}.Insert(old, nil))
		after, err := doc.Apply(ot.Diff(old, new))
		if want := strings.ToValidUTF8(new, "\uFFFD"); err != nil || after.Text() != want {
			t.Fatalf("%q to %q gives %q, %v", old, new, after.Text(), err)
		}
	})
}
