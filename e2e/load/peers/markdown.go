package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"tutti/e2e/load"
)

// told are the figures of each scenario that the README has room for.
var told = map[string][]string{
	"hot":          {"edits", "ack p50", "ack p99", "CPU/1000 edits"},
	"open":         {"ack p95", "delivery p95"},
	"most authors": {"authors"},
	"fanout":       {"delivery p99", "CPU/delivery"},
	"many":         {"ack p99", "server CPU", "server RSS"},
	"idle":         {"a connection"},
	"cold":         {"open p50"},
}

// markdown writes medians as a table with a column for each target.
func markdown(to io.Writer, m *load.Report) error {
	var targets []string
	for _, r := range m.Results {
		if !slices.Contains(targets, r.Target) {
			targets = append(targets, r.Target)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| | %s |\n|---|%s\n", strings.Join(targets, " | "), strings.Repeat("---|", len(targets)))
	for i, first := range m.Results {
		if slices.ContainsFunc(m.Results[:i], func(r load.Result) bool { return sameCase(r, first) }) {
			continue
		}
		row := []string{fmt.Sprintf("`%s` %s: %s", first.Scenario, first.Case, strings.Join(figures(first, load.Metric.Head), " · "))}
		for _, target := range targets {
			at := slices.IndexFunc(m.Results, func(r load.Result) bool { return sameCase(r, first) && r.Target == target })
			cell := "–"
			if at >= 0 {
				cell = strings.Join(figures(m.Results[at], func(m load.Metric) string { return load.Figure(m.Value) }), " · ")
			}
			row = append(row, cell)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// figures are those of a result that are told, as they are written.
func figures(r load.Result, write func(load.Metric) string) (list []string) {
	for _, m := range r.Metrics {
		if slices.Contains(told[r.Scenario], m.Name) {
			list = append(list, write(m))
		}
	}
	return list
}
