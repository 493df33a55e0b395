// Package run packs consecutive records of a document's log into one value,
// and gives each of them back byte by byte as it was.
//
// A run is a table that is kept by columns: what each record does, where it
// begins relative to the end of the one before, lengths, the client, the user,
// the seq as it differs from that client's last, the time as it differs from
// the record before, and all text in one piece. What recurs is nearly all of
// it, so runs of a value are kept as the value and how often, and what is left
// goes through DEFLATE, each column with a code of its own. A keystroke of 130
// bytes of JSON comes to about half a byte, and its time to as much as that is
// uncertain.
//
// Encode reads back what it has made. A record that would come out otherwise
// than it went in, of a version that knows more fields or spells them in
// another way, is kept in the run as it stands.
//
// The layout is an uvarint each of Version, the number of records, the bytes of
// their JSON and the bytes of each column; then the columns, as one DEFLATE
// stream.
package run

import (
	"encoding/binary"
	"errors"
	"strconv"
	"unicode/utf8"

	"tutti/ot/scan"
)

const (
	// Version is the first byte of a run. No JSON begins with it.
	Version = 1
	// MaxRecords is how many records a run may have.
	MaxRecords = 1 << 14
	// MaxBytes is how many bytes of JSON the records of a run may have.
	MaxBytes = 1 << 24
)

// ErrDamaged is returned for what Encode cannot have made.
var ErrDamaged = errors.New("not a run of records")

// Head says how many records a run has, and how many bytes of JSON they are,
// without a look at them. ErrDamaged.
func Head(data []byte) (records, bytes int, err error) {
	records, bytes, _, err = head(data)
	return records, bytes, err
}

func head(data []byte) (records, bytes int, rest []byte, err error) {
	if len(data) == 0 || data[0] != Version {
		return 0, 0, nil, ErrDamaged
	}
	n, a := binary.Uvarint(data[1:])
	if a <= 0 || n < 1 || n > MaxRecords {
		return 0, 0, nil, ErrDamaged
	}
	size, b := binary.Uvarint(data[1+a:])
	if b <= 0 || size > MaxBytes {
		return 0, 0, nil, ErrDamaged
	}
	return int(n), int(size), data[1+a+b:], nil
}

// Run is a run that was decoded. It is read-only, for any number of goroutines.
type Run struct {
	first   int64
	records []record
	ops     []op
	words   []string
	text    string
}

// record is one row of the table.
type record struct {
	client, user uint32 // JSON strings among the words
	seq, at      int64
	ops          int32 // where its ops begin; they end where the next record's do
	start        int32 // units that are kept before the first of them
	raw          int32 // bytes of its JSON, which is its part of the text; 0: it is not kept raw
	text         int32 // where its part of the text begins
}

// op is an op of a delta.
type op struct {
	kind byte   // one of the letters below
	attr uint32 // its attributes among the words, if the kind has them
	n    int32  // units, or the bytes of a text; of an embed its place among the words
}

// The kinds of ops as they stand in a shape, the word for what a record does.
// Those in upper case have attributes. A plain retain at the beginning is not
// in the shape: it is where the record starts.
const (
	retained = 'r'
	deleted  = 'd'
	texted   = 't'
	embedded = 'e'
	upper    = 'a' - 'A'
	// asItStands is the shape of a record that is kept raw.
	asItStands = "!"
)

// Len is how many records it has.
func (r *Run) Len() int { return len(r.records) - 1 }

// AppendRecord appends the JSON of record i, counted from 0.
func (r *Run) AppendRecord(dst []byte, i int) []byte {
	rec, next := &r.records[i], &r.records[i+1]
	if rec.raw > 0 {
		return append(dst, r.text[rec.text:rec.text+rec.raw]...)
	}
	dst = append(dst, `{"rev":`...)
	dst = strconv.AppendInt(dst, r.first+int64(i), 10)
	dst = append(dst, `,"client":`...)
	dst = append(dst, r.words[rec.client]...)
	dst = append(dst, `,"seq":`...)
	dst = strconv.AppendInt(dst, rec.seq, 10)
	dst = append(dst, `,"user":`...)
	dst = append(dst, r.words[rec.user]...)
	dst = append(dst, `,"at":`...)
	dst = strconv.AppendInt(dst, rec.at, 10)
	dst = append(dst, `,"op":[`...)
	if rec.start > 0 {
		dst = append(dst, `{"retain":`...)
		dst = strconv.AppendInt(dst, int64(rec.start), 10)
		dst = append(dst, '}')
	}
	text := rec.text
	for i, o := range r.ops[rec.ops:next.ops] {
		if i > 0 || rec.start > 0 {
			dst = append(dst, ',')
		}
		dst, text = r.appendOp(dst, o, text)
	}
	return append(dst, "]}"...)
}

// appendOp appends the JSON of an op whose text, if it has one, begins at text;
// it returns where the next one's does.
func (r *Run) appendOp(dst []byte, o op, text int32) ([]byte, int32) {
	switch o.kind | upper {
	case retained:
		dst = append(dst, `{"retain":`...)
		dst = strconv.AppendInt(dst, int64(o.n), 10)
	case deleted:
		dst = append(dst, `{"delete":`...)
		dst = strconv.AppendInt(dst, int64(o.n), 10)
	case texted:
		dst = append(dst, `{"insert":`...)
		dst = scan.AppendString(dst, r.text[text:text+o.n])
		text += o.n
	case embedded:
		dst = append(dst, `{"insert":`...)
		dst = append(dst, r.words[o.n]...)
	}
	if o.kind&upper == 0 {
		dst = append(dst, `,"attributes":`...)
		dst = append(dst, r.words[o.attr]...)
	}
	return append(dst, '}'), text
}

// units is the length of a text in UTF-16 code units.
func units(text string) (n int) {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
