package run_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tutti/store/run"
	"tutti/store/storetest"
)

// What a record looks like to a run: one of tutti's, or any other bytes.
func drawRecord(r *rapid.T, rev int64) []byte {
	switch rapid.IntRange(0, 5).Draw(r, "kind") {
	case 0:
		return rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(r, "bytes")
	case 1:
		op := rapid.SampledFrom([]string{
			``, `{"retain":0}`, `{"retain":1},{"retain":2}`, `{"insert":""}`, `{"insert":"\u0041"}`, `{"insert":"\ud800"}`, `{"delete":-1}`,
			`{"insert":{"a":1},"attributes":{}}`, `{"attributes":{"a":null},"retain":4}`, `{"delete":99999999999}`, `{"insert":"a","delete":1}`, `{}`, `{"retain":1.0}`, `7`,
		}).Draw(r, "op")
		return fmt.Appendf(nil, `{"rev":%d,"client":"c","seq":%d,"user":"u","at":%d,"op":[%s]}`, rev,
			rapid.Int64Range(-1<<53, 1<<53).Draw(r, "seq"), rapid.Int64Range(-1<<53, 1<<53).Draw(r, "at"), op)
	}
	return fmt.Appendf(nil, `{"rev":%d,"client":"%d","seq":%d,"user":"u","at":%d,"op":[{"retain":%d},{"insert":"é"}]}`, rev+rapid.Int64Range(0, 20).Draw(r, "skip")/20,
		rapid.IntRange(0, 2).Draw(r, "client"), rev, 1700000000000+150*rev, 1+rapid.IntRange(0, 500).Draw(r, "at"))
}

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		first := rapid.Int64Range(1, 1<<53).Draw(r, "first")
		records := make([][]byte, rapid.IntRange(1, 50).Draw(r, "records"))
		size := 0
		for i := range records {
			records[i] = drawRecord(r, first+int64(i))
			size += len(records[i])
		}
		data := run.Encode(first, records)
		if n, bytes, err := run.Head(data); err != nil || n != len(records) || bytes != size {
			r.Fatalf("Head = %d, %d, %v; want %d, %d", n, bytes, err, len(records), size)
		}
		same(r, first, data, records)
	})
}

func same(t interface{ Fatalf(string, ...any) }, first int64, data []byte, records [][]byte) {
	got, err := run.Decode(first, data)
	if err != nil || got.Len() != len(records) {
		t.Fatalf("Decode: %v", err)
	}
	for i, want := range records {
		if json := got.AppendRecord(nil, i); !bytes.Equal(json, want) {
			t.Fatalf("record %d is %s, was %s", i, json, want)
		}
	}
}

func TestTooMuchForARun(t *testing.T) {
	one := []byte(`{}`)
	many := make([][]byte, run.MaxRecords)
	for i := range many {
		many[i] = one
	}
	same(t, 1, run.Encode(1, many), many)
	for what, records := range map[string][][]byte{
		"nothing": nil, "too many": append(many, one), "too large": {make([]byte, run.MaxBytes+1)},
	} {
		if data := run.Encode(1, records); data != nil {
			t.Errorf("%s: %d bytes", what, len(data))
		}
	}
}

// TestPaperIsSmall: a run of real typing is, and comes back.
func TestPaperIsSmall(t *testing.T) {
	for _, pace := range storetest.Paces {
		records := storetest.Paper(t, pace.Pause)[100_000:110_000]
		data := run.Encode(100_001, records)
		same(t, 100_001, data, records)
		if len(data) > 2*len(records) {
			t.Errorf("%s: %d records come to %d bytes", pace.Name, len(records), len(data))
		}
	}
}

// FuzzDecode: whatever is in a file, decoding it gives a run or ErrDamaged.
func FuzzDecode(f *testing.F) {
	rapidRecords := [][]byte{
		[]byte(`{"rev":1,"client":"c","seq":1,"user":"u","at":1700000000000,"op":[{"retain":3},{"insert":"abc","attributes":{"bold":true}}]}`),
		[]byte(`{"rev":2,"client":"d","seq":9,"user":"u","at":1700000000150,"op":[{"retain":5},{"delete":2},{"insert":{"image":"x"}}]}`),
		[]byte(`{"rev":3,"more":1}`),
	}
	f.Add(run.Encode(1, rapidRecords))
	f.Add(run.Encode(1, rapidRecords[2:]))
	f.Add([]byte{run.Version, 1, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := run.Decode(1, data)
		if err != nil {
			if !errors.Is(err, run.ErrDamaged) {
				t.Fatalf("Decode: %v", err)
			}
			return
		}
		n, _, err := run.Head(data)
		if err != nil || n != r.Len() {
			t.Fatalf("Head: %d, %v; there are %d", n, err, r.Len())
		}
		for i := range n {
			r.AppendRecord(nil, i)
		}
	})
}
