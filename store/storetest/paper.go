package storetest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"tutti/ot"
	"tutti/store"
)

// Paces are how a trace without times may have been typed: by a program, and
// by a person, whose pauses are spread as those of typists are.
var Paces = []struct {
	Name  string
	Pause func() int64 // how long until the next keystroke, in milliseconds
}{
	{"replayed", func() int64 { return int64(rand.IntN(10) / 7) }},
	{"typed", func() int64 { return int64(150 * math.Exp(rand.NormFloat64()/2)) }},
}

// openPaper looks in $TUTTI_TRACES, or in shared/traces beside the checkout, for
// a test of the package store or of one below it.
func openPaper() (file *os.File, err error) {
	for _, dir := range []string{os.Getenv("TUTTI_TRACES"), "../../shared/traces", "../../../shared/traces"} {
		if file, err = os.Open(filepath.Join(dir, "automerge-paper.jsonl.gz")); err == nil || !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return file, err
}

// Paper is the trace automerge-paper as the records of one writer; the times
// between two keystrokes are those that pause gives, in milliseconds. It skips
// the test where there are no traces.
func Paper(t testing.TB, pause func() int64) (records [][]byte) {
	t.Helper()
	file, err := openPaper()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no traces here: set TUTTI_TRACES")
	}
	must(t, err)
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	must(t, err)
	in := json.NewDecoder(bufio.NewReader(unzipped))
	var about struct{}
	must(t, in.Decode(&about))
	at := int64(1_795_363_200_000)
	for in.More() {
		var patches [][3]any
		must(t, in.Decode(&patches))
		for _, p := range patches {
			at += pause()
			rev := int64(len(records) + 1)
			op := ot.Delta{}.Retain(int(p[0].(float64)), nil).Insert(p[2].(string), nil).Delete(int(p[1].(float64)))
			r := store.Record{Rev: rev, Client: "nq1-_gZ0TgKQ3aUc7a8bQw", Seq: rev, User: "guest:nq1-_gZ0TgKQ3aUc", At: at, Op: op}
			records = append(records, r.AppendJSON(nil))
		}
	}
	return records
}
