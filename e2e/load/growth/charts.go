package main

import "tutti/e2e/load"

// chart shows a sweep: panels beside each other over what has grown.
type chart struct {
	sweep  string
	x      string
	panels []panel
}

// panel is a plot of a few curves of one unit.
type panel struct {
	title  string
	unit   string
	linear bool     // the first curve must be linear: so a line is drawn that is
	curves []string // names of metrics
}

var charts = []chart{
	{"size", "UTF-16 units in the document", []panel{
		{"An edit until it is acknowledged", "ms", false, []string{"ack p50", "ack p99"}},
		{"CPU of the server for an edit", "µs", false, []string{"CPU/edit"}},
		{"Opening it cold", "ms", true, []string{"open"}},
	}},
	{"history", "edits in the document's history", []panel{
		{"An edit until it is acknowledged", "ms", false, []string{"ack p50", "ack p99"}},
		{"CPU of the server for an edit", "µs", false, []string{"CPU/edit"}},
		{"Opening it cold", "ms", false, []string{"open"}},
		{"Starting the server", "ms", true, []string{"start"}},
	}},
	{"readers", "readers of the document, 20 edits a second", []panel{
		{"An edit until the readers have it", "ms", false, []string{"delivery p50", "delivery p99"}},
		{"CPU of the server for a delivery", "µs", false, []string{"CPU/delivery"}},
		{"CPU of the server for an edit", "µs", true, []string{"CPU/edit"}},
	}},
	{"open", "documents that somebody is in", []panel{
		{"An edit until it is acknowledged", "ms", false, []string{"ack p50", "ack p99"}},
		{"CPU of the server for an edit", "µs", false, []string{"CPU/edit"}},
		{"Memory of the server", "MiB", true, []string{"RSS"}},
	}},
	{"stored", "documents on the disk", []panel{
		{"An edit until it is acknowledged", "ms", false, []string{"ack p50", "ack p99"}},
		{"CPU of the server for an edit", "µs", false, []string{"CPU/edit"}},
		{"A page of the list; opening one cold", "ms", true, []string{"list", "open"}},
		{"Starting the server", "ms", true, []string{"start"}},
	}},
}

// points are those of a curve, in the order of the report.
func (c *chart) points(all *load.Report, metric string) (points []xy) {
	for _, r := range all.Results {
		if r.Scenario != c.sweep || len(r.Metrics) == 0 {
			continue
		}
		if y, ok := r.Metric(metric); ok && y > 0 && r.Metrics[0].Value > 0 {
			points = append(points, xy{r.Metrics[0].Value, y})
		}
	}
	return points
}

// plot draws a chart as SVG; nil if nothing was measured of it.
func (c *chart) plot(all *load.Report) []byte {
	var drawn []drawing
	for _, p := range c.panels {
		d := drawing{title: p.title, x: c.x, unit: p.unit, linear: p.linear}
		for _, name := range p.curves {
			if points := c.points(all, name); len(points) > 0 {
				d.curves = append(d.curves, curve{name, points})
			}
		}
		if len(d.curves) > 0 {
			drawn = append(drawn, d)
		}
	}
	if len(drawn) == 0 {
		return nil
	}
	return draw(drawn)
}
