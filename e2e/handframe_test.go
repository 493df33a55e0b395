package e2e

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"testing"
	"time"
)

// Opcodes of RFC 6455.
const (
	continuation = 0x0
	textFrame    = 0x1
	pingFrame    = 0x9
)

// A handframe is a WebSocket frame made by hand, to be wrong where a test
// wants it wrong.
type handframe struct {
	opcode     byte
	payload    []byte
	more       bool // not the last of its message
	compressed bool // RSV1
	reserved   bool // RSV2, which nothing uses
	unmasked   bool
	announce   uint64 // a length to claim in place of the payload's
}

func (f handframe) bytes() []byte {
	first := f.opcode
	if !f.more {
		first |= 0x80
	}
	if f.compressed {
		first |= 0x40
	}
	if f.reserved {
		first |= 0x20
	}
	length := uint64(len(f.payload))
	if f.announce != 0 {
		length = f.announce
	}
	out := []byte{first}
	switch {
	case length < 126:
		out = append(out, byte(length))
	case length < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 126), uint16(length))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 127), length)
	}
	if f.unmasked {
		return append(out, f.payload...)
	}
	out[1] |= 0x80
	mask := [4]byte{0x12, 0x34, 0x56, 0x78}
	out = append(out, mask[:]...)
	for i, c := range f.payload {
		out = append(out, c^mask[i&3])
	}
	return out
}

// frames writes frames past the WebSocket library. The server may close in
// the middle of them.
func (r *raw) frames(frames ...handframe) {
	r.t.Helper()
	conn := r.ws.NetConn()
	conn.SetWriteDeadline(time.Now().Add(patience))
	for _, f := range frames {
		if _, err := conn.Write(f.bytes()); err != nil {
			return
		}
	}
}

// deflated is a message as permessage-deflate sends it.
func deflated(t testing.TB, from io.Reader) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, from); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte{0, 0, 0xff, 0xff})
}

// endless is one letter for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}
