package store

import (
	"errors"
	"fmt"
	"strconv"

	"tutti/ot"
	"tutti/ot/scan"
)

// Record is one committed delta.
type Record struct {
	Rev    int64  // dense: 1, 2, 3, …
	Client string // public id of the editor instance that submitted it
	Seq    int64  // that client's count of submissions to this document
	User   string // id of the person or program behind the client
	At     int64  // when it was committed, Unix milliseconds
	Op     ot.Delta
}

// AppendJSON appends r as one JSON object without white space: what the disk,
// the sockets and REST all carry. Client and User must be valid UTF-8.
func (r Record) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"rev":`...)
	dst = strconv.AppendInt(dst, r.Rev, 10)
	dst = append(dst, `,"client":`...)
	dst = scan.AppendString(dst, r.Client)
	dst = append(dst, `,"seq":`...)
	dst = strconv.AppendInt(dst, r.Seq, 10)
	dst = append(dst, `,"user":`...)
	dst = scan.AppendString(dst, r.User)
	dst = append(dst, `,"at":`...)
	dst = strconv.AppendInt(dst, r.At, 10)
	dst = append(dst, `,"op":`...)
	dst = r.Op.AppendJSON(dst)
	return append(dst, '}')
}

// ParseRecord decodes what AppendJSON made. All its fields must be there;
// those that it does not know, which a newer version may write, it ignores.
func ParseRecord(data []byte) (Record, error) {
	r, op, err := cutRecord(data)
	if err != nil {
		return Record{}, err
	}
	if r.Op, err = ot.Parse(op); err != nil {
		return Record{}, fmt.Errorf("store: the op of record %d: %w", r.Rev, err)
	}
	return r, nil
}

// ParseRecordHeader is ParseRecord but for Op, which it neither decodes nor
// checks: a fraction of the cost where only the author is asked for.
func ParseRecordHeader(data []byte) (Record, error) {
	r, _, err := cutRecord(data)
	return r, err
}

// cutRecord decodes a record but for its op, which it returns as it stands.
func cutRecord(data []byte) (r Record, op []byte, err error) {
	const all = 1<<6 - 1
	seen := 0
	err = scan.Members(data, func(key string, raw []byte) error {
		ok := true
		switch key {
		case "rev":
			seen |= 1 << 0
			r.Rev, ok = scan.Int(raw)
			ok = ok && r.Rev > 0
		case "client":
			seen |= 1 << 1
			r.Client, ok = text(raw)
		case "seq":
			seen |= 1 << 2
			r.Seq, ok = scan.Int(raw)
		case "user":
			seen |= 1 << 3
			r.User, ok = text(raw)
		case "at":
			seen |= 1 << 4
			r.At, ok = scan.Int(raw)
		case "op":
			seen |= 1 << 5
			op, ok = raw, scan.Kind(raw) == scan.KindArray
		}
		if !ok {
			return fmt.Errorf("its %q is out of range or of the wrong type", key)
		}
		return nil
	})
	if err == nil && seen != all {
		err = errors.New("a field is missing")
	}
	if err != nil {
		return Record{}, nil, fmt.Errorf("store: not a record: %w", err)
	}
	return r, op, nil
}

// text decodes a JSON string that a record can have been made from.
func text(raw []byte) (s string, ok bool) {
	s, lone, err := scan.String(raw)
	return s, err == nil && !lone
}
