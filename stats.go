package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"text/tabwriter"
)

// statsCommand says how much room all takes up, and each document.
type statsCommand struct {
	target
}

// room is what GET /stats says of sizes, in bytes.
type room struct {
	Documents struct{ Active, Trashed int }
	Sizes     struct {
		Database, Accounts, Hooks, Search, Files, Logs int64
		Packed, Unpacked                               int64
		DiskFree                                       *int64
	}
	Pending int
}

// stocked is a document of GET /inventory.
type stocked struct {
	ID, Title           string
	Revision, Length    int64
	LogBytes, FileBytes int64
	Packed              struct{ Revision, Bytes, From int64 }
	TrashedAt           string
}

// Run prints the largest documents first.
func (c *statsCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return c.ask(func(a asking) error {
		var all room
		for all.Pending = 1; all.Pending > 0; { // each answer has counted some more
			all = room{}
			if err := a.read(ctx, "/stats", &all); err != nil {
				return err
			}
		}
		documents, err := inventory(ctx, a)
		if err != nil {
			return err
		}
		return writeStats(os.Stdout, all, documents)
	})
}

func inventory(ctx context.Context, a asking) (all []stocked, err error) {
	for next := ""; ; {
		var page struct {
			Items []stocked
			Next  string
		}
		if err := a.read(ctx, "/inventory?limit=200&cursor="+url.QueryEscape(next), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if next = page.Next; next == "" {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b stocked) int { return cmp.Compare(b.LogBytes+b.FileBytes, a.LogBytes+a.FileBytes) })
	return all, nil
}

func writeStats(to io.Writer, all room, documents []stocked) error {
	s := all.Sizes
	fmt.Fprintf(to, "%d documents, %d more in the trash\n", all.Documents.Active, all.Documents.Trashed)
	fmt.Fprintf(to, "database %s (of it the history %s), images %s, search %s, accounts %s, hooks %s\n", bytesOf(s.Database), bytesOf(s.Logs), bytesOf(s.Files), bytesOf(s.Search), bytesOf(s.Accounts), bytesOf(s.Hooks))
	if s.Packed > 0 {
		fmt.Fprintf(to, "of the history %s are packed into %s\n", bytesOf(s.Unpacked), bytesOf(s.Packed))
	}
	if s.DiskFree != nil {
		fmt.Fprintf(to, "the disk has room for %s\n", bytesOf(*s.DiskFree))
	}
	fmt.Fprintln(to)
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DOCUMENT\tREVISIONS\tLENGTH\tHISTORY\tPACKED\tIMAGES\tTITLE")
	for _, d := range documents {
		title := d.Title
		if d.TrashedAt != "" {
			title += " (in the trash)"
		}
		packed := "-"
		if d.Packed.Revision > 0 {
			packed = fmt.Sprintf("to %d, %s into %s", d.Packed.Revision, bytesOf(d.Packed.From), bytesOf(d.Packed.Bytes))
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\t%q\n", d.ID, d.Revision, d.Length, bytesOf(d.LogBytes), packed, bytesOf(d.FileBytes), title)
	}
	return table.Flush()
}

// bytesOf writes a number of bytes for people.
func bytesOf(n int64) string {
	const units = "kMGTPE"
	if n < 1000 {
		return fmt.Sprint(n, " B")
	}
	at, of := -1, float64(n)
	for ; of >= 999.95; at++ {
		of /= 1000
	}
	return fmt.Sprintf("%.1f %cB", of, units[at])
}
