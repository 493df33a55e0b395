package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tutti/store"
)

// page is what a list answers.
type page struct {
	Items []document
	Next  string
}

func (s *site) list(query ...string) (p page) {
	s.t.Helper()
	a := s.get(api + "/documents?" + strings.Join(query, "&")).want(http.StatusOK)
	if err := json.Unmarshal(a.body, &p); err != nil || p.Items == nil {
		s.t.Fatalf("%s: %.300s: %v", a.what, a.body, err)
	}
	return p
}

func (p page) ids() string {
	var ids []string
	for _, d := range p.Items {
		ids = append(ids, d.ID)
	}
	return strings.Join(ids, " ")
}

// plant creates a document with times of its own.
func (s *site) plant(id, title string, created, changed int64) {
	s.t.Helper()
	if err := s.watch.Create(store.Info{ID: id, Kind: "text", Title: title, Epoch: "e", CreatedAt: created, ChangedAt: changed}, []byte("[]")); err != nil {
		s.t.Fatal(err)
	}
}

func TestListSortsAndFilters(t *testing.T) {
	s := newSite(t)
	if got := s.list(); len(got.Items) != 0 || got.Next != "" {
		t.Errorf("nothing is listed as %+v", got)
	}
	s.plant("a", "Zebra", 3000, 3000)
	s.plant("b", "apple", 1000, 9000)
	s.plant("c", "Äpfel", 2000, 2000)
	s.plant("d", "apple", 1000, 9000)
	s.plant("e", "binned apple", 5000, 5000)
	s.call("DELETE", path("e"), "").want(http.StatusNoContent)
	for s.index.Behind() > 0 { // or what is sought is not known yet
		time.Sleep(time.Millisecond)
	}
	for query, want := range map[string]string{
		"":                      "b d a c",
		"sort=updated":          "b d a c",
		"sort=created":          "a c b d",
		"sort=title":            "b d a c",
		"q=apple":               "b d",
		"q=%C3%A4PF":            "c",
		"q=nothing":             "",
		"trashed=true":          "e",
		"trashed=true&q=zebra":  "",
		"trashed=false&limit=1": "b",
		"limit=0":               "b",
		"limit=99999":           "b d a c",
	} {
		if got := s.list(query).ids(); got != want {
			t.Errorf("?%s: %s, want %s", query, got, want)
		}
	}
	if d := s.list("trashed=true").Items[0]; !stamp.MatchString(d.TrashedAt) {
		t.Errorf("in the trash since %q", d.TrashedAt)
	}
	for _, query := range []string{"sort=size", "limit=x", "trashed=1", "cursor=x", "cursor=e30", "cursor=bnVsbA", "sort=title&cursor=" + s.list("limit=1").Next, "limit=1;sort=title", "q=%zz", "q=%ff"} {
		s.get(api+"/documents?"+query).wantProblem(http.StatusBadRequest, "bad_parameter")
	}
}

func TestListGoesOnWhereItStoppedWhateverHappensMeanwhile(t *testing.T) {
	for _, sort := range []string{"created", "title", "updated"} {
		s := newSite(t)
		var want []string
		for i := range 30 {
			id := fmt.Sprintf("d%02d", i)
			s.plant(id, fmt.Sprint("t", i/3), int64(1000+i/3), int64(1000+i/3)) // many alike
			want = append(want, id)
		}
		var seen []string
		cursor := ""
		for n := 0; ; n++ {
			p := s.list("sort="+sort, "limit=4", "cursor="+url.QueryEscape(cursor))
			for _, d := range p.Items {
				if strings.HasPrefix(d.ID, "d") {
					seen = append(seen, d.ID)
				}
			}
			if p.Next == "" {
				break
			}
			cursor = p.Next
			s.plant(fmt.Sprint("new", n), fmt.Sprint("t", n), int64(900+20*n), int64(900+20*n))
			if n == 2 { // what the cursor names goes away
				s.call("DELETE", path(seen[len(seen)-1]), "").want(http.StatusNoContent)
			}
		}
		slices.Sort(seen)
		if !slices.Equal(seen, want) {
			t.Errorf("sort=%s: seen %v", sort, seen)
		}
	}
}

func TestAChangeMovesADocumentToTheFront(t *testing.T) {
	s := newSite(t)
	s.plant("a", "a", 1000, 1000)
	s.plant("b", "b", 1000, 2000)
	s.call("PATCH", path("a"), `{"title":"c"}`).want(http.StatusOK)
	if got := s.list().ids(); got != "a b" {
		t.Errorf("listed %s", got)
	}
	s.edit("b", 1, 0, `[]`)
	if got := s.list("sort=updated").Items; len(got) != 2 || got[0].UpdatedAt < got[1].UpdatedAt {
		t.Errorf("listed %+v", got)
	}
}
