package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The kernel makes a file system read-only under whoever writes to it when it
// finds it damaged; asked by hand it refuses as long as files are open. Edits
// are not taken then, those who typed them keep them, and reads go on. Such a
// file system has to be mounted anew, and the server with it.
func TestAReadOnlyDiskLosesNothing(t *testing.T) {
	turn(t)
	d := newDisk(t)
	s := serve(t, withArgs(unlimited), on(d.at))
	y := types(t, s, 2, 3, 0, nil)
	y.more(30)
	d.breaks()
	doc := y.rooms[0].doc
	s.until("turned away, and not ready", func() bool {
		return s.turnsAway(t, doc) && s.status("/readyz") == http.StatusServiceUnavailable
	})
	if got := s.status("/healthz"); got != http.StatusOK {
		t.Errorf("/healthz says %d: it would be restarted, to no avail", got)
	}
	edit := object{"edits": []object{{"append": "x"}}}
	s.call("PATCH", api+"/documents/"+doc+"/content", edit).into(t, http.StatusServiceUnavailable, nil)
	// Where the last write is in doubt, it is not read either.
	if got := s.status(api + "/documents/" + doc + "/content"); got != http.StatusOK && got != http.StatusServiceUnavailable {
		t.Errorf("the content is answered with %d", got)
	}
	s.stop()
	d.mends()
	s.start()
	y.more(30)
	y.rest()
	t.Logf("%d acknowledged, 0 lost, 0 twice", y.verify())
}

// A disk is a file system of its own that can break.
type disk struct {
	t      *testing.T
	image  string
	at     string
	device string // what the kernel calls it
}

func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{t: t, image: filepath.Join(t.TempDir(), "image"), at: t.TempDir()}
	if err := os.WriteFile(d.image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(d.image, 128<<20); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-O", "^has_journal", d.image).CombinedOutput(); err != nil {
		t.Skipf("no file system can be made here: %v %s", err, out)
	}
	if err := d.mount(); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", d.at).Run() })
	if _, err := os.Stat(d.fault()); err != nil {
		t.Skipf("this kernel breaks no file system on demand: %v", err)
	}
	return d
}

func (d *disk) mount() error {
	if _, err := exec.Command("mount", "-o", "loop,errors=remount-ro", d.image, d.at).Output(); err != nil {
		return err
	}
	source, err := exec.Command("findmnt", "-no", "SOURCE", d.at).Output()
	d.device = filepath.Base(strings.TrimSpace(string(source)))
	return err
}

func (d *disk) fault() string { return "/sys/fs/ext4/" + d.device + "/trigger_fs_error" }

// breaks has the kernel find it damaged.
func (d *disk) breaks() {
	d.t.Helper()
	if err := os.WriteFile(d.fault(), []byte("1"), 0); err != nil {
		d.t.Fatal(err)
	}
}

// mends checks and mounts it anew. Nobody has it open.
func (d *disk) mends() {
	d.t.Helper()
	if out, err := exec.Command("umount", d.at).CombinedOutput(); err != nil {
		d.t.Fatalf("%v %s", err, out)
	}
	if out, err := exec.Command("e2fsck", "-fp", d.image).CombinedOutput(); err != nil && !isCorrected(err) {
		d.t.Fatalf("%v %s", err, out)
	}
	if err := d.mount(); err != nil {
		d.t.Fatal(err)
	}
}

// isCorrected tells whether e2fsck has mended all that it found.
func isCorrected(err error) bool {
	ended, ok := err.(*exec.ExitError)
	return ok && ended.ExitCode() == 1
}
