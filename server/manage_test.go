package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tutti/store"
)

// listed is a page of documents.
type listed struct {
	Items []struct {
		ID, Title, UpdatedAt, TrashedAt string
		Tags                            []string
		TitleMarks                      []mark
		Snippet                         *struct {
			Text  string
			Marks []mark
		}
	}
	Next    string
	Pending int
}

type mark struct{ Start, End int }

func (s *rest) list(query string) listed {
	s.t.Helper()
	var page listed
	s.call("GET", "/documents?"+query, "").ok().into(&page)
	return page
}

// wantList fails the test unless a list has these documents in this order.
func (s *rest) wantList(query string, ids ...string) {
	s.t.Helper()
	var got []string
	for _, item := range s.list(query).Items {
		got = append(got, item.ID)
	}
	if !slices.Equal(got, ids) {
		s.t.Errorf("?%s lists %q, want %q", query, got, ids)
	}
}

func (s *rest) add(body string) {
	s.t.Helper()
	s.call("POST", "/documents", body).ok()
}

func TestList(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.add(`{"id":"b","title":"Über","tags":["x","y"]}`)
		time.Sleep(2 * time.Millisecond) // times are in milliseconds
		s.add(`{"id":"a","title":"apple","tags":["x"],"kind":"rich"}`)
		time.Sleep(2 * time.Millisecond)
		s.add(`{"id":"c","title":"Banana"}`)
		s.wantList("", "c", "a", "b")
		s.wantList("sort=created", "c", "a", "b")
		s.wantList("sort=title", "a", "c", "b")
		s.wantList("tag=x", "a", "b")
		s.wantList("tag=x&tag=y", "b")
		s.wantList("tag=X")
		s.wantList("kind=rich", "a")
		time.Sleep(2 * time.Millisecond)
		s.put("b", plain, "new").ok()
		s.wantList("", "b", "c", "a")
		s.call("DELETE", "/documents/c", "").ok()
		s.wantList("", "b", "a")
		s.wantList("trashed=true", "c")
		s.call("POST", "/documents/c/restore", "").ok()
		s.wantList("sort=title", "a", "c", "b")
		s.call("DELETE", "/documents/c?permanent=true", "").ok()
		s.wantList("sort=title", "a", "b")
	})
}

func TestListIsPaged(t *testing.T) {
	s := inMemory(t)
	for i := range 25 {
		s.add(fmt.Sprintf(`{"id":"d%02d","title":"title %d"}`, i, i%3))
	}
	for _, sort := range []string{"", "updated", "title", "created"} {
		seen := map[string]bool{}
		query := "limit=7&sort=" + sort
		if sort == "" {
			query = "limit=7"
		}
		for next := ""; ; {
			page := s.list(query + next)
			for _, item := range page.Items {
				if seen[item.ID] {
					t.Errorf("sort %q: %s twice", sort, item.ID)
				}
				seen[item.ID] = true
			}
			if page.Next == "" {
				break
			}
			next = "&cursor=" + page.Next
			s.add(`{"title":"came meanwhile"}`) // shifts nothing
			s.call("DELETE", "/documents/"+page.Items[0].ID, "").ok()
		}
		if len(seen) < 25 {
			t.Errorf("sort %q: only %d", sort, len(seen))
		}
		for id := range seen {
			s.call("POST", "/documents/"+id+"/restore", "").ok()
		}
	}
	if n := len(s.list("limit=0").Items); n != 1 {
		t.Errorf("limit=0 lists %d", n)
	}
	for _, bad := range []string{"limit=x", "sort=size", "trashed=1", "kind=html", "cursor=x", "cursor=bnVsbA", "q=" + strings.Repeat("a", 1001)} {
		s.call("GET", "/documents?"+bad, "").refused(http.StatusBadRequest, "bad_parameter")
	}
}

func TestTags(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.add(`{"id":"a","tags":["work","2026"," padded "]}`)
		s.add(`{"id":"b","tags":["work","work"]}`)
		s.add(`{"id":"c","tags":["gone"]}`)
		s.call("DELETE", "/documents/c", "").ok()
		var tags struct {
			Items []struct {
				Tag       string
				Documents int
			}
		}
		s.call("GET", "/tags", "").ok().into(&tags)
		if got := fmt.Sprint(tags.Items); got != "[{2026 1} {padded 1} {work 2}]" {
			t.Error(got)
		}
		s.call("PATCH", "/documents/a", `{"tags":["home"]}`).ok()
		s.wantList("tag=home", "a")
		s.wantList("tag=work", "b")
		s.call("PATCH", "/documents/a", `{"tags":null}`).ok()
		s.wantList("tag=home")
	})
}

func TestFieldsAreChecked(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	long := strings.Repeat("é", 513)
	many, err := json.Marshal(strings.Split(strings.Repeat("a ", 20)+"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32", " "))
	if err != nil {
		t.Fatal(err)
	}
	for body, code := range map[string]string{
		`{"title":"` + long + `"}`:      "field_invalid",
		`{"title":"a\u0007"}`:           "field_invalid",
		`{"title":"two\nlines"}`:        "field_invalid",
		`{"language":"a\tb"}`:           "field_invalid",
		`{"kind":"rich"}`:               "field_invalid",
		`{"tags":[""]}`:                 "field_invalid",
		`{"tags":["a\nb"]}`:             "field_invalid",
		`{"tags":` + string(many) + `}`: "field_invalid",
		`{"title":7}`:                   "bad_parameter",
		`{"tags":"work"}`:               "bad_parameter",
		`{"tags":[1]}`:                  "bad_parameter",
		`{"title":"\ud800"}`:            "bad_json",
		`{"title":`:                     "bad_json",
		`[]`:                            "bad_json",
	} {
		status := map[string]int{"field_invalid": 422}[code]
		s.call("PATCH", "/documents/d", body).refused(max(status, 400), code)
	}
	s.call("PATCH", "/documents/d", "{\"title\":\"\xff\"}").refused(400, "not_utf8")
	s.call("PATCH", "/documents/d", `{}`).ok()
	s.call("POST", "/documents", `{"id":"-x"}`).refused(422, "id_invalid")
	s.call("POST", "/documents", `{"id":"d"}`).refused(409, "document_exists")
}

func TestTrash(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("a", "text", "one")
		s.create("b", "text", "two")
		s.create("c", "text", "three")
		s.call("DELETE", "/documents/a", "").ok()
		s.call("DELETE", "/documents/b", "").ok()
		for _, path := range []string{"", "/content", "/export?format=txt", "/archive"} {
			s.call("GET", "/documents/a"+path, "").refused(410, "document_deleted")
		}
		s.call("POST", "/documents/a/duplicate", "").refused(410, "document_deleted")
		s.call("POST", "/documents", `{"id":"a"}`).refused(409, "document_exists")
		s.call("DELETE", "/trash", "").ok()
		s.wantList("trashed=true")
		s.wantList("", "c")
		s.call("GET", "/documents/a", "").refused(404, "document_not_found")
		s.create("a", "text", "again")
	})
}

func TestDuplicate(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.add(`{"id":"a","kind":"rich","title":"Plan","language":"x","tags":["t"],"content":[{"insert":"one","attributes":{"bold":true}},{"insert":"\n"}]}`)
		s.put("a", plain, "two").ok()
		var twin struct {
			ID, Title, Kind string
			Tags            []string
			Revision        int
		}
		a := s.call("POST", "/documents/a/duplicate", `{"id":"b"}`)
		a.ok().into(&twin)
		if twin.ID != "b" || twin.Title != "Plan (copy)" || twin.Kind != "rich" || twin.Revision != 0 || len(twin.Tags) != 1 || a.status != 201 || a.header.Get("Location") != "/api/v1/documents/b" {
			t.Errorf("%+v, %d", twin, a.status)
		}
		s.wantContent("b", s.content("a"))
		s.call("POST", "/documents/a/duplicate", `{"id":"c","rev":0,"title":"First"}`).ok()
		s.wantContent("c", `[{"insert":"one","attributes":{"bold":true}},{"insert":"\n"}]`)
		s.call("POST", "/documents/a/duplicate", "").ok()
		s.call("POST", "/documents/a/duplicate", `{"id":"b"}`).refused(409, "document_exists")
		s.call("POST", "/documents/a/duplicate", `{"rev":9}`).refused(422, "rev_beyond_head")
		s.call("POST", "/documents/a/duplicate", `{"rev":-1}`).refused(400, "bad_parameter")
		s.call("POST", "/documents/none/duplicate", "").refused(404, "document_not_found")
	})
}

// grave is a store in which something happens before a document is deleted.
type grave struct {
	store.Store
	before func()
}

func (g *grave) Delete(id string) error {
	g.before()
	return g.Store.Delete(id)
}

// Who is told that a document is restored has it, also while the trash is
// being emptied.
func TestWhatIsRestoredIsNotDeleted(t *testing.T) {
	g := &grave{Store: store.NewMemory()}
	s := newRest(t, g)
	s.create("d", "text", "x")
	s.call("DELETE", "/documents/d", "").ok()
	restored := make(chan int, 1)
	g.before = func() {
		go func() { restored <- s.call("POST", "/documents/d/restore", "").status }()
		select {
		case status := <-restored:
			restored <- status
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.call("DELETE", "/trash", "").ok()
	there := s.call("GET", "/documents/d", "").status
	if status := <-restored; status != there {
		t.Errorf("restoring answers %d, and then the document %d", status, there)
	}
}

// What an address takes can be asked.
func TestOptions(t *testing.T) {
	s := inMemory(t)
	a := s.call("OPTIONS", "/documents/d/content", "").ok()
	if allow := a.header.Get("Allow"); !strings.Contains(allow, "GET, HEAD, PATCH, PUT") {
		t.Errorf("Allow is %q", allow)
	}
	s.call("OPTIONS", "/nothing", "").refused(http.StatusNotFound, "not_found")
}
