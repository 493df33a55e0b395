package ot_test

import (
	"pgregory.net/rapid"

	"tutti/ot"
)

// characters are what random texts are made of: few, so that equal ones meet,
// and such that go wrong where lengths are not UTF-16.
var characters = []string{"a", "b", "c", " ", "\n", "é", "\u0301", "世", "\u2028", "\x00", "\u200d", "\uFFFC", "\uFFFD", "😀", "😁", "👩", "🇩"}

var (
	insertAttributes = []*ot.Attributes{
		nil, nil, ot.Attr("bold", true), ot.Attr("bold", true).With("color", "red"), ot.Attr("color", "blue"), ot.Attr("size", 1.5),
	}
	retainAttributes = []*ot.Attributes{
		nil, nil, nil, ot.Attr("bold", true), ot.Attr("bold", nil), ot.Attr("bold", nil).With("color", "red"),
		ot.Attr("color", nil), ot.Attr("size", 1.5).With("bold", false), ot.Attr("color", "blue").With("size", nil),
	}
	embeds = []string{`{"image":"x"}`, `{"image":"y"}`, `{"formula":{"a":[1,null]}}`}
)

func drawText(t *rapid.T, limit int) string {
	text := ""
	for range rapid.IntRange(1, limit).Draw(t, "characters") {
		text += rapid.SampledFrom(characters).Draw(t, "character")
	}
	return text
}

func drawInsert(t *rapid.T, b *ot.Builder, limit int) {
	attr := rapid.SampledFrom(insertAttributes).Draw(t, "attributes")
	if rapid.IntRange(0, 5).Draw(t, "embed?") == 0 {
		b.InsertEmbed(rapid.SampledFrom(embeds).Draw(t, "embed"), attr)
		return
	}
	b.Insert(drawText(t, limit), attr)
}

// drawContent draws the content of a document.
func drawContent(t *rapid.T) ot.Delta {
	var b ot.Builder
	for range rapid.IntRange(0, 5).Draw(t, "runs") {
		drawInsert(t, &b, 12)
	}
	return b.Delta()
}

// drawDelta draws a delta that fits on base, a content, and cuts no pair. It
// is as the builders make them.
func drawDelta(t *rapid.T, base ot.Delta) ot.Delta {
	var b ot.Builder
	rest := characterLengths(base)
	for range rapid.IntRange(0, 6).Draw(t, "ops") {
		action := rapid.IntRange(0, 2).Draw(t, "action")
		if action == 0 {
			drawInsert(t, &b, 3)
			continue
		}
		if len(rest) == 0 {
			continue
		}
		n := 0
		count := rapid.IntRange(1, min(len(rest), 8)).Draw(t, "count")
		for _, units := range rest[:count] {
			n += units
		}
		rest = rest[count:]
		if action == 1 {
			b.Retain(n, rapid.SampledFrom(retainAttributes).Draw(t, "attributes"))
		} else {
			b.Delete(n)
		}
	}
	return b.Delta()
}

// characterLengths is how many units each character and embed of a content has.
func characterLengths(content ot.Delta) []int {
	var lengths []int
	for _, op := range content {
		if op.Embed() != "" {
			lengths = append(lengths, 1)
		}
		for _, r := range op.Text() {
			lengths = append(lengths, ot.Delta{}.Insert(string(r), nil).Length())
		}
	}
	return lengths
}
