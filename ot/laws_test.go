package ot_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"tutti/ot"
)

// equal fails the test unless two deltas are the same op for op.
func equal(t *rapid.T, law string, got, want ot.Delta) {
	t.Helper()
	if got.String() != want.String() {
		t.Fatalf("%s:\n got %s\nwant %s", law, got, want)
	}
}

func TestLawTransformConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawContent(t)
		a, b := drawDelta(t, doc), drawDelta(t, doc)
		for _, p := range []bool{true, false} {
			left, right := a.Compose(a.Transform(b, p)), b.Compose(b.Transform(a, !p))
			equal(t, "a.T(a,b) = b.T(b,a)", left, right)
			equal(t, "on the document", doc.Compose(left), doc.Compose(right))
		}
	})
}

func TestLawComposeIsAssociative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawContent(t)
		a := drawDelta(t, doc)
		b := drawDelta(t, doc.Compose(a))
		c := drawDelta(t, doc.Compose(a).Compose(b))
		equal(t, "doc.(a.b) = (doc.a).b", doc.Compose(a.Compose(b)), doc.Compose(a).Compose(b))
		equal(t, "a.(b.c) = (a.b).c", a.Compose(b.Compose(c)), a.Compose(b).Compose(c))
	})
}

func TestLawInvertTakesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawContent(t)
		a := drawDelta(t, doc)
		after := doc.Compose(a)
		back := a.Invert(doc)
		equal(t, "doc.a.inverse = doc", after.Compose(back), doc)
		equal(t, "and forth again", doc.Compose(back.Invert(after)), after)
	})
}

func TestLawTransformPositionIsWhereAnInsertGoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawContent(t)
		a := drawDelta(t, doc)
		index := rapid.IntRange(0, doc.Length()).Draw(t, "index")
		for _, p := range []bool{true, false} {
			insert := ot.Delta{}.Retain(index, nil).InsertEmbed(`{"cursor":1}`, nil)
			place := 0
			if moved := a.Transform(insert, !p); moved[0].IsRetain() {
				place = moved[0].Len()
			}
			if got := a.TransformPosition(index, p); got != place {
				t.Fatalf("%s moves %d to %d, an insert there to %d", a, index, got, place)
			}
		}
	})
}

func TestLawResultsAreAsBuildersMakeThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawContent(t)
		a, b := drawDelta(t, doc), drawDelta(t, doc)
		next := drawDelta(t, doc.Compose(a))
		for _, d := range []ot.Delta{a.Transform(b, true), a.Transform(b, false), a.Compose(next), a.Invert(doc)} {
			var again ot.Builder
			for _, op := range d {
				again.Add(op)
			}
			equal(t, "pushed anew", again.Delta(), d)
			if n := len(d); n > 0 && d[n-1].IsRetain() && d[n-1].Attributes() == nil {
				t.Fatalf("%s ends in a retain that does nothing", d)
			}
		}
	})
}

func TestLawNothingWritesToItsInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawContent(t)
		a, b := drawDelta(t, doc), drawDelta(t, doc)
		c := drawDelta(t, doc.Compose(a))
		all := []ot.Delta{doc, a, b, c}
		before := make([]string, len(all))
		for i, d := range all {
			before[i] = d.String()
		}
		ab, ac, inverse := a.Transform(b, true), a.Compose(c), a.Invert(doc)
		results := []ot.Delta{ab, ac, inverse}
		for _, d := range results {
			all = append(all, d)
			before = append(before, d.String())
		}
		_ = ab.Insert("x", nil).Retain(1, nil).Delete(1)
		_ = ac.Delete(3).Compose(inverse).Transform(ab, false)
		for i, d := range all {
			if d.String() != before[i] {
				t.Fatalf("was %s, is %s", before[i], d)
			}
		}
	})
}

func TestLawParseGivesBackWhatWasEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDelta(t, drawContent(t))
		back, err := ot.Parse(d.AppendJSON(nil))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "parsed", back, d)
		if marshalled, err := json.Marshal(d); err != nil || !json.Valid(marshalled) || len(d) > 0 && len(marshalled) < 10*len(d) {
			t.Fatalf("encoding/json writes %s, %v", marshalled, err)
		}
		if back.Length() != d.Length() {
			t.Fatalf("length %d, was %d", back.Length(), d.Length())
		}
	})
}
