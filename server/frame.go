package server

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"sync"
)

// The forms that a frame is sent in.
const (
	plainForm = iota
	deflatedForm
)

// The first byte of a text frame: it is a whole message, compressed or not.
const (
	textFrame     = 0x81
	deflatedFrame = 0xc1
)

// plain makes a text frame, as a server sends it (RFC 6455, 5.2).
func plain(json []byte) []byte { return message(textFrame, json) }

func message(first byte, payload []byte) []byte {
	b := append(make([]byte, 0, len(payload)+10), first)
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}

var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // the level is one that there is
	return w
}}

// deflated makes a compressed text frame (RFC 7692, 7.2.1), which needs nothing
// of those before.
func deflated(json []byte) []byte {
	var b bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&b)
	w.Write(json) // into memory: no error
	w.Flush()
	return message(deflatedFrame, bytes.TrimSuffix(b.Bytes(), []byte{0, 0, 0xff, 0xff}))
}
