package ot

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tutti/ot/scan"
)

// maxEmbedDepth bounds how deep an embed may nest. It leaves a frame or record
// around it below scan.MaxDepth.
const maxEmbedDepth = 128

// What stands in for a part that was refused, so that the delta keeps its
// shape while the rest of it is checked.
const invalidEmbed = `{"invalid":true}`

// Parse decodes a JSON list of ops. An error is always an *Error: the first,
// in the order of the protocol, of all that can be seen without a document.
//
// With any code but OpInvalid, the delta comes beside the error, with the
// lengths and borders that were sent and harmless things in the place of bad
// ones: it may be checked further, and must not be kept.
func Parse(data []byte) (Delta, error) {
	p := parser{ops: make([]Op, 0, 4)}
	err := scan.Elements(data, func(raw []byte) error {
		op, bad := p.parseOp(raw)
		if bad != nil {
			return bad
		}
		p.ops = append(p.ops, op)
		return nil
	})
	if bad, ok := err.(*Error); ok {
		return nil, bad
	}
	if err != nil {
		return nil, errorf(OpInvalid, "the delta is no list of ops: %v", err)
	}
	if p.objection != nil {
		return p.ops, p.objection
	}
	return p.ops, nil
}

type parser struct {
	ops       []Op
	objection *Error // the first so far, of those that leave a shape
}

// object notes an objection to the op that is being parsed.
func (p *parser) object(code Code, format string, args ...any) {
	p.objection = First(p.objection, p.refuse(code, format, args...))
}

func (p *parser) refuse(code Code, format string, args ...any) *Error {
	return errorf(code, "op %d: "+format, append([]any{len(p.ops)}, args...)...)
}

// rawOp is an op cut into its members; what is not there is nil.
type rawOp struct{ insert, retain, delete, attributes []byte }

func (r *rawOp) member(key string) *[]byte {
	switch key {
	case "insert":
		return &r.insert
	case "retain":
		return &r.retain
	case "delete":
		return &r.delete
	case "attributes":
		return &r.attributes
	}
	return nil
}

// parseOp decodes one op. The error it returns, if any, is OpInvalid.
func (p *parser) parseOp(raw []byte) (Op, *Error) {
	if scan.Kind(raw) != scan.KindObject {
		return Op{}, p.refuse(OpInvalid, "an op is an object")
	}
	var r rawOp
	err := scan.Members(raw, func(key string, value []byte) error {
		member := r.member(key)
		if member == nil {
			return p.refuse(OpInvalid, "unknown key %q", key)
		}
		if *member != nil {
			return p.refuse(OpInvalid, "%q stands there twice", key)
		}
		*member = value
		return nil
	})
	if bad, ok := err.(*Error); ok {
		return Op{}, bad
	}
	if err != nil {
		return Op{}, p.refuse(OpInvalid, "%v", err)
	}
	op, bad := p.parseAction(&r)
	if bad == nil && r.attributes != nil {
		op.attr = p.parseAttributes(r.attributes, op)
	}
	return op, bad
}

func (p *parser) parseAction(r *rawOp) (Op, *Error) {
	switch {
	case r.insert != nil && r.retain == nil && r.delete == nil:
		return p.parseInsert(r.insert)
	case r.retain != nil && r.insert == nil && r.delete == nil:
		return p.parseLength(retainOp, "retain", r.retain)
	case r.delete != nil && r.insert == nil && r.retain == nil:
		return p.parseLength(deleteOp, "delete", r.delete)
	}
	return Op{}, p.refuse(OpInvalid, "an op has exactly one of insert, retain and delete")
}

func (p *parser) parseLength(kind opKind, name string, raw []byte) (Op, *Error) {
	n, ok := scan.Int(raw)
	if !ok || n < 1 || n > MaxLength {
		return Op{}, p.refuse(OpInvalid, "%s is no integer from 1 to %d", name, MaxLength)
	}
	return Op{kind: kind, n: int(n)}, nil
}

func (p *parser) parseInsert(raw []byte) (Op, *Error) {
	switch scan.Kind(raw) {
	case scan.KindString:
		text, lone, err := scan.String(raw)
		if err != nil || text == "" {
			return Op{}, p.refuse(OpInvalid, "an insert is not empty")
		}
		if lone {
			p.object(Surrogate, "the text holds a lone surrogate")
		}
		return Op{kind: textOp, n: utf16Len(text), text: text}, nil
	case scan.KindObject:
		return Op{kind: embedOp, n: 1, text: p.parseEmbed(raw)}, nil
	}
	return Op{}, p.refuse(OpInvalid, "an insert is a string or an object")
}

func (p *parser) parseEmbed(raw []byte) string {
	if scan.HasLone(raw) {
		p.object(Surrogate, "the embed holds a lone surrogate")
		return invalidEmbed
	}
	if bad := checkEmbed(raw); bad != nil {
		p.object(bad.Code, "%s", bad.Message)
		return invalidEmbed
	}
	return string(scan.AppendCompact(nil, raw))
}

// checkEmbed objects unless raw is an object with exactly one key.
func checkEmbed(raw []byte) *Error {
	keys := 0
	err := scan.Members(raw, func(string, []byte) error {
		keys++
		return nil
	})
	if err != nil {
		return errorf(EmbedInvalid, "an embed is an object: %v", err)
	}
	if keys != 1 {
		return errorf(EmbedInvalid, "an embed has exactly one key, this has %d", keys)
	}
	if scan.Depth(raw) > maxEmbedDepth {
		return errorf(EmbedInvalid, "an embed nests at most %d deep", maxEmbedDepth)
	}
	return nil
}

// parseAttributes decodes the attributes of op.
func (p *parser) parseAttributes(raw []byte, op Op) *Attributes {
	if op.kind == deleteOp {
		p.object(AttributesInvalid, "a delete takes no attributes")
		return nil
	}
	if known := lookUp(raw); known != nil && !(op.IsInsert() && known.hasNull()) {
		return known
	}
	if scan.HasLone(raw) {
		p.object(Surrogate, "the attributes hold a lone surrogate")
		return Attr("invalid", true)
	}
	pairs, bad := parsePairs(raw, op.IsInsert())
	if bad != nil {
		p.object(bad.Code, "%s", bad.Message)
		return Attr("invalid", true)
	}
	return intern(pairs)
}

func parsePairs(raw []byte, onInsert bool) ([]attribute, *Error) {
	if scan.Kind(raw) != scan.KindObject {
		return nil, errorf(AttributesInvalid, "attributes are an object")
	}
	var pairs []attribute
	err := scan.Members(raw, func(name string, raw []byte) error {
		value, why := parseValue(raw)
		switch {
		case why != "":
			return errorf(AttributesInvalid, "attribute %q is %s", name, why)
		case !safeName(name):
			return errorf(AttributesInvalid, "an attribute cannot be named %q", name)
		case onInsert && value == null:
			return errorf(AttributesInvalid, "attribute %q is null on an insert", name)
		}
		pairs = append(pairs, attribute{strings.Clone(name), value})
		return nil
	})
	if bad, ok := err.(*Error); ok {
		return nil, bad
	}
	if err != nil {
		return nil, errorf(AttributesInvalid, "%v", err)
	}
	if len(pairs) == 0 {
		return nil, errorf(AttributesInvalid, "attributes are not empty where they stand")
	}
	slices.SortFunc(pairs, func(a, b attribute) int { return strings.Compare(a.name, b.name) })
	for i := 1; i < len(pairs); i++ {
		if pairs[i].name == pairs[i-1].name {
			return nil, errorf(AttributesInvalid, "attribute %q stands there twice", pairs[i].name)
		}
	}
	return pairs, nil
}

// parseValue gives the canonical JSON of an attribute's value, or why it is
// none.
func parseValue(raw []byte) (value, why string) {
	switch scan.Kind(raw) {
	case scan.KindString:
		s, _, err := scan.String(raw)
		if err != nil {
			return "", err.Error()
		}
		return string(scan.AppendString(nil, s)), ""
	case scan.KindNumber:
		f, _ := strconv.ParseFloat(string(raw), 64)
		if math.IsInf(f, 0) {
			return "", "too large a number"
		}
		return string(appendNumber(nil, f)), ""
	case scan.KindBool, scan.KindNull:
		return string(raw), ""
	}
	return "", "no string, number, boolean or null"
}
