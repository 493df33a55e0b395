package ot

import (
	"strconv"

	"tutti/ot/scan"
)

// AppendJSON appends d as a JSON list of ops, without white space; an empty
// delta is [].
func (d Delta) AppendJSON(dst []byte) []byte {
	dst = append(dst, '[')
	for i, op := range d {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = op.appendJSON(dst)
	}
	return append(dst, ']')
}

// MarshalJSON makes encoding/json write d as AppendJSON does.
func (d Delta) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// String is the delta's JSON, for messages and tests.
func (d Delta) String() string { return string(d.AppendJSON(nil)) }

func (o Op) appendJSON(dst []byte) []byte {
	switch o.kind {
	case retainOp:
		dst = append(dst, `{"retain":`...)
		dst = strconv.AppendInt(dst, int64(o.n), 10)
	case deleteOp:
		dst = append(dst, `{"delete":`...)
		dst = strconv.AppendInt(dst, int64(o.n), 10)
	case textOp:
		dst = append(dst, `{"insert":`...)
		dst = scan.AppendString(dst, o.text)
	case embedOp:
		dst = append(dst, `{"insert":`...)
		dst = append(dst, o.text...)
	}
	if o.attr != nil {
		dst = append(dst, `,"attributes":`...)
		dst = append(dst, o.attr.json...)
	}
	return append(dst, '}')
}
