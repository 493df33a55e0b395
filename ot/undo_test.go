package ot_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tutti/ot"
)

// TestUndoOfOneAuthorLeavesTheOthersInOrder draws histories of two authors in
// which each unit is unlike all others, and takes one author back.
func TestUndoOfOneAuthorLeavesTheOthersInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		next := rune(0x4E00)
		fresh := func(n int) string {
			var b strings.Builder
			for range n {
				b.WriteRune(next)
				next++
			}
			return b.String()
		}
		author := map[rune]int{}
		content := ot.Delta{}.Insert(fresh(rapid.IntRange(0, 8).Draw(t, "length")), nil)
		doc, err := ot.NewDocument(content)
		if err != nil {
			t.Fatal(err)
		}
		var undo ot.Undo
		deletedByOthers := map[rune]bool{}
		for range rapid.IntRange(0, 20).Draw(t, "deltas") {
			who := rapid.IntRange(1, 2).Draw(t, "author")
			d := drawTextDelta(t, doc.Length(), fresh)
			text := []rune(doc.Text())
			at := 0
			for _, op := range d {
				switch {
				case op.IsInsert():
					for _, r := range op.Text() {
						author[r] = who
					}
				case op.IsDelete() && who != 1:
					for _, r := range text[at : at+op.Len()] {
						deletedByOthers[r] = true
					}
				}
				if !op.IsInsert() {
					at += op.Len()
				}
			}
			if who == 1 {
				undo.TakeBack(doc.Invert(d))
			} else {
				undo.Keep(d)
			}
			if doc, err = doc.Apply(d); err != nil {
				t.Fatal(err)
			}
		}
		after, err := doc.Apply(undo.Delta())
		if err != nil {
			t.Fatalf("%s on %q: %v", undo.Delta(), doc.Text(), err)
		}
		left := map[rune]bool{}
		var order strings.Builder
		for _, r := range after.Text() {
			left[r] = true
			if author[r] == 1 {
				t.Fatalf("%c of the author is still there: %q became %q", r, doc.Text(), after.Text())
			}
			if strings.ContainsRune(doc.Text(), r) {
				order.WriteRune(r)
			}
		}
		var want strings.Builder
		for _, r := range doc.Text() {
			if author[r] != 1 {
				want.WriteRune(r)
			}
		}
		if order.String() != want.String() {
			t.Fatalf("the others' %q became %q", want.String(), order.String())
		}
		for r := range author {
			if author[r] != 1 && !deletedByOthers[r] && !left[r] {
				t.Fatalf("%c, which only the author had deleted, is not back", r)
			}
		}
	})
}

// drawTextDelta draws a delta of plain text, each unit inserted a new one.
func drawTextDelta(t *rapid.T, length int, fresh func(int) string) ot.Delta {
	var d ot.Delta
	for range rapid.IntRange(1, 4).Draw(t, "ops") {
		switch n := rapid.IntRange(1, 4).Draw(t, "n"); rapid.IntRange(0, 2).Draw(t, "action") {
		case 0:
			d = d.Insert(fresh(n), nil)
		case 1:
			n = min(n, length)
			d, length = d.Retain(n, nil), length-n
		case 2:
			n = min(n, length)
			d, length = d.Delete(n), length-n
		}
	}
	return d
}

func TestUndoOfAllLeadsBackAndOfNothingNowhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawContent(t)
		doc, err := ot.NewDocument(content)
		if err != nil {
			t.Fatal(err)
		}
		before := doc
		var all, nothing ot.Undo
		for range rapid.IntRange(0, 9).Draw(t, "deltas") {
			d := drawDelta(t, doc.Delta())
			all.TakeBack(doc.Invert(d))
			nothing.Keep(d)
			if doc, err = doc.Apply(d); err != nil {
				t.Fatal(err)
			}
		}
		if d := nothing.Delta(); len(d) > 0 {
			t.Fatalf("nothing is taken back by %s", d)
		}
		if doc, err = doc.Apply(all.Delta()); err != nil {
			t.Fatal(err)
		}
		equal(t, "back at the beginning", doc.Delta(), before.Delta())
	})
}

// TestUndoOfAnUndoRestores takes some deltas back, and then what took them
// back.
func TestUndoOfAnUndoRestores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc, err := ot.NewDocument(drawContent(t))
		if err != nil {
			t.Fatal(err)
		}
		var undo ot.Undo
		for range rapid.IntRange(1, 9).Draw(t, "deltas") {
			d := drawDelta(t, doc.Delta())
			if rapid.Bool().Draw(t, "back?") {
				undo.TakeBack(doc.Invert(d))
			} else {
				undo.Keep(d)
			}
			if doc, err = doc.Apply(d); err != nil {
				t.Fatal(err)
			}
		}
		reverted, err := doc.Apply(undo.Delta())
		if err != nil {
			t.Fatal(err)
		}
		var redo ot.Undo
		redo.TakeBack(doc.Invert(undo.Delta()))
		restored, err := reverted.Apply(redo.Delta())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "restored", restored.Delta(), doc.Delta())
	})
}
