package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tutti/ot"
	"tutti/store"
)

// logged is a record that a test writes into the store by hand.
type logged struct {
	user, client string
	at           time.Duration // since 2026-01-01
	op           string
}

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// write makes a document with a history.
func (s *site) write(id string, kind ot.Kind, content string, history ...logged) {
	s.t.Helper()
	doc, err := ot.NewDocument(parse(s.t, content))
	if err != nil {
		s.t.Fatal(err)
	}
	info := store.Info{
		ID: id, Kind: kind, Epoch: "e1", CreatedAt: newYear.UnixMilli(), CreatedBy: store.User{ID: "creator", Name: "The Creator"},
		Head: store.Head{Length: int64(doc.Length())},
	}
	if err := s.store.Create(info, doc.AppendJSON(nil)); err != nil {
		s.t.Fatal(err)
	}
	var lines []store.Line
	for i, l := range history {
		r := store.Record{Rev: int64(i + 1), Client: l.client, Seq: int64(i + 1), User: l.user, At: newYear.Add(l.at).UnixMilli(), Op: parse(s.t, l.op)}
		if doc, err = doc.Apply(r.Op); err != nil {
			s.t.Fatal(err)
		}
		lines = append(lines, store.Line{Rev: r.Rev, JSON: r.AppendJSON(nil)})
		info.Head = store.Head{Rev: r.Rev, At: r.At, Length: int64(doc.Length())}
	}
	for len(lines) > 0 {
		n := min(len(lines), 1000)
		head := info.Head
		head.Rev = lines[n-1].Rev
		if err := s.store.Append(id, "e1", lines[0].Rev-1, lines[:n], head); err != nil {
			s.t.Fatal(err)
		}
		lines = lines[n:]
	}
}

type revisions struct {
	Items []struct {
		FromRev, ToRev, Inserted, Deleted int64
		User                              store.User
		StartedAt, EndedAt, Name          string
	}
	Next string
}

// pages reads a whole list of revisions and returns it in short.
func (s *site) pages(path string, limit int) (all []string) {
	s.t.Helper()
	next := ""
	for {
		var page revisions
		s.call("GET", fmt.Sprintf("%s?limit=%d&cursor=%s", path, limit, next), "").ok().into(&page)
		for _, g := range page.Items {
			all = append(all, strings.TrimSpace(fmt.Sprintf("%d-%d %s +%d -%d %s %s %s", g.FromRev, g.ToRev, g.User.Name, g.Inserted, g.Deleted, g.StartedAt[11:19], g.EndedAt[11:19], g.Name)))
		}
		if next = page.Next; next == "" {
			return all
		}
	}
}

func TestRevisionsAreGroupedByAuthorPauseAndName(t *testing.T) {
	onEachStore(t, func(s *site) {
		const x, gone = `[{"insert":"x😀"}]`, `[{"delete":3}]`
		s.write("d", ot.Text, "[]",
			logged{"a", "c1", 0, x}, logged{"a", "c2", time.Minute, x}, logged{"a", "c1", 5 * time.Minute, gone},
			logged{"b", "c3", 5 * time.Minute, x},
			logged{"a", "c1", 6 * time.Minute, x}, logged{"a", "c1", 11*time.Minute + time.Millisecond, x},
			logged{"a", "c1", 12 * time.Minute, x}, logged{"a", "c1", 12 * time.Minute, `[{"retain":3},{"delete":1},{"insert":"y"}]`},
		)
		if err := s.store.SaveName("d", "e1", store.User{ID: "a", Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		s.call("POST", "/documents/d/versions", `{"name":"draft","rev":7}`).ok()
		want := []string{
			"8-8 Ada +1 -1 00:12:00 00:12:00",
			"6-7 Ada +6 -0 00:11:00 00:12:00 draft",
			"5-5 Ada +3 -0 00:06:00 00:06:00",
			"4-4 b +3 -0 00:05:00 00:05:00", // nobody knows a name
			"1-3 Ada +6 -3 00:00:00 00:05:00",
		}
		for limit := 1; limit < 7; limit++ {
			if got := s.pages("/documents/d/revisions", limit); !slices.Equal(got, want) {
				t.Errorf("by %d: %q, want %q", limit, got, want)
			}
		}
		for _, cursor := range []string{"x", "e30", "eyJpIjoib3RoZXIifQ"} {
			s.call("GET", "/documents/d/revisions?cursor="+cursor, "").refused(400, "bad_parameter")
			s.call("GET", "/documents/d/versions?cursor="+cursor, "").refused(400, "bad_parameter")
		}
	})
}

// TestAPageOfRevisionsIsBounded lists a history in which one author never
// rests, and one that changes hands with each record.
func TestAPageOfRevisionsIsBounded(t *testing.T) {
	s := inMemory(t)
	one, two := make([]logged, 25_000), make([]logged, 700)
	for i := range one {
		one[i] = logged{"a", "c", 0, `[{"insert":"x"}]`}
	}
	for i := range two {
		two[i] = logged{fmt.Sprint("u", i%2), "c", 0, `[{"insert":"x"}]`}
	}
	s.write("one", ot.Text, "[]", one...)
	s.write("two", ot.Text, "[]", two...)
	var first revisions
	s.call("GET", "/documents/one/revisions?limit=200", "").ok().into(&first)
	if n := len(first.Items); n < 9 || n > 11 || first.Next == "" {
		t.Errorf("a page has %d groups", n)
	}
	if got := s.pages("/documents/one/revisions", 200); len(got) != 25 || !strings.HasPrefix(got[24], "1-1000 ") {
		t.Errorf("there are %d groups, one of them %s", len(got), got[24])
	}
	if got := s.pages("/documents/two/revisions", 200); len(got) != 700 || !strings.HasPrefix(got[699], "1-1 ") {
		t.Errorf("there are %d groups", len(got))
	}
}

func TestNamesOfWritersAreKept(t *testing.T) {
	onEachStore(t, func(s *site) {
		s.create("d", "text", "")
		w, is := s.dial("d", "Ada Ωλ")
		w.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
		w.hear("records")
		s.edits("d", `{"append":"y"}`).ok()
		s.eventually("the names are kept", func() bool {
			got := s.pages("/documents/d/revisions", 10)
			return len(got) == 2 && strings.HasPrefix(got[0], "2-2 Guest ") && strings.HasPrefix(got[1], "1-1 Ada Ωλ ")
		})
		var blame struct {
			Items []struct {
				User   store.User
				Client string
			}
		}
		s.call("GET", "/documents/d/blame", "").ok().into(&blame)
		if len(blame.Items) != 2 || blame.Items[0].User.Name != "Ada Ωλ" || blame.Items[0].Client != is.Client {
			t.Errorf("blame says %+v", blame)
		}
	})
}

func TestVersionsNameRevisions(t *testing.T) {
	onEachStore(t, func(s *site) {
		s.create("d", "text", "")
		s.submit("d", "a", 3)
		a := s.call("POST", "/documents/d/versions", `{"name":"now"}`)
		if a.ok(); a.status != 201 || a.header.Get("Location") != "/api/v1/documents/d/versions/3" {
			t.Errorf("status %d, %v", a.status, a.header)
		}
		s.call("POST", "/documents/d/versions", `{"name":"first","rev":0}`).ok()
		s.call("POST", "/documents/d/versions", `{"name":"other","rev":1}`).ok()
		s.call("POST", "/documents/d/versions", `{"name":"one <&>","rev":1}`).ok()
		var list struct {
			Items []struct {
				Rev       int64
				Name      string
				CreatedAt time.Time
				CreatedBy store.User
			}
			Next string
		}
		s.call("GET", "/documents/d/versions?limit=2", "").ok().into(&list)
		if len(list.Items) != 2 || list.Items[0].Rev != 3 || list.Items[1].Name != "one <&>" || list.Items[1].CreatedBy.ID == "" || list.Items[1].CreatedAt.IsZero() {
			t.Errorf("the list is %+v", list)
		}
		s.call("GET", "/documents/d/versions?cursor="+list.Next, "").ok().into(&list)
		if len(list.Items) != 1 || list.Items[0].Name != "first" {
			t.Errorf("the list goes on with %+v", list)
		}
		s.call("DELETE", "/documents/d/versions/1", "").ok()
		s.call("DELETE", "/documents/d/versions/1", "").refused(404, "not_found")
		s.call("DELETE", "/documents/d/versions/x", "").refused(404, "not_found")
		for body, code := range map[string]string{`{"name":"x","rev":4}`: "rev_beyond_head", `{}`: "field_invalid", `{"name":"a\nb"}`: "field_invalid"} {
			s.call("POST", "/documents/d/versions", body).refused(422, code)
		}
		s.call("POST", "/documents/d/versions", `{"name":"x","rev":-1}`).refused(400, "bad_parameter")
		s.call("POST", "/documents/d/versions", `{"name":5}`).refused(400, "bad_parameter")
		s.call("GET", "/documents/none/versions", "").refused(404, "document_not_found")
	})
}

func (s *site) revert(id, body string, headers ...string) answer {
	s.t.Helper()
	return s.call("POST", "/documents/"+id+"/revert", body, headers...)
}

func TestRevertToARevision(t *testing.T) {
	onEachStore(t, func(s *site) {
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
	onEachStore(t, func(s *site) {
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

func TestDiffOfRevisions(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "one\ntwo\nthree\n")
	s.put("d", plain, "one\n2 <b>\nthree\nfour").ok()
	s.edits("d", `{"append":"!"}`).ok()
	var got struct {
		From, To int64
		Items    []struct{ Op, Text string }
	}
	s.call("GET", "/documents/d/diff?from=0&to=1", "").ok().into(&got)
	var old, new string
	for _, r := range got.Items {
		if r.Op != "insert" {
			old += r.Text
		}
		if r.Op != "delete" {
			new += r.Text
		}
	}
	if old != "one\ntwo\nthree\n" || new != "one\n2 <b>\nthree\nfour" || got.From != 0 || got.To != 1 {
		t.Errorf("the runs are %+v", got)
	}
	unified := s.call("GET", "/documents/d/diff?from=0&to=1", "", "Accept", "text/x-diff").ok()
	const want = "--- d\trevision 0\n+++ d\trevision 1\n@@ -1,3 +1,4 @@\n one\n-two\n+2 <b>\n three\n+four\n\\ No newline at end of file\n"
	if string(unified.body) != want || unified.header.Get("Vary") != "Accept" {
		t.Errorf("the unified diff is %q", unified.body)
	}
	page := s.call("GET", "/documents/d/diff?to=1", "", "Accept", "text/html").ok()
	if got := string(page.body); !strings.Contains(got, "&lt;b&gt;") || strings.Contains(got, "<b>") || !strings.Contains(got, "<ins>") {
		t.Errorf("the page is %s", got)
	}
	if same := s.call("GET", "/documents/d/diff?from=1&to=1", "", "Accept", "text/x-diff").ok(); len(same.body) > 0 {
		t.Errorf("what is the same differs by %s", same.body)
	}
	s.call("GET", "/documents/d/diff?to=3", "").refused(404, "revision_not_found")
	s.call("GET", "/documents/d/diff?from=x", "").refused(400, "bad_parameter")
	s.call("GET", "/documents/d/diff?from=-1", "").refused(400, "bad_parameter")
	s.call("GET", "/documents/d/diff", "", "Accept", "image/png").refused(406, "not_acceptable")
}

// TestUnifiedDiffIsWhatPatchTakes makes random texts and has patch make one of
// the other.
func TestUnifiedDiffIsWhatPatchTakes(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Fatal("patch is part of every system that builds this: ", err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	text := func(lines []string) string {
		return strings.TrimSuffix(strings.Join(lines, "\n")+"\n", []string{"", "\n"}[random.IntN(2)])
	}
	s := inMemory(t)
	for round := range 40 {
		var lines []string
		for range random.IntN(40) {
			lines = append(lines, fmt.Sprint(random.IntN(30)))
		}
		old := text(lines)
		for range random.IntN(5) {
			at := random.IntN(len(lines) + 1)
			lines = slices.Replace(lines, at, min(len(lines), at+random.IntN(4)), slices.Repeat([]string{"new"}, random.IntN(3))...)
		}
		new := text(lines)
		id := fmt.Sprint("d", round)
		s.create(id, "text", old)
		s.put(id, plain, new).ok()
		unified := s.call("GET", "/documents/"+id+"/diff?from=0&to="+fmt.Sprint(s.head(id)), "", "Accept", "text/x-diff").ok().body
		if old == new {
			continue
		}
		file := filepath.Join(t.TempDir(), "d")
		if err := os.WriteFile(file, []byte(old), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(patch, "--no-backup-if-mismatch", "-F0", file)
		cmd.Stdin = strings.NewReader(string(unified))
		out, err := cmd.CombinedOutput()
		if err == nil {
			var got []byte
			if got, err = os.ReadFile(file); os.IsNotExist(err) && new == "" {
				err = nil // patch removes what becomes empty
			}
			out = append(out, got...)
			if string(got) != new {
				t.Errorf("patch makes %q", got)
			}
		}
		if err != nil || t.Failed() {
			t.Fatalf("%q to %q by\n%s\n%v %s", old, new, unified, err, out)
		}
	}
}

// blamed is the answer of blame.
type blamed struct {
	Revision int64
	Items    []struct {
		Length int
		Rev    int64
		User   store.User
		Client string
		At     int64
	}
}

// TestBlameAgreesWithANaiveModel writes random histories, past the point at
// which the server keeps what it found, and compares each answer with a list
// of one number for each unit.
func TestBlameAgreesWithANaiveModel(t *testing.T) {
	onEachStore(t, func(s *site) {
		random := rand.New(rand.NewPCG(3, 3))
		s.write("d", ot.Text, `[{"insert":"begin"}]`)
		model := make([]int64, 5)
		for round := range 6 {
			n := []int{0, 30, 5000, 10, 4500, 1}[round]
			var lines []store.Line
			head := s.head("d")
			for i := range n {
				rev := head + int64(i) + 1
				at := random.IntN(len(model) + 1)
				op := ot.Delta{}.Retain(at, nil)
				if gone := min(random.IntN(3), len(model)-at); gone > 0 && len(model) > 100 {
					op = op.Delete(gone)
					model = slices.Delete(model, at, at+gone)
				} else {
					op = op.Insert("xy", nil)
					model = slices.Insert(model, at, rev, rev)
				}
				r := store.Record{Rev: rev, Client: fmt.Sprint("c", rev%7), User: fmt.Sprint("u", rev%3), Seq: rev, At: 1000 + rev, Op: op}
				lines = append(lines, store.Line{Rev: rev, JSON: r.AppendJSON(nil)})
			}
			if n > 0 {
				last := head + int64(n)
				if err := s.store.Append("d", "e1", head, lines, store.Head{Rev: last, At: 1000 + last, Length: int64(len(model))}); err != nil {
					t.Fatal(err)
				}
			}
			var got blamed
			s.call("GET", "/documents/d/blame", "").ok().into(&got)
			var units []int64
			for _, item := range got.Items {
				want := store.Record{User: fmt.Sprint("u", item.Rev%3), Client: fmt.Sprint("c", item.Rev%7), At: 1000 + item.Rev}
				if item.Rev == 0 {
					want = store.Record{User: "creator", At: newYear.UnixMilli()}
				}
				if item.User.ID != want.User || item.Client != want.Client || item.At != want.At || item.User.Name == "" {
					t.Fatalf("an item is %+v", item)
				}
				units = append(units, slices.Repeat([]int64{item.Rev}, item.Length)...)
			}
			if !slices.Equal(units, model) || got.Revision != s.head("d") {
				t.Fatalf("round %d: blame differs from the model", round)
			}
		}
		if rev, data, err := s.store.Origins("d"); err != nil || rev != 9540 || len(data) == 0 {
			t.Errorf("the store keeps the origins at %d, %v", rev, err)
		}
	})
}

func TestHistoryOfWhatIsNotThere(t *testing.T) {
	s := inMemory(t)
	for _, path := range []string{"revisions", "versions", "diff", "blame", "sessions", "events"} {
		s.call("GET", "/documents/none/"+path, "").refused(404, "document_not_found")
	}
	s.create("d", "text", "")
	s.call("DELETE", "/documents/d", "").ok()
	for _, path := range []string{"revisions", "versions", "diff", "blame", "sessions", "events"} {
		s.call("GET", "/documents/d/"+path, "").refused(410, "document_deleted")
	}
	s.revert("d", `{"rev":0}`).refused(410, "document_deleted")
	s.create("e", "text", "")
	var empty revisions
	if s.call("GET", "/documents/e/revisions", "").ok().into(&empty); empty.Items == nil || len(empty.Items) > 0 {
		t.Errorf("the history of nothing is %+v", empty)
	}
	if a := s.call("GET", "/documents/e/blame", "").ok(); strings.TrimSpace(string(a.body)) != `{"revision":0,"items":[]}` {
		t.Errorf("blame of nothing is %s", a.body)
	}
	var runs struct{ Items []json.RawMessage }
	if s.call("GET", "/documents/e/diff", "").ok().into(&runs); runs.Items == nil || len(runs.Items) > 0 {
		t.Errorf("the difference is %+v", runs)
	}
}
