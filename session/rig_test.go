package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tutti/ot"
	"tutti/store"
)

const (
	docID     = "doc"
	docEpoch  = "e1"
	patience  = 30 * time.Second // only a failing test uses it up
	userOfAll = "guest:test"

	snapshotWorth = snapshotRecords / snapshotPart // when a document is closed
)

// rig is a hub over an unruly store with one document.
type rig struct {
	t     testing.TB
	store *unruly
	hub   *Hub
}

// newRig makes a rig whose document holds content: text, or a delta if it
// begins with a bracket. What is still open when the test ends is closed.
func newRig(t testing.TB, content string, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{t: t, store: newUnruly()}
	r.create(docID, docEpoch, content)
	r.hub = r.newHub(change...)
	return r
}

// newHub is another process over the same store.
func (r *rig) newHub(change ...func(*Options)) *Hub {
	opts := Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, c := range change {
		c(&opts)
	}
	h := NewHub(r.store, opts)
	r.t.Cleanup(func() { r.close(h) })
	return h
}

func (r *rig) close(h *Hub) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		r.t.Errorf("Close: %v", err)
	}
}

func (r *rig) create(id, epoch, content string) {
	r.t.Helper()
	info := store.Info{ID: id, Kind: ot.Text, Epoch: epoch, Title: "A title"}
	delta := ot.Delta{}.Insert(content, nil)
	if strings.HasPrefix(content, "[") {
		info.Kind = ot.Rich
		delta = parse(r.t, content)
	}
	info.Head.Length = int64(delta.Length())
	if err := r.store.Create(info, delta.AppendJSON(nil)); err != nil {
		r.t.Fatal(err)
	}
}

// limited sets limits; those that are 0 stay as they are by default.
func limited(l Limits) func(*Options) {
	return func(o *Options) {
		o.Limits = DefaultLimits
		for to, from := range map[*int]int{&o.Limits.Frame: l.Frame, &o.Limits.Delta: l.Delta, &o.Limits.Document: l.Document, &o.Limits.Rate: l.Rate} {
			if from != 0 {
				*to = from
			}
		}
	}
}

func parse(t testing.TB, delta string) ot.Delta {
	t.Helper()
	d, err := ot.Parse([]byte(delta))
	if err != nil {
		t.Fatalf("%s: %v", delta, err)
	}
	return d
}

// insert and erase are deltas as JSON.
func insert(at int, text string) string {
	return string(ot.Delta{}.Retain(at, nil).Insert(text, nil).AppendJSON(nil))
}

func erase(at, n int) string {
	return string(ot.Delta{}.Retain(at, nil).Delete(n).AppendJSON(nil))
}

// text is what View shows.
func (r *rig) text() string {
	r.t.Helper()
	_, v, err := r.hub.View(docID)
	if err != nil {
		r.t.Fatal(err)
	}
	return v.Doc.Text()
}

func (r *rig) wantText(want string) {
	r.t.Helper()
	if got := r.text(); got != want {
		r.t.Errorf("the document holds %q, want %q", got, want)
	}
}

// log is what is on the disk, parsed.
func (r *rig) log(id string) []store.Record {
	r.t.Helper()
	lines, err := r.store.Memory.Lines(id, 0, 1<<30)
	if err != nil {
		r.t.Fatal(err)
	}
	records := make([]store.Record, len(lines))
	for i, line := range lines {
		if records[i], err = store.ParseRecord(line.JSON); err != nil {
			r.t.Fatal(err)
		}
	}
	return records
}

// fill commits n records of a client of its own, past the hub.
func (r *rig) fill(n int, op string) {
	r.t.Helper()
	r.fillAs("filler", n, op)
}

func (r *rig) fillAs(client string, n int, op string) {
	r.t.Helper()
	info, err := r.store.Memory.Info(docID)
	if err != nil {
		r.t.Fatal(err)
	}
	delta, head := parse(r.t, op), info.Head
	grown := 0
	for _, o := range delta {
		switch {
		case o.IsInsert():
			grown += o.Len()
		case o.IsDelete():
			grown -= o.Len()
		}
	}
	var lines []store.Line
	for range n {
		head.Rev++
		head.Length += int64(grown)
		record := store.Record{Rev: head.Rev, Client: client, Seq: head.Rev, User: userOfAll, At: 1, Op: delta}
		lines = append(lines, store.Line{Rev: head.Rev, JSON: record.AppendJSON(nil)})
	}
	head.At = 1
	if err := r.store.Memory.Append(docID, info.Epoch, info.Head.Rev, lines, head); err != nil {
		r.t.Fatal(err)
	}
}

// open is how many documents the hub holds.
func (h *Hub) openNow() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.open)
}

func wantClose(t testing.TB, err error, code int) *Close {
	t.Helper()
	var why *Close
	if !errors.As(err, &why) {
		t.Errorf("got %v, want close %d", err, code)
		return &Close{}
	}
	if why.Code != code {
		t.Errorf("got %v, want close %d", err, code)
	}
	return why
}

// message is any frame of the server.
type message struct {
	T        string          `json:"t"`
	Session  string          `json:"session"`
	Client   string          `json:"client"`
	Seq      int64           `json:"seq"`
	Epoch    string          `json:"epoch"`
	Rev      int64           `json:"rev"`
	Title    string          `json:"title"`
	Language string          `json:"language"`
	Role     Role            `json:"role"`
	People   []figure        `json:"people"`
	Content  json.RawMessage `json:"content"`
	Records  []record        `json:"records"`
	Code     string          `json:"code"`
	Message  string          `json:"message"`
	N        int64           `json:"n"`
	Chat     struct{ Last int64 }
	Messages []store.Message
	size     int
}

type record struct {
	Rev    int64           `json:"rev"`
	Client string          `json:"client"`
	Seq    int64           `json:"seq"`
	Op     json.RawMessage `json:"op"`
}

// figure is a person in a presence frame.
type figure struct {
	Session string `json:"session"`
	Client  string `json:"client"`
	Gone    bool   `json:"gone"`
	Color   string `json:"color"`
	Cursor  *struct{ Anchor, Head int }
}

func (f figure) at() string {
	switch {
	case f.Gone:
		return "gone"
	case f.Cursor == nil:
		return "nowhere"
	}
	return fmt.Sprintf("%d-%d", f.Cursor.Anchor, f.Cursor.Head)
}

func read(t testing.TB, frame []byte) message {
	t.Helper()
	m := message{size: len(frame)}
	if err := json.Unmarshal(frame, &m); err != nil {
		t.Fatalf("frame %.200s: %v", frame, err)
	}
	return m
}
