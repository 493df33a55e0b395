package load

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// A Metric is a figure with its unit.
type Metric struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// A Result is what was measured of one case of a scenario.
type Result struct {
	Target   string   `json:"target"`
	Scenario string   `json:"scenario"`
	Case     string   `json:"case"`
	Metrics  []Metric `json:"metrics"`
	Total    Total    `json:"total"`
}

// Total counts all that was done by those who were measured, also before and
// after. Cases that the same people were in share it.
type Total struct {
	Edits        int64 `json:"edits"`
	Acknowledged int64 `json:"acknowledged"`
	Delivered    int64 `json:"delivered"` // to others than who made them
}

// Metric returns a figure by its name.
func (r Result) Metric(name string) (value float64, ok bool) {
	for _, m := range r.Metrics {
		if m.Name == name {
			return m.Value, true
		}
	}
	return 0, false
}

// A Report is all that a run has measured.
type Report struct {
	Began   string   `json:"began"` // RFC 3339
	Machine string   `json:"machine"`
	Raw     []Metric `json:"raw"` // of the machine itself, in the same run
	Results []Result `json:"results"`
}

// NewReport begins one, with what the disk below a folder can do.
func NewReport(folder string) (*Report, error) {
	raw, err := probe(folder)
	return &Report{
		Began:   time.Now().UTC().Format(time.RFC3339),
		Machine: fmt.Sprintf("%d cores, %s, %s", runtime.NumCPU(), runtime.GOOS, runtime.Version()),
		Raw:     raw,
	}, err
}

// Save writes a report into a file, in JSON.
func (r *Report) Save(path string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

// WriteTable writes a report for people: a table for each scenario.
func (r *Report) WriteTable(to io.Writer) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s, %s\n", r.Machine, r.Began)
	for _, m := range r.Raw {
		fmt.Fprintf(w, "%s: %s %s\n", m.Name, Figure(m.Value), m.Unit)
	}
	scenario := ""
	for _, result := range r.Results {
		if result.Scenario != scenario {
			scenario = result.Scenario
			fmt.Fprintf(w, "\n%s\t\t%s\n", scenario, strings.Join(heads(result.Metrics), "\t"))
		}
		fmt.Fprintf(w, "%s\t%s", result.Target, result.Case)
		for _, m := range result.Metrics {
			fmt.Fprintf(w, "\t%s", Figure(m.Value))
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func heads(metrics []Metric) (heads []string) {
	for _, m := range metrics {
		heads = append(heads, m.Head())
	}
	return heads
}

// Head is what stands over figures of that kind.
func (m Metric) Head() string { return strings.TrimSpace(m.Name + " " + m.Unit) }

// Figure writes a number with three digits that count.
func Figure(v float64) string {
	if a := math.Abs(v); a >= 100 || a == 0 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	} else if a >= 10 {
		return strconv.FormatFloat(v, 'f', 1, 64)
	} else if a >= 1 {
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
