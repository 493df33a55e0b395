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
	commands := parser()
	ctx, err := commands.Parse(os.Args[1:])
	commands.FatalIfErrorf(err)
	if err := ctx.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "tutti:", err)
		os.Exit(1)
	}
}

// parser knows the commands. It can be used once.
func parser() *kong.Kong {
	var cli struct {
		File string `name:"config" env:"TUTTI_CONFIG" placeholder:"FILE" help:"File with the settings of serve: YAML or JSON, named like the flags. A flag counts before the environment, that before the file."`

		Serve   serve          `cmd:"" default:"withargs" help:"Serve documents. This is the default."`
		Config  configCommand  `cmd:"" name:"config" help:"Print the settings that serve would have, and where each comes from."`
		Backup  backupCommand  `cmd:"" help:"Write a backup of all that a server keeps, while it runs or not."`
		Restore restoreCommand `cmd:"" help:"Make a data folder of a backup."`
		Verify  verify         `cmd:"" help:"Find out whether all that is kept is what was written."`
		Compact compact        `cmd:"" help:"Give room back that the documents don't use."`
		Export  export         `cmd:"" help:"Write documents as files into a ZIP."`
		Stats   statsCommand   `cmd:"" help:"Say how much room all takes up, and each document."`
		Health  healthCommand  `cmd:"" help:"Ask the server on this machine whether it is well."`
		Bench   bench          `cmd:"" help:"Put load on a tutti and measure it."`
	}
	return kong.Must(&cli, kong.Name("tutti"), kong.Resolvers(&settings{}),
		kong.Description("A real-time collaborative editing server."),
		kong.Vars{"rate": fmt.Sprint(session.DefaultLimits.Rate), "scenarios": strings.Join(load.Scenarios(), ", ")})
}
