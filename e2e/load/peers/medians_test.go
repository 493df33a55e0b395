package main

import (
	"slices"
	"strings"
	"testing"

	"tutti/e2e/load"
)

func TestMediansAndRatios(t *testing.T) {
	result := func(target, what string, value float64) load.Result {
		return load.Result{Target: target, Scenario: "hot", Case: what, Metrics: []load.Metric{{Name: "edits", Value: value, Unit: "/s"}}}
	}
	m := medians(&load.Report{Results: []load.Result{
		result("tutti", "1", 10), result("tutti", "2", 7), result("peer", "1", 4), result("peer", "2", 0),
		result("tutti", "1", 30), result("tutti", "2", 7), result("peer", "1", 6), result("peer", "2", 0),
		result("tutti", "1", 20), result("tutti", "2", 7), result("peer", "1", 5), result("peer", "2", 0),
	}})
	want := []load.Result{result("tutti", "1", 20), result("peer", "1", 5), result("tutti", "2", 7), result("peer", "2", 0)}
	same := func(a, b load.Result) bool {
		return a.Target == b.Target && a.Case == b.Case && a.Metrics[0] == b.Metrics[0]
	}
	if !slices.EqualFunc(m.Results, want, same) {
		t.Errorf("medians: %+v", m.Results)
	}
	if r := ratios(m).Results; len(r) != 2 || r[0].Target != "tutti : peer" || r[0].Metrics[0].Value != 4 || r[1].Metrics[0].Value != 0 {
		t.Errorf("ratios: %+v", r)
	}
	var table strings.Builder
	if err := markdown(&table, m); err != nil {
		t.Fatal(err)
	}
	if want := "| | tutti | peer |\n|---|---|---|\n| `hot` 1: edits /s | 20.0 | 5.00 |\n| `hot` 2: edits /s | 7.00 | 0 |\n"; table.String() != want {
		t.Errorf("%s\nwant\n%s", &table, want)
	}
}
