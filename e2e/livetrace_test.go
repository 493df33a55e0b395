package e2e

import (
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"tutti/e2e/client"
	"tutti/ot"
)

var fullTrace = flag.Bool("trace.full", false, "play the whole of friendsforever over live sockets")

// An author plays one agent's part of a trace over a live client. Others ask
// it from which revision on a number of its transactions is committed.
type author struct {
	*client.Client
	typed    int  // transactions, by now
	launched int  // of them, those in the delta in flight or committed
	flying   bool // a delta is in flight

	mu        sync.Mutex
	committed []milestone
	news      chan struct{} // closed and replaced with every milestone
}

// milestone says that the first txns transactions are committed at rev.
type milestone struct {
	txns int
	rev  int64
}

// acknowledged is called with the client's lock held, as types is: what was
// typed during the flight takes off now.
func (a *author) acknowledged(ack client.Ack) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.committed = append(a.committed, milestone{a.launched, ack.Rev})
	a.flying = a.typed > a.launched
	a.launched = a.typed
	close(a.news)
	a.news = make(chan struct{})
}

// types makes a transaction. Deltas are composed while one is in flight, so
// the other's may have come in larger steps than in the trace: positions are
// brought into the document as it is.
func (a *author) types(x txn) error {
	return a.Edit(func(doc ot.Document) ot.Delta {
		var d ot.Delta
		for _, e := range x.Edits {
			at := whole(doc, min(e.at, doc.Length()))
			to := whole(doc, min(at+e.deletes, doc.Length()))
			step := ot.Delta{}.Retain(at, nil).Insert(e.inserts, nil).Delete(max(0, to-at))
			doc, _ = doc.Apply(step)
			d = d.Compose(step)
		}
		a.typed++
		if !a.flying {
			a.launched, a.flying = a.typed, true
		}
		return d
	})
}

// await returns the revision at which so many transactions are committed.
func (a *author) await(t testing.TB, txns int) (int64, error) {
	if txns == 0 {
		return 0, nil
	}
	ctx := soon(t)
	next := 0
	for {
		a.mu.Lock()
		reached, news := a.committed[next:], a.news
		a.mu.Unlock()
		for _, m := range reached {
			if m.txns >= txns {
				return m.rev, nil
			}
			next++
		}
		select {
		case <-news:
		case <-ctx.Done():
			return 0, fmt.Errorf("%d transactions never came", txns)
		}
	}
}

// Two clients, each late in its own way, play the two authors against each
// other: whoever had read something before typing has read it here too.
func TestFriendsForeverOverLiveSocketsConverges(t *testing.T) {
	turn(t)
	tr := friendsForever(t)
	if !*fullTrace {
		tr.txns = tr.txns[:6000]
	}
	playLive(t, tr)
}

func playLive(t *testing.T, tr trace) {
	s := serve(t, withArgs(unlimited))
	doc := s.create("").ID
	authors := [2]*author{}
	for i, late := range []time.Duration{time.Millisecond, 3 * time.Millisecond} {
		a := &author{news: make(chan struct{})}
		a.Client = client.Start(client.Config{URL: s.URL, Document: doc, Delay: upTo(late), Acked: a.acknowledged})
		t.Cleanup(a.Close)
		if err := a.Reached(soon(t), 0); err != nil {
			t.Fatal(err)
		}
		authors[i] = a
	}
	// before[i] counts the other author's transactions that txn i had seen.
	before := make([]int, len(tr.txns))
	count := [2][]int{{0}, {0}}
	for i, x := range tr.txns {
		before[i] = count[1-x.Agent][x.Seen]
		for who := range 2 {
			n := count[who][i]
			if who == x.Agent {
				n++
			}
			count[who] = append(count[who], n)
		}
	}
	errs := make(chan error, 2)
	for who, a := range authors {
		go func() {
			for i, x := range tr.txns {
				if x.Agent != who {
					continue
				}
				rev, err := authors[1-who].await(t, before[i])
				if err == nil {
					err = a.Reached(soon(t), rev)
				}
				if err == nil {
					err = a.types(x)
				}
				if err != nil {
					errs <- fmt.Errorf("author %d, transaction %d: %w", who, i, err)
					return
				}
			}
			errs <- a.Settled(soon(t))
		}()
	}
	for range authors {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	head, want := s.resource(doc).Revision, s.text(doc)
	for who, a := range authors {
		if err := a.Reached(soon(t), head); err != nil {
			t.Fatal(err)
		}
		a.View(func(m *client.Machine, _ map[string]client.Person) {
			if got := m.Local().Text(); got != want {
				t.Errorf("author %d ends at %.200q, the server at %.200q", who, got, want)
			}
		})
	}
	t.Logf("%d transactions made %d revisions", len(tr.txns), head)
}
