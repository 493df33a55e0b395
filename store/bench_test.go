package store_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

// BenchmarkCommit appends records of some 100 bytes to as many documents at
// once as the name says: through the committer, and beside it with a
// transaction each.
func BenchmarkCommit(b *testing.B) {
	for _, documents := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("Drain/%d", documents), func(b *testing.B) { benchDrain(b, documents) })
		b.Run(fmt.Sprintf("Update/%d", documents), func(b *testing.B) { benchUpdate(b, documents) })
	}
}

var value = bytes.Repeat([]byte("x"), 100)

func benchDrain(b *testing.B, documents int) {
	s := openAt(b, filepath.Join(b.TempDir(), "tutti.db"))
	for i := range documents {
		fill(b, s, fmt.Sprint("document-", i), 0)
	}
	before := s.Stats()
	concurrently(b, documents, func(i int, at int64) error {
		head := store.Head{Rev: at + 1, At: at, Length: at}
		return s.Append(fmt.Sprint("document-", i), epoch, at, []store.Line{{Rev: at + 1, JSON: value}}, head)
	})
	after := s.Stats()
	b.ReportMetric(float64(after.Writes-before.Writes)/float64(after.Commits-before.Commits), "appends/commit")
}

func benchUpdate(b *testing.B, documents int) {
	db, err := bolt.Open(filepath.Join(b.TempDir(), "plain.db"), 0o600, &bolt.Options{
		FreelistType: bolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 8 << 30,
	})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket([]byte("records"))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	concurrently(b, documents, func(i int, at int64) error {
		return db.Update(func(tx *bolt.Tx) error {
			return tx.Bucket([]byte("records")).Put(fmt.Appendf(nil, "document-%d\x00%08d", i, at), value)
		})
	})
}

// concurrently shares b.N appends among writers, each of which waits for one
// before it makes the next.
func concurrently(b *testing.B, writers int, write func(i int, at int64) error) {
	var left, waited atomic.Int64
	left.Store(int64(b.N))
	var group sync.WaitGroup
	b.ResetTimer()
	for i := range writers {
		group.Go(func() {
			for at := int64(0); left.Add(-1) >= 0; at++ {
				began := time.Now()
				if err := write(i, at); err != nil {
					b.Error(err)
					return
				}
				waited.Add(int64(time.Since(began)))
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
	b.ReportMetric(float64(waited.Load())/float64(b.N)/1e6, "ms/append")
}
