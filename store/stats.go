package store

import (
	"sync/atomic"
	"time"
)

// Stats are counts since the store was opened.
type Stats struct {
	Commits       uint64             // batches that wrote and ended well, by the log or the file
	Writes        uint64             // jobs in these: Writes/Commits is what shares a sync
	Failures      uint64             // batches that failed
	CommitSeconds float64            // that all batches took together
	CommitBuckets map[float64]uint64 // how many took at most so many seconds, cumulative
	LastError     error              // of the newest failure; nil if there was none
}

// commitBounds are the upper bounds of the histogram: from a sync on a fast
// disk to a disk that is in trouble.
var commitBounds = [...]time.Duration{
	500 * time.Microsecond,
	time.Millisecond,
	2500 * time.Microsecond,
	5 * time.Millisecond,
	10 * time.Millisecond,
	25 * time.Millisecond,
	50 * time.Millisecond,
	100 * time.Millisecond,
	250 * time.Millisecond,
	time.Second,
	5 * time.Second,
}

// counters is Stats while it is being counted.
type counters struct {
	commits, writes, failures atomic.Uint64
	nanoseconds               atomic.Int64
	buckets                   [len(commitBounds)]atomic.Uint64
	lastError                 atomic.Pointer[error]
}

func (c *counters) committed(took time.Duration, writes int) {
	c.took(took)
	c.commits.Add(1)
	c.writes.Add(uint64(writes))
}

func (c *counters) failed(took time.Duration, err error) {
	c.took(took)
	c.failures.Add(1)
	c.lastError.Store(&err)
}

func (c *counters) took(took time.Duration) {
	c.nanoseconds.Add(int64(took))
	for i, bound := range commitBounds {
		if took <= bound {
			c.buckets[i].Add(1)
			return
		}
	}
}

func (c *counters) read() Stats {
	s := Stats{
		Commits:       c.commits.Load(),
		Writes:        c.writes.Load(),
		Failures:      c.failures.Load(),
		CommitSeconds: time.Duration(c.nanoseconds.Load()).Seconds(),
		CommitBuckets: make(map[float64]uint64, len(commitBounds)),
	}
	var sum uint64
	for i, bound := range commitBounds {
		sum += c.buckets[i].Load()
		s.CommitBuckets[bound.Seconds()] = sum
	}
	if err := c.lastError.Load(); err != nil {
		s.LastError = *err
	}
	return s
}
