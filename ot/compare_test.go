package ot_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tutti/ot"
)

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
