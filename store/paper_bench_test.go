package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tutti/ot"
	"tutti/store"
	"tutti/store/storetest"
)

// BenchmarkPaper says how much room a document takes up that was typed key by
// key, before its history is packed and after; how long packing holds up
// others, and what reading costs. It writes as a sequencer does: some records
// at once, a snapshot in each 16,384 revisions and one at the end.
func BenchmarkPaper(b *testing.B) {
	for _, pace := range storetest.Paces {
		b.Run(pace.Name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "tutti.db")
			records := storetest.Paper(b, pace.Pause)
			writePaper(b, path, records)
			reads := func(when string) {
				if err := store.Rewrite(path); err != nil {
					b.Fatal(err)
				}
				report(b, when, path, len(records))
				s := openAt(b, path)
				b.Run(when+", 100 lines anywhere", func(b *testing.B) {
					for b.Loop() {
						if _, err := s.Lines("paper", rand.Int64N(int64(len(records))), 100); err != nil {
							b.Fatal(err)
						}
					}
				})
				b.Run(when+", all lines", func(b *testing.B) {
					for b.Loop() {
						for at := 0; at < len(records); at += 32 {
							if _, err := s.Lines("paper", int64(at), 32); err != nil {
								b.Fatal(err)
							}
						}
					}
				})
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
			reads("raw")
			pack(b, path)
			reads("packed")
		})
	}
}

// report says what a file of one document comes to.
func report(b *testing.B, when, path string, records int) {
	file, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	s := openAt(b, path)
	size, err := s.LogSize("paper", 0, records)
	if err != nil {
		b.Fatal(err)
	}
	info, err := s.Info("paper")
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run(when+", size", func(b *testing.B) {
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(file.Size()), "bytes")
		b.ReportMetric(float64(file.Size())/float64(records), "bytes/edit")
		b.ReportMetric(float64(file.Size())/float64(info.Head.Length), "×text")
		b.ReportMetric(float64(size.Raw+size.Packed), "bytes-of-records")
	})
}

// pack packs all, beside somebody who writes into another document.
func pack(b *testing.B, path string) {
	s := openAt(b, path)
	info, err := s.Info("paper")
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Create(newInfo("other"), []byte("[]")); err != nil {
		b.Fatal(err)
	}
	packed := make(chan error, 1)
	began, steps := time.Now(), 0
	go func() {
		for more := true; more; steps++ {
			var err error
			if more, err = s.Pack(info.ID, info.Epoch, info.Head.Rev); err != nil {
				packed <- err
				return
			}
		}
		packed <- nil
	}()
	var waited []time.Duration
	for at := int64(0); ; at++ {
		select {
		case err := <-packed:
			if err != nil {
				b.Fatal(err)
			}
			took := time.Since(began)
			slices.Sort(waited)
			b.Run("packing", func(b *testing.B) {
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(took.Seconds(), "s")
				b.ReportMetric(float64(steps), "steps")
				b.ReportMetric(waited[len(waited)/2].Seconds()*1000, "ms/append")
				b.ReportMetric(waited[len(waited)*99/100].Seconds()*1000, "ms/append-p99")
				b.ReportMetric(waited[len(waited)-1].Seconds()*1000, "ms/append-most")
			})
			if err := s.Delete("other"); err != nil {
				b.Fatal(err)
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			return
		default:
		}
		before := time.Now()
		if err := s.Append("other", epoch, at, []store.Line{{Rev: at + 1, JSON: value}}, store.Head{Rev: at + 1}); err != nil {
			b.Fatal(err)
		}
		waited = append(waited, time.Since(before))
	}
}

func writePaper(b *testing.B, path string, records [][]byte) {
	s := openAt(b, path)
	info := newInfo("paper")
	if err := s.Create(info, []byte("[]")); err != nil {
		b.Fatal(err)
	}
	var doc ot.Document
	var lines []store.Line
	for i, json := range records {
		r, err := store.ParseRecord(json)
		if err != nil {
			b.Fatal(err)
		}
		if doc, err = doc.Apply(r.Op); err != nil {
			b.Fatal(err)
		}
		lines = append(lines, store.Line{Rev: r.Rev, JSON: json})
		stretch, end := (i+1)%16384 == 0, i == len(records)-1
		if len(lines) < 256 && !stretch && !end {
			continue
		}
		if err := s.Append(info.ID, epoch, r.Rev-int64(len(lines)), lines, store.Head{Rev: r.Rev, At: r.At, Length: int64(doc.Length())}); err != nil {
			b.Fatal(err)
		}
		lines = lines[:0]
		if stretch || end {
			if err := s.SaveSnapshot(info.ID, epoch, store.Snapshot{Rev: r.Rev, Content: doc.AppendJSON(nil), Clients: []store.ClientMark{{Client: r.Client, Seq: r.Seq, Rev: r.Rev}}}); err != nil {
				b.Fatal(fmt.Errorf("at %d: %w", r.Rev, err))
			}
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
