package ot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tutti/ot"
)

// respelled is a content as a document spells it.
func respelled(t *rapid.T, content ot.Delta) ot.Delta {
	doc, err := ot.NewDocument(content)
	if err != nil {
		t.Fatalf("%s is no content: %v", content, err)
	}
	return doc.Delta()
}

func TestLawDiffContentLeadsFromOldToNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := drawContent(t), drawContent(t)
		if rapid.Bool().Draw(t, "related?") {
			new = old.Compose(drawDelta(t, old))
		}
		if rapid.Bool().Draw(t, "lines?") {
			old, new = old.Insert("\n", ot.Attr("header", 1)), new.Insert("\n", nil)
		}
		diff := ot.DiffContent(old, new)
		equal(t, "old.diff = new", respelled(t, old.Compose(diff)), respelled(t, new))
	})
}

func TestDiffContentKeepsTheLastNewline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := drawContent(t).Insert("\n", ot.Attr("list", "ordered")), drawContent(t).Insert("\n", nil)
		diff := ot.DiffContent(old, new)
		if bad := diff.CheckKind(ot.Rich, old.Length()); bad != nil {
			t.Fatalf("%s to %s by %s: %v", old, new, diff, bad)
		}
	})
}

func TestDiffContentOfEqualContentsIsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawContent(t)
		if diff := ot.DiffContent(content, respelled(t, content)); len(diff) > 0 {
			t.Fatalf("%s differs from itself by %s", content, diff)
		}
	})
}

func TestLawDocumentInvertIsDeltaInvert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawContent(t)
		doc, err := ot.NewDocument(content)
		if err != nil {
			t.Fatal(err)
		}
		a := drawDelta(t, content)
		equal(t, "d.Invert(a) = a.Invert(d.Delta())", doc.Invert(a), a.Invert(doc.Delta()))
	})
}

func TestLawCompareHoldsBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := drawText(t, 12), drawText(t, 12)
		for _, runs := range [][]ot.Run{ot.Compare(old, new), ot.CompareLines(old, new)} {
			checkRuns(t, runs, old, new)
		}
	})
}

// failer is what rapid's and testing's T have in common here.
type failer interface{ Fatalf(string, ...any) }

func checkRuns(t failer, runs []ot.Run, old, new string) {
	var before, after strings.Builder
	for _, r := range runs {
		if r.Text == "" {
			t.Fatalf("an empty run in %q", runs)
		}
		if r.Change != ot.Inserted {
			before.WriteString(r.Text)
		}
		if r.Change != ot.Deleted {
			after.WriteString(r.Text)
		}
	}
	if before.String() != old || after.String() != new {
		t.Fatalf("%.200q do not lead from %.200q to %.200q", fmt.Sprint(runs), old, new)
	}
}

func TestDiffOfUnrelatedMegabytesIsBoundedAndRight(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	unrelated := func(from rune) string {
		var b strings.Builder
		for b.Len() < 1<<20 {
			b.WriteRune(from + random.Int32N(40))
			if random.IntN(30) == 0 {
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	old, new := unrelated('a'), unrelated('α')
	began := time.Now()
	doc, err := ot.NewDocument(ot.Delta{}.Insert(old, nil))
	if err != nil {
		t.Fatal(err)
	}
	if doc, err = doc.Apply(ot.Diff(old, new)); err != nil || doc.Text() != new {
		t.Errorf("Diff does not lead from old to new: %v", err)
	}
	checkRuns(t, ot.Compare(old, new), old, new)
	checkRuns(t, ot.CompareLines(old, new), old, new)
	// Three differences of 200 ms each; the race detector and a busy machine
	// make the rest several times slower.
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestLawOriginsAgreeWithANaiveModel keeps beside the origins a list of one
// number for each unit.
func TestLawOriginsAgreeWithANaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawContent(t)
		model := make([]int64, content.Length())
		origins := ot.NewOrigins(content.Length(), 0)
		for rev := int64(1); rev < 12; rev++ {
			d := drawDelta(t, content)
			content = content.Compose(d)
			model = applyNaively(model, d, rev)
			var err error
			if origins, err = origins.Apply(d, rev); err != nil {
				t.Fatal(err)
			}
		}
		read, err := ot.ParseOrigins(origins.AppendBinary(nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []ot.Origins{origins, read} {
			var got []int64
			last := int64(-1)
			for n, origin := range o.Runs() {
				if origin == last {
					t.Fatalf("two runs of origin %d touch", origin)
				}
				last = origin
				got = append(got, slices.Repeat([]int64{origin}, n)...)
			}
			if !slices.Equal(got, model) {
				t.Fatalf("got %v, want %v", got, model)
			}
		}
	})
}

func applyNaively(units []int64, d ot.Delta, origin int64) []int64 {
	at := 0
	for _, op := range d {
		switch {
		case op.IsInsert():
			units = slices.Insert(units, at, slices.Repeat([]int64{origin}, op.Len())...)
			at += op.Len()
		case op.IsDelete():
			units = slices.Delete(units, at, at+op.Len())
		default:
			at += op.Len()
		}
	}
	return units
}

func TestParseOriginsRefusesWhatIsNone(t *testing.T) {
	for _, data := range []string{"\x80", "\x05", "\x00\x02", "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x02"} {
		if _, err := ot.ParseOrigins([]byte(data)); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
}
