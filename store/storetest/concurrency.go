package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"tutti/store"
)

var concurrencyTests = []test{
	{"AppendsToManyDocuments", manyDocuments},
	{"AppendsToOneDocumentHaveOneWinner", oneWinner},
	{"UpdatesToOneDocumentAllCount", updatesCount},
	{"RefusalsHarmNobodyElse", refusalsApart},
	{"CreateHasOneWinner", createWinner},
	{"ReadersSeeWholeAppends", readersWhole},
	{"DeleteAndCreateInTurn", deleteInTurn},
}

// together runs n goroutines that start at once, and waits for them.
func together(n int, run func(i int)) {
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-start
			run(i)
		})
	}
	close(start)
	group.Wait()
}

func manyDocuments(t *testing.T, s store.Store) {
	const documents, appends = 40, 25
	together(documents, func(i int) {
		id := fmt.Sprint("d", i)
		if err := s.Create(info(id), content(id)); err != nil {
			t.Error(err)
			return
		}
		for at := range int64(appends) {
			lines, head := run(at, 1)
			if err := s.Append(id, epoch, at, lines, head); err != nil {
				t.Errorf("%q: %v", id, err)
				return
			}
		}
	})
	for i := range documents {
		got, err := s.Info(fmt.Sprint("d", i))
		if err != nil || got.Head != head(appends) {
			t.Errorf("document %d ends at %+v, %v", i, got.Head, err)
		}
	}
}

func oneWinner(t *testing.T, s store.Store) {
	create(t, s, "a")
	const writers, rounds = 16, 20
	for at := range int64(rounds) {
		var won atomic.Int32
		together(writers, func(int) {
			lines, head := run(at, 1)
			switch err := s.Append("a", epoch, at, lines, head); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, store.ErrConflict):
				t.Error(err)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("at revision %d, %d appends were taken", at, won.Load())
		}
	}
}

func updatesCount(t *testing.T, s store.Store) {
	create(t, s, "a")
	const writers = 16
	together(writers, func(int) {
		_, err := s.Update("a", func(i *store.Info) error { i.ChangedAt++; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	if got, err := s.Info("a"); err != nil || got.ChangedAt != writers {
		t.Errorf("after %d updates, %d counted, %v", writers, got.ChangedAt, err)
	}
}

func refusalsApart(t *testing.T, s store.Store) {
	create(t, s, "good", "bad")
	together(40, func(i int) {
		lines, head := run(0, 1)
		switch i % 4 {
		case 0:
			id := fmt.Sprint("d", i)
			if err := s.Create(info(id), content(id)); err != nil {
				t.Error(err)
			} else if err := s.Append(id, epoch, 0, lines, head); err != nil {
				t.Error(err)
			}
		case 1:
			if err := s.Create(info("bad"), nil); !errors.Is(err, store.ErrExists) {
				t.Errorf("Create = %v", err)
			}
		case 2:
			if err := s.Append("bad", "other", 0, lines, head); !errors.Is(err, store.ErrConflict) {
				t.Errorf("Append = %v", err)
			}
		case 3:
			if err := s.Delete("none"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Delete = %v", err)
			}
		}
	})
}

func createWinner(t *testing.T, s store.Store) {
	var won atomic.Int32
	together(16, func(int) {
		switch err := s.Create(info("a"), content("a")); {
		case err == nil:
			won.Add(1)
		case !errors.Is(err, store.ErrExists):
			t.Error(err)
		}
	})
	if won.Load() != 1 {
		t.Errorf("%d created the document", won.Load())
	}
}

// readersWhole reads while runs of three are appended: what is seen is always
// a multiple of three, dense, and never goes back.
func readersWhole(t *testing.T, s store.Store) {
	create(t, s, "a")
	const runs = 30
	together(3, func(i int) {
		if i == 0 {
			for at := int64(0); at < 3*runs; at += 3 {
				lines, head := run(at, 3)
				if err := s.Append("a", epoch, at, lines, head); err != nil {
					t.Error(err)
				}
			}
			return
		}
		for seen := 0; seen < 3*runs; {
			lines, err := s.Lines("a", 0, 1000)
			if err != nil || len(lines) < seen || len(lines)%3 != 0 {
				t.Errorf("%d lines, then %d, %v", seen, len(lines), err)
				return
			}
			seen = len(lines)
		}
	})
}

// deleteInTurn creates, fills and deletes one document from all sides. Check
// finds what a Delete that comes late takes from the document after it.
func deleteInTurn(t *testing.T, s store.Store) {
	together(6, func(i int) {
		for round := range 10 {
			mine := info("a")
			mine.Epoch = fmt.Sprint("e", i, ".", round)
			lines, head := run(0, 20)
			create := s.Create(mine, content("a"))
			fill := s.Append("a", mine.Epoch, 0, lines, head)
			remove := s.Delete("a")
			for _, err := range []error{create, fill, remove} {
				if err != nil && !errors.Is(err, store.ErrExists) && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrConflict) {
					t.Error(err)
				}
			}
			if create != nil && fill == nil {
				t.Error("an append of an epoch that never was is taken")
			}
		}
	})
}
