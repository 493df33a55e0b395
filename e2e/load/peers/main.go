// Command peers puts the load of `tutti bench` on tutti and on what else there
// is, in turns, and prints medians and ratios. `make bench-peers` runs it.
//
// Only tutti has an edit on the disk before it acknowledges it. ShareDB keeps
// it in memory, Hocuspocus writes the document within ten seconds, the relay
// keeps nothing at all.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"tutti/e2e/load"
)

type compare struct {
	Scenarios []string `arg:"" optional:"" help:"Which to run. Default: hot, open, fanout, many, idle, cold."`
	Binary    string   `default:"bin/tutti" type:"existingfile" help:"The tutti to compare."`
	Peers     []string `default:"relay,sharedb,hocuspocus" help:"With what."`
	Rounds    int      `default:"5" help:"How often each takes its turn."`
	JSON      string   `name:"json" type:"path" placeholder:"FILE" help:"Write all rounds there."`

	load.Options
}

func main() {
	if slices.Equal(os.Args[1:], []string{"relay"}) {
		fmt.Fprintln(os.Stderr, serveRelay())
		os.Exit(1)
	}
	var c compare
	kong.Parse(&c, kong.Name("peers"), kong.Description("Compare tutti with its peers."))
	if err := c.run(); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// run prints what it has when it is interrupted, too.
func (c *compare) run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(c.Scenarios) == 0 {
		c.Scenarios = []string{"hot", "open", "fanout", "many", "idle", "cold"}
	}
	c.Progress = os.Stderr
	targets, err := c.targets()
	if err != nil {
		return err
	}
	rounds, err := load.NewReport(c.Folder)
	if err != nil {
		return err
	}
	err = c.rounds(ctx, targets, rounds)
	m := medians(rounds)
	fmt.Println("\nMedians. Only tutti has an edit on the disk before it acknowledges it.")
	err = errors.Join(err, m.WriteTable(os.Stdout))
	fmt.Println("\nRatios.")
	err = errors.Join(err, ratios(m).WriteTable(os.Stdout))
	fmt.Println("\nFor the README.")
	err = errors.Join(err, markdown(os.Stdout, m))
	if c.JSON != "" {
		err = errors.Join(err, rounds.Save(c.JSON))
	}
	return err
}

// rounds has the targets take turns, scenario by scenario: what disturbs the
// machine for a while disturbs all of them.
func (c *compare) rounds(ctx context.Context, targets []load.Target, r *load.Report) error {
	for range c.Rounds {
		for _, scenario := range c.Scenarios {
			for _, t := range targets {
				if err := load.Run(ctx, t, []string{scenario}, c.Options, r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (c *compare) targets() ([]load.Target, error) {
	targets := []load.Target{load.Own(c.Binary, load.Tutti{})}
	for _, name := range c.Peers {
		switch name {
		case "relay":
			t, err := relay()
			if err != nil {
				return nil, err
			}
			targets = append(targets, t)
		case "sharedb":
			targets = append(targets, node(name, shareDB{}, true))
		case "hocuspocus":
			targets = append(targets, node(name, hocuspocus{}, false))
		default:
			return nil, fmt.Errorf("there is no peer %q", name)
		}
	}
	return targets, nil
}
