package storetest

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"tutti/store"
)

var snapshotTests = []test{
	{"SnapshotIsTheNearestBelow", snapshotNearest},
	{"SaveSnapshotReplacesItsRevision", snapshotReplaced},
	{"SaveSnapshotComparesEpochAndHead", snapshotRefused},
	{"SnapshotsBelongToTheCaller", snapshotOwned},
	{"DropSnapshotRemovesOne", snapshotDropped},
	{"MarksMergeAndTheHigherSeqWins", marksMerge},
	{"MarksOfDocumentsDoNotMix", marksApart},
}

// wantSnapshot fails t unless the snapshot at or below rev is the one of at.
func wantSnapshot(t *testing.T, s store.Store, id string, rev, at int64, text string) {
	t.Helper()
	got, err := s.Snapshot(id, rev)
	must(t, err)
	if got.Rev != at || !bytes.Equal(got.Content, content(text)) || got.Clients != nil {
		t.Fatalf("Snapshot(%q, %d) = %d %s %v, want %d %s", id, rev, got.Rev, got.Content, got.Clients, at, content(text))
	}
}

func save(t *testing.T, s store.Store, id string, rev int64, text string, marks ...store.ClientMark) {
	t.Helper()
	must(t, s.SaveSnapshot(id, epoch, store.Snapshot{Rev: rev, Content: content(text), Clients: marks}))
}

func snapshotNearest(t *testing.T, s store.Store) {
	create(t, s, "a", "b", "z")
	appendRun(t, s, "b", 0, 600)
	save(t, s, "b", 100, "at 100")
	save(t, s, "b", 300, "at 300")
	save(t, s, "b", 600, "at 600")
	for _, want := range []struct {
		rev, at int64
		text    string
	}{
		{0, 0, "b"}, {1, 0, "b"}, {99, 0, "b"},
		{100, 100, "at 100"}, {299, 100, "at 100"},
		{300, 300, "at 300"}, {599, 300, "at 300"},
		{600, 600, "at 600"}, {math.MaxInt64, 600, "at 600"},
	} {
		wantSnapshot(t, s, "b", want.rev, want.at, want.text)
	}
	wantSnapshot(t, s, "a", 600, 0, "a")
	wantSnapshot(t, s, "z", math.MaxInt64, 0, "z")
	_, err := s.Snapshot("b", -1)
	fails(t, err, store.ErrRevision)
}

func snapshotReplaced(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 5)
	save(t, s, "a", 5, "first")
	save(t, s, "a", 5, "second")
	wantSnapshot(t, s, "a", 5, 5, "second")
	save(t, s, "a", 0, "start")
	wantSnapshot(t, s, "a", 4, 0, "start")
}

func snapshotRefused(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 5)
	mark := []store.ClientMark{{Client: "c1", Seq: 9, Rev: 5}}
	save := func(epoch string, rev int64) error {
		return s.SaveSnapshot("a", epoch, store.Snapshot{Rev: rev, Content: content("x"), Clients: mark})
	}
	fails(t, save("e2", 5), store.ErrConflict)
	fails(t, save(epoch, 6), store.ErrRevision)
	fails(t, save(epoch, -1), store.ErrRevision)
	long := store.Snapshot{Rev: 5, Clients: []store.ClientMark{{Client: strings.Repeat("c", 40_000), Seq: 1}}}
	fails(t, s.SaveSnapshot("a", epoch, long), store.ErrMalformed)
	wantSnapshot(t, s, "a", 9, 0, "a")
	wantMark(t, s, "a", "c1", store.ClientMark{})
}

func snapshotOwned(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 1)
	mine := content("kept")
	must(t, s.SaveSnapshot("a", epoch, store.Snapshot{Rev: 1, Content: mine}))
	copy(mine, "overwritten by its owner")
	for range 2 {
		wantSnapshot(t, s, "a", 1, 1, "kept")
		got, err := s.Snapshot("a", 1)
		must(t, err)
		copy(got.Content, "overwritten by the caller")
	}
}

func snapshotDropped(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 9)
	save(t, s, "a", 3, "at 3", store.ClientMark{Client: "c1", Seq: 3, Rev: 3})
	save(t, s, "a", 6, "at 6")
	fails(t, s.DropSnapshot("a", "e2", 6), store.ErrConflict)
	wantSnapshot(t, s, "a", 9, 6, "at 6")
	must(t, s.DropSnapshot("a", epoch, 6))
	wantSnapshot(t, s, "a", 9, 3, "at 3")
	for _, none := range []int64{6, 4, -1, 1 << 40} {
		must(t, s.DropSnapshot("a", epoch, none))
	}
	must(t, s.DropSnapshot("a", epoch, 3))
	must(t, s.DropSnapshot("a", epoch, 0))
	wantSnapshot(t, s, "a", 9, 0, "a")
	wantMark(t, s, "a", "c1", store.ClientMark{Client: "c1", Seq: 3, Rev: 3})
	wantLines(t, s, "a", 7, 9, 8, 9)
}

func wantMark(t *testing.T, s store.Store, id, client string, want store.ClientMark) {
	t.Helper()
	if got, err := s.Mark(id, client); err != nil || got != want {
		t.Errorf("Mark(%q, %q) = %+v, %v; want %+v", id, client, got, err, want)
	}
}

func marksMerge(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 9)
	c1, c2, c3 := "c1", "c2", "c3"
	save(t, s, "a", 3, "x", store.ClientMark{Client: c1, Seq: 5, Rev: 3}, store.ClientMark{Client: c2, Seq: 2, Rev: 2})
	save(t, s, "a", 9, "x",
		store.ClientMark{Client: c2, Seq: 7, Rev: 8},
		store.ClientMark{Client: c3, Seq: 4, Rev: 9},
		store.ClientMark{Client: c3, Seq: 3, Rev: 7},
	)
	save(t, s, "a", 4, "x", store.ClientMark{Client: c2, Seq: 3, Rev: 4})
	wantMark(t, s, "a", c1, store.ClientMark{Client: c1, Seq: 5, Rev: 3})
	wantMark(t, s, "a", c2, store.ClientMark{Client: c2, Seq: 7, Rev: 8})
	wantMark(t, s, "a", c3, store.ClientMark{Client: c3, Seq: 4, Rev: 9})
	for _, none := range []string{"c", "c11", "", "c1\x00"} {
		wantMark(t, s, "a", none, store.ClientMark{})
	}
}

func marksApart(t *testing.T, s store.Store) {
	create(t, s, "a", "a-b")
	save(t, s, "a-b", 0, "x", store.ClientMark{Client: "c1", Seq: 1, Rev: 0})
	wantMark(t, s, "a", "c1", store.ClientMark{})
	wantMark(t, s, "a", "b\x00c1", store.ClientMark{})
	must(t, s.Delete("a"))
	wantMark(t, s, "a-b", "c1", store.ClientMark{Client: "c1", Seq: 1, Rev: 0})
}
