package store

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
)

// TestFullDisk lets the file grow no more, as a full disk does: writes are
// refused with nothing stored, reads go on, and with room again so do writes.
// It limits the files of the whole process, so it takes one of its own.
func TestFullDisk(t *testing.T) {
	if os.Getenv("TUTTI_STORE_FULL") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
		cmd.Env = append(os.Environ(), "TUTTI_STORE_FULL=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v:\n%s", err, out)
		}
		return
	}
	b := open(t)
	if err := b.Create(testInfo("a"), nil); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // the write shall fail, not the process
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	room := func(bytes uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: limit.Max}); err != nil {
			t.Fatal(err)
		}
	}

	room(8192) // the meta pages; not those of content
	lines, head := testRun(0, 2000)
	wantErr(t, b.Append("a", "e1", 0, lines, head), ErrUnavailable)
	wantErr(t, b.Probe(), ErrUnavailable)
	if info, err := b.Info("a"); err != nil || info.Head.Rev != 0 {
		t.Errorf("Info = %+v, %v", info, err)
	}

	// Nor does a start need any.
	path := b.file.Name()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	b = reopened(t, path)
	if info, err := b.Info("a"); err != nil || info.Head.Rev != 0 {
		t.Errorf("Info = %+v, %v", info, err)
	}
	wantErr(t, b.Append("a", "e1", 0, lines, head), ErrUnavailable)

	room(limit.Cur)
	if err := b.Append("a", "e1", 0, lines, head); err != nil {
		t.Error(err)
	}
	if lines, err := b.Lines("a", 0, 5000); err != nil || len(lines) != 2000 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}
