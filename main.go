// Command tutti serves documents that people edit together.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"tutti/e2e/load"
	"tutti/session"
)

func main() {
	var cli struct {
		Serve   serve          `cmd:"" default:"withargs" help:"Serve documents. This is the default."`
		Backup  backupCommand  `cmd:"" help:"Write a backup of all that a server keeps, while it runs or not."`
		Restore restoreCommand `cmd:"" help:"Make a data folder of a backup."`
		Verify  verify         `cmd:"" help:"Find out whether all that is kept is what was written."`
		Compact compact        `cmd:"" help:"Give room back that the documents don't use."`
		Export  export         `cmd:"" help:"Write documents as files into a ZIP."`
		Stats   statsCommand   `cmd:"" help:"Say how much room all takes up, and each document."`
		Health  healthCommand  `cmd:"" help:"Ask the server on this machine whether it is well."`
		Bench   bench          `cmd:"" help:"Put load on a tutti and measure it."`
	}
	parser := kong.Must(&cli, kong.Name("tutti"),
		kong.Description("A real-time collaborative editing server."),
		kong.Vars{"rate": fmt.Sprint(session.DefaultLimits.Rate), "scenarios": strings.Join(load.Scenarios(), ", ")})
	ctx, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if err := ctx.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "tutti:", err)
		os.Exit(1)
	}
}
