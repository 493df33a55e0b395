package main

import (
	"slices"

	"tutti/e2e/load"
)

// of is what a result is of, whatever the round.
type of struct{ scenario, what, target string }

// medians has for each scenario and case, in the order in which they came
// first, one result for each target.
func medians(rounds *load.Report) *load.Report {
	values := map[of][][]float64{} // by metric, then round
	var order []load.Result
	for _, r := range rounds.Results {
		k := of{r.Scenario, r.Case, r.Target}
		if values[k] == nil {
			values[k] = make([][]float64, len(r.Metrics))
			order = append(order, r)
		}
		for i, m := range r.Metrics {
			values[k][i] = append(values[k][i], m.Value)
		}
	}
	out := *rounds
	out.Results = nil
	for _, first := range order {
		if slices.ContainsFunc(out.Results, func(r load.Result) bool { return sameCase(r, first) }) {
			continue
		}
		for _, r := range order {
			if sameCase(r, first) {
				r.Metrics = slices.Clone(r.Metrics)
				for i := range r.Metrics {
					r.Metrics[i].Value = median(values[of{r.Scenario, r.Case, r.Target}][i])
				}
				out.Results = append(out.Results, r)
			}
		}
	}
	slices.SortStableFunc(out.Results, func(a, b load.Result) int { return rank(order, a) - rank(order, b) })
	return &out
}

func sameCase(a, b load.Result) bool { return a.Scenario == b.Scenario && a.Case == b.Case }

// rank is when a scenario came first.
func rank(order []load.Result, r load.Result) int {
	return slices.IndexFunc(order, func(o load.Result) bool { return o.Scenario == r.Scenario })
}

// median is the mean of the two in the middle where there are two.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// ratios divides each figure of tutti by that of each peer in the same case.
func ratios(m *load.Report) *load.Report {
	out := *m
	out.Results, out.Raw = nil, nil
	for _, own := range m.Results {
		if own.Target != "tutti" {
			continue
		}
		for _, peer := range m.Results {
			if !sameCase(own, peer) || peer.Target == own.Target {
				continue
			}
			r := load.Result{Target: "tutti : " + peer.Target, Scenario: own.Scenario, Case: own.Case}
			for i, metric := range own.Metrics {
				if their := peer.Metrics[i].Value; their != 0 {
					metric.Value /= their
				} else {
					metric.Value = 0
				}
				metric.Unit = ""
				r.Metrics = append(r.Metrics, metric)
			}
			out.Results = append(out.Results, r)
		}
	}
	return &out
}
