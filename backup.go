package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"tutti/server/backup"
)

// backupCommand writes a backup of a server that runs, or of a data folder
// that none has open.
type backupCommand struct {
	To string `arg:"" help:"File to write, which must not be there yet; - for standard output."`

	target
}

// Run leaves no file where it fails.
func (c *backupCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	write := c.offline
	if c.URL != "" {
		write = func(to io.Writer) error { return c.running().get(ctx, "/backup", to) }
	}
	return writeNew(c.To, write)
}

func (c *backupCommand) offline(to io.Writer) error {
	b, err := backup.Offline(c.Data).Take()
	if err != nil {
		return inUse(err)
	}
	return errors.Join(b.Write(to), b.Close())
}

// restoreCommand makes a data folder of a backup.
type restoreCommand struct {
	From string `arg:"" help:"The backup; - for standard input."`
	Data string `env:"TUTTI_DATA" default:"./data" help:"Folder to make, which is empty or not there yet."`
}

// Run checks the backup while it reads it.
func (c *restoreCommand) Run() (err error) {
	defer func() { err = errors.Join(err, handBack(c.Data)) }()
	from := os.Stdin
	if c.From != "-" {
		file, err := os.Open(c.From)
		if err != nil {
			return err
		}
		defer file.Close()
		from = file
	}
	r, err := backup.Restore(from, c.Data, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	with := ""
	if r.Accounts {
		with = ", with accounts: start it with --accounts"
	}
	fmt.Printf("%s is as it was at %s: %d documents, %d images%s\n", c.Data, r.TakenAt.Format("2006-01-02 15:04:05 MST"), r.Documents, r.Images, with)
	return nil
}

// writeNew has a file written, and puts it under its name when it is durable.
// "-" is standard output.
func writeNew(path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(os.Stdout)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-")
	if err != nil {
		return err
	}
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(file.Name()))
	}
	return err
}
