package server_test

import (
	"encoding/json"
	"fmt"
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
func (s *rest) write(id string, kind ot.Kind, content string, history ...logged) {
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
func (s *rest) pages(path string, limit int) (all []string) {
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
	onEachStore(t, func(s *rest) {
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
	onEachStore(t, func(s *rest) {
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
	onEachStore(t, func(s *rest) {
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
		for body, code := range map[string]string{`{"name":"x","rev":4}`: "rev_beyond_head", `{"name":" "}`: "field_invalid", `{}`: "field_invalid", `{"name":"a\nb"}`: "field_invalid"} {
			s.call("POST", "/documents/d/versions", body).refused(422, code)
		}
		s.call("POST", "/documents/d/versions", `{"name":"x","rev":-1}`).refused(400, "bad_parameter")
		s.call("POST", "/documents/d/versions", `{"name":5}`).refused(400, "bad_parameter")
		s.call("GET", "/documents/none/versions", "").refused(404, "document_not_found")
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
