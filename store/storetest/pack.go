package storetest

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tutti/ot"
	"tutti/store"
)

var packTests = []test{
	{"PackChangesNothingThatIsRead", packKeeps},
	{"PackGoesToItsRevisionInBoundedSteps", packSteps},
	{"PackComparesTheEpoch", packEpoch},
	{"PackedDocumentsGoOn", packGoesOn},
	{"PackKeepsSnapshotsToStartFrom", packSnapshots},
	{"PackedDocumentsAreDeletedWhole", packDeleted},
}

// failing is what tests and properties have in common.
type failing interface {
	Helper()
	Fatalf(format string, args ...any)
}

// packAll packs as long as there is something to pack.
func packAll(t failing, s store.Store, id string, upto int64) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = s.Pack(id, epoch, upto); err != nil {
			t.Fatalf("Pack(%q, %d): %v", id, upto, err)
		}
	}
}

// packKeeps packs histories of all that a record can be, here and there while
// they grow, and reads them in pieces.
func packKeeps(t *testing.T, s store.Store) {
	documents := 0
	rapid.Check(t, func(r *rapid.T) {
		documents++
		id := fmt.Sprint("document-", documents)
		must(t, s.Create(info(id), content(id)))
		var all []store.Line
		for range rapid.IntRange(1, 4).Draw(r, "rounds") {
			lines := drawLines(r, all)
			at := int64(len(all))
			all = append(all, lines...)
			last, err := store.ParseRecordHeader(lines[len(lines)-1].JSON)
			must(t, err)
			must(t, s.Append(id, epoch, at, lines, store.Head{Rev: last.Rev, At: last.At}))
			packAll(r, s, id, rapid.Int64Range(-1, int64(len(all)+1)).Draw(r, "upto"))
			for range 5 {
				after := rapid.Int64Range(0, int64(len(all))).Draw(r, "after")
				limit := rapid.IntRange(0, len(all)+1).Draw(r, "limit")
				sameLines(r, s, id, after, limit, all)
			}
		}
		sameLines(r, s, id, 0, len(all), all)
		size, err := s.LogSize(id, 0, math.MaxInt)
		if err != nil || size.Rev != int64(len(all)) || size.PackedTo > size.Rev {
			r.Fatalf("LogSize = %+v, %v; there are %d records", size, err, len(all))
		}
		sum := int64(0)
		for _, line := range all {
			sum += int64(len(line.JSON))
		}
		if size.Raw+size.Unpacked != sum {
			r.Fatalf("LogSize = %+v; the records have %d bytes", size, sum)
		}
	})
}

func sameLines(t failing, s store.Store, id string, after int64, limit int, all []store.Line) {
	t.Helper()
	got, err := s.Lines(id, after, limit)
	want := all[after:min(int(after)+limit, len(all))]
	if err != nil || len(got) != len(want) {
		t.Fatalf("Lines(%d, %d) returns %d lines, %v; want %d", after, limit, len(got), err, len(want))
	}
	for i := range got {
		if got[i].Rev != want[i].Rev || !bytes.Equal(got[i].JSON, want[i].JSON) {
			t.Fatalf("Lines(%d, %d)[%d] = %d %s\nwant %d %s", after, limit, i, got[i].Rev, got[i].JSON, want[i].Rev, want[i].JSON)
		}
	}
}

// drawLines draws lines that follow others: keystrokes of some people, and
// among them whatever else a delta can be, and records of other versions.
func drawLines(r *rapid.T, before []store.Line) (lines []store.Line) {
	at, cursor := int64(1_700_000_000_000), 0
	if n := len(before); n > 0 {
		last, err := store.ParseRecordHeader(before[n-1].JSON)
		if err != nil {
			r.Fatal(err)
		}
		at = last.At
	}
	people := []string{"nq1-_gZ0TgKQ3aUc7a8bQw", "guest:\"Åsa\"", "", "😀\u2028"}
	texts := []string{"x", " ", "\n", "é", "😀", "\u0000\u2028\"\\/", "a longer text", strings.Repeat("paste ", 50)}
	for range rapid.IntRange(1, 200).Draw(r, "lines") {
		rev := int64(len(before) + len(lines) + 1)
		who := rapid.SampledFrom(people).Draw(r, "who")
		at += rapid.SampledFrom([]int64{0, 1, 150, 255, 256, 70_000, -3, 1 << 33}).Draw(r, "pause")
		op := ot.Delta{}.Retain(cursor+rapid.SampledFrom([]int{0, 0, 0, 1, 500}).Draw(r, "jump"), nil)
		var attr *ot.Attributes
		if rapid.IntRange(0, 9).Draw(r, "formatted") == 0 {
			attr = ot.Attr("link", "https://example.org/?a=1&b=\"")
		}
		switch rapid.IntRange(0, 9).Draw(r, "kind") {
		default:
			op = op.Insert(rapid.SampledFrom(texts).Draw(r, "text"), attr)
		case 0, 1:
			op = op.Delete(rapid.IntRange(1, 3).Draw(r, "gone"))
		case 2:
			op = op.Retain(7, ot.Attr("italic", nil)).InsertEmbed(`{"image":"x.png"}`, attr).Delete(2).Retain(3, nil).Insert("e", nil)
		case 3:
			op = ot.Delta{}
		}
		cursor = op.Length()
		seq := rev + rapid.Int64Range(0, 1).Draw(r, "seq")
		json := store.Record{Rev: rev, Client: who, Seq: seq, User: who, At: at, Op: op}.AppendJSON(nil)
		switch rapid.IntRange(0, 30).Draw(r, "version") {
		case 0:
			json = bytes.Replace(json, []byte(`"seq"`), []byte(`"why":{"undo":[41]}, "seq"`), 1)
		case 1:
			json = bytes.Replace(json, []byte(`,"op"`), []byte(`, "op"`), 1)
		}
		lines = append(lines, store.Line{Rev: rev, JSON: json})
	}
	return lines
}

func packSteps(t *testing.T, s store.Store) {
	create(t, s, "a", "b")
	appendRun(t, s, "a", 0, 5000)
	appendRun(t, s, "b", 0, 3)
	for _, upto := range []int64{-1, 0, 1, 2500, 2500, 4000, math.MaxInt64} {
		packAll(t, s, "a", upto)
		size, err := s.LogSize("a", 0, math.MaxInt)
		if err != nil || size.Rev != 5000 || size.PackedTo > max(upto, 0) {
			t.Fatalf("packed to %d: %+v, %v", upto, size, err)
		}
		wantLines(t, s, "a", 2498, 4, 2499, 2500, 2501, 2502)
		wantLines(t, s, "a", 4999, 4, 5000)
	}
	wantLines(t, s, "b", 0, 10, 1, 2, 3)
}

func packEpoch(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 3)
	_, err := s.Pack("a", "e2", 3)
	fails(t, err, store.ErrConflict)
	_, err = s.Pack("b", epoch, 3)
	fails(t, err, store.ErrNotFound)
}

// packGoesOn appends behind a log that is packed to its end.
func packGoesOn(t *testing.T, s store.Store) {
	create(t, s, "a")
	for at := int64(0); at < 60; at += 3 {
		appendRun(t, s, "a", at, 3)
		packAll(t, s, "a", at+3-at%2)
		wantLines(t, s, "a", at, 10, at+1, at+2, at+3)
		if got, err := s.Info("a"); err != nil || got.Head != head(at+3) {
			t.Fatalf("Info = %+v, %v", got, err)
		}
	}
	lines, head := run(57, 3)
	fails(t, s.Append("a", epoch, 57, lines, head), store.ErrConflict)
}

func packSnapshots(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 400)
	large := strings.Repeat("the same ", 200)
	for _, rev := range []int64{100, 200, 300} {
		save(t, s, "a", rev, fmt.Sprint(rev, large), store.ClientMark{Client: "c1", Seq: rev, Rev: rev})
	}
	packAll(t, s, "a", 250)
	wantSnapshot(t, s, "a", 99, 0, "a")
	wantSnapshot(t, s, "a", 250, 200, "200"+large)
	wantSnapshot(t, s, "a", 400, 300, "300"+large)
	if mark, err := s.Mark("a", "c1"); err != nil || mark.Seq != 300 {
		t.Fatalf("Mark = %+v, %v", mark, err)
	}
	save(t, s, "a", 200, "other")
	wantSnapshot(t, s, "a", 250, 200, "other")
}

func packDeleted(t *testing.T, s store.Store) {
	create(t, s, "a", "ab")
	for _, id := range []string{"a", "ab"} {
		appendRun(t, s, id, 0, 30)
		packAll(t, s, id, 20)
	}
	must(t, s.Delete("a"))
	create(t, s, "a")
	wantLines(t, s, "a", 0, 10)
	appendRun(t, s, "a", 0, 2)
	wantLines(t, s, "a", 0, 10, 1, 2)
	wantLines(t, s, "ab", 19, 2, 20, 21)
}
