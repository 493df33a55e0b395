package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"
)

// Options say how large the scenarios are.
type Options struct {
	Seconds     float64       // of each measurement
	Warmup      time.Duration // before it
	Writers     []int         // hot: the cases
	Readers     int           // fanout
	Rate        float64       // fanout: edits a second of the one who writes
	Steady      float64       // open: edits a second of all together, in the first case
	Authors     int           // open: in the second, each an edit a second
	Search      bool          // open: find out how many could be
	Documents   int           // many
	Connections int           // idle
	Rest        time.Duration // idle: how long the memory must stay the same
	Histories   []int         // cold: edits before the open
	Opens       int           // cold
	Folder      string        // where the data of servers that are started lies, and is probed
	Profiles    string        // a folder for what the server is profiled at; "": none
	Progress    io.Writer
}

// scenario is one kind of load.
type scenario struct {
	name string
	run  func(context.Context, *bench) error
}

var scenarios = []scenario{
	{"hot", hot},
	{"open", open},
	{"fanout", fanout},
	{"many", many},
	{"idle", idle},
	{"cold", cold},
	{"fair", fair},
}

// Scenarios are the names of all, in the order in which they run.
func Scenarios() (names []string) {
	for _, s := range scenarios {
		names = append(names, s.name)
	}
	return names
}

// bench is a scenario under way.
type bench struct {
	Options
	target   Target
	scenario string
	folder   string // of the server, if it is ours
	server   *Server
	report   *Report
}

// Run puts the named scenarios on a target and returns what it measured, also
// what it had when an error ended it.
func Run(ctx context.Context, t Target, names []string, o Options) (*Report, error) {
	r := &Report{Began: time.Now().UTC().Format(time.RFC3339), Machine: fmt.Sprintf("%d cores, %s, %s", runtime.NumCPU(), runtime.GOOS, runtime.Version())}
	for _, name := range names {
		if !slices.Contains(Scenarios(), name) {
			return r, fmt.Errorf("there is no scenario %q", name)
		}
	}
	folder, err := os.MkdirTemp(o.Folder, "tutti-bench-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder)
	fmt.Fprintln(o.Progress, "the disk: bbolt commits of 100 bytes")
	raw, err := probe(folder)
	if err != nil {
		return r, err
	}
	r.Raw = raw
	for _, s := range scenarios {
		if slices.Contains(names, s.name) {
			if err := runScenario(ctx, t, s, o, r); err != nil {
				return r, fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	return r, nil
}

// runScenario has a server of its own for each scenario: what one leaves in
// memory is not counted with the next.
func runScenario(ctx context.Context, t Target, s scenario, o Options, r *Report) (err error) {
	folder, err := os.MkdirTemp(o.Folder, "tutti-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	b := &bench{Options: o, target: t, scenario: s.name, folder: folder, report: r}
	if err := b.start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.server.Stop()) }()
	return s.run(ctx, b)
}

func (b *bench) start(ctx context.Context) (err error) {
	b.server, err = b.target.Start(ctx, b.folder, b.scenario == "fair")
	return err
}

// restart starts the server anew on its data, if it is ours.
func (b *bench) restart(ctx context.Context) error {
	if !b.server.own {
		return nil
	}
	return errors.Join(b.server.Stop(), b.start(ctx))
}

// crowd runs one measurement: people come, and in the end leave.
func (b *bench) crowd(ctx context.Context, run func(*crowd) error) error {
	c := newCrowd(b.server)
	added := len(b.report.Results)
	err := run(c)
	for i := range b.report.Results[added:] {
		b.report.Results[added+i].Total = c.total()
	}
	return errors.Join(err, c.leave(ctx))
}

// add notes what was measured.
func (b *bench) add(name string, metrics ...Metric) {
	b.report.Results = append(b.report.Results, Result{Target: b.target.Name, Scenario: b.scenario, Case: name, Metrics: metrics})
}

// say tells who waits what goes on.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.Progress, "%s, %s: %s\n", b.target.Name, b.scenario, fmt.Sprintf(format, args...))
}
