package session

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestCloseSpreadsTheReturnOfItsSessions(t *testing.T) {
	r := newRig(t, "")
	var peers []*peer
	for i := range 40 {
		peers = append(peers, r.join(string(rune('0'+i))))
	}
	peers[0].op(1, 0, insert(0, "x"))
	r.close(r.hub)
	after := map[int]int{}
	for _, p := range peers {
		if got := p.gotOf("records"); len(got) != 1 {
			t.Errorf("%d frames of records before the end, want 1", len(got))
		}
		after[wantClose(t, p.ended, CodeRestart).RetryAfter]++
	}
	if after[0] > 0 || len(after) < 2 {
		t.Errorf("they come back after %v", after)
	}
	_, err := r.hub.Join(docID, helloOf("a"), who("a"))
	wantClose(t, err, CodeRestart)
	_, err = r.hub.Submit(t.Context(), docID, Submission{Client: "p", Seq: 1})
	wantClose(t, err, CodeRestart)
	if !r.hub.Closing() {
		t.Error("it does not say that it is closing")
	}
	r.close(r.hub)
}

func TestCloseDecidesWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a, b := r.join("a"), r.join("b")
		release := r.store.stall("Append")
		var all sync.WaitGroup
		all.Go(func() { a.op(1, 0, insert(0, "a")) })
		synctest.Wait()
		all.Go(func() { b.op(1, 0, insert(0, "b")) })
		synctest.Wait()
		all.Go(func() { r.close(r.hub) })
		all.Go(func() { r.close(r.hub) })
		synctest.Wait()
		release()
		all.Wait()
		for _, p := range []*peer{a, b} {
			if got := p.stream("a", "b"); got != "1:a/1 2:b/1" {
				t.Errorf("got %q", got)
			}
			wantClose(t, p.ended, CodeRestart)
		}
	})
}

func TestCloseGivesUpWaitingForADiskThatStands(t *testing.T) {
	for _, method := range []string{"Snapshot", "Append"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, "")
			var a *peer
			if method == "Append" {
				a = r.join("a")
			}
			release := r.store.stall(method)
			var all sync.WaitGroup
			all.Go(func() {
				if a == nil {
					s, err := r.hub.Join(docID, helloOf("a"), who("a"))
					for err == nil { // just in time to be sent away
						_, err = s.Next(t.Context())
					}
					wantClose(t, err, CodeRestart)
					return
				}
				a.op(1, 0, `[]`)
			})
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := r.hub.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s stands still, Close: %v", method, err)
			}
			release()
			all.Wait()
			r.close(r.hub)
		})
	}
}

func TestCloseWhileManyComeAndGo(t *testing.T) {
	for range 20 {
		r := newRig(t, "", idleAfter(time.Microsecond))
		var busy sync.WaitGroup
		for i := range 6 {
			name := string(rune('a' + i))
			busy.Go(func() {
				for {
					p, err := r.tryJoin(r.hub, who(name), helloOf(name))
					if err != nil {
						wantClose(t, err, CodeRestart)
						return
					}
					p.Handle([]byte(opFrame(p.welcome.Seq+1, p.welcome.Rev, `[]`)))
					p.leave()
				}
			})
		}
		for r.store.count("Append") < 10 {
			time.Sleep(100 * time.Microsecond)
		}
		r.close(r.hub)
		busy.Wait()
	}
}
