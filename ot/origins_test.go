package ot_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tutti/ot"
)

// TestLawOriginsAgreeWithANaiveModel keeps beside the origins a list of one
// number for each unit.
func TestLawOriginsAgreeWithANaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawContent(t)
		model := make([]int64, content.Length())
		origins := ot.NewOrigins(content.Length(), 0)
		for rev := int64(1); rev < 12; rev++ {
			d := drawDelta(t, content)
			content = content.Compose(d)
			model = applyNaively(model, d, rev)
			var err error
			if origins, err = origins.Apply(d, rev); err != nil {
				t.Fatal(err)
			}
		}
		read, err := ot.ParseOrigins(origins.AppendBinary(nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []ot.Origins{origins, read} {
			var got []int64
			last := int64(-1)
			for n, origin := range o.Runs() {
				if origin == last {
					t.Fatalf("two runs of origin %d touch", origin)
				}
				last = origin
				got = append(got, slices.Repeat([]int64{origin}, n)...)
			}
			if !slices.Equal(got, model) {
				t.Fatalf("got %v, want %v", got, model)
			}
		}
	})
}

func applyNaively(units []int64, d ot.Delta, origin int64) []int64 {
	at := 0
	for _, op := range d {
		switch {
		case op.IsInsert():
			units = slices.Insert(units, at, slices.Repeat([]int64{origin}, op.Len())...)
			at += op.Len()
		case op.IsDelete():
			units = slices.Delete(units, at, at+op.Len())
		default:
			at += op.Len()
		}
	}
	return units
}

func TestParseOriginsRefusesWhatIsNone(t *testing.T) {
	for _, data := range []string{"\x80", "\x05", "\x00\x02", "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x02"} {
		if _, err := ot.ParseOrigins([]byte(data)); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
}
