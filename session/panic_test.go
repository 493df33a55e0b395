package session

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

func TestAPanicDeposesOneDocumentOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := newRig(t, "abc", func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		r.create("other", "e2", "")
		a, b := r.join("a"), r.join("b")
		other, err := r.hub.Join("other", helloOf("o"), who("o"))
		if err != nil {
			t.Fatal(err)
		}
		defer other.Leave()
		release := r.store.stall("Append")
		var submitted sync.WaitGroup
		submitted.Go(func() { a.op(1, 0, insert(0, "1")) })
		synctest.Wait()
		for i := range 2 { // one in the batch that panics, one behind it or in it
			submitted.Go(func() {
				_, err := r.hub.Submit(t.Context(), docID, Submission{Client: fmt.Sprint("p", i), Seq: 1, Op: parse(t, insert(0, "2"))})
				wantClose(t, err, CodeBusy)
			})
		}
		synctest.Wait()
		r.store.on("Append", func(func() error) error { panic("in the middle of it") })
		release()
		submitted.Wait()
		for _, p := range []*peer{a, b} {
			if got := p.stream("a"); got != "1:a/1" {
				t.Errorf("told %q", got)
			}
			wantClose(t, p.ended, CodeBusy)
		}
		r.store.on("Append", nil)
		r.wantText("1abc")
		if _, err := r.hub.Submit(t.Context(), docID, Submission{Client: "p", Seq: 1, Op: parse(t, insert(0, "2"))}); err != nil {
			t.Error(err)
		}
		if err := other.Handle([]byte(opFrame(1, 0, insert(0, "x")))); err != nil {
			t.Errorf("another document: %v", err)
		}
		synctest.Wait()
		if !strings.Contains(log.String(), "in the middle of it") || !strings.Contains(log.String(), "decide.go") {
			t.Errorf("the log says\n%s", &log)
		}
	})
}

func TestADocumentThatPanicsWhenItIsReadIsRefused(t *testing.T) {
	r := newRig(t, "abc")
	r.store.on("Snapshot", func(func() error) error { panic("unreadable") })
	if _, err := r.hub.Join(docID, helloOf("a"), who("a")); err == nil {
		t.Error("somebody has joined")
	}
	if _, _, err := r.hub.View(docID); err == nil {
		t.Error("it is shown")
	}
	r.store.on("Snapshot", nil)
	r.join("a")
}

func TestASnapshotThatPanicsIsNotMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		r.store.on("SaveSnapshot", func(func() error) error { panic("no snapshot") })
		a := r.join("a")
		for i := range int64(snapshotRecords + 1) {
			a.op(i+1, i, insert(0, "x"))
		}
		synctest.Wait()
		if n := r.store.count("SaveSnapshot"); n != 1 {
			t.Errorf("%d snapshots", n)
		}
		a.op(snapshotRecords+2, snapshotRecords+1, insert(0, "y"))
		if !strings.HasPrefix(r.text(), "y") {
			t.Error("the document does not go on")
		}
	})
}
