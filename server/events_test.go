package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tutti/session"
	"tutti/store"
)

// listener reads an event stream.
type listener struct {
	resp  *http.Response
	lines *bufio.Scanner
}

// listen opens a stream; headers are pairs of a name and a value.
func (s *rest) listen(ctx context.Context, path string, headers ...string) (*listener, error) {
	r, err := http.NewRequestWithContext(ctx, "GET", s.http.URL+"/api/v1"+path, nil)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.http.Client().Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("X-Accel-Buffering") != "no" {
		return nil, fmt.Errorf("status %d, %v", resp.StatusCode, resp.Header)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &listener{resp, lines}, nil
}

func (l *listener) close() { l.resp.Body.Close() }

// next returns the next event's revision and data; ok is false where the
// stream ends.
func (l *listener) next() (rev int64, data string, ok bool) {
	for l.lines.Scan() {
		switch line := l.lines.Text(); {
		case strings.HasPrefix(line, "id: "):
			rev, _ = strconv.ParseInt(line[4:], 10, 64)
		case strings.HasPrefix(line, "data: "):
			data = line[6:]
		case line == "" && data != "":
			return rev, data, true
		}
	}
	return 0, "", false
}

// submit commits n deltas, one after the other.
func (s *rest) submit(id, client string, n int) {
	s.t.Helper()
	for i := range n {
		_, err := s.hub.Submit(s.t.Context(), id, session.Submission{
			Client: client, User: store.User{ID: client, Name: strings.ToUpper(client)}, Seq: int64(i + 1), Rev: s.head(id), Op: parse(s.t, `[{"insert":"x"}]`),
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *rest) head(id string) int64 {
	s.t.Helper()
	info, err := s.store.Info(id)
	if err != nil {
		s.t.Fatal(err)
	}
	return info.Head.Rev
}

func TestEventsBeginWhereTheyAreAskedTo(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	s.submit("d", "a", 5)
	records := s.records("d")
	for _, test := range []struct {
		path, last string
		first      int64
	}{
		{"/documents/d/events", "", 6}, // the head: another is written then
		{"/documents/d/events?after=0", "", 1}, {"/documents/d/events?after=3", "", 4},
		{"/documents/d/events?after=3", "1", 2}, {"/documents/d/events", "5", 6},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		l, err := s.listen(ctx, test.path, "Last-Event-ID", test.last)
		if err != nil {
			t.Fatal(err)
		}
		if test.first > int64(len(records)) {
			s.edits("d", `{"append":"y"}`).ok()
			records = s.records("d")
		}
		rev, data, _ := l.next()
		if want := string(records[test.first-1].AppendJSON(nil)); rev != test.first || data != want {
			t.Errorf("%s behind %q begins with %d %s, want %s", test.path, test.last, rev, data, want)
		}
		cancel()
		l.close()
	}
	s.call("GET", "/documents/d/events?after=99", "").refused(http.StatusNotFound, "revision_not_found")
	s.call("GET", "/documents/d/events?after=x", "").refused(http.StatusBadRequest, "bad_parameter")
	s.call("GET", "/documents/d/events", "", "Last-Event-ID", "-1").refused(http.StatusBadRequest, "bad_parameter")
	s.call("GET", "/documents/none/events", "").refused(http.StatusNotFound, "document_not_found")
}

// TestEventsAndRecordsResumeWithoutAGap has consumers that are cut at random
// places while a program writes: each sees each revision once, in order.
func TestEventsAndRecordsResumeWithoutAGap(t *testing.T) {
	onEachStore(t, func(s *rest) {
		records := int64(1000)
		if _, cheap := s.keeper.(*store.Memory); cheap {
			records = 4000 // more than the tail holds
		}
		s.create("d", "text", "")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var group sync.WaitGroup
		for seed := range uint64(4) {
			group.Go(func() {
				if err := s.consumeEvents(ctx, rand.New(rand.NewPCG(1, seed)), records); err != nil {
					t.Errorf("consumer %d: %v", seed, err)
				}
			})
			group.Go(func() {
				if err := s.consumeRecords(ctx, rand.New(rand.NewPCG(2, seed)), records); err != nil {
					t.Errorf("reader %d: %v", seed, err)
				}
			})
		}
		s.submit("d", "a", int(records))
		group.Wait()
	})
}

func (s *rest) consumeEvents(ctx context.Context, random *rand.Rand, records int64) error {
	last := int64(0)
	for last < records {
		l, err := s.listen(ctx, "/documents/d/events?after=0", "Last-Event-ID", strconv.FormatInt(last, 10))
		if err != nil {
			return err
		}
		for range 1 + random.IntN(700) {
			rev, data, ok := l.next()
			if !ok {
				break
			}
			var r struct{ Rev int64 }
			if err := json.Unmarshal([]byte(data), &r); err != nil || r.Rev != rev || rev != last+1 {
				l.close()
				return fmt.Errorf("after %d comes %d: %s, %w", last, rev, data, err)
			}
			if last = rev; last == records {
				break
			}
		}
		l.close()
	}
	return ctx.Err()
}

func (s *rest) consumeRecords(ctx context.Context, random *rand.Rand, records int64) error {
	last := int64(0)
	for last < records && ctx.Err() == nil {
		resp, err := s.http.Client().Get(fmt.Sprintf("%s/api/v1/documents/d/records?after=%d&limit=%d", s.http.URL, last, 1+random.IntN(300)))
		if err != nil {
			return err
		}
		var page struct{ Items []struct{ Rev int64 } }
		err = json.NewDecoder(resp.Body).Decode(&page)
		resp.Body.Close()
		if err != nil {
			return err
		}
		for _, r := range page.Items {
			if last++; r.Rev != last {
				return fmt.Errorf("%d where %d follows", r.Rev, last)
			}
		}
	}
	return ctx.Err()
}

func TestEventsEndWithTheDocumentAndTheServer(t *testing.T) {
	for name, end := range map[string]func(s *rest){
		"trash":    func(s *rest) { s.call("DELETE", "/documents/d", "").ok() },
		"delete":   func(s *rest) { s.call("DELETE", "/documents/d?permanent=true", "").ok() },
		"shutdown": func(s *rest) { s.close() },
	} {
		t.Run(name, func(t *testing.T) {
			s := inMemory(t)
			s.create("d", "text", "")
			l, err := s.listen(t.Context(), "/documents/d/events")
			if err != nil {
				t.Fatal(err)
			}
			defer l.close()
			s.submit("d", "a", 1)
			if rev, _, ok := l.next(); !ok || rev != 1 {
				t.Fatal("the first event did not come")
			}
			end(s)
			if rev, _, ok := l.next(); ok {
				t.Errorf("then came %d", rev)
			}
		})
	}
}

// TestAConsumerThatStopsReadingSlowsNobody has consumers that take nothing
// while a program writes far more than any buffer holds.
func TestAConsumerThatStopsReadingSlowsNobody(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	long := strings.Repeat("x", 500<<10)
	write := func() time.Duration {
		began := time.Now()
		for range 20 {
			s.edits("d", `{"append":"`+long+`"}`).ok()
			s.put("d", plain, "").ok()
		}
		return time.Since(began)
	}
	alone := write()
	for range 10 {
		l, err := s.listen(t.Context(), "/documents/d/events?after=0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.close() // never read from
	}
	if stalled := write(); stalled > 5*alone+2*time.Second {
		t.Errorf("writing took %v instead of %v", stalled, alone)
	}
}
