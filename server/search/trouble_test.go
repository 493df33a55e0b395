package search

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// Who can't write waits until the documents can be written, or to the end.
func TestTroubleWaits(t *testing.T) {
	var probes atomic.Int32
	stop := make(chan struct{})
	trouble := &trouble{
		probe: func() error {
			if probes.Add(1) < 3 {
				return errors.New("full")
			}
			return nil
		},
		stop: stop, log: slog.New(slog.DiscardHandler), retry: time.Millisecond,
	}
	trouble.wait(errors.New("no space"))
	if n := probes.Load(); n != 3 || trouble.stuck() {
		t.Errorf("after %d probes, stuck: %v", n, trouble.stuck())
	}
	trouble.retry = time.Hour
	done := make(chan struct{})
	go func() {
		trouble.wait(errors.New("no space"))
		close(done)
	}()
	for !trouble.stuck() {
		time.Sleep(time.Millisecond)
	}
	close(stop)
	<-done
}

// On a full disk the index stands still, and goes on when there is room.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("no disk can be made here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", disk).Run() })
	patient := retry
	t.Cleanup(func() { retry = patient }) // once the index is closed, which reads it
	l := newLibrary(t)
	l.Close()
	l.folder = filepath.Join(disk, "search")
	retry = 10 * time.Millisecond
	l.open()
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	l.add("a", "", "apple")
	for !l.trouble.stuck() {
		time.Sleep(time.Millisecond)
	}
	l.add("b", "", "banana")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	l.until("banana", "b")
	l.until("apple", "a")
	l.Close()
	l.open()
	l.until("banana", "b")
}
