package run_test

import (
	"fmt"
	"testing"

	"tutti/store/run"
	"tutti/store/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkPaper packs automerge-paper and reads it.
func BenchmarkPaper(b *testing.B) {
	for _, pace := range storetest.Paces {
		records := storetest.Paper(b, pace.Pause)
		for _, n := range []int{2048, 4096, 16384} {
			b.Run(fmt.Sprint(pace.Name, "/", n), func(b *testing.B) {
				size := 0
				var one []byte
				b.Run("encode", func(b *testing.B) {
					for b.Loop() {
						size = 0
						for at := 0; at < len(records); at += n {
							one = run.Encode(int64(at+1), records[at:min(at+n, len(records))])
							if one == nil {
								b.Fatal("not encoded")
							}
							size += len(one)
						}
					}
					b.ReportMetric(float64(size), "bytes")
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(records)), "ns/record")
				})
				one = run.Encode(1, records[:n])
				b.Run("decode", func(b *testing.B) {
					for b.Loop() {
						if _, err := run.Decode(1, one); err != nil {
							b.Fatal(err)
						}
					}
				})
				r, err := run.Decode(1, one)
				must(b, err)
				b.Run("record", func(b *testing.B) {
					var json []byte
					i := 0
					for b.Loop() {
						json = r.AppendRecord(json[:0], i%n)
						i++
					}
				})
			})
		}
	}
}
