package ot_test

import (
	"testing"

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
