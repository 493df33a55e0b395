package hooks

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// counts are what is counted while it happens.
type counts struct{ attempts *prometheus.CounterVec }

func newCounts() counts {
	c := counts{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tutti_hooks_attempts_total", Help: "Requests that were made for hooks, by outcome.",
	}, []string{"outcome"})}
	c.attempts.WithLabelValues("delivered")
	c.attempts.WithLabelValues("failed")
	return c
}

func (c *counts) attempt(ok bool) {
	outcome := "failed"
	if ok {
		outcome = "delivered"
	}
	c.attempts.WithLabelValues(outcome).Inc()
}

var (
	descActive = prometheus.NewDesc("tutti_hooks_active", "Hooks that are delivered to.", nil, nil)
	descPaused = prometheus.NewDesc("tutti_hooks_paused", "Hooks that are not delivered to any more, by why.", []string{"why"}, nil)
	descWaits  = prometheus.NewDesc("tutti_hooks_waiting_documents", "Documents of which hooks have something to be told, each for each hook.", nil, nil)
	descLag    = prometheus.NewDesc("tutti_hooks_lag_seconds", "For how long that has waited which an active hook is to be told and has waited most.", nil, nil)
)

// Describe implements prometheus.Collector.
func (x *Outbox) Describe(out chan<- *prometheus.Desc) {
	x.counts.attempts.Describe(out)
	for _, d := range []*prometheus.Desc{descActive, descPaused, descWaits, descLag} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (x *Outbox) Collect(out chan<- prometheus.Metric) {
	x.counts.attempts.Collect(out)
	active, paused := 0, map[string]int{Stopped: 0, Failing: 0, Gone: 0, Forbidden: 0, Moved: 0}
	for _, h := range x.Hooks() {
		if h.Paused == "" {
			active++
		} else {
			paused[h.Paused]++
		}
	}
	waiting, lag := 0, time.Duration(0)
	for _, f := range x.active() {
		since, n := f.oldest()
		waiting += n
		if n > 0 {
			lag = max(lag, time.Since(since))
		}
	}
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(descActive, float64(active))
	for why, n := range paused {
		gauge(descPaused, float64(n), why)
	}
	gauge(descWaits, float64(waiting))
	gauge(descLag, lag.Seconds())
}

// Waiting is of how many documents a hook has something to be told.
func (x *Outbox) Waiting(id string) int {
	x.mu.RLock()
	f := x.feeds[id]
	x.mu.RUnlock()
	if f == nil {
		return 0
	}
	_, n := f.oldest()
	return n
}
