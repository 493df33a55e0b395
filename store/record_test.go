package store_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"tutti/ot"
	"tutti/store"
)

var sample = store.Record{
	Rev:    43,
	Client: "nq1-_gZ0TgKQ3aUc7a8bQw",
	Seq:    7,
	User:   `guest:"Åsa"`,
	At:     1795363200123,
	Op:     ot.Delta{}.Retain(3, nil).Insert("hé\u2028\n", ot.Attr("bold", true)).Delete(2),
}

const sampleJSON = `{"rev":43,"client":"nq1-_gZ0TgKQ3aUc7a8bQw","seq":7,"user":"guest:\"Åsa\"","at":1795363200123,` +
	`"op":[{"retain":3},{"insert":"hé` + "\u2028" + `\n","attributes":{"bold":true}},{"delete":2}]}`

func TestRecordJSON(t *testing.T) {
	if got := sample.AppendJSON([]byte("before ")); string(got) != "before "+sampleJSON {
		t.Errorf("AppendJSON = %s\nwant %s", got, sampleJSON)
	}
	got, err := store.ParseRecord([]byte(sampleJSON))
	if err != nil || !reflect.DeepEqual(got, sample) {
		t.Errorf("ParseRecord = %+v, %v", got, err)
	}
	header := sample
	header.Op = nil
	if got, err := store.ParseRecordHeader([]byte(sampleJSON)); err != nil || !reflect.DeepEqual(got, header) {
		t.Errorf("ParseRecordHeader = %+v, %v", got, err)
	}
}

func TestRecordOfANewerVersion(t *testing.T) {
	newer := strings.Replace(sampleJSON, `"seq"`, `"why":{"undo":[41]}, "seq"`, 1)
	if got, err := store.ParseRecord([]byte(newer)); err != nil || !reflect.DeepEqual(got, sample) {
		t.Errorf("ParseRecord = %+v, %v", got, err)
	}
}

func TestParseRecordRefuses(t *testing.T) {
	for _, change := range [][2]string{
		{`"rev":43,`, ``},
		{`"rev":43`, `"rev":0`},
		{`"rev":43`, `"rev":"43"`},
		{`"rev":43`, `"rev":43.0`},
		{`"client"`, `"klient"`},
		{`"seq":7`, `"seq":null`},
		{`"user":"guest:`, `"user":"\ud800`},
		{`"at":1795363200123`, `"at":1e9`},
		{`"op":[`, `"op":[{"retain":0},`},
		{`"op":[`, `"ops":[`},
		{`}]}`, `}]`},
		{`}]}`, `}]}}`},
		{sampleJSON, ``},
		{sampleJSON, `[]`},
	} {
		bad := strings.Replace(sampleJSON, change[0], change[1], 1)
		if got, err := store.ParseRecord([]byte(bad)); err == nil {
			t.Errorf("ParseRecord(%s) = %+v", bad, got)
		}
	}
}

// FuzzParseRecord: it never panics, and what it takes comes back as it is.
func FuzzParseRecord(f *testing.F) {
	f.Add([]byte(sampleJSON))
	f.Add([]byte(`{"rev":1,"client":"","seq":0,"user":"","at":0,"op":[]}`))
	f.Add([]byte(`{"rev":1,"client":"\ud83d\ude00","seq":-1,"user":"\u0000","at":0,"op":[{"insert":{"image":"x"}}],"more":[[]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		header, headerErr := store.ParseRecordHeader(data)
		first, err := store.ParseRecord(data)
		if err != nil {
			return
		}
		op := first.Op
		first.Op = nil
		if headerErr != nil || !reflect.DeepEqual(header, first) {
			t.Fatalf("the header is %+v, %v; the record %+v", header, headerErr, first)
		}
		first.Op = op
		once := first.AppendJSON(nil)
		second, err := store.ParseRecord(once)
		if err != nil {
			t.Fatalf("ParseRecord(%s): %v", once, err)
		}
		if twice := second.AppendJSON(nil); !bytes.Equal(once, twice) {
			t.Fatalf("%s comes back as %s", once, twice)
		}
	})
}
