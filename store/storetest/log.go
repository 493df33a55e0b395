package storetest

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"tutti/ot"
	"tutti/store"
)

var logTests = []test{
	{"AppendMovesTheHead", appendMoves},
	{"AppendComparesTheHead", appendCompares},
	{"AppendComparesTheEpoch", appendEpoch},
	{"AppendRefusesGaps", appendGaps},
	{"LinesComeInOrderAfterARevision", linesAfter},
	{"LinesBelongToTheCaller", linesOwned},
	{"LinesOfDocumentsDoNotMix", linesApart},
	{"LogSizeCountsTheLines", logSize},
	{"LongLogsAndLongLines", longLogs},
}

func appendMoves(t *testing.T, s store.Store) {
	create(t, s, "a")
	at := int64(0)
	for _, n := range []int{1, 3, 1} {
		appendRun(t, s, "a", at, n)
		at += int64(n)
		want := info("a")
		want.Head = head(at)
		if got, err := s.Info("a"); err != nil || got != want {
			t.Fatalf("Info = %+v, %v; want %+v", got, err, want)
		}
	}
	wantLines(t, s, "a", 0, 10, 1, 2, 3, 4, 5)
}

func appendCompares(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 3)
	for _, at := range []int64{0, 1, 2, 4, 1 << 40} {
		lines, head := run(at, 2)
		fails(t, s.Append("a", epoch, at, lines, head), store.ErrConflict)
	}
	wantLines(t, s, "a", 0, 10, 1, 2, 3)
	appendRun(t, s, "a", 3, 1)
}

func appendEpoch(t *testing.T, s store.Store) {
	create(t, s, "a")
	lines, head := run(0, 1)
	for _, other := range []string{"", "e", "e2", "e11"} {
		fails(t, s.Append("a", other, 0, lines, head), store.ErrConflict)
	}
	wantLines(t, s, "a", 0, 10)
}

func appendGaps(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 2)
	for _, bad := range []struct {
		at    int64
		lines []store.Line
		head  int64
	}{
		{2, nil, 2},
		{2, []store.Line{line(4)}, 3},
		{2, []store.Line{line(4)}, 4},
		{2, []store.Line{line(2)}, 3},
		{2, []store.Line{line(3), line(5)}, 4},
		{2, []store.Line{line(3), line(3)}, 4},
		{2, []store.Line{line(4), line(3)}, 4},
		{2, []store.Line{line(3)}, 2},
		{2, []store.Line{line(3)}, 4},
		{-1, []store.Line{line(0)}, 0},
	} {
		fails(t, s.Append("a", epoch, bad.at, bad.lines, head(bad.head)), store.ErrMalformed)
	}
	wantLines(t, s, "a", 0, 10, 1, 2)
}

func linesAfter(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 300) // past where one byte of the revision is full
	wantLines(t, s, "a", 0, 3, 1, 2, 3)
	wantLines(t, s, "a", 254, 4, 255, 256, 257, 258)
	wantLines(t, s, "a", 298, 10, 299, 300)
	wantLines(t, s, "a", 299, 1, 300)
	wantLines(t, s, "a", -5, 2, 1, 2)
	wantLines(t, s, "a", 0, 0)
	wantLines(t, s, "a", 0, -1)
	wantLines(t, s, "a", 300, 10)
	wantLines(t, s, "a", 301, 10)
	wantLines(t, s, "a", math.MaxInt64, 10)
}

// wantLines fails t unless Lines returns just those revisions, each with the
// JSON that the suite wrote.
func wantLines(t *testing.T, s store.Store, id string, after int64, limit int, revs ...int64) {
	t.Helper()
	lines, err := s.Lines(id, after, limit)
	must(t, err)
	if len(lines) != len(revs) {
		t.Fatalf("Lines(%q, %d, %d) returns %d lines, want %d", id, after, limit, len(lines), len(revs))
	}
	for i, got := range lines {
		if want := line(revs[i]); got.Rev != want.Rev || !bytes.Equal(got.JSON, want.JSON) {
			t.Fatalf("Lines(%q, %d, %d)[%d] = %d %s, want %d %s", id, after, limit, i, got.Rev, got.JSON, want.Rev, want.JSON)
		}
	}
}

func logSize(t *testing.T, s store.Store) {
	create(t, s, "a")
	create(t, s, "b")
	appendRun(t, s, "a", 0, 5)
	appendRun(t, s, "b", 0, 1) // the next in the order of keys
	for _, test := range []struct {
		after int64
		limit int
		to    int64
	}{{0, 10, 5}, {0, 3, 3}, {-7, 3, 3}, {3, 3, 5}, {5, 3, 5}, {9, 3, 9}, {0, 0, 0}} {
		want := int64(0)
		for rev := max(test.after, 0) + 1; rev <= test.to; rev++ {
			want += int64(len(line(rev).JSON))
		}
		if size, err := s.LogSize("a", test.after, test.limit); err != nil || size != (store.LogSize{Rev: test.to, Raw: want}) {
			t.Errorf("LogSize(%d, %d) = %+v, %v; want %d, %d", test.after, test.limit, size, err, want, test.to)
		}
	}
}

func linesOwned(t *testing.T, s store.Store) {
	create(t, s, "a")
	lines, head := run(0, 3)
	must(t, s.Append("a", epoch, 0, lines, head))
	for _, handedIn := range lines {
		copy(handedIn.JSON, "overwritten by its owner")
	}
	wantLines(t, s, "a", 0, 10, 1, 2, 3)

	out, err := s.Lines("a", 0, 10)
	must(t, err)
	_ = append(out[0].JSON, "run into the next"...)
	if want := line(2).JSON; !bytes.Equal(out[1].JSON, want) {
		t.Errorf("after appending to line 1, line 2 is %s, want %s", out[1].JSON, want)
	}
	for _, handedOut := range out {
		copy(handedOut.JSON, "overwritten by the caller")
	}
	wantLines(t, s, "a", 0, 10, 1, 2, 3)
}

func linesApart(t *testing.T, s store.Store) {
	together := []string{"a", "a-b", "a_", "aa", "A", "a-"}
	create(t, s, together...)
	for n, id := range together {
		appendRun(t, s, id, 0, n+1)
	}
	for n, id := range together {
		lines, err := s.Lines(id, 0, 100)
		if err != nil || len(lines) != n+1 {
			t.Errorf("%q has %d lines, %v; want %d", id, len(lines), err, n+1)
		}
		wantLines(t, s, id, int64(n+1), 100)
		wantSnapshot(t, s, id, 100, 0, id)
	}
}

func longLogs(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 5000)
	op := ot.Delta{}.Insert(strings.Repeat("long ", 200_000), nil)
	long := store.Record{Rev: 5001, At: 6001, Op: op}
	want := long.AppendJSON(nil)
	must(t, s.Append("a", epoch, 5000, []store.Line{{Rev: 5001, JSON: want}}, head(5001)))
	lines, err := s.Lines("a", 5000, 10)
	if err != nil || len(lines) != 1 || !bytes.Equal(lines[0].JSON, want) {
		t.Errorf("the long line comes back as %d lines, %v", len(lines), err)
	}
}
