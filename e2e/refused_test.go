package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// wrong is a delta that must be refused, and the code that must say why. Where
// several codes hold, the first in the order of the contract is the one.
type wrong struct{ name, op, code string }

// In a text document "ab😀cd\n", seven units and a newline behind them: the
// pair lies at 2 and 3.
var wrongInText = []wrong{
	{"empty object", `[{}]`, "op_invalid"},
	{"attributes alone", `[{"attributes":{"bold":true}}]`, "op_invalid"},
	{"two actions", `[{"insert":"x","delete":1}]`, "op_invalid"},
	{"three actions", `[{"insert":"x","delete":1,"retain":1}]`, "op_invalid"},
	{"a word for an op", `["x"]`, "op_invalid"},
	{"a number for an op", `[1]`, "op_invalid"},
	{"null for an op", `[null]`, "op_invalid"},
	{"a list for an op", `[[{"insert":"x"}]]`, "op_invalid"},
	{"second op wrong", `[{"insert":"x"},{}]`, "op_invalid"},
	{"retain 0", `[{"retain":0},{"insert":"x"}]`, "op_invalid"},
	{"retain below 0", `[{"retain":-1}]`, "op_invalid"},
	{"retain with a point", `[{"retain":1.0}]`, "op_invalid"},
	{"retain with an exponent", `[{"retain":1e0}]`, "op_invalid"},
	{"retain a half", `[{"retain":1.5}]`, "op_invalid"},
	{"retain in quotes", `[{"retain":"1"}]`, "op_invalid"},
	{"retain true", `[{"retain":true}]`, "op_invalid"},
	{"retain null", `[{"retain":null}]`, "op_invalid"},
	{"retain 2^31", `[{"retain":2147483648}]`, "op_invalid"},
	{"retain beyond all integers", `[{"retain":99999999999999999999999}]`, "op_invalid"},
	{"retain an object", `[{"retain":{"image":"x"}}]`, "op_invalid"},
	{"delete 0", `[{"delete":0}]`, "op_invalid"},
	{"delete below 0", `[{"delete":-3}]`, "op_invalid"},
	{"delete 2^31", `[{"delete":2147483648}]`, "op_invalid"},
	{"delete in quotes", `[{"delete":"1"}]`, "op_invalid"},
	{"insert nothing", `[{"insert":""}]`, "op_invalid"},
	{"insert a number", `[{"insert":5}]`, "op_invalid"},
	{"insert true", `[{"insert":true}]`, "op_invalid"},
	{"insert null", `[{"insert":null}]`, "op_invalid"},
	{"insert a list", `[{"insert":["x"]}]`, "op_invalid"},
	{"unknown key", `[{"insert":"x","size":1}]`, "op_invalid"},
	{"key in capitals", `[{"Insert":"x"}]`, "op_invalid"},
	{"a key twice", `[{"insert":"x","insert":"y"}]`, "op_invalid"},
	{"a key twice, the same", `[{"retain":1,"retain":1}]`, "op_invalid"},
	{"a key twice, spelt in two ways", `[{"insert":"x","\u0069nsert":"y"}]`, "op_invalid"},

	{"lone high half", `[{"insert":"\ud83d"}]`, "surrogate"},
	{"lone low half", `[{"insert":"x\ude00"}]`, "surrogate"},
	{"halves in the wrong order", `[{"insert":"\ude00\ud83d"}]`, "surrogate"},
	{"halves in two ops", `[{"insert":"\ud83d"},{"insert":"\ude00"}]`, "surrogate"},
	{"insert within a pair", `[{"retain":3},{"insert":"x"}]`, "surrogate"},
	{"delete half a pair", `[{"retain":2},{"delete":1}]`, "surrogate"},
	{"delete up to half a pair", `[{"delete":3}]`, "surrogate"},
	{"delete from half a pair on", `[{"retain":3},{"delete":2}]`, "surrogate"},

	{"attributes on a delete", `[{"delete":1,"attributes":{"bold":true}}]`, "attributes_invalid"},
	{"embed without a key", `[{"insert":{}}]`, "embed_invalid"},
	{"embed of two keys", `[{"insert":{"a":1,"b":2}}]`, "embed_invalid"},

	{"attributes on an insert", `[{"insert":"x","attributes":{"bold":true}}]`, "not_in_text"},
	{"attributes on a retain", `[{"retain":1,"attributes":{"bold":true}}]`, "not_in_text"},
	{"an embed", `[{"insert":{"image":"x"}}]`, "not_in_text"},

	{"carriage return", `[{"insert":"x\ry"}]`, "carriage_return"},
	{"carriage return and line feed", `[{"insert":"x\r\ny"}]`, "carriage_return"},

	{"retain behind the end", `[{"retain":9},{"insert":"x"}]`, "beyond_end"},
	{"retain behind the end and no more", `[{"retain":9}]`, "beyond_end"},
	{"the longest retain", `[{"retain":2147483647},{"insert":"x"}]`, "beyond_end"},
	{"retains that overflow together", strings.ReplaceAll(`[R,R,R,{"insert":"x"}]`, "R", `{"retain":2147483647}`), "beyond_end"},
	{"delete behind the end", `[{"retain":6},{"delete":3}]`, "beyond_end"},

	{"op_invalid before surrogate", `[{"insert":"\ud83d"},{"retain":0}]`, "op_invalid"},
	{"surrogate before attributes_invalid", `[{"delete":1,"attributes":{"bold":true}},{"insert":"\ud83d"}]`, "surrogate"},
	{"a cut pair before attributes_invalid", `[{"retain":2},{"delete":1,"attributes":{"bold":true}}]`, "surrogate"},
	{"attributes_invalid before embed_invalid", `[{"insert":{}},{"delete":1,"attributes":{}}]`, "attributes_invalid"},
	{"embed_invalid before not_in_text", `[{"insert":"x","attributes":{"bold":true}},{"insert":{}}]`, "embed_invalid"},
	{"not_in_text before carriage_return", `[{"insert":"\r"},{"insert":{"image":"x"}}]`, "not_in_text"},
	{"carriage_return before beyond_end", `[{"retain":9},{"insert":"\r"}]`, "carriage_return"},
	{"a cut pair before beyond_end", `[{"retain":3},{"delete":99}]`, "surrogate"},
}

// In a rich document "abc\n".
var wrongInRich = []wrong{
	{"no attributes", `[{"insert":"x","attributes":{}}]`, "attributes_invalid"},
	{"no attributes on a retain", `[{"retain":1,"attributes":{}}]`, "attributes_invalid"},
	{"attributes on a delete", `[{"delete":1,"attributes":{"bold":true}}]`, "attributes_invalid"},
	{"null on an insert", `[{"insert":"x","attributes":{"bold":null}}]`, "attributes_invalid"},
	{"null on an embed", `[{"insert":{"image":"x"},"attributes":{"bold":null}}]`, "attributes_invalid"},
	{"an object for a value", `[{"retain":1,"attributes":{"bold":{"a":1}}}]`, "attributes_invalid"},
	{"a list for a value", `[{"retain":1,"attributes":{"bold":[1]}}]`, "attributes_invalid"},
	{"__proto__", `[{"retain":1,"attributes":{"__proto__":"x"}}]`, "attributes_invalid"},
	{"constructor", `[{"retain":1,"attributes":{"constructor":"x"}}]`, "attributes_invalid"},
	{"prototype", `[{"insert":"x","attributes":{"prototype":true}}]`, "attributes_invalid"},
	{"embed without a key", `[{"insert":{}}]`, "embed_invalid"},
	{"embed of two keys", `[{"insert":{"a":1,"b":2}}]`, "embed_invalid"},
	{"half a pair in an attribute", `[{"retain":1,"attributes":{"link":"\ud83d"}}]`, "surrogate"},
	{"half a pair in an attribute's name", `[{"retain":1,"attributes":{"\ud83d":true}}]`, "surrogate"},
	{"half a pair in an embed", `[{"insert":{"image":"\ude00"}}]`, "surrogate"},
	{"half a pair deep in an embed", `[{"insert":{"image":{"alt":["\ude00"]}}}]`, "surrogate"},

	{"delete the last newline", `[{"retain":3},{"delete":1}]`, "newline_final"},
	{"delete all", `[{"delete":4}]`, "newline_final"},
	{"delete the last newline for another", `[{"retain":3},{"insert":"\n"},{"delete":1}]`, "newline_final"},
	{"insert behind the last newline", `[{"retain":4},{"insert":"x"}]`, "newline_final"},
	{"insert a line behind the last newline", `[{"retain":4},{"insert":"x\n"}]`, "newline_final"},
	{"embed behind the last newline", `[{"retain":4},{"insert":{"image":"x"}}]`, "newline_final"},
	{"newline_final before carriage_return", `[{"insert":"\r"},{"retain":3},{"delete":1}]`, "newline_final"},
	{"carriage return", `[{"insert":"\r","attributes":{"bold":true}}]`, "carriage_return"},
	{"format behind the end", `[{"retain":5,"attributes":{"bold":true}}]`, "beyond_end"},
}

func TestWrongDeltasAreRefusedAndHarmNobody(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	for _, room := range []struct {
		kind, content string
		cases         []wrong
	}{
		{"text", "ab😀cd\n", wrongInText},
		{"rich", "abc\n", wrongInRich},
	} {
		t.Run(room.kind, func(t *testing.T) {
			for _, w := range room.cases {
				t.Run(w.name, func(t *testing.T) {
					b := s.observe(t, room.content, object{"kind": room.kind})
					r := s.join(t, b.doc)
					r.op(1, 0, w.op)
					if code := r.refused(1); code != w.code {
						t.Errorf("refused with %s, want %s", code, w.code)
					}
					r.alive()
					b.undisturbed(t)
					// The session goes on, with the next seq.
					r.op(2, 1, `[{"insert":"right"}]`)
					r.acknowledged(2)
				})
			}
		})
	}
}

// The order in which one delta is judged when more than itself is wrong.
func TestOrderOfRefusals(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	for _, c := range []struct {
		name     string
		seq, rev int64
		code     string
	}{
		{"seq_stale", 3, 2, "seq_stale"},
		{"seq_stale before rev_beyond_head", 4, 99, "seq_stale"},
		{"seq_stale before rev_stale", 4, 0, "seq_stale"},
		{"rev_beyond_head", 6, 3, "rev_beyond_head"},
		{"rev_beyond_head by far", 6, 1<<53 - 1, "rev_beyond_head"},
		{"rev_stale", 6, 1, "rev_stale"},
		{"rev_stale at 0", 6, 0, "rev_stale"},
	} {
		for _, op := range []string{`[{"insert":"x"}]`, `[{}]`, `[{"delete":99}]`, `[]`} {
			t.Run(c.name+" "+op, func(t *testing.T) {
				b := s.observe(t, "abc")
				r := s.join(t, b.doc)
				r.op(2, 0, `[{"insert":"1"}]`)
				r.acknowledged(2)
				r.op(5, 1, `[{"insert":"2"}]`)
				r.acknowledged(5)
				b.commits(2)
				r.op(c.seq, c.rev, op)
				if code := r.refused(c.seq); code != c.code {
					t.Errorf("refused with %s, want %s", code, c.code)
				}
				r.alive()
				b.undisturbed(t)
			})
		}
	}
}

// A committed (client, seq) is answered with its record before anything else
// about the frame is looked at, and nothing is committed twice.
func TestResendsAreAcknowledgedAndCommittedOnce(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	for _, c := range []struct {
		name, op string
		rev      int64
	}{
		{"the same", `[{"insert":"one"}]`, 0},
		{"transformed since", `[{"retain":3},{"insert":"one"}]`, 1},
		{"empty", `[]`, 0},
		{"not a delta at all", `[{"bogus":1}, 5]`, 0},
		{"beyond the end", `[{"delete":999}]`, 0},
		{"from a revision that is not yet", `[{"insert":"one"}]`, 99},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := s.observe(t, "abc")
			r := s.join(t, b.doc)
			r.op(1, 0, `[{"insert":"one"}]`)
			r.acknowledged(1)
			r.op(2, 1, `[{"insert":"two"}]`)
			r.acknowledged(2)
			b.commits(2)

			for _, seq := range []int64{2, 1, 2} {
				r.op(seq, c.rev, c.op)
				again := r.record()
				if again.Seq != seq || again.Rev != seq {
					t.Errorf("seq %d sent again is answered by %+v", seq, again)
				}
				if again.Op != nil {
					t.Errorf("the stream is past revision %d, and its op came again: %s", seq, again.Op)
				}
			}
			if got := len(s.records(b.doc, 0)); got != 2 {
				t.Errorf("%d records, want 2", got)
			}
			b.undisturbed(t)
		})
	}
}

// What was refused is refused for good reason only: the limits that welcome
// names are the ones that hold, to the unit.
func TestLimitsHoldToTheUnit(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited))
	doc := s.create("")
	limits := s.join(t, doc.ID).welcome.Limits

	t.Run("delta", func(t *testing.T) {
		b := s.observe(t, "abc")
		r := s.join(t, b.doc)
		r.op(1, 0, insertOf(limits.Delta+1))
		if code := r.refused(1); code != "delta_too_large" {
			t.Errorf("refused with %s, want delta_too_large", code)
		}
		r.op(2, 0, strings.Replace(insertOf(limits.Delta+1), `[`, `[{"retain":4},`, 1))
		if code := r.refused(2); code != "beyond_end" {
			t.Errorf("refused with %s, want beyond_end, which goes before", code)
		}
		b.undisturbed(t)
		r.op(3, 1, insertOf(limits.Delta))
		r.acknowledged(3)
	})
	t.Run("document", func(t *testing.T) {
		b := s.observe(t, strings.Repeat("x", limits.Document-10))
		r := s.join(t, b.doc)
		r.op(1, 0, `[{"insert":"12345678901"}]`)
		if code := r.refused(1); code != "document_too_large" {
			t.Errorf("refused with %s, want document_too_large", code)
		}
		r.op(2, 0, `[{"insert":"1234567890"}]`)
		r.acknowledged(2)
		b.commits(1)
		if got := s.resource(b.doc).Length; got != limits.Document {
			t.Errorf("length %d, want %d", got, limits.Document)
		}
		r.op(3, 1, `[{"insert":"x"},{"delete":1}]`)
		r.acknowledged(3)
	})
}

// insertOf is a delta whose JSON has exactly n bytes.
func insertOf(n int) string {
	const frame = `[{"insert":""}]`
	return fmt.Sprintf(`[{"insert":"%s"}]`, strings.Repeat("y", n-len(frame)))
}
