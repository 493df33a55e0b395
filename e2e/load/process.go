package load

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of /proc/PID/stat, which is the same on every Linux that Go
// runs on.
const tick = time.Second / 100

// cpu is what a process has used so far; 0 for process 0, which is unknown.
func cpu(pid int) (time.Duration, error) {
	if pid == 0 {
		return 0, nil
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The second field is a name, which may hold anything, in parentheses.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("load: /proc/%d/stat: %q", pid, stat)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick, err
}

// rss is the memory that a process holds, in bytes; 0 for process 0.
func rss(pid int) (int64, error) { return status(pid, "VmRSS:") }

// own is what of it is the process's own, and not pages of a file that it has
// looked at, which the kernel takes back when it needs room.
func own(pid int) (int64, error) { return status(pid, "RssAnon:") }

// status reads a field in kB of what the kernel tells about a process.
func status(pid int, field string) (int64, error) {
	if pid == 0 {
		return 0, nil
	}
	said, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(said), field)
	var kB int64
	if _, err := fmt.Sscan(rest, &kB); !ok || err != nil {
		return 0, fmt.Errorf("load: no %s of process %d", field, pid)
	}
	return kB << 10, nil
}

// ownCPU is what the generator itself has used so far.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
