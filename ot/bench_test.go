package ot_test

import (
	"strings"
	"testing"

	"tutti/ot"
)

// keystrokes are n records as typing makes them, spread over a text.
func keystrokes(n int) []ot.Delta {
	records := make([]ot.Delta, n)
	random := uint32(7)
	for i := range records {
		random = random*1664525 + 1013904223
		at := 1 + int(random>>8)%10_000
		if i%4 == 3 {
			records[i] = ot.Delta{}.Retain(at, nil).Delete(1)
		} else {
			records[i] = ot.Delta{}.Retain(at, nil).Insert("x", nil)
		}
	}
	return records
}

func BenchmarkTransformOver1000(b *testing.B) {
	records := keystrokes(1000)
	for name, key := range map[string]ot.Delta{
		"insert": ot.Delta{}.Retain(5000, nil).Insert("y", nil),
		"format": ot.Delta{}.Retain(5000, nil).Retain(20, ot.Attr("bold", true)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				key := key
				for _, record := range records {
					key = record.Transform(key, false)
				}
			}
		})
	}
}

func BenchmarkParseKeystroke(b *testing.B) {
	data := []byte(`[{"retain":5000},{"insert":"y"}]`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ot.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseFormat(b *testing.B) {
	data := []byte(`[{"retain":5000},{"retain":20,"attributes":{"bold":true,"color":"#ff0000"}}]`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ot.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseMegabyte(b *testing.B) {
	data := ot.Delta{}.Insert(strings.Repeat("All work and no play.\n", 50_000), nil).AppendJSON(nil)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := ot.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendJSONKeystroke(b *testing.B) {
	key := ot.Delta{}.Retain(5000, nil).Insert("y", nil)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = key.AppendJSON(buf[:0])
	}
}

// noise is a megabyte of text in which no stretch resembles another.
func noise(seed uint32) string {
	var out strings.Builder
	for out.Len() < 1<<20 {
		seed = seed*1664525 + 1013904223
		out.WriteByte('a' + byte(seed>>24)%26)
		if seed>>16%8 == 0 {
			out.WriteByte(' ')
		}
	}
	return out.String()
}

func BenchmarkDiffMegabyteWith20Edits(b *testing.B) {
	old := noise(1)
	edited := old
	for i := range 20 {
		at := len(old) / 21 * (i + 1)
		edited = edited[:at] + " an edit " + edited[at+i:]
	}
	for b.Loop() {
		if len(ot.Diff(old, edited)) < 20 {
			b.Fatal("too coarse")
		}
	}
}

func BenchmarkDiffMegabyteUnrelated(b *testing.B) {
	old, other := noise(1), noise(2)
	for b.Loop() {
		ot.Diff(old, other)
	}
}

// BenchmarkDocumentTwoTypists is the worst of ordinary use: no two keystrokes
// in a row fall into one chunk.
func BenchmarkDocumentTwoTypists(b *testing.B) {
	doc, _ := ot.NewDocument(ot.Delta{}.Insert(strings.Repeat("All work and no play.\n", 50_000), nil))
	at := []int{100_000, 900_000}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		who := i & 1
		next, err := doc.Apply(ot.Delta{}.Retain(at[who], nil).Insert("x", nil))
		if err != nil {
			b.Fatal(err)
		}
		if at[0] < 110_000 {
			doc = next
			at[who]++
		}
	}
}

// BenchmarkDocumentEmbed is the keystroke that goes the long way: an embed
// of its own, and its removal.
func BenchmarkDocumentEmbed(b *testing.B) {
	doc, _ := ot.NewDocument(ot.Delta{}.Insert(strings.Repeat("All work and no play.\n", 50_000), nil))
	insert := ot.Delta{}.Retain(500_000, nil).InsertEmbed(`{"image":"x"}`, nil)
	remove := ot.Delta{}.Retain(500_000, nil).Delete(1)
	b.ReportAllocs()
	for b.Loop() {
		with, _ := doc.Apply(insert)
		doc, _ = with.Apply(remove)
	}
}
