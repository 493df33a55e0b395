//go:build unix

package server

import (
	"errors"
	"syscall"
)

// writeNow writes what the peer takes without waiting for it.
func (w *wire) writeNow(fd uintptr) bool {
	n, err := syscall.Write(int(fd), w.now)
	if err == nil {
		w.now = w.now[n:]
	} else if !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR) {
		w.err = err
	}
	return true
}
