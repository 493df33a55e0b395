package ot_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"tutti/ot"
)

// trace is a real editing history: see the README beside the traces.
type trace struct {
	StartContent, EndContent string
	CommittedFirstEndContent string // of concurrent ones
	deltas                   []ot.Delta
}

// openTrace opens a trace from $TUTTI_TRACES or shared/traces beside the
// checkout. It skips the test where there is none.
func openTrace(t testing.TB, name string) *json.Decoder {
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
	t.Cleanup(func() { file.Close() })
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return json.NewDecoder(bufio.NewReaderSize(unzipped, 1<<20))
}

// patch is a position, how much is deleted there, and what is inserted.
type patch struct {
	at, del int
	ins     string
}

func (p *patch) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&p.at, &p.del, &p.ins})
}

func (p patch) delta() ot.Delta {
	return ot.Delta{}.Retain(p.at, nil).Insert(p.ins, nil).Delete(p.del)
}

func decode(t testing.TB, in *json.Decoder, to any) {
	t.Helper()
	if err := in.Decode(to); err != nil {
		t.Fatal(err)
	}
}

// loadTrace reads a sequential trace.
func loadTrace(t testing.TB, name string) trace {
	in := openTrace(t, name)
	var tr trace
	decode(t, in, &tr)
	for in.More() {
		var patches []patch
		decode(t, in, &patches)
		for _, p := range patches {
			tr.deltas = append(tr.deltas, p.delta())
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

// TestConcurrentTraceEndsInTheExactText is two people writing at once, as a
// server would have transformed it, with either convention for ties.
func TestConcurrentTraceEndsInTheExactText(t *testing.T) {
	for _, committedFirst := range []bool{false, true} {
		in := openTrace(t, "friendsforever")
		var tr trace
		decode(t, in, &tr)
		doc := tr.start(t)
		// What each has not been sent yet, as it applies to what they see.
		unseen := [2][]ot.Delta{}
		revs := [2]int{} // where unseen begins
		for in.More() {
			var txn struct {
				A, V int
				E    []patch
			}
			decode(t, in, &txn)
			me, other := txn.A, 1-txn.A
			for ; revs[me] < txn.V; revs[me]++ {
				unseen[me] = unseen[me][1:]
			}
			var delta ot.Delta
			for _, p := range txn.E {
				delta = delta.Compose(p.delta())
			}
			for i, committed := range unseen[me] {
				unseen[me][i] = delta.Transform(committed, !committedFirst)
				delta = committed.Transform(delta, committedFirst)
			}
			next, err := doc.Apply(delta)
			if err != nil {
				t.Fatal(err)
			}
			doc = next
			unseen[me] = append(unseen[me], nil) // one's own is not news
			unseen[other] = append(unseen[other], delta)
		}
		want := tr.EndContent
		if committedFirst {
			want = tr.CommittedFirstEndContent
		}
		if doc.Text() != want {
			t.Errorf("committed first %v: the text at the end is another", committedFirst)
		}
	}
}

// TestTypingEndsInTheExactText is a small synthetic trace: people who type,
// delete and jump about, on a text of many characters beyond the BMP.
func TestTypingEndsInTheExactText(t *testing.T) {
	random := uint32(42)
	below := func(n int) int {
		random = random*1664525 + 1013904223
		return int(random>>8) % n
	}
	letters := []string{"e", "t", "a", " ", "\n", "é", "世", "😀"}
	var text []string // character by character
	var doc ot.Document
	at := 0
	for range 10_000 {
		if below(12) == 0 {
			at = below(len(text) + 1)
		}
		p := patch{at: len(utf16.Encode([]rune(strings.Join(text[:at], ""))))}
		if at < len(text) && below(4) == 0 {
			p.del = len(utf16.Encode([]rune(text[at])))
			text = slices.Delete(text, at, at+1)
		} else {
			p.ins = letters[below(len(letters))]
			text = slices.Insert(text, at, p.ins)
			at++
		}
		next, err := doc.Apply(p.delta())
		if err != nil {
			t.Fatal(err)
		}
		doc = next
	}
	if err := doc.CheckTree(); err != nil || doc.Text() != strings.Join(text, "") {
		t.Errorf("the text at the end is another: %v", err)
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
