package e2e

import (
	"fmt"
	"io"
	"testing"
	"time"

	"tutti/e2e/load"
)

func shortly(t *testing.T) load.Common {
	return load.Common{Seconds: 0.2, Warmup: 50 * time.Millisecond, Patience: patience, Rest: 100 * time.Millisecond, Folder: t.TempDir(), Progress: io.Discard}
}

// Every scenario runs, small, and counts right: each edit acknowledged once
// and delivered to each of the others. How long anything takes is not asked.
func TestLoadCountsEveryEdit(t *testing.T) {
	bin, err := raceBinary()
	if err != nil {
		t.Fatal(err)
	}
	small := load.Options{
		Common: shortly(t), Writers: []int{1, 3}, Readers: 5, Rate: 50, Steady: 100, Authors: 4, Documents: 3,
		Connections: 6, Histories: []int{300, 20_000}, Opens: 2,
	}
	others := map[string][]int64{ // how many an edit is delivered to
		"hot":    {0, 2},
		"open":   {49, 3},
		"fanout": {5},
		"many":   {1},
		"idle":   {5, 0},
		"cold":   {0, 0},
		"fair":   {1, 1, 1},
	}
	for _, name := range load.Scenarios() {
		t.Run(name, func(t *testing.T) {
			turn(t)
			var report load.Report
			if err := load.Run(t.Context(), load.Own(bin, load.Tutti{}), []string{name}, small, &report); err != nil {
				t.Fatal(err)
			}
			if len(report.Results) != len(others[name]) {
				t.Fatalf("%d results, want %d: %+v", len(report.Results), len(others[name]), report.Results)
			}
			for i, r := range report.Results {
				want := load.Total{Edits: r.Total.Edits, Acknowledged: r.Total.Edits, Delivered: r.Total.Edits * others[name][i]}
				if r.Total != want || r.Total.Edits == 0 && name != "cold" {
					t.Errorf("%s, %s: %+v, want %+v", name, r.Case, r.Total, want)
				}
				if len(r.Metrics) == 0 {
					t.Errorf("%s, %s: nothing was measured", name, r.Case)
				}
			}
		})
	}
}

// Every sweep of `make growth` runs, small, with every edit counted, and names
// first what has grown.
func TestGrowthMeasuresEveryPoint(t *testing.T) {
	bin, err := raceBinary()
	if err != nil {
		t.Fatal(err)
	}
	small := load.Growth{
		Common: shortly(t), Pace: 50, Broadcast: 50, Starts: 1,
		Sizes: []int{20_000}, Histories: []int{300}, Readers: []int{1, 5}, Open: []int{5}, Stored: []int{20},
	}
	for _, name := range load.Sweeps() {
		t.Run(name, func(t *testing.T) {
			turn(t)
			var report load.Report
			if err := load.Grow(t.Context(), load.Own(bin, load.Tutti{}), []string{name}, &small, &report); err != nil {
				t.Fatal(err)
			}
			want := 1
			if name == "readers" {
				want = len(small.Readers)
			}
			if len(report.Results) != want {
				t.Fatalf("%d points, want %d: %+v", len(report.Results), want, report.Results)
			}
			for _, r := range report.Results {
				if r.Total.Edits == 0 || r.Total.Acknowledged != r.Total.Edits {
					t.Errorf("%s of %s: %+v", name, r.Case, r.Total)
				}
				if len(r.Metrics) < 5 || r.Metrics[0].Name != name || fmt.Sprint(r.Metrics[0].Value) != r.Case {
					t.Errorf("%s of %s: %+v", name, r.Case, r.Metrics)
				}
			}
		})
	}
}
