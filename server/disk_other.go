//go:build !linux && !darwin

package server

// diskSpace isn't known here.
func diskSpace(string) (free, total int64, ok bool) { return 0, 0, false }
