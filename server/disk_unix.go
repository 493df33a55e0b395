//go:build linux || darwin

package server

import "syscall"

// diskSpace returns how many bytes the disk under a folder has left for us,
// and how many it has at all.
func diskSpace(folder string) (free, total int64, ok bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, 0, false
	}
	block := int64(stat.Bsize)
	return int64(stat.Bavail) * block, int64(stat.Blocks) * block, true
}
