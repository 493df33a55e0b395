package ot_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"tutti/ot"
)

var (
	oracleCases = flag.Int("oracle", 0, "compare this many fresh cases with quill-delta in node")
	oracleSeed  = flag.Int("oracle.seed", 1, "seed of the fresh cases")
)

// vector is a case and what quill-delta 5.1 makes of it: testdata/README.md.
type vector struct {
	Case                       int
	Doc, A, B, C               json.RawMessage
	At                         int
	Applied, Composed, Inverse json.RawMessage
	ATransformsB, BTransformsA [2]json.RawMessage
	Positions                  [2]int
	Diff                       json.RawMessage
	doc, a, b, c, applied      ot.Delta
}

// TestVectors compares with the results that are kept in testdata, which the
// frontend's tests read as well.
func TestVectors(t *testing.T) {
	file, err := os.Open("testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if n := checkVectors(t, file); n < 1000 {
		t.Errorf("only %d vectors", n)
	}
}

// TestOracle runs quill-delta itself: go test ./ot -run TestOracle -oracle 1000000
func TestOracle(t *testing.T) {
	if *oracleCases == 0 {
		t.Skip("give -oracle a number of cases; needs node and frontend/node_modules")
	}
	cmd := exec.Command("node", "../frontend/oracle/compare.mjs", "--cases", strconv.Itoa(*oracleCases), "--seed", strconv.Itoa(*oracleSeed))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n := checkVectors(t, out)
	if err := cmd.Wait(); err != nil || n != *oracleCases {
		t.Errorf("node gave %d cases: %v", n, err)
	}
	t.Logf("%d cases compared", n)
}

// checkVectors returns how many it read. It reports the first few differences
// in full and reads on, lest node wait for a reader for ever.
func checkVectors(t *testing.T, in io.Reader) (n int) {
	failed := 0
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<22)
	for ; lines.Scan(); n++ {
		err := checkVector(lines.Bytes())
		if err == nil {
			continue
		}
		if failed++; failed <= 5 {
			t.Errorf("%v\nin %s", err, lines.Bytes())
		}
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
	if failed > 0 {
		t.Errorf("%d of %d cases differ", failed, n)
	}
	return n
}

func checkVector(line []byte) error {
	var v vector
	if err := json.Unmarshal(line, &v); err != nil {
		return err
	}
	for _, in := range []struct {
		raw json.RawMessage
		to  *ot.Delta
	}{{v.Doc, &v.doc}, {v.A, &v.a}, {v.B, &v.b}, {v.C, &v.c}, {v.Applied, &v.applied}} {
		delta, err := ot.Parse(in.raw)
		if err != nil {
			return fmt.Errorf("parsing %s: %w", in.raw, err)
		}
		*in.to = delta
	}
	for _, result := range []struct {
		name string
		got  ot.Delta
		want json.RawMessage
	}{
		{"doc.compose(a)", v.doc.Compose(v.a), v.Applied},
		{"a.compose(c)", v.a.Compose(v.c), v.Composed},
		{"a.transform(b, false)", v.a.Transform(v.b, false), v.ATransformsB[0]},
		{"a.transform(b, true)", v.a.Transform(v.b, true), v.ATransformsB[1]},
		{"b.transform(a, false)", v.b.Transform(v.a, false), v.BTransformsA[0]},
		{"b.transform(a, true)", v.b.Transform(v.a, true), v.BTransformsA[1]},
		{"a.invert(doc)", v.a.Invert(v.doc), v.Inverse},
	} {
		want, err := ot.Parse(result.want)
		if err != nil {
			return fmt.Errorf("parsing %s of %s: %w", result.name, result.want, err)
		}
		if result.got.String() != want.String() {
			return fmt.Errorf("%s:\n got %s\nwant %s", result.name, result.got, want)
		}
	}
	return v.checkTheRest()
}

func (v *vector) checkTheRest() error {
	for i, priority := range []bool{false, true} {
		if got := v.a.TransformPosition(v.At, priority); got != v.Positions[i] {
			return fmt.Errorf("a.transformPosition(%d, %v) is %d, want %d", v.At, priority, got, v.Positions[i])
		}
	}
	doc, err := ot.NewDocument(v.doc)
	if err != nil {
		return err
	}
	applied, err := doc.Apply(v.a)
	if err != nil {
		return fmt.Errorf("applying a: %w", err)
	}
	if got, want := modelOf(applied.Delta()).notation(), modelOf(v.applied).notation(); got != want {
		return fmt.Errorf("applying a:\n got %s\nwant %s", got, want)
	}
	return nil
}
