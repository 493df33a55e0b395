package e2e

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"tutti/e2e/client"
)

var hookRounds = flag.Int("hooks.rounds", 5, "kills of the server while hooks are told")

// told is what the receiver of README.md prints: deliveries that verify, each
// once.
type told struct {
	mu    sync.Mutex
	revs  map[string][]int64  // by document
	kinds map[string][]string // of events
}

// receives runs the receiver as README.md has it.
func receives(t *testing.T, port int, secret string) *told {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node here")
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	script := regexp.MustCompile("(?s)```js\n(// receiver.mjs.*?)```").FindSubmatch(readme)
	if script == nil {
		t.Fatal("README.md has no receiver")
	}
	path := filepath.Join(t.TempDir(), "receiver.mjs")
	if err := os.WriteFile(path, script[1], 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, path, fmt.Sprint(port))
	cmd.Env = append(os.Environ(), "SECRET="+secret)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	all, done := &told{revs: map[string][]int64{}, kinds: map[string][]string{}}, make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewReader(out)
		for {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return
			}
			if err := all.take(line); err != nil {
				t.Errorf("the receiver prints %s: %v", line, err)
			}
		}
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-done
		cmd.Wait()
	})
	return all
}

func (all *told) take(line []byte) error {
	var d struct {
		Document struct{ ID string }
		Events   []struct {
			Type           string
			FromRev, ToRev int64
			Records        []client.Record
		}
	}
	if err := json.Unmarshal(line, &d); err != nil {
		return err
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, e := range d.Events {
		all.kinds[d.Document.ID] = append(all.kinds[d.Document.ID], e.Type)
		for _, r := range e.Records {
			all.revs[d.Document.ID] = append(all.revs[d.Document.ID], r.Rev)
		}
		if n := len(e.Records); e.Type == "changed" && int64(n) != e.ToRev-e.FromRev+1 {
			return fmt.Errorf("%d records from %d to %d", n, e.FromRev, e.ToRev)
		}
	}
	return nil
}

// upTo is the last revision that was told of a document, -1 if they were not
// told in order and without a gap.
func (all *told) upTo(id string) int64 {
	all.mu.Lock()
	defer all.mu.Unlock()
	for i, rev := range all.revs[id] {
		if rev != int64(i)+1 {
			return -1
		}
	}
	return int64(len(all.revs[id]))
}

// Whatever moment the server is killed in, hooks are told of every record, in
// order, and who drops repeats by their names has each once. The receiver comes
// late, so that the first try fails.
func TestHooksAreToldOfAllAcrossKills(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited, "--hooks-allow", "127.0.0.1/32"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	var hook struct{ ID, Secret string }
	s.call("POST", api+"/hooks", object{"url": fmt.Sprintf("http://127.0.0.1:%d/", port), "records": true}).into(t, http.StatusCreated, &hook)
	var ids []string
	for range 3 {
		ids = append(ids, s.create("abc").ID)
	}
	s.until("a delivery has failed", func() bool {
		var tried struct{ Items []struct{ Status int } }
		s.call("GET", api+"/hooks/"+hook.ID+"/deliveries", nil).into(t, http.StatusOK, &tried)
		return len(tried.Items) > 0 && tried.Items[0].Status == 0
	})
	all := receives(t, port, hook.Secret)

	rng := rand.New(rand.NewPCG(seed, 17))
	stop := make(chan struct{})
	var typing sync.WaitGroup
	for _, id := range ids {
		typing.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				case <-time.After(20 * time.Millisecond):
				}
				// What fails meanwhile was killed: it is in the log, or not.
				_, _ = s.try("PATCH", api+"/documents/"+id+"/content", object{"edits": []object{{"append": fmt.Sprint(i)}}})
			}
		})
	}
	for range *hookRounds {
		id := ids[rng.IntN(len(ids))]
		before := all.upTo(id)
		s.until("it is told of more", func() bool { return all.upTo(id) != before })
		<-time.After(time.Duration(rng.Int64N(int64(1500 * time.Millisecond))))
		s.kill()
		s.start()
	}
	close(stop)
	typing.Wait()
	for _, id := range ids {
		head := s.resource(id).Revision
		s.until("all is told", func() bool {
			is := all.upTo(id)
			if is < 0 {
				t.Fatalf("of %s the records were told out of order, or not all", id)
			}
			return is == head
		})
	}
	s.call("DELETE", api+"/documents/"+ids[0]+"?permanent=true", nil).into(t, http.StatusNoContent, nil)
	s.until("the end is told", func() bool {
		all.mu.Lock()
		defer all.mu.Unlock()
		kinds := all.kinds[ids[0]]
		return kinds[0] == "created" && slices.Contains(kinds, "deleted")
	})
	a := s.call("GET", "/metrics", nil)
	a.into(t, http.StatusOK, nil)
	if !regexp.MustCompile(`tutti_hooks_attempts_total\{outcome="delivered"\} [1-9]`).Match(a.body) {
		t.Error("the metrics don't say that anything was delivered")
	}
}
