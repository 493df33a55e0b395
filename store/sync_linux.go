package store

import (
	"os"
	"syscall"
)

// syncData brings what was written to the disk, and of what the file system
// keeps about the file only what is needed to read it.
func syncData(file *os.File) error {
	for {
		err := syscall.Fdatasync(int(file.Fd()))
		if err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
