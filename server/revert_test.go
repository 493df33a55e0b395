package server_test

import (
	"fmt"
	"strings"
	"testing"

	"tutti/ot"
)

func (s *rest) revert(id, body string, headers ...string) answer {
	s.t.Helper()
	return s.call("POST", "/documents/"+id+"/revert", body, headers...)
}

func TestRevertToARevision(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "rich", `[{"insert":"one","attributes":{"bold":true}},{"insert":" two\n"}]`)
		s.put("d", plain, "one 2 three\n").ok()
		s.edits("d", `{"op":[{"retain":3,"attributes":{"bold":null}}]}`).ok()
		s.revert("d", `{"rev":0,"dryRun":true}`).ok()
		if n := len(s.records("d")); n != 2 {
			t.Fatalf("a dry run left %d records", n)
		}
		w := s.revert("d", `{"rev":0}`, "Idempotency-Key", key).written()
		s.wantContent("d", `[{"insert":"one","attributes":{"bold":true}},{"insert":" two\n"}]`)
		s.revert("d", `{"rev":2}`, "Idempotency-Key", key).wrote(w.Revision, string(w.Op))
		s.revert("d", `{"rev":0}`).wrote(3, `[]`)
		s.revert("d", `{"rev":2}`).ok()
		s.wantContent("d", `[{"insert":"one 2 three\n"}]`)
		s.replay("d")
	})
}

func TestRevertOfOneAuthor(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.write("d", ot.Text, `[{"insert":"base"}]`,
			logged{"a", "c1", 0, `[{"insert":"AAA "}]`},
			logged{"b", "c2", 1, `[{"retain":2},{"insert":"bbb"}]`}, // within what a wrote
			logged{"a", "c3", 2, `[{"retain":7},{"insert":"<"},{"retain":4},{"insert":">"}]`},
			logged{"a", "c1", 3, `[{"retain":8},{"delete":2}]`},
		)
		s.wantText("d", "AAbbbA <se>")
		for body, want := range map[string]string{
			`{"user":"a"}`:                    "bbbbase",
			`{"user":"a","from":2}`:           "AAbbbA base",
			`{"user":"a","to":1}`:             "bbb<se>",
			`{"user":"a","from":4,"to":4}`:    "AAbbbA <base>",
			`{"client":"c3"}`:                 "AAbbbA se",
			`{"user":"b","from":0,"to":4}`:    "AAA <se>",
			`{"user":"nobody"}`:               "AAbbbA <se>",
			`{"client":"c1","from":1,"to":3}`: "bbb<se>",
		} {
			body := strings.TrimSuffix(body, "}") + `,"dryRun":true}`
			doc, err := s.replay("d").Apply(parse(t, string(s.revert("d", body).written().Op)))
			if err != nil || doc.Text() != want {
				t.Errorf("%s would lead to %q, %v; want %q", body, doc.Text(), err, want)
			}
		}
		w := s.revert("d", `{"user":"a"}`).written()
		s.wantText("d", "bbbbase")
		// And that is taken back by the client that did it.
		r := s.records("d")[w.Revision-1]
		s.revert("d", fmt.Sprintf(`{"client":%q}`, r.Client)).ok()
		s.wantText("d", "AAbbbA <se>")
		s.revert("d", fmt.Sprintf(`{"user":%q}`, r.User)).wrote(6, `[]`)
	})
}

func TestRevertRefusals(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	s.submit("d", "a", 2)
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		`{}`:                           {422, "field_invalid"},
		`{"rev":0,"user":"a"}`:         {422, "field_invalid"},
		`{"user":"a","from":2,"to":1}`: {422, "field_invalid"},
		`{"user":"a","from":-1}`:       {422, "field_invalid"},
		`{"user":"a","to":-1}`:         {422, "field_invalid"},
		`{"rev":3}`:                    {422, "rev_beyond_head"},
		`{"user":"a","to":3}`:          {422, "rev_beyond_head"},
		`{"user":"a","from":3}`:        {422, "rev_beyond_head"},
		`{"rev":-1}`:                   {400, "bad_parameter"},
		`{"rev":"1"}`:                  {400, "bad_parameter"},
		`{"user":5}`:                   {400, "bad_parameter"},
		`{"user":"a","from":"1"}`:      {400, "bad_parameter"},
		`{"rev":1,"dryRun":1}`:         {400, "bad_parameter"},
		`[]`:                           {400, "bad_json"},
	} {
		s.revert("d", body).refused(want.status, want.code)
	}
	if n := len(s.records("d")); n != 2 {
		t.Errorf("%d records", n)
	}
}
