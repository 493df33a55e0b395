package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tutti/server/files"
	"tutti/store"
)

// verify reads all that is kept, and says what of it is damaged.
type verify struct {
	Data   string `env:"TUTTI_DATA" default:"./data" help:"Folder that holds the documents; no server runs on it."`
	Repair bool   `help:"Write tutti.db anew without its damage, as far as snapshots allow, and keep the damaged one as tutti.db.damaged."`
}

// Run changes nothing, unless it is told to repair.
func (c *verify) Run() (err error) {
	file := filepath.Join(c.Data, "tutti.db")
	if c.Repair {
		defer func() { err = errors.Join(err, handBack(c.Data)) }()
		done, err := store.Repair(file)
		if err != nil {
			return stopFirst(err)
		}
		for _, said := range done {
			fmt.Println("repaired:", said)
		}
	}
	r, err := store.Verify(file)
	if err != nil {
		return stopFirst(err)
	}
	damaged := len(r.Damage)
	if r.Logged > 0 {
		fmt.Printf("tutti.db-wal: writes that the next start brings into tutti.db: %d\n", r.Logged)
	}
	for _, d := range r.Damage {
		fmt.Println("tutti.db:", d)
	}
	for _, name := range []string{"accounts.db", "hooks.db"} {
		if err := checkPages(filepath.Join(c.Data, name)); err != nil {
			damaged++
			fmt.Printf("%s: %v\n", name, err)
		}
	}
	images, err := files.Verify(filepath.Join(c.Data, "files"), func(name string) {
		damaged++
		fmt.Println("files:", name, "is not what was written")
	})
	if err != nil {
		return err
	}
	fmt.Printf("%d documents, %d records, %d images\n", r.Documents, r.Records, images)
	if damaged > 0 {
		return fmt.Errorf("%d places are damaged", damaged)
	}
	return nil
}

// checkPages returns nil where there is no such file.
func checkPages(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(store.CheckPages(file), file.Close())
}

// stopFirst says what to do where a server has the data open, and that can't be.
func stopFirst(err error) error {
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("%w: stop the server first, or look at a backup of it", err)
	}
	return err
}
