package load

import (
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// latency is a histogram of what is recorded between begin and end.
type latency struct {
	mu   sync.Mutex
	open bool
	of   *hdrhistogram.Histogram // microseconds
}

// longest is what a latency beyond is taken for.
const longest = 10 * time.Minute

func newLatency() *latency {
	return &latency{of: hdrhistogram.New(1, longest.Microseconds(), 3)}
}

func (l *latency) record(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open {
		l.of.RecordValue(min(max(d, time.Microsecond), longest).Microseconds()) // in range, so no error
	}
}

// begin forgets what was, and records from now on.
func (l *latency) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of.Reset()
	l.open = true
}

// end records no more.
func (l *latency) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = false
}

// at returns a quantile in milliseconds, 0 to 100; 0 where nothing was
// recorded.
func (l *latency) at(percentile float64) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return float64(l.of.ValueAtPercentile(percentile)) / 1000
}

// ledger remembers when each edit was to be made, by author and number, for
// those who see it arrive.
type ledger struct {
	mu   sync.Mutex
	made map[string][]time.Time
}

func (l *ledger) write(author string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made == nil {
		l.made = map[string][]time.Time{}
	}
	l.made[author] = append(l.made[author], at)
}

// age is how long ago an edit was to be made; false if it is in no ledger.
func (l *ledger) age(author []byte, n int64) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	made := l.made[string(author)]
	if n < 1 || n > int64(len(made)) {
		return 0, false
	}
	return time.Since(made[n-1]), true
}
