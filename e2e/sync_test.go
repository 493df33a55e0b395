package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A kill leaves the page cache, so it cannot show that a record was synced
// before it was sent. The order of the system calls can.
func TestEachAcknowledgementFollowsASync(t *testing.T) {
	turn(t)
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("no strace here")
	}
	s := serve(t, withArgs(unlimited), measured)
	doc := s.create("abc")
	r := s.join(t, doc.ID)

	trace := filepath.Join(t.TempDir(), "calls")
	tracer := exec.Command(strace, "-f", "-s", "400", "-e", "trace=fdatasync,fsync,write,sendto,writev",
		"-o", trace, "-p", strconv.Itoa(s.cmd.Process.Pid))
	said, err := tracer.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	attached := bufio.NewScanner(said)
	if !attached.Scan() || !strings.Contains(attached.Text(), "attached") {
		tracer.Wait()
		t.Skip("strace may not attach here: ", attached.Text())
	}
	const edits = 50
	for seq := int64(1); seq <= edits; seq++ {
		r.op(seq, seq-1, `[{"insert":"x"}]`)
		r.acknowledged(seq)
	}
	tracer.Process.Signal(syscall.SIGINT) // it detaches, the server goes on
	for attached.Scan() {
	}
	tracer.Wait()

	lines, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	syncs, acks, since := 0, 0, 0
	for _, line := range strings.Split(string(lines), "\n") {
		switch {
		case synced.MatchString(line):
			syncs++
			since++
		case strings.Contains(line, fmt.Sprintf(`\"seq\":%d,`, acks+1)) && strings.Contains(line, `\"records\"`):
			acks++
			if since == 0 {
				t.Errorf("no sync lies between the acknowledgements %d and %d", acks-1, acks)
			}
			since = 0
		}
	}
	t.Logf("%d acknowledgements, %d syncs", acks, syncs)
	if acks != edits {
		t.Errorf("the trace shows %d acknowledgements, want %d", acks, edits)
	}
	if syncs < edits {
		t.Errorf("%d syncs for %d acknowledgements", syncs, edits)
	}
}

// synced is a sync that has returned, in one line or in the second of two.
var synced = regexp.MustCompile(`(f(data)?sync\(\d+\)|<\.\.\. f(data)?sync resumed>\)?)\s+= 0`)
