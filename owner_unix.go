//go:build linux || darwin

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// handBack gives what root has made in a data folder to whose the folder is: a
// service with a user of its own could not open it. Of a file with a second
// name nobody knows where that leads.
func handBack(folder string) error {
	of, err := owner(os.Stat(folder))
	if os.Geteuid() != 0 || err != nil || of.Uid == 0 {
		return nil
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		is, err := owner(os.Lstat(path))
		if err != nil || is.Uid != 0 || !d.IsDir() && is.Nlink > 1 {
			return err
		}
		return os.Lchown(path, int(of.Uid), int(of.Gid))
	})
}

func owner(info fs.FileInfo, err error) (syscall.Stat_t, error) {
	if err != nil {
		return syscall.Stat_t{}, err
	}
	return *info.Sys().(*syscall.Stat_t), nil // here it always is one
}
