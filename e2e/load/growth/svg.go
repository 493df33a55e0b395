package main

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"tutti/e2e/load"
)

type xy struct{ x, y float64 } // both above 0

type curve struct {
	name   string
	points []xy
}

// drawing is a plot with two logarithmic axes: what is flat there costs the
// same, what runs along the dashed line is linear.
type drawing struct {
	title, x, unit string
	linear         bool
	curves         []curve
}

// Of one drawing, in pixels: the whole, and what is around the axes.
const (
	width, height            = 330, 270
	left, right, top, bottom = 52, 26, 46, 46
)

// style is readable on light and on dark, whatever page shows the file: it has
// a ground of its own.
const style = `<style>
svg{--ground:#fff;--ink:#24292f;--faint:#6e7781;--line:#e3e6ea;--one:#0969da;--two:#bc4c00}
@media (prefers-color-scheme:dark){svg{--ground:#0d1117;--ink:#e6edf3;--faint:#9198a1;--line:#2a313a;--one:#58a6ff;--two:#f0883e}}
.ground{fill:var(--ground)}text{font:11px system-ui,sans-serif;fill:var(--faint)}.title{font-size:13px;font-weight:600;fill:var(--ink)}
.grid{stroke:var(--line)}.linear{stroke:var(--faint);stroke-dasharray:4 4}path{fill:none;stroke-width:2}
.c0{stroke:var(--one)}.c1{stroke:var(--two)}circle.c0{fill:var(--one)}circle.c1{fill:var(--two)}text.c0{fill:var(--one);stroke:none}text.c1{fill:var(--two);stroke:none}
</style>
`

// draw puts drawings beside each other: three in a row, or two.
func draw(all []drawing) []byte {
	var b bytes.Buffer
	columns := min(2, len(all))
	if len(all) == 3 {
		columns = 3
	}
	rows := (len(all) + columns - 1) / columns
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img">`+"\n%s", columns*width, rows*height, style)
	fmt.Fprintf(&b, `<rect class="ground" width="%d" height="%d" rx="8"/>`+"\n", columns*width, rows*height)
	for i, d := range all {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", i%columns*width, i/columns*height)
		d.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (d *drawing) draw(b *bytes.Buffer) {
	across, up := d.axes()
	fmt.Fprintf(b, `<text class="title" x="14" y="20">%s, %s</text>`+"\n", html.EscapeString(d.title), d.unit)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", (left+width-right)/2, height-12, html.EscapeString(d.x))
	for _, tick := range up.ticks {
		y := up.at(tick)
		fmt.Fprintf(b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1[3]f"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", left, width-right, y, left-6, y+4, short(tick))
	}
	for _, tick := range across.ticks {
		x := across.at(tick)
		fmt.Fprintf(b, `<line class="grid" y1="%d" y2="%d" x1="%.1f" x2="%.1[3]f"/><text x="%.1[3]f" y="%d" text-anchor="middle">%s</text>`+"\n", top, height-bottom, x, height-bottom+16, short(tick))
	}
	if d.linear {
		d.guide(b, across, up)
	}
	for i, c := range d.curves {
		var path strings.Builder
		for j, p := range c.points {
			fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(j, 1)], across.at(p.x), up.at(p.y))
			fmt.Fprintf(b, `<circle class="c%d" r="3" cx="%.1f" cy="%.1f"><title>%s: %s %s</title></circle>`+"\n", i, across.at(p.x), up.at(p.y), short(p.x), load.Figure(p.y), d.unit)
		}
		first, last := c.points[0], c.points[len(c.points)-1]
		for _, end := range []struct {
			xy
			anchor string
		}{{first, "start"}, {last, "end"}} {
			fmt.Fprintf(b, `<text class="c%d" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", i, across.at(end.x), up.at(end.y)-7, end.anchor, load.Figure(end.y))
		}
		fmt.Fprintf(b, `<path class="c%d" d="%s"/><text class="c%[1]d" x="%[3]d" y="36">%s</text>`+"\n", i, path.String(), left+i*110, html.EscapeString(c.name))
	}
}

// guide draws a line through the last point of the first curve that everything
// is on that costs as much more as there is more of it.
func (d *drawing) guide(b *bytes.Buffer, across, up axis) {
	last := d.curves[0].points[len(d.curves[0].points)-1]
	from, to := max(across.low, last.x*up.low/last.y), min(across.high, last.x*up.high/last.y)
	fmt.Fprintf(b, `<line class="linear" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/><text x="%d" y="36" text-anchor="end">- - linear</text>`+"\n",
		across.at(from), up.at(from/last.x*last.y), across.at(to), up.at(to/last.x*last.y), width-right)
}

// axis maps values of a range to pixels, by their logarithm.
type axis struct {
	low, high float64
	from, to  float64
	ticks     []float64
}

func (a axis) at(v float64) float64 {
	return a.from + (a.to-a.from)*math.Log(v/a.low)/math.Log(a.high/a.low)
}

func (d *drawing) axes() (across, up axis) {
	var xs, ys []float64
	for _, c := range d.curves {
		for _, p := range c.points {
			xs, ys = append(xs, p.x), append(ys, p.y)
		}
	}
	across, up = newAxis(xs), newAxis(ys)
	across.from, across.to = left, width-right
	up.from, up.to = height-bottom, top
	return across, up
}

// newAxis goes from a power of ten to one, so that plots are not steeper for
// being about less.
func newAxis(values []float64) (a axis) {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	first, last := int(math.Floor(math.Log10(low)+1e-9)), int(math.Ceil(math.Log10(high)-1e-9))
	last = max(last, first+1)
	a.low, a.high = math.Pow10(first), math.Pow10(last)
	for e := first; e <= last; e++ {
		a.ticks = append(a.ticks, math.Pow10(e))
	}
	return a
}

// short writes a tick.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', -1, 64) + " M"
	case v >= 1e3:
		return strconv.FormatFloat(v/1e3, 'f', -1, 64) + " k"
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
