// Command growth finds out what an edit costs while one thing grows: the
// document, its history, its readers, the documents that are open, or those
// that are stored; and draws it. `make growth` runs it.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"tutti/e2e/load"
)

type growth struct {
	Sweeps []string `arg:"" optional:"" help:"Which to run, of ${sweeps}. Default: all."`
	Binary string   `default:"bin/tutti" type:"existingfile" help:"The tutti to measure."`
	Quick  bool     `help:"Few points, measured shortly: for trying."`
	Draw   bool     `help:"Measure nothing, draw what was measured."`
	Out    string   `type:"path" placeholder:"DIR" help:"Where the plots go, and figures.json, in which a sweep replaces that of an earlier run. Default: where the README shows them, with --quick bin/growth."`

	load.Growth
}

func main() {
	var c growth
	kong.Parse(&c, kong.Name("growth"), kong.Description("Measure what an edit costs while something grows, and draw it."), kong.Vars{"sweeps": fmt.Sprint(load.Sweeps())})
	if err := c.run(); err != nil {
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(1)
	}
}

// run keeps and draws what it has when it is interrupted, too.
func (c *growth) run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.Out == "" && c.Quick {
		c.Out = "bin/growth"
	}
	c.Out = cmp.Or(c.Out, "e2e/screenshot/growth")
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	all, err := read(c.figures())
	if err != nil {
		return err
	}
	if !c.Draw {
		err = c.measure(ctx, all)
	}
	for _, chart := range charts {
		if plot := chart.plot(all); plot != nil {
			err = errors.Join(err, os.WriteFile(filepath.Join(c.Out, chart.sweep+".svg"), plot, 0o644))
		}
	}
	return err
}

// measure runs the sweeps, and puts each that has come to its end in the place
// of an earlier one.
func (c *growth) measure(ctx context.Context, all *load.Report) error {
	if c.Quick {
		c.Growth.Quick()
	}
	c.Progress = os.Stderr
	if len(c.Sweeps) == 0 {
		c.Sweeps = load.Sweeps()
	}
	now, err := load.NewReport(c.Folder)
	if err != nil {
		return err
	}
	all.Began, all.Machine, all.Raw = now.Began, now.Machine, now.Raw
	for _, sweep := range c.Sweeps {
		now.Results = nil
		if err = load.Grow(ctx, load.Own(c.Binary, load.Tutti{}), []string{sweep}, &c.Growth, now); err != nil {
			break
		}
		all.Results = slices.DeleteFunc(all.Results, func(r load.Result) bool { return r.Scenario == sweep })
		all.Results = append(all.Results, now.Results...)
	}
	return errors.Join(err, all.WriteTable(os.Stdout), all.Save(c.figures()))
}

func (c *growth) figures() string { return filepath.Join(c.Out, "figures.json") }

// read returns the report of an earlier run, an empty one if there was none.
func read(path string) (*load.Report, error) {
	var r load.Report
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &r, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	return &r, err
}
