package search

import (
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Bleve writes its files behind our batches, and where that fails it tries
// again at once, for ever: on a full disk that would take a processor, and
// every byte that comes free from the documents. It asks its callback first,
// which doesn't return before the store can be written to again.

const callbackName = "tutti"

func init() {
	scorch.RegistryAsyncErrorCallbacks[callbackName] = func(err error, path string) {
		if t, ok := troubles.Load(path); ok {
			t.(*trouble).wait(err)
		}
	}
}

// troubles are those of the indexes that are open, by the path that bleve
// knows them by.
var troubles sync.Map

// trouble is what an index has with its folder.
type trouble struct {
	probe  func() error    // whether the documents can be written
	stop   <-chan struct{} // closed when the index is to be closed
	log    *slog.Logger
	retry  time.Duration
	within atomic.Int32 // waits that are under way
}

// watchTrouble has the trouble with a folder wait until probe is nil. forget
// ends it.
func watchTrouble(folder string, t *trouble) (forget func()) {
	path := filepath.Clean(folder) + string(filepath.Separator) + "store"
	troubles.Store(path, t)
	return func() { troubles.Delete(path) }
}

// wait returns when trying again is worth while.
func (t *trouble) wait(err error) {
	t.within.Add(1)
	defer t.within.Add(-1)
	t.log.Warn("the search index could not be written", "error", err)
	for {
		select {
		case <-time.After(t.retry):
		case <-t.stop:
			return
		}
		if t.probe() == nil {
			return
		}
	}
}

// stuck reports whether what is read now would only pile up in memory.
func (t *trouble) stuck() bool { return t.within.Load() > 0 }
