package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// export writes documents as files into a ZIP.
type export struct {
	To     string   `arg:"" help:"ZIP to write, which must not be there yet; - for standard output."`
	IDs    []string `arg:"" optional:"" name:"documents" help:"The ids of the documents."`
	All    bool     `help:"All documents, but for those in the trash. Of a server with accounts: all that the token's person may read."`
	Format string   `enum:",txt,md,html,delta,archive" default:"" help:"txt, md, html, delta; archive has the whole history. Default: by the kind of each document."`

	target
}

// Run leaves no file where it fails.
func (c *export) Run() error {
	if c.All == (len(c.IDs) > 0) {
		return errors.New("say which documents, or --all of them")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	what := map[string]any{}
	if c.Format != "" {
		what["format"] = c.Format
	}
	if !c.All {
		what["ids"] = c.IDs
	}
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	return c.ask(func(a asking) error {
		return writeNew(c.To, func(to io.Writer) error {
			return a.do(ctx, "POST", "/export", strings.NewReader(string(body)), to)
		})
	})
}
