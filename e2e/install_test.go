package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

const deploy = "../server/deploy/"

// An installation below a folder: what is there afterwards, and that a second
// one leaves the settings as they were changed to.
func TestInstallScriptKeepsTheSettings(t *testing.T) {
	root := t.TempDir()
	install := func(version string) {
		t.Helper()
		binary := filepath.Join(root, "built")
		if err := os.WriteFile(binary, []byte("#!/bin/sh\n# "+version+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", deploy+"install.sh", binary)
		cmd.Env = append(os.Environ(), "DESTDIR="+root)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	holds := func(path, want string) {
		t.Helper()
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %q, %v; want %q in it", path, got, err, want)
		}
	}
	install("one")
	holds("usr/local/bin/tutti", "# one")
	holds("etc/tutti/tutti.env", "TUTTI_ACCOUNTS=true")
	holds("etc/systemd/system/tutti.service", "ExecStart=/usr/local/bin/tutti")
	settings := filepath.Join(root, "etc/tutti/tutti.env")
	if is, err := os.Stat(settings); err != nil || is.Mode().Perm() != 0o640 {
		t.Errorf("the settings are %v, %v", is.Mode(), err)
	}
	if err := os.WriteFile(settings, []byte("TUTTI_RATE=7\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	install("two")
	holds("usr/local/bin/tutti", "# two")
	holds("etc/tutti/tutti.env", "TUTTI_RATE=7")

	if left, err := filepath.Glob(filepath.Join(root, "*/*/*.new")); err != nil || len(left) > 0 {
		t.Errorf("%v is left over, %v", left, err)
	}
	t.Run("unit", func(t *testing.T) {
		analyze, err := exec.LookPath("systemd-analyze")
		if err != nil {
			t.Skip("no systemd-analyze here")
		}
		// It looks for the program, so the unit names the installed one.
		unit, err := os.ReadFile(deploy + "tutti.service")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "tutti.service")
		here := strings.ReplaceAll(string(unit), "=/usr/local/bin/", "="+root+"/usr/local/bin/")
		if err := os.WriteFile(path, []byte(here), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command(analyze, "verify", "--man=no", path).CombinedOutput(); err != nil || strings.Contains(string(said), path) {
			t.Errorf("%v\n%s", err, said)
		}
	})
}

// What the examples set, there is to be set.
func TestExamplesNameSettingsThatThereAre(t *testing.T) {
	turn(t)
	bin, err := raceBinary()
	if err != nil {
		t.Fatal(err)
	}
	var help []byte
	for _, command := range []string{"serve", "backup"} {
		said, err := exec.Command(bin, command, "--help").Output()
		if err != nil {
			t.Fatal(err)
		}
		help = append(help, said...)
	}
	files, err := os.ReadDir(deploy)
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, file := range files {
		text, err := os.ReadFile(deploy + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\bTUTTI_[A-Z_]+`).FindAllString(string(text), -1) {
			named++
			if !strings.Contains(string(help), "$"+name) {
				t.Errorf("%s names %s, which there isn't", file.Name(), name)
			}
		}
	}
	if named < 10 {
		t.Errorf("only %d settings are named", named)
	}
}

// An administrator works on the folder of a service as root: what is made there
// is the service's, which could not open it otherwise.
func TestWhatRootMakesInAFolderIsWhoseTheFolderIs(t *testing.T) {
	const service = 54321
	if os.Getuid() != 0 {
		t.Skip("this takes root")
	}
	turn(t)
	s := serve(t)
	s.create("abc")
	s.stop()
	file := filepath.Join(t.TempDir(), "tutti.tar")
	if said, err := s.tutti("backup", "--data", s.data, file); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	restored := t.TempDir()
	for folder, commands := range map[string][][]string{
		s.data:   {{"compact"}, {"verify", "--repair"}, {"stats"}},
		restored: {{"restore", file}},
	} {
		if said, err := exec.Command("chown", "-R", fmt.Sprint(service), folder).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		for _, command := range commands {
			if said, err := s.tutti(append(command, "--data", folder)...); err != nil {
				t.Fatalf("%v: %v\n%s", command, err, said)
			}
			err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := d.Info()
				if err != nil {
					return err
				}
				if is := info.Sys().(*syscall.Stat_t).Uid; is != service {
					t.Errorf("after %v, %s is %d's", command, path, is)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
