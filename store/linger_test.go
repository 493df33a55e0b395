package store

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"
)

// syncing opens a store whose every commit takes a third of a millisecond of
// the bubble's time.
func syncing(t *testing.T, documents int) *Bolt {
	b := open(t)
	for i := range documents {
		if err := b.Create(testInfo(fmt.Sprint("d", i)), nil); err != nil {
			t.Fatal(err)
		}
	}
	commit := b.committer.update
	b.committer.update = func(run func(*bolt.Tx) error) error {
		time.Sleep(300 * time.Microsecond)
		return commit(run)
	}
	return b
}

// Edits that come one by one from many documents share commits.
func TestACommitLingersWhereManyComeByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const documents, edits, apart = 50, 600, 1250 * time.Microsecond // 800 a second
		dice := rand.New(rand.NewPCG(1, 2))
		b := syncing(t, documents)
		defer b.Close()
		before := b.Stats().Commits
		var group sync.WaitGroup
		for i := range edits {
			group.Go(func() {
				if err := b.appendOne(fmt.Sprint("d", i%documents), int64(i/documents)); err != nil {
					t.Error(err)
				}
			})
			time.Sleep(time.Duration(dice.ExpFloat64() * float64(apart)))
		}
		group.Wait()
		if commits := b.Stats().Commits - before; commits > edits/2 {
			t.Errorf("%d edits made %d commits", edits, commits)
		}
	})
}

// Who writes as fast as they are answered pays one sync, and no waiting: one
// alone, and a few who each write to a document of their own.
func TestACommitDoesNotLingerForWhoWaitsForIt(t *testing.T) {
	for _, writers := range []int{1, 5} {
		t.Run(fmt.Sprint(writers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := syncing(t, writers)
				defer b.Close()
				const each = 200
				began := time.Now()
				var group sync.WaitGroup
				for i := range writers {
					group.Go(func() {
						for n := range int64(each) {
							if err := b.appendOne(fmt.Sprint("d", i), n); err != nil {
								t.Error(err)
							}
						}
					})
				}
				group.Wait()
				// Two commits for each where they fall into two groups, as the
				// scheduler likes; lingering would be seen.
				if took := time.Since(began); took > each*linger/2 {
					t.Errorf("%d edits of %d writers took %v", each*writers, writers, took)
				}
			})
		})
	}
}
