package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPatchAppliesEachKindOfEdit(t *testing.T) {
	for _, test := range []struct{ kind, before, edits, after string }{
		{"text", "one two", `{"find":"two","replace":"2"}`, "one 2"},
		{"text", "a b a b", `{"find":"a","replace":"c","occurrence":2}`, "a b c b"},
		{"text", "a b", `{"find":" b","replace":""}`, "a"},
		{"text", "😀 x 😀", `{"find":"x","replace":"y"}`, "😀 y 😀"},
		{"text", "ab", `{"insert":"X","at":1}`, "aXb"},
		{"text", "ab", `{"insert":"X","at":2}`, "abX"},
		{"text", "", `{"insert":"X","at":0}`, "X"},
		{"text", "a,b,c", `{"insert":"X","after":","  ,"occurrence":2}`, "a,b,Xc"},
		{"text", "ab", `{"insert":"X","after":"a"}`, "aXb"},
		{"text", "ab", `{"append":"X"}`, "abX"},
		{"text", "ab", `{"op":[{"retain":1},{"delete":1},{"insert":"X"}]}`, "aX"},
		{"text", "ab", `{"op":{"ops":[{"insert":"X"}]}}`, "Xab"},
		{"text", "ab", `{"append":"c"},{"find":"bc","replace":"d"},{"insert":"e","at":2}`, "ade"},
		{"text", "a\nb", `{"find":"a\r\nb","replace":"c\rd"}`, "c\nd"},
		{"text", "aaa", `{"find":"aa","replace":"b","occurrence":2}`, "ab"},
		{"rich", "ab", `{"append":"X"}`, "abX\n"},
		{"rich", "ab", `{"insert":"X","at":3}`, "abX\n"},
		{"rich", "ab", `{"insert":"X","after":"b\n"}`, "abX\n"},
		{"rich", "ab", `{"find":"b\n","replace":"c\nd\n"}`, "ac\nd\n"},
		{"rich", "ab", `{"op":[{"retain":2,"attributes":{"bold":true}}]},{"find":"b","replace":"c"}`, "ac\n"},
	} {
		s := inMemory(t)
		s.create("d", test.kind, test.before)
		if w := s.edits("d", test.edits).written(); w.Revision != 1 {
			t.Errorf("%s: revision %d", test.edits, w.Revision)
		}
		if got := s.text("d"); got != test.after {
			t.Errorf("%q by %s became %q, want %q", test.before, test.edits, got, test.after)
		}
		s.replay("d")
		s.close()
	}
}

func TestPatchStartsFromItsRevision(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "one two")
	s.edits("d", `{"find":"one","replace":"another"}`).ok()
	s.patch("d", `{"rev":0,"edits":[{"find":"two","replace":"2"},{"insert":"!","at":5}]}`).wrote(2, `[{"retain":8},{"insert":"2!"},{"delete":3}]`)
	s.wantText("d", "another 2!")
}

func TestPatchRefusals(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "a b a 😀\n")
	s.create("r", "rich", "rich")
	for _, test := range []struct {
		id, body string
		status   int
		code     string
	}{
		{"d", `{"edits":[{"find":"c","replace":"x"}]}`, 422, "find_not_found"},
		{"d", `{"edits":[{"find":"a","replace":"x"}]}`, 422, "find_ambiguous"},
		{"d", `{"edits":[{"find":"a","replace":"x","occurrence":3}]}`, 422, "find_not_found"},
		{"d", `{"edits":[{"find":"a","replace":"x","occurrence":0}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"find":"a","replace":"x","occurrence":1.5}]}`, 400, "bad_parameter"},
		{"d", `{"edits":[{"find":"","replace":"x"}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"insert":"x","after":""}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"insert":"x","after":"a"}]}`, 422, "find_ambiguous"},
		{"d", `{"edits":[{"insert":"x","after":"z"}]}`, 422, "find_not_found"},
		{"d", `{"edits":[{"find":"a"}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"insert":"x"}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"insert":"x","at":0,"after":"b"}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"append":"x","at":0}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"append":"x","op":[]}]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{}]}`, 422, "edit_invalid"},
		{"d", `{"edits":["x"]}`, 422, "edit_invalid"},
		{"d", `{"edits":[{"insert":"x","at":10}]}`, 422, "position_invalid"},
		{"d", `{"edits":[{"insert":"x","at":-1}]}`, 422, "position_invalid"},
		{"d", `{"edits":[{"insert":"x","at":7}]}`, 422, "surrogate"},
		{"d", `{"edits":[{"insert":"x","at":"0"}]}`, 400, "bad_parameter"},
		{"d", `{"edits":[{"insert":5,"at":0}]}`, 400, "bad_parameter"},
		{"d", `{"edits":[{"append":"\ud800"}]}`, 400, "bad_json"},
		{"d", `{"edits":[{"op":[{"insert":"\ud800"}]}]}`, 422, "surrogate"},
		{"d", `{"edits":[{"op":[{"delete":99}]}]}`, 422, "beyond_end"},
		{"d", `{"edits":[{"op":[{"insert":"a\r"}]}]}`, 422, "carriage_return"},
		{"d", `{"edits":[{"op":[{"insert":"a","attributes":{"bold":true}}]}]}`, 422, "not_in_text"},
		{"d", `{"edits":[{"op":[{"what":1}]}]}`, 422, "op_invalid"},
		{"d", `{"edits":[{"op":"x"}]}`, 400, "bad_parameter"},
		{"d", `{"rev":1,"edits":[]}`, 422, "rev_beyond_head"},
		{"d", `{"rev":-1,"edits":[]}`, 400, "bad_parameter"},
		{"d", `{"rev":"0","edits":[]}`, 400, "bad_parameter"},
		{"d", `{"rev":0.0,"edits":[]}`, 400, "bad_parameter"},
		{"d", `{"strict":1,"edits":[]}`, 400, "bad_parameter"},
		{"d", `{"edits":{}}`, 400, "bad_parameter"},
		{"d", `{}`, 400, "bad_parameter"},
		{"d", `[]`, 400, "bad_json"},
		{"d", `{"edits":[}`, 400, "bad_json"},
		{"r", `{"edits":[{"op":[{"retain":5},{"insert":"x"}]}]}`, 422, "newline_final"},
		{"r", `{"edits":[{"op":[{"delete":5}]}]}`, 422, "newline_final"},
		{"r", `{"edits":[{"find":"h\n","replace":"x"}]}`, 422, "newline_final"},
		// All or nothing: the first of these edits would do.
		{"d", `{"edits":[{"append":"x"},{"find":"nowhere","replace":"x"}]}`, 422, "find_not_found"},
	} {
		a := s.patch(test.id, test.body)
		if a.refused(test.status, test.code); t.Failed() {
			t.Fatal(test.body)
		}
	}
	s.patch("d", `{"edits":[]}`, "Content-Type", plain).refused(415, "unsupported_media_type")
	if len(s.records("d"))+len(s.records("r")) > 0 {
		t.Error("a refused write was committed")
	}
}

func TestPatchThatComesToNothingCommitsNothing(t *testing.T) {
	s := inMemory(t)
	s.create("d", "rich", `[{"insert":"ab","attributes":{"bold":true}},{"insert":"c\n"}]`)
	for _, edits := range []string{
		`{"op":[{"retain":2,"attributes":{"bold":true}}]}`,
		`{"op":[{"retain":2},{"retain":1,"attributes":{"bold":null}}]}`,
		`{"op":[{"retain":2},{"insert":"c"},{"delete":1}]}`,
		`{"find":"c","replace":"d"},{"find":"d","replace":"c"}`,
		`{"append":"x"},{"op":[{"retain":3},{"delete":1}]}`,
	} {
		s.edits("d", edits).wrote(0, `[]`)
	}
	s.edits("d", `{"op":[{"retain":3,"attributes":{"bold":true}}]}`).wrote(1, `[{"retain":3,"attributes":{"bold":true}}]`)
}

// TestManyEditsCostNoMoreThanTheyAre has what would take minutes if each edit
// were put together with all before it, or each place compared anew.
func TestManyEditsCostNoMoreThanTheyAre(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", strings.Repeat("0123456789", 10_000))
	var edits []string
	for i := range 10_000 {
		edits = append(edits, fmt.Sprintf(`{"insert":"x","at":%d}`, 11*i))
	}
	began := time.Now()
	if n := len(s.edits("d", edits...).written().Op); n < 100_000 {
		t.Errorf("the delta has %d bytes", n)
	}
	s.wantText("d", strings.Repeat("x0123456789", 10_000))

	s.put("d", plain, strings.Repeat("a", 4<<20)).ok()
	find := strings.Repeat("a", 2<<20)
	s.edits("d", `{"find":"`+find+`","replace":"b","occurrence":2000000}`).ok()
	if text := s.text("d"); strings.IndexByte(text, 'b') != 1_999_999 || len(text) != 2<<20+1 {
		t.Errorf("b is at %d of %d", strings.IndexByte(text, 'b'), len(text))
	}
	s.edits("d", `{"find":"`+find[:1<<20]+`","replace":"c","occurrence":2000000}`).refused(422, "find_not_found")
	if took := time.Since(began); took > 2*patience { // without: minutes
		t.Errorf("it took %v", took)
	}
	s.replay("d")
}
