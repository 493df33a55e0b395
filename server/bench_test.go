package server_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"tutti/ot"
	"tutti/store"
)

const millionRecords = 1_000_000

// writeLong makes a store with one document, "d", of many records: ten people
// who type and delete a few letters at a time, so that it stays at some 100 KB;
// with the snapshots that a sequencer would have left.
func writeLong(b testing.TB, path string, records int64) {
	st := openBolt(b, path)
	defer st.Close()
	doc := ot.Document{}
	info := store.Info{ID: "d", Kind: ot.Text, Epoch: "e1", CreatedAt: newYear.UnixMilli(), CreatedBy: store.User{ID: "u0", Name: "Zero"}}
	if err := st.Create(info, doc.AppendJSON(nil)); err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 5))
	var lines []store.Line
	cursor := 0
	for rev := int64(1); rev <= records; rev++ {
		if random.IntN(40) == 0 {
			cursor = random.IntN(doc.Length() + 1)
		}
		op := ot.Delta{}.Retain(cursor, nil)
		if gone := min(1+random.IntN(3), doc.Length()-cursor); gone > 0 && doc.Length() > 100_000 && random.IntN(2) == 0 {
			op = op.Delete(gone)
		} else {
			op = op.Insert("word"[:1+random.IntN(3)], nil)
			cursor = op.Length()
		}
		who := random.IntN(10)
		r := store.Record{Rev: rev, Client: fmt.Sprintf("client-%015d", who), Seq: rev, User: fmt.Sprint("u", who), At: newYear.UnixMilli() + rev*1000, Op: op}
		var err error
		if doc, err = doc.Apply(op); err != nil {
			b.Fatal(err)
		}
		lines = append(lines, store.Line{Rev: rev, JSON: r.AppendJSON(nil)})
		if rev%16384 != 0 && rev != records {
			continue
		}
		if err := st.Append("d", "e1", rev-int64(len(lines)), lines, store.Head{Rev: rev, At: r.At, Length: int64(doc.Length())}); err != nil {
			b.Fatal(err)
		}
		if err := st.SaveSnapshot("d", "e1", store.Snapshot{Rev: rev, Content: doc.AppendJSON(nil)}); err != nil {
			b.Fatal(err)
		}
		lines = lines[:0]
	}
}

func BenchmarkMillion(b *testing.B) {
	path := filepath.Join(b.TempDir(), "tutti.db")
	writeLong(b, path, millionRecords)
	b.Run("as it was written", func(b *testing.B) { benchMillion(b, path) })
	if _, _, err := store.Compact(path); err != nil {
		b.Fatal(err)
	}
	b.Run("packed", func(b *testing.B) { benchMillion(b, path) })
}

func benchMillion(b *testing.B, path string) {
	s := newRest(b, openBolt(b, path))
	random := rand.New(rand.NewPCG(6, 6))
	get := func(path string) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				s.call("GET", path, "").ok()
			}
		}
	}
	b.Run("content at a random revision", func(b *testing.B) {
		for b.Loop() {
			s.call("GET", fmt.Sprint("/documents/d/content?rev=", random.IntN(millionRecords)), "", "Accept", plain).ok()
		}
	})
	b.Run("content at the head", get("/documents/d/content"))
	b.Run("the newest page of revisions", get("/documents/d/revisions"))
	b.Run("diff of two random revisions", func(b *testing.B) {
		for b.Loop() {
			s.call("GET", fmt.Sprintf("/documents/d/diff?from=%d&to=%d", random.IntN(millionRecords), random.IntN(millionRecords)), "", "Accept", "text/x-diff").ok()
		}
	})
	b.Run("blame, from the whole log", func(b *testing.B) {
		for b.Loop() {
			if err := s.store.SaveOrigins("d", "e1", s.head("d"), []byte{0}); err != nil {
				b.Fatal(err)
			}
			s.call("GET", "/documents/d/blame", "").ok()
		}
	})
	b.Run("blame, asked again", get("/documents/d/blame"))
	for _, from := range []int{1, millionRecords - 10_000} {
		b.Run(fmt.Sprint("dry run of the revert of one of ten authors from ", from), func(b *testing.B) {
			for b.Loop() {
				s.call("POST", "/documents/d/revert", fmt.Sprintf(`{"user":"u3","from":%d,"dryRun":true}`, from)).ok()
			}
		})
	}
	b.Run("a write on a random revision", func(b *testing.B) {
		for b.Loop() {
			s.patch("d", fmt.Sprintf(`{"rev":%d,"edits":[{"insert":"x","at":0}]}`, random.IntN(millionRecords))).ok()
		}
	})
}

func BenchmarkPutOfAMegabyteWith20Changes(b *testing.B) {
	for _, kind := range []string{"text", "rich"} {
		b.Run(kind, func(b *testing.B) {
			s := newRest(b, openBolt(b, filepath.Join(b.TempDir(), "tutti.db")))
			random := rand.New(rand.NewPCG(7, 7))
			var text strings.Builder
			for text.Len() < 1<<20 {
				fmt.Fprintf(&text, "word%d ", random.IntN(10_000))
				if random.IntN(12) == 0 {
					text.WriteByte('\n')
				}
			}
			content := text.String() + "\n"
			s.create("d", kind, content)
			largest := 0
			for b.Loop() {
				for range 20 {
					at := random.IntN(len(content) - 100)
					content = content[:at] + fmt.Sprint(random.IntN(1000)) + content[at+random.IntN(4):]
				}
				if content[len(content)-1] != '\n' {
					content += "\n"
				}
				largest = max(largest, len(s.put("d", plain, content).written().Op))
			}
			b.ReportMetric(float64(largest), "largest-delta-bytes")
			s.wantText("d", content)
		})
	}
}
