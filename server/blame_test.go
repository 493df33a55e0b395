package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"

	"tutti/ot"
	"tutti/store"
)

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
	onEachStore(t, func(s *rest) {
		random := rand.New(rand.NewPCG(3, 3))
		s.write("d", ot.Text, `[{"insert":"begin"}]`)
		model := make([]int64, 5)
		past := map[int64][]int64{}
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
			past[s.head("d")] = slices.Clone(model)
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
		for rev, model := range past {
			var got blamed
			s.call("GET", fmt.Sprintf("/documents/d/blame?rev=%d", rev), "").ok().into(&got)
			var units []int64
			for _, item := range got.Items {
				units = append(units, slices.Repeat([]int64{item.Rev}, item.Length)...)
			}
			if !slices.Equal(units, model) || got.Revision != rev {
				t.Errorf("blame of revision %d, asked for later, differs from the model", rev)
			}
		}
		s.call("GET", "/documents/d/blame?rev=9542", "").refused(http.StatusNotFound, "revision_not_found")
		if rev, data, err := s.store.Origins("d"); err != nil || rev != 9540 || len(data) == 0 {
			t.Errorf("the store keeps the origins at %d, %v", rev, err)
		}
	})
}
