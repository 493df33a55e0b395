package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"tutti/e2e/load"
)

// bench puts load on a tutti. Its own server is this very binary.
type bench struct {
	Scenarios []string `arg:"" optional:"" help:"Which to run, of ${scenarios}. Default: all."`
	URL       string   `name:"url" placeholder:"URL" help:"A tutti that runs already, as http://127.0.0.1:8080. Documents are made there, and deleted; its --rate holds. Default: one is started."`
	PID       int      `name:"pid" help:"Its process, whose CPU and memory are read."`
	Token     string   `env:"TUTTI_TOKEN" help:"Token that it wants."`
	Compress  bool     `help:"Offer compression, as browsers do. It costs the generator more than the server."`
	JSON      string   `name:"json" type:"path" placeholder:"FILE" help:"Write the results there, too."`

	load.Options
}

// Run measures, and prints what it has when it is interrupted, too.
func (c *bench) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	target, err := c.target()
	if err != nil {
		return err
	}
	names := c.Scenarios
	if len(names) == 0 {
		names = load.Scenarios()
	}
	c.Progress = os.Stderr
	report, err := load.NewReport(c.Folder)
	if err != nil {
		return err
	}
	err = load.Run(ctx, target, names, c.Options, report)
	fmt.Println()
	err = errors.Join(err, report.WriteTable(os.Stdout))
	if c.JSON != "" {
		err = errors.Join(err, report.Save(c.JSON))
	}
	return err
}

func (c *bench) target() (load.Target, error) {
	dialect := load.Tutti{Token: c.Token, Compress: c.Compress}
	if c.URL != "" {
		return load.Running(c.URL, c.PID, dialect), nil
	}
	binary, err := os.Executable()
	return load.Own(binary, dialect), err
}
