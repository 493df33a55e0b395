package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"tutti/e2e/load"
)

// measured is a report of a sweep whose metrics are all y of x.
func measured(sweep string, xs []float64, y func(x float64) float64, metrics ...string) *load.Report {
	var r load.Report
	for _, x := range xs {
		m := []load.Metric{{Name: sweep, Value: x}}
		for _, name := range metrics {
			m = append(m, load.Metric{Name: name, Value: y(x), Unit: "ms"})
		}
		r.Results = append(r.Results, load.Result{Scenario: sweep, Case: fmt.Sprint(x), Metrics: m})
	}
	return &r
}

// A plot is whole XML, names its axes and curves, and stays in its frame.
func TestPlotsAreWhole(t *testing.T) {
	for _, c := range charts {
		all := &load.Report{}
		var metrics []string
		for _, p := range c.panels {
			metrics = append(metrics, p.curves...)
		}
		if c.plot(all) != nil {
			t.Errorf("%s: a plot of nothing", c.sweep)
		}
		all = measured(c.sweep, []float64{1, 70, 19_900, 1e7}, func(x float64) float64 { return 0.03 * math.Sqrt(x) }, metrics...)
		plot := c.plot(all)
		for d := xml.NewDecoder(bytes.NewReader(plot)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", c.sweep, err, plot)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Local == "circle" {
				inside(t, c.sweep, e.Attr)
			}
		}
		for _, want := range append(metrics, c.x, "10 M") {
			if !strings.Contains(string(plot), ">"+html.EscapeString(want)+"<") {
				t.Errorf("%s: no %q", c.sweep, want)
			}
		}
	}
}

func inside(t *testing.T, sweep string, attributes []xml.Attr) {
	t.Helper()
	var x, y float64
	for _, a := range attributes {
		switch a.Name.Local {
		case "cx":
			fmt.Sscan(a.Value, &x)
		case "cy":
			fmt.Sscan(a.Value, &y)
		}
	}
	if x < left || x > width-right || y < top || y > height-bottom {
		t.Errorf("%s: a point at %v, %v", sweep, x, y)
	}
}

// What is linear runs along the dashed line, and what is flat is level.
func TestLogarithmicAxes(t *testing.T) {
	for name, y := range map[string]func(float64) float64{"flat": func(float64) float64 { return 3 }, "linear": func(x float64) float64 { return x / 100 }} {
		d := drawing{curves: []curve{{name, nil}}}
		for _, x := range []float64{10, 100, 1000} {
			d.curves[0].points = append(d.curves[0].points, xy{x, y(x)})
		}
		across, up := d.axes()
		p := d.curves[0].points
		for i := range p[1:] {
			run := across.at(p[i+1].x) - across.at(p[i].x)
			rise := up.at(p[i].y) - up.at(p[i+1].y)
			if run <= 0 || name == "flat" && rise != 0 || name == "linear" && math.Abs(rise-float64(height-top-bottom)/2) > 1e-9 {
				t.Errorf("%s: %v to the right, %v up", name, run, rise)
			}
		}
	}
}

// A sweep that is run again replaces itself and nothing else.
func TestReportsOfEarlierRunsAreRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "growth.json")
	if r, err := read(path); err != nil || len(r.Results) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	want := measured("size", []float64{1, 2}, math.Sqrt, "ack p50")
	if err := want.Save(path); err != nil {
		t.Fatal(err)
	}
	if r, err := read(path); err != nil || len(r.Results) != 2 || r.Results[1].Metrics[1].Value != math.Sqrt2 {
		t.Errorf("%+v, %v", r, err)
	}
}
