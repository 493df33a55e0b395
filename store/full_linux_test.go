package store

import (
	"os/signal"
	"syscall"
	"testing"
)

// TestFullDisk lets the file grow no more, as a full disk does: writes are
// refused with nothing stored, reads go on, and with room again so do writes.
func TestFullDisk(t *testing.T) {
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // the write shall fail, not the process
	defer signal.Reset(syscall.SIGXFSZ)
	room := func(bytes uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: limit.Max}); err != nil {
			t.Fatal(err)
		}
	}
	defer room(limit.Cur)

	room(4096)
	lines, head := testRun(0, 2000)
	err := b.Append("a", "e1", 0, lines, head)
	wantErr(t, err, ErrUnavailable)
	wantErr(t, b.Probe(), ErrUnavailable)
	if info, err := b.Info("a"); err != nil || info.Head.Rev != 0 {
		t.Errorf("Info = %+v, %v", info, err)
	}

	room(limit.Cur)
	if err := b.Append("a", "e1", 0, lines, head); err != nil {
		t.Error(err)
	}
	if lines, err := b.Lines("a", 0, 5000); err != nil || len(lines) != 2000 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}
