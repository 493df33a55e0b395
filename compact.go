package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tutti/store"
)

// compact gives room back that the documents don't use, in which may still
// stand what was erased from them.
type compact struct {
	Data string `env:"TUTTI_DATA" default:"./data" help:"Folder that holds the documents; no server runs on it. Beside tutti.db there must be room for another."`
}

// Run writes the file anew.
func (c *compact) Run() (err error) {
	defer func() { err = errors.Join(err, handBack(c.Data)) }()
	before, after, err := store.Compact(filepath.Join(c.Data, "tutti.db"))
	if err != nil {
		return stopFirst(err)
	}
	// The index has in it what was erased, until it is made anew from the
	// documents, as the next server does.
	if err := os.RemoveAll(filepath.Join(c.Data, "search")); err != nil {
		return err
	}
	fmt.Printf("tutti.db had %s, it has %s\n", bytesOf(before), bytesOf(after))
	return nil
}
