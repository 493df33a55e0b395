package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// Common says how anything is measured. The tags, here and below, are those of
// kong, for the commands that take them as flags.
type Common struct {
	Folder   string        `name:"data" type:"existingdir" placeholder:"DIR" help:"Where the data of servers that are started lies until the end. Default: the folder for temporary files. Should be a disk."`
	Seconds  float64       `default:"10" help:"Length of each measurement."`
	Warmup   time.Duration `default:"2s" help:"Time under load before it."`
	Patience time.Duration `default:"30s" help:"How long nothing may arrive while something is missing in the end."`
	Rest     time.Duration `default:"3s" help:"How long the memory of a server at rest must stay the same before it counts."`
	Profiles string        `type:"existingdir" placeholder:"DIR" help:"Profile a tutti that is started, and leave there what is found."`
	Progress io.Writer     `kong:"-"`
}

// Options say how large the scenarios are.
type Options struct {
	Common

	Writers     []int   `default:"1,10,50" help:"hot: people who type in one document."`
	Steady      float64 `default:"1000" help:"open: edits a second of 50 people together."`
	Authors     int     `default:"500" help:"open: people who each type one a second."`
	Search      bool    `help:"open: find out how many such there can be before the 95th percentile of an edit's way to the others is over 100 ms."`
	Readers     int     `default:"1000" help:"fanout: people who read."`
	Rate        float64 `default:"20" help:"fanout: edits a second of the one who types."`
	Documents   int     `default:"200" help:"many, fair: documents."`
	Connections int     `default:"1000" help:"idle: connections."`
	Histories   []int   `name:"history" default:"100000,1000000" help:"cold: edits before the open."`
	Opens       int     `default:"10" help:"cold: how often each is opened."`
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

// Run puts the named scenarios on a target and adds to a report what it
// measures.
func Run(ctx context.Context, t Target, names []string, o Options, r *Report) error {
	for _, name := range names {
		if !slices.Contains(Scenarios(), name) {
			return fmt.Errorf("there is no scenario %q", name)
		}
	}
	for _, s := range scenarios {
		if slices.Contains(names, s.name) {
			if err := runScenario(ctx, t, s, o, r); err != nil {
				return fmt.Errorf("%s, %s: %w", t.Name, s.name, err)
			}
		}
	}
	return nil
}

// runScenario has a server of its own for each scenario: what one leaves in
// memory is not counted with the next.
func runScenario(ctx context.Context, t Target, s scenario, o Options, r *Report) error {
	b := &bench{Options: o, target: t, scenario: s.name, report: r}
	return b.inFolder(func() error {
		if err := b.start(ctx); err != nil {
			return err
		}
		return s.run(ctx, b)
	})
}

// inFolder gives a run its folder, and takes that and the server away.
func (b *bench) inFolder(run func() error) (err error) {
	folder, err := os.MkdirTemp(b.Folder, "tutti-bench-")
	if err != nil {
		return err
	}
	b.folder = folder
	defer func() { err = errors.Join(err, b.stop(), os.RemoveAll(folder)) }()
	return run()
}

func (b *bench) start(ctx context.Context) error {
	server, err := b.target.Start(ctx, b.folder, b.scenario == "fair")
	if err == nil {
		b.server = server
	}
	return err
}

// stop ends the server, if one runs that is ours.
func (b *bench) stop() error {
	if b.server == nil {
		return nil
	}
	server := b.server
	b.server = nil
	return server.Stop()
}

// restart starts the server anew on its data, if it is ours.
func (b *bench) restart(ctx context.Context) error {
	if !b.server.restarts() {
		return nil
	}
	if err := b.stop(); err != nil {
		return err
	}
	return b.start(ctx)
}

// crowd runs one measurement: people come, and in the end leave.
func (b *bench) crowd(ctx context.Context, run func(*crowd) error) error {
	c := newCrowd(b.server, b.Patience)
	added := len(b.report.Results)
	err := run(c)
	for i := range b.report.Results[added:] {
		b.report.Results[added+i].Total = c.total()
	}
	return errors.Join(err, c.leave(context.WithoutCancel(ctx))) // interrupted, too, it leaves nothing behind
}

// add notes what was measured.
func (b *bench) add(name string, metrics ...Metric) {
	b.report.Results = append(b.report.Results, Result{Target: b.target.Name, Scenario: b.scenario, Case: name, Metrics: metrics})
}

// say tells who waits what goes on.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.Progress, "%s, %s: %s\n", b.target.Name, b.scenario, fmt.Sprintf(format, args...))
}
