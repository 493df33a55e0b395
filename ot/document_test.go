package ot_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"tutti/ot"
)

// cell is one UTF-16 code unit of the naive model of a document.
type cell struct {
	unit  uint16
	embed string // instead of a unit
	attr  map[string]string
}

// model is a document as a flat list: slow, and too simple to be wrong.
type model []cell

func cells(op ot.Op) []cell {
	attr := maps.Collect(op.Attributes().All())
	if op.Embed() != "" {
		return []cell{{embed: op.Embed(), attr: attr}}
	}
	var out []cell
	for _, unit := range utf16.Encode([]rune(op.Text())) {
		out = append(out, cell{unit: unit, attr: attr})
	}
	return out
}

func (m model) apply(d ot.Delta) model {
	var out model
	rest := m
	for _, op := range d {
		if op.IsInsert() {
			out = append(out, cells(op)...)
			continue
		}
		taken := rest[:op.Len()]
		rest = rest[op.Len():]
		if op.IsDelete() {
			continue
		}
		for _, c := range taken {
			attr := maps.Clone(c.attr)
			if attr == nil {
				attr = map[string]string{}
			}
			for name, value := range op.Attributes().All() {
				if attr[name] = value; value == "null" {
					delete(attr, name)
				}
			}
			c.attr = attr
			out = append(out, c)
		}
	}
	return append(out, rest...)
}

// notation spells the model so that equal documents are equal strings.
func (m model) notation() string {
	var out strings.Builder
	for _, c := range m {
		attr, _ := json.Marshal(c.attr)
		if len(c.attr) == 0 {
			attr = nil
		}
		fmt.Fprintf(&out, "%x%s%s|", c.unit, c.embed, attr)
	}
	return out.String()
}

func modelOf(content ot.Delta) model { return model(nil).apply(content) }

// check compares a document with its model in every way to read it.
func check(t *rapid.T, doc ot.Document, m model) {
	t.Helper()
	if err := doc.CheckTree(); err != nil {
		t.Fatal(err)
	}
	if got, want := modelOf(doc.Delta()).notation(), m.notation(); got != want {
		t.Fatalf("the document is\n%s\nand should be\n%s", got, want)
	}
	if doc.Length() != len(m) {
		t.Fatalf("length %d, should be %d", doc.Length(), len(m))
	}
	units := make([]uint16, len(m))
	for i, c := range m {
		if units[i] = c.unit; c.embed != "" {
			units[i] = 0xFFFC
		}
	}
	var written strings.Builder
	if n, err := doc.WriteText(&written); err != nil || int(n) != written.Len() {
		t.Fatalf("wrote %d: %v", n, err)
	}
	if text := string(utf16.Decode(units)); doc.Text() != text || written.String() != text {
		t.Fatalf("text %q, written %q, should be %q", doc.Text(), written.String(), text)
	}
	if got := string(doc.AppendJSON(nil)); got != doc.Delta().String() {
		t.Fatalf("encoded as %s", got)
	}
}

func TestLawApplyAgreesWithCompose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawContent(t)
		doc, err := ot.NewDocument(content)
		if err != nil {
			t.Fatal(err)
		}
		m := modelOf(content)
		check(t, doc, m)
		for range rapid.IntRange(1, 20).Draw(t, "deltas") {
			delta := drawDelta(t, content)
			before := doc
			beforeModel := m
			if doc, err = doc.Apply(delta); err != nil {
				t.Fatalf("%s on %s: %v", delta, content, err)
			}
			content = content.Compose(delta)
			m = m.apply(delta)
			check(t, doc, m)
			check(t, before, beforeModel)
			equal(t, "content", doc.Delta(), content)
		}
	})
}

// TestLawApplyAgreesWithModelWhenLarge works on documents of many leaves, with
// pastes, cuts and typing.
func TestLawApplyAgreesWithModelWhenLarge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var doc ot.Document
		var m model
		var err error
		at := 0
		for range rapid.IntRange(20, 60).Draw(t, "edits") {
			delta, next := drawLargeEdit(t, m, at)
			if at = next; at > len(m)+5000 {
				at = 0
			}
			if doc, err = doc.Apply(delta); err != nil {
				t.Fatalf("%s: %v", delta, err)
			}
			m = m.apply(delta)
			if err := doc.CheckTree(); err != nil {
				t.Fatal(err)
			}
		}
		check(t, doc, m)
		from := rapid.IntRange(0, len(m)).Draw(t, "from")
		to := rapid.IntRange(from, len(m)).Draw(t, "to")
		if !m.inPair(from) && !m.inPair(to) {
			if got, want := modelOf(doc.Slice(from, to)).notation(), m[from:to].notation(); got != want {
				t.Fatalf("slice %d to %d is\n%s\nand should be\n%s", from, to, got, want)
			}
		}
	})
}

func (m model) inPair(at int) bool {
	return at > 0 && at < len(m) && utf16.IsSurrogate(rune(m[at].unit)) && m[at].unit >= 0xDC00
}

// drawLargeEdit draws an edit near the last one, or somewhere else, and where
// the cursor is then.
func drawLargeEdit(t *rapid.T, m model, at int) (ot.Delta, int) {
	if rapid.IntRange(0, 2).Draw(t, "jump?") == 0 {
		at = rapid.IntRange(0, len(m)).Draw(t, "at")
	}
	at = min(at, len(m))
	if m.inPair(at) {
		at--
	}
	var b ot.Builder
	b.Retain(at, nil)
	switch rapid.IntRange(0, 4).Draw(t, "edit") {
	case 0: // paste
		text := strings.Repeat(drawText(t, 20), rapid.IntRange(1, 300).Draw(t, "times"))
		b.Insert(text, rapid.SampledFrom(insertAttributes).Draw(t, "attributes"))
	case 1: // cut, or put a format on a stretch
		end := min(len(m), at+rapid.IntRange(1, 3000).Draw(t, "length"))
		if m.inPair(end) {
			end--
		}
		if attr := rapid.SampledFrom(retainAttributes).Draw(t, "attributes"); attr != nil {
			b.Retain(end-at, attr)
		} else {
			b.Delete(end - at)
		}
	default: // type
		drawInsert(t, &b, 3)
	}
	delta := b.Delta()
	return delta, delta.TransformPosition(at, false)
}

func TestApplyRefusesWhatDoesNotFit(t *testing.T) {
	doc, err := ot.NewDocument(ot.Delta{}.Insert("a😀b", nil).InsertEmbed(`{"image":1}`, nil).Insert("😁", ot.Attr("bold", true)))
	if err != nil {
		t.Fatal(err)
	}
	for delta, want := range map[string]ot.Code{
		`[]`:                            "",
		`[{"retain":7}]`:                "",
		`[{"delete":7},{"insert":"x"}]`: "",
		`[{"retain":8}]`:                ot.BeyondEnd,
		`[{"delete":8}]`:                ot.BeyondEnd,
		`[{"retain":7},{"delete":1}]`:   ot.BeyondEnd,
		`[{"retain":2147483647},{"retain":2147483647},{"delete":2147483647}]`: ot.BeyondEnd,
		`[{"retain":8},{"insert":"x"}]`:                                       ot.BeyondEnd,
		`[{"retain":2}]`:                                                      ot.Surrogate,
		`[{"retain":2},{"insert":"x"}]`:                                       ot.Surrogate,
		`[{"retain":2},{"delete":1}]`:                                         ot.Surrogate,
		`[{"retain":1},{"delete":1}]`:                                         ot.Surrogate,
		`[{"delete":2}]`:                                                      ot.Surrogate,
		`[{"retain":2,"attributes":{"bold":true}}]`:                           ot.Surrogate,
		`[{"retain":6},{"insert":"x"},{"delete":9}]`:                          ot.Surrogate,
		`[{"insert":"😀"},{"retain":1},{"delete":2}]`:                          "",
		`[{"retain":5},{"insert":"x"},{"delete":2}]`:                          "",
	} {
		parsed, err := ot.Parse([]byte(delta))
		if err != nil {
			t.Fatal(err)
		}
		next, err := doc.Apply(parsed)
		var got ot.Code
		if err != nil {
			got = err.(*ot.Error).Code
		} else if next.Delta().String() != doc.Delta().Compose(parsed).String() {
			t.Errorf("%s gives %s", delta, next.Delta())
		}
		if got != want {
			t.Errorf("%s: %v, want %q", delta, err, want)
		}
		if err != nil && next.Text() != doc.Text() {
			t.Errorf("%s: refused, and yet another document came back", delta)
		}
	}
	if _, err := ot.NewDocument(ot.Delta{}.Insert("a", nil).Retain(1, ot.Attr("bold", true))); err == nil {
		t.Error("a content with a retain is accepted")
	}
}

// TestLeavesStayFilled edits for long, with many more deletes than a fresh
// text has, and asks that the tree does not go to shreds.
func TestLeavesStayFilled(t *testing.T) {
	doc, _ := ot.NewDocument(ot.Delta{}.Insert(strings.Repeat("All work and no play. ", 5000), nil))
	random := uint32(1)
	for range 20_000 {
		random = random*1664525 + 1013904223
		at := int(random>>8) % (doc.Length() - 10)
		delta := ot.Delta{}.Retain(at, nil).Delete(5)
		if doc.Length() < 20_000 {
			delta = ot.Delta{}.Retain(at, nil).Insert("words ", nil)
		}
		next, err := doc.Apply(delta)
		if err != nil {
			t.Fatal(err)
		}
		doc = next
	}
	if err := doc.CheckTree(); err != nil {
		t.Fatal(err)
	}
	if chunks := doc.Chunks(); len(doc.Text())/chunks < 100 {
		t.Errorf("%d chunks for %d bytes", chunks, len(doc.Text()))
	}
}

// TestTreeShrinks deletes a large text piece by piece, and asks that the tree
// is in the end what a small text has.
func TestTreeShrinks(t *testing.T) {
	doc, _ := ot.NewDocument(ot.Delta{}.Insert(strings.Repeat("All work and no play. ", 50_000), nil))
	random := uint32(1)
	for doc.Length() > 3000 {
		random = random*1664525 + 1013904223
		at := int(random>>8) % (doc.Length() - 700)
		next, err := doc.Apply(ot.Delta{}.Retain(at, nil).Delete(700))
		if err != nil {
			t.Fatal(err)
		}
		doc = next
	}
	if err := doc.CheckTree(); err != nil {
		t.Fatal(err)
	}
	if height := doc.Height(); height > 1 {
		t.Errorf("%d units in a tree of height %d", doc.Length(), height)
	}
	empty, err := doc.Apply(ot.Delta{}.Delete(doc.Length()))
	if err != nil || empty.Length() != 0 || empty.Text() != "" || empty.Delta().String() != "[]" || empty.CheckTree() != nil {
		t.Errorf("%d units are left, %v", empty.Length(), err)
	}
}

func TestDocumentsShareTheirVersions(t *testing.T) {
	doc, _ := ot.NewDocument(ot.Delta{}.Insert(strings.Repeat("x", 1000), nil))
	versions := []ot.Document{doc}
	texts := []string{doc.Text()}
	for i := range 500 {
		next, err := doc.Apply(ot.Delta{}.Retain(i*7%doc.Length(), nil).Insert("y", nil))
		if err != nil {
			t.Fatal(err)
		}
		doc = next
		versions = append(versions, doc)
		texts = append(texts, doc.Text())
	}
	if !slices.EqualFunc(versions, texts, func(d ot.Document, text string) bool { return d.Text() == text }) {
		t.Error("an old version has changed")
	}
}
