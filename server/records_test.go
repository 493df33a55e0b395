package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tutti/session"
	"tutti/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

// fill commits n records past the server.
func (s *site) fill(id string, n int, op string) {
	s.t.Helper()
	info, err := s.store.Memory.Info(id)
	if err != nil {
		s.t.Fatal(err)
	}
	head := info.Head
	var lines []store.Line
	for range n {
		head.Rev++
		json := fmt.Appendf(nil, `{"rev":%d,"client":"c","seq":%d,"user":"u","at":1,"op":%s}`, head.Rev, head.Rev, op)
		lines = append(lines, store.Line{Rev: head.Rev, JSON: json})
	}
	if err := s.store.Memory.Append(id, info.Epoch, info.Head.Rev, lines, head); err != nil {
		s.t.Fatal(err)
	}
}

func (a answer) revs() (revs []int64) {
	a.t.Helper()
	var page struct {
		Items []struct {
			Rev int64 `json:"rev"`
		}
	}
	if err := json.Unmarshal(a.body, &page); err != nil || page.Items == nil {
		a.t.Fatalf("%s: %.300s: %v", a.what, a.body, err)
	}
	for _, r := range page.Items {
		revs = append(revs, r.Rev)
	}
	return revs
}

func TestRecordsComeAsTheyAreKept(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	s.get(path(d.ID, "/records")).want(http.StatusOK).wantBody(`{"items":[]}` + "\n")
	s.edit(d.ID, 1, 0, `[{"insert":"\u00e9<&>\u2028"}]`)
	s.edit(d.ID, 2, 1, `[]`)
	lines, err := s.store.Lines(d.ID, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"items":[` + string(lines[0].JSON) + "," + string(lines[1].JSON) + "]}\n"
	s.get(path(d.ID, "/records")).want(http.StatusOK).wantBody(want).wantHeader("Content-Type", "application/json")
}

func TestRecordsArePaged(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	s.fill(d.ID, 1234, `[]`)
	for query, want := range map[string]string{
		"":                     "1-100",
		"?after=1200":          "1201-1234",
		"?after=1234":          "none",
		"?after=99999999":      "none",
		"?after=-7":            "1-100",
		"?after=10&limit=5":    "11-15",
		"?limit=0":             "1-1",
		"?limit=-3":            "1-1",
		"?limit=5000":          "1-1000",
		"?after=1000&limit=":   "1001-1100",
		"?after=&limit=999999": "1-1000",
	} {
		revs := s.get(path(d.ID, "/records", query)).want(http.StatusOK).revs()
		got := "none"
		if n := len(revs); n > 0 {
			got = fmt.Sprintf("%d-%d", revs[0], revs[n-1])
			if revs[n-1]-revs[0] != int64(n-1) {
				t.Errorf("%s: gaps in %v", query, revs)
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for _, query := range []string{"?after=x", "?limit=many", "?after=1.5"} {
		s.get(path(d.ID, "/records", query)).wantProblem(http.StatusBadRequest, "bad_parameter")
	}
}

func TestAPageOfLongRecordsIsBounded(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	s.fill(d.ID, 20, `[{"insert":"`+strings.Repeat("x", 1<<20)+`"}]`)
	var all []int64
	for {
		a := s.get(path(d.ID, "/records?limit=1000&after=", itoa(len(all)))).want(http.StatusOK)
		if len(a.body) > 10<<20 {
			t.Errorf("a page of %d MiB", len(a.body)>>20)
		}
		revs := a.revs()
		if len(revs) == 0 {
			break
		}
		all = append(all, revs...)
	}
	if len(all) != 20 {
		t.Errorf("%d records came, want 20", len(all))
	}
}

// watched notes how many lines are asked for at once.
type watched struct {
	*store.Memory
	most atomic.Int64
}

func (w *watched) Lines(id string, after int64, limit int) ([]store.Line, error) {
	w.most.Store(max(w.most.Load(), int64(limit)))
	return w.Memory.Lines(id, after, limit)
}

func TestLongRecordsAreReadAFewAtOnce(t *testing.T) {
	keeper := &watched{Memory: store.NewMemory()}
	s := newRest(t, keeper)
	s.create("d", "text", "")
	long := strings.Repeat("long ", 60_000)
	for i := range 16 {
		s.put("d", plain, fmt.Sprint(i, long, i)).ok()
		s.put("d", plain, "").ok()
	}
	for i := range 2500 { // more than the tail holds
		if _, err := s.hub.Submit(t.Context(), "d", session.Submission{Client: "p", Seq: int64(i + 1), Rev: int64(i + 32), Op: parse(t, `[{"insert":"."}]`)}); err != nil {
			t.Fatal(err)
		}
	}
	a := s.call("PUT", "/documents/d/content?strict=true", "x", "Content-Type", plain, "If-Match", `"0"`).refused(412, "precondition_failed")
	var p struct{ Records []store.Record }
	a.into(&p)
	if n := len(p.Records); n < 4 || n > 9 || p.Records[n-1].Rev != int64(n) {
		t.Errorf("%d records are missed, in %d bytes", n, len(a.body))
	}
	for _, path := range []string{"records?limit=1000", "revisions", "blame"} {
		s.call("GET", "/documents/d/"+path, "").ok()
	}
	s.revert("d", `{"client":"nobody","dryRun":true}`).ok()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	f, err := s.hub.Follow("d", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Next(ctx); err != nil {
		t.Error(err)
	}
	if most := keeper.most.Load(); most > 64 {
		t.Errorf("%d lines are read at once", most)
	}
}
