package ot

import (
	"strings"

	"tutti/ot/scan"
)

// Builder makes a delta op by op, in the form that quill-delta's builders
// give: neighbours that can be one op are one, and an insert next to a delete
// stands before it. The zero Builder is empty and ready.
type Builder struct {
	ops []Op
	// Text that is joined piece by piece is gathered here, for the op at
	// index joined-1, and put into it by settle: joining strings would be
	// quadratic.
	text   []byte
	joined int
}

// Insert adds an insert of text, nothing if it is empty. Bytes that are not
// UTF-8 become U+FFFD.
func (b *Builder) Insert(text string, attr *Attributes) {
	if text == "" {
		return
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	b.push(Op{kind: textOp, n: utf16Len(text), text: text, attr: attr})
}

// InsertEmbed adds an insert of an embed: json is an object with exactly one
// key. Anything else is a mistake of the programmer and panics.
func (b *Builder) InsertEmbed(json string, attr *Attributes) {
	raw := []byte(json)
	if err := checkEmbed(raw); err != nil {
		panic("ot: " + err.Error())
	}
	b.push(Op{kind: embedOp, n: 1, text: string(scan.AppendCompact(nil, raw)), attr: attr})
}

// Retain adds a retain of n units, nothing unless n > 0.
func (b *Builder) Retain(n int, attr *Attributes) {
	if n > 0 {
		b.push(Op{kind: retainOp, n: n, attr: attr})
	}
}

// Delete adds a delete of n units, nothing unless n > 0.
func (b *Builder) Delete(n int) {
	if n > 0 {
		b.push(Op{kind: deleteOp, n: n})
	}
}

// Add adds op as it is, joining it where it can be joined.
func (b *Builder) Add(op Op) {
	if op.n > 0 {
		b.push(op)
	}
}

// Delta returns what was built and leaves the builder empty.
func (b *Builder) Delta() Delta {
	b.settle()
	ops := b.ops
	b.ops = nil
	return Delta(ops)
}

// push is quill-delta 5.1's push. It reports whether op now stands at the end
// as an op of its own.
//
// Only the op before a delete is looked at for joining; embeds never join.
func (b *Builder) push(op Op) (alone bool) {
	at := len(b.ops)
	if at == 0 {
		b.ops = append(b.ops, op)
		return true
	}
	last := &b.ops[at-1]
	if last.kind == deleteOp {
		if op.kind == deleteOp {
			last.n += op.n
			return false
		}
		if op.IsInsert() {
			if at--; at == 0 {
				b.place(0, op)
				return false
			}
			last = &b.ops[at-1]
		}
	}
	if op.kind == last.kind && (op.kind == textOp || op.kind == retainOp) && op.attr.Equal(last.attr) {
		b.join(at-1, op)
		return false
	}
	b.place(at, op)
	return at == len(b.ops)-1
}

func (b *Builder) place(at int, op Op) {
	b.settle()
	b.ops = append(b.ops, op)
	if at < len(b.ops)-1 {
		copy(b.ops[at+1:], b.ops[at:])
		b.ops[at] = op
	}
}

func (b *Builder) join(at int, op Op) {
	last := &b.ops[at]
	last.n += op.n
	if op.kind != textOp {
		return
	}
	if b.joined != at+1 {
		b.settle()
		b.text = append(b.text, last.text...)
		b.joined = at + 1
	}
	b.text = append(b.text, op.text...)
}

func (b *Builder) settle() {
	if b.joined > 0 {
		b.ops[b.joined-1].text = string(b.text)
		b.text = b.text[:0]
		b.joined = 0
	}
}
