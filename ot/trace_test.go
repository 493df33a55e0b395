package ot_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tutti/ot"
)

// trace is a real editing history: see the README beside the traces.
type trace struct {
	Name, StartContent, EndContent string
	deltas                         []ot.Delta
}

// loadTrace reads a sequential trace from $TUTTI_TRACES or shared/traces
// beside the checkout. It skips the test where there is none.
func loadTrace(t testing.TB, name string) trace {
	t.Helper()
	dir := os.Getenv("TUTTI_TRACES")
	if dir == "" {
		dir = "../../shared/traces"
	}
	file, err := os.Open(filepath.Join(dir, name+".jsonl.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no traces here: set TUTTI_TRACES")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	in := json.NewDecoder(bufio.NewReaderSize(unzipped, 1<<20))
	var tr trace
	if err := in.Decode(&tr); err != nil {
		t.Fatal(err)
	}
	for in.More() {
		var patches [][3]any
		if err := in.Decode(&patches); err != nil {
			t.Fatal(err)
		}
		for _, p := range patches {
			d := ot.Delta{}.Retain(int(p[0].(float64)), nil).Insert(p[2].(string), nil).Delete(int(p[1].(float64)))
			tr.deltas = append(tr.deltas, d)
		}
	}
	return tr
}

func (tr trace) start(t testing.TB) ot.Document {
	doc, err := ot.NewDocument(ot.Delta{}.Insert(tr.StartContent, nil))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTracesEndInTheExactText(t *testing.T) {
	for _, name := range []string{"automerge-paper", "sveltecomponent"} {
		t.Run(name, func(t *testing.T) {
			tr := loadTrace(t, name)
			doc := tr.start(t)
			for i, delta := range tr.deltas {
				next, err := doc.Apply(delta)
				if err != nil {
					t.Fatalf("delta %d, %s: %v", i, delta, err)
				}
				doc = next
			}
			if doc.Text() != tr.EndContent {
				t.Error("the text at the end is another")
			}
		})
	}
}

func BenchmarkDocumentTrace(b *testing.B) {
	tr := loadTrace(b, "automerge-paper")
	start := tr.start(b)
	b.ReportAllocs()
	for b.Loop() {
		doc := start
		for _, delta := range tr.deltas {
			next, err := doc.Apply(delta)
			if err != nil {
				b.Fatal(err)
			}
			doc = next
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(tr.deltas)), "ns/delta")
}
