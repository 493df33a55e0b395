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

func TestDiffIsSmall(t *testing.T) {
	for _, c := range [][3]string{
		{"", "", `[]`},
		{"same", "same", `[]`},
		{"", "new", `[{"insert":"new"}]`},
		{"old", "", `[{"delete":3}]`},
		{"a😀b", "a😁b", `[{"retain":1},{"insert":"😁"},{"delete":2}]`},
		{"éa", "èa", `[{"insert":"è"},{"delete":1}]`},
		{"x©", "xé", `[{"retain":1},{"insert":"é"},{"delete":1}]`},
		{"aaa", "aa", `[{"retain":2},{"delete":1}]`},
		{"The quick brown fox jumps over it", "The slow brown fox jumps past it", ""},
	} {
		got := ot.Diff(c[0], c[1])
		if c[2] != "" && got.String() != c[2] {
			t.Errorf("%q to %q: got %s, want %s", c[0], c[1], got, c[2])
		}
		if c[2] == "" && len(got) < 5 {
			t.Errorf("%q to %q is as coarse as %s", c[0], c[1], got)
		}
	}
}

func TestLawDiffLeadsFromOneToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawContent(t)
		doc, _ := ot.NewDocument(content)
		edited, err := doc.Apply(drawDelta(t, content))
		if err != nil {
			t.Fatal(err)
		}
		old, _ := ot.NewDocument(ot.Delta{}.Insert(doc.Text(), nil))
		for _, text := range []string{edited.Text(), drawText(t, 30)} {
			after, err := old.Apply(ot.Diff(doc.Text(), text))
			if err != nil || after.Text() != text {
				t.Fatalf("%q to %q gives %q, %v", doc.Text(), text, after.Text(), err)
			}
		}
	})
}

func TestDiffOfUnrelatedTextsIsBoundedInTime(t *testing.T) {
	old, other := noise(1), noise(2)
	began := time.Now()
	delta := ot.Diff(old, other)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	doc, _ := ot.NewDocument(ot.Delta{}.Insert(old, nil))
	if after, err := doc.Apply(delta); err != nil || after.Text() != other {
		t.Errorf("wrong: %v", err)
	}
}

// TestCutPairsKeepTheirLengths is about deltas that Apply refuses: Compose and
// Slice, which cannot, give a replacement character for each half.
func TestCutPairsKeepTheirLengths(t *testing.T) {
	content := ot.Delta{}.Insert("a😀é😁", nil)
	cut := ot.Delta{}.Retain(2, nil).Insert("|", nil).Retain(2, nil).Insert("|", nil).Retain(1, nil).Insert("|", nil)
	if got, want := content.Compose(cut).String(), `[{"insert":"a`+"\uFFFD|\uFFFDé|\uFFFD|\uFFFD"+`"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	doc, _ := ot.NewDocument(content)
	for from := range 7 {
		for to := from; to < 7; to++ {
			if n := doc.Slice(from, to).Length(); n != to-from {
				t.Errorf("slice %d to %d has %d", from, to, n)
			}
		}
	}
	if got := doc.Slice(-5, 99); got.String() != content.String() || len(doc.Slice(3, 3)) != 0 || !strings.HasPrefix(doc.Slice(1, 3)[0].Text(), "😀") {
		t.Errorf("slices are not clamped: %s", got)
	}
}

// TestDiffOfALongTextWithManyChangesIsAboutAsLarge has a program replace a word
// in many places of a megabyte: what stays must not be deleted and inserted.
func TestDiffOfALongTextWithManyChangesIsAboutAsLarge(t *testing.T) {
	ot.TakeTimeToDiff(t, 5*time.Second) // what is slow here is the race detector
	const lines = 25_000
	for _, changes := range []int{1, 100, 500} {
		for name, end := range map[string]string{"lines": "\n", "one line": " "} {
			var old, new strings.Builder
			for i := range lines {
				word := "usual"
				if i%(lines/changes) == 0 {
					word = "extraordinary😀"
				}
				fmt.Fprintf(&old, "line %d is a rather usual line of wörds.%s", i, end)
				fmt.Fprintf(&new, "line %d is a rather %s line of wörds.%s", i, word, end)
			}
			delta := ot.Diff(old.String(), new.String())
			inserted := 0
			for _, op := range delta {
				if op.IsInsert() {
					inserted += op.Len()
				}
			}
			if inserted > 16*changes {
				t.Errorf("%d changes in %s: %d units are inserted", changes, name, inserted)
			}
			doc, _ := ot.NewDocument(ot.Delta{}.Insert(old.String(), nil))
			if after, err := doc.Apply(delta); err != nil || after.Text() != new.String() {
				t.Errorf("%d changes in %s: not the new text, %v", changes, name, err)
			}
		}
	}
}

func TestLawDiffLeadsFromOneLongTextToTheOther(t *testing.T) {
	words := []string{"a", "bc ", "déf", " ", "\n", "😀", "😁", ".", "\uFFFD", "\u0301", "x1"}
	random := rand.New(rand.NewPCG(1, 2))
	text := func() []string {
		var out []string
		for range 6000 {
			out = append(out, words[random.IntN(len(words))])
		}
		return out
	}
	for range 20 {
		old := text()
		new := slices.Clone(old)
		for range random.IntN(50) {
			at, n := random.IntN(len(new)-20), random.IntN(20)
			new = slices.Replace(new, at, at+random.IntN(20), text()[:n]...)
		}
		from, to := strings.Join(old, ""), strings.Join(new, "")
		doc, _ := ot.NewDocument(ot.Delta{}.Insert(from, nil))
		after, err := doc.Apply(ot.Diff(from, to))
		if err != nil || after.Text() != to {
			t.Fatalf("not the new text: %v", err)
		}
		var back strings.Builder
		for _, run := range ot.Compare(from, to) {
			if run.Change != ot.Inserted {
				back.WriteString(run.Text)
			}
		}
		if back.String() != from {
			t.Fatal("not the old text")
		}
	}
}
