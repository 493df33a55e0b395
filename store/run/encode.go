package run

import (
	"bytes"
	"encoding/binary"
	"errors"

	"tutti/ot/scan"
)

// Encode packs the JSON of records, of which the first has revision first and
// each the next. It returns nil if there are too many, none, or too much.
func Encode(first int64, records [][]byte) []byte {
	size := 0
	for _, json := range records {
		size += len(json)
	}
	if len(records) == 0 || len(records) > MaxRecords || size > MaxBytes {
		return nil
	}
	raw := make([]bool, len(records))
	data := encode(first, records, raw, size)
	if different(data, first, records, raw) {
		data = encode(first, records, raw, size)
		if different(data, first, records, raw) {
			return nil
		}
	}
	return data
}

// different tells whether records come back otherwise than they went in, and
// marks those that must be kept raw.
func different(data []byte, first int64, records [][]byte, raw []bool) (any bool) {
	r, err := Decode(first, data)
	if err != nil {
		for i := range raw {
			raw[i] = true
		}
		return true
	}
	var json []byte
	for i := range records {
		if json = r.AppendRecord(json[:0], i); !bytes.Equal(json, records[i]) {
			raw[i], any = true, true
		}
	}
	return any
}

// encoder fills the columns.
type encoder struct {
	words   []byte
	known   map[string]uint64
	text    []byte
	low     []byte
	numbers map[int]*numbers
	seqs    map[uint64]int64 // the last of each client
	at      int64            // of the last record
	cursor  int              // where it ended
}

func encode(first int64, records [][]byte, raw []bool, size int) []byte {
	e := &encoder{known: map[string]uint64{}, numbers: map[int]*numbers{}, seqs: map[uint64]int64{}}
	for _, column := range numberColumns {
		e.numbers[column] = &numbers{}
	}
	for i, json := range records {
		p, err := parse(json)
		if raw[i] || err != nil || p.rev != first+int64(i) {
			e.add(columnShapes, e.word([]byte(asItStands)))
			e.add(columnCounts, uint64(len(json)))
			e.text = append(e.text, json...)
			continue
		}
		e.record(p)
	}
	pieces := make([][]byte, columns)
	pieces[columnWords], pieces[columnText], pieces[columnLow] = e.words, e.text, e.low
	for column, n := range e.numbers {
		n.end()
		pieces[column], pieces[column+1] = n.values, n.times
	}
	data := binary.AppendUvarint([]byte{Version}, uint64(len(records)))
	data = binary.AppendUvarint(data, uint64(size))
	for _, piece := range pieces {
		data = binary.AppendUvarint(data, uint64(len(piece)))
	}
	return Deflate(data, pieces...)
}

func (e *encoder) add(column int, v uint64) { e.numbers[column].add(v) }

// word returns the place of a word, which it gets where it is new.
func (e *encoder) word(w []byte) uint64 {
	at, there := e.known[string(w)]
	if !there {
		at = uint64(len(e.known))
		e.known[string(w)] = at
		e.words = binary.AppendUvarint(e.words, uint64(len(w)))
		e.words = append(e.words, w...)
	}
	return at
}

func (e *encoder) record(p parsed) {
	e.add(columnShapes, e.word(p.shape))
	client := e.word(p.client)
	e.add(columnClients, client)
	e.add(columnUsers, e.word(p.user))
	e.add(columnSeqs, zigzag(p.seq-e.seqs[client]-1))
	e.seqs[client] = p.seq
	apart := p.at - e.at
	e.at = p.at
	e.low = append(e.low, byte(apart))
	e.add(columnTimes, zigzag(apart>>8))
	// Who deletes goes back, mostly.
	expected := e.cursor
	if len(p.ops) > 0 && p.ops[0].kind == deleted {
		expected -= p.ops[0].n
	}
	e.add(columnStarts, zigzag(int64(p.start-expected)))
	e.cursor = p.start
	for _, o := range p.ops {
		switch o.kind | upper {
		case retained:
			e.add(columnCounts, uint64(o.n))
			e.cursor += o.n
		case deleted:
			e.add(columnCounts, uint64(o.n))
		case texted:
			e.add(columnCounts, uint64(len(o.text)))
			e.text = append(e.text, o.text...)
			e.cursor += units(o.text)
		case embedded:
			e.add(columnRefs, e.word([]byte(o.text)))
			e.cursor++
		}
		if o.kind&upper == 0 {
			e.add(columnRefs, e.word(o.attr))
		}
	}
}

// parsed is a record that was taken apart, as far as it can be put together
// again; else it comes out different.
type parsed struct {
	rev, seq, at int64
	client, user []byte // JSON strings
	start        int
	shape        []byte
	ops          []parsedOp
}

type parsedOp struct {
	kind byte
	n    int    // units
	text string // of a text; the JSON of an embed
	attr []byte // JSON
}

var errOther = errors.New("a record of another kind")

func parse(json []byte) (p parsed, err error) {
	err = scan.Members(json, func(key string, value []byte) error {
		ok := true
		switch key {
		case "rev":
			p.rev, ok = scan.Int(value)
		case "client":
			p.client = value
		case "seq":
			p.seq, ok = scan.Int(value)
		case "user":
			p.user = value
		case "at":
			p.at, ok = scan.Int(value)
		case "op":
			return scan.Elements(value, p.op)
		default:
			ok = false
		}
		if !ok {
			return errOther
		}
		return nil
	})
	return p, err
}

func (p *parsed) op(json []byte) error {
	o := parsedOp{}
	err := scan.Members(json, func(key string, value []byte) (err error) {
		ok := true
		switch key {
		case "retain", "delete":
			var n int64
			n, ok = scan.Int(value)
			ok = ok && n > 0 && n < maxUnits && o.kind == 0
			o.kind, o.n = key[0], int(n)
		case "insert":
			ok = o.kind == 0
			if o.kind = texted; scan.Kind(value) == scan.KindString {
				var lone bool
				o.text, lone, err = scan.String(value)
				ok = ok && !lone && o.text != ""
			} else {
				o.kind, o.text = embedded, string(value)
			}
		case "attributes":
			ok = o.attr == nil
			o.attr = value
		default:
			ok = false
		}
		if err == nil && !ok {
			err = errOther
		}
		return err
	})
	if err != nil {
		return err
	}
	if o.kind == 0 {
		return errOther
	}
	if o.kind == retained && o.attr == nil && len(p.ops) == 0 && p.start == 0 {
		p.start = o.n
		return nil
	}
	if o.attr != nil {
		o.kind -= upper
	}
	p.shape, p.ops = append(p.shape, o.kind), append(p.ops, o)
	return nil
}
