package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tutti/e2e/load"
)

// bench puts load on a tutti. Its own server is this very binary.
type bench struct {
	Scenarios   []string      `arg:"" optional:"" help:"Which to run, of ${scenarios}. Default: all."`
	URL         string        `name:"url" placeholder:"URL" help:"A tutti that runs already, as http://127.0.0.1:8080. Documents are made there, and deleted. Default: one is started."`
	PID         int           `name:"pid" help:"Its process, whose CPU and memory are read."`
	Token       string        `env:"TUTTI_TOKEN" help:"Token that it wants."`
	Folder      string        `name:"data" type:"existingdir" placeholder:"DIR" help:"Where the data of a server that is started lies until the end. Default: the folder for temporary files. Should be a disk."`
	Seconds     float64       `default:"10" help:"Length of each measurement."`
	Warmup      time.Duration `default:"2s" help:"Time under load before it."`
	Writers     []int         `default:"1,10,50" help:"hot: people who type in one document."`
	Readers     int           `default:"1000" help:"fanout: people who read."`
	Rate        float64       `default:"20" help:"fanout: edits a second of the one who types."`
	Steady      float64       `default:"1000" help:"open: edits a second of 50 people together."`
	Authors     int           `default:"500" help:"open: people who each type one a second."`
	Search      bool          `help:"open: find out how many such there can be before the 95th percentile of an edit's way to the others is over 100 ms."`
	Documents   int           `default:"200" help:"many, fair: documents."`
	Connections int           `default:"1000" help:"idle: connections."`
	Rest        time.Duration `default:"3s" help:"idle: how long the memory must stay the same before it counts."`
	History     []int         `default:"100000,1000000" help:"cold: edits before the open."`
	Opens       int           `default:"10" help:"cold: how often each is opened."`
	Compress    bool          `help:"Offer compression, as browsers do. It costs the generator more than the server."`
	Profiles    string        `type:"existingdir" placeholder:"DIR" help:"Profile the server that is started, and leave there what is found."`
	JSON        string        `name:"json" type:"path" placeholder:"FILE" help:"Write the results there, too."`
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
	report, err := load.Run(ctx, target, names, load.Options{
		Seconds: c.Seconds, Warmup: c.Warmup, Folder: c.Folder, Profiles: c.Profiles, Progress: os.Stderr,
		Writers: c.Writers, Readers: c.Readers, Rate: c.Rate, Steady: c.Steady, Authors: c.Authors, Search: c.Search,
		Documents: c.Documents, Connections: c.Connections, Rest: c.Rest, Histories: c.History, Opens: c.Opens,
	})
	fmt.Println()
	err = errors.Join(err, report.WriteTable(os.Stdout))
	if c.JSON != "" {
		err = errors.Join(err, writeJSON(c.JSON, report))
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

func writeJSON(path string, report *load.Report) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return report.WriteJSON(file)
}
