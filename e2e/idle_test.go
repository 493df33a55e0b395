package e2e

import (
	"flag"
	"sync"
	"testing"
	"time"
)

var idleConnections = flag.Int("idle", 400, "idle connections on one document")

// Many may have one document open. What a connection costs is printed, since
// it depends on the machine; that all are served is asserted.
func TestIdleConnectionsAreAllServed(t *testing.T) {
	turn(t)
	s := serve(t, withArgs(unlimited), measured)
	doc := s.create("abc")
	writer := s.join(t, doc.ID)
	before, began := s.rss(), time.Now()
	idle := make([]*raw, *idleConnections)
	for i := range idle {
		idle[i] = s.join(t, doc.ID)
	}
	joined := time.Since(began)
	held := s.rss() - before
	began = time.Now()
	writer.op(1, 0, `[{"insert":"x"}]`)
	var group sync.WaitGroup
	errs := make([]error, len(idle))
	for i, r := range idle {
		group.Go(func() { errs[i] = r.drain([]byte(`"rev":1,`)) })
	}
	group.Wait()
	served := time.Since(began)
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d connections joined in %v and hold %.1f KiB each; a delta reaches all in %v",
		len(idle), joined.Round(time.Millisecond), float64(held)/1024/float64(len(idle)), served.Round(time.Millisecond))
}
