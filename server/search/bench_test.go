package search

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

// BenchmarkSearch measures queries over ten thousand documents of 10 KB, in
// words that are as often as those of a language are, and how long an edit
// takes to be found.
func BenchmarkSearch(b *testing.B) {
	l := newLibrary(b)
	l.Close()
	const documents = 10_000
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 4, 50_000)
	for i := range documents {
		var text strings.Builder
		for text.Len() < 10_000 {
			fmt.Fprintf(&text, "%s ", vocabulary(zipf.Uint64()))
		}
		l.add(fmt.Sprint("d", i), fmt.Sprintf("%s %s %d", vocabulary(zipf.Uint64()), vocabulary(zipf.Uint64()), i), text.String())
	}
	began := time.Now()
	l.open()
	for l.found("d0") == "" && l.Behind() == 0 {
		time.Sleep(time.Millisecond)
	}
	l.settle600()
	b.Logf("indexed in %v, %d MB on the disk, %d MB of heap", time.Since(began).Round(time.Millisecond), folderSize(b, l.folder)>>20, heap()>>20)

	for name, query := range map[string]string{
		"common": vocabulary(3) + " ", "two": vocabulary(20) + " " + vocabulary(700) + " ", "rare": vocabulary(30_000) + " ",
		"letter": "b", "prefix": vocabulary(300)[:3], "five": vocabulary(1) + " " + vocabulary(2) + " " + vocabulary(5) + " " + vocabulary(9) + " " + vocabulary(14),
	} {
		b.Run(name, func(b *testing.B) {
			hits := 0
			for b.Loop() {
				found, err := l.Search(ParseQuery(query), 1000)
				if err != nil {
					b.Fatal(err)
				}
				hits = len(found)
			}
			b.ReportMetric(float64(hits), "hits")
		})
	}
	b.Run("edit until found", func(b *testing.B) {
		var delays []time.Duration
		for i := 0; b.Loop(); i++ {
			word := fmt.Sprintf("unheard%d", i)
			began := time.Now()
			_, err := l.hub.Submit(b.Context(), fmt.Sprint("d", i*37%documents), session.Submission{
				Client: "c", User: store.User{ID: "u"}, Seq: int64(i + 1), Op: ot.Delta{}.Insert(word+" ", nil)})
			if err != nil {
				b.Fatal(err)
			}
			for l.found(word) == "" {
				time.Sleep(time.Millisecond)
			}
			delays = append(delays, time.Since(began))
		}
		slices.Sort(delays)
		b.ReportMetric(float64(delays[len(delays)/2].Milliseconds()), "p50-ms")
		b.ReportMetric(float64(delays[len(delays)-1].Milliseconds()), "max-ms")
	})
}

// vocabulary spells the nth word of a language that there isn't.
func vocabulary(n uint64) string {
	const syllables = "bakodilemunitaposerivufagohejaxy"
	word := ""
	for n += 17; n > 0; n /= 16 {
		word += syllables[n%16*2 : n%16*2+2]
	}
	return word
}

func (l *library) settle600() {
	for deadline := time.Now().Add(10 * time.Minute); l.Behind() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatal("still indexing")
		}
	}
}

func folderSize(b *testing.B, folder string) (size int64) {
	err := filepath.Walk(folder, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			size += info.Size()
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
