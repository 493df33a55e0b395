package session

import "github.com/prometheus/client_golang/prometheus"

// Metrics are what the hub counts. Register hands them to Prometheus.
type Metrics struct {
	Documents prometheus.Gauge
	Sessions  prometheus.Gauge
	Commits   prometheus.Counter
	Resent    prometheus.Counter
	Diverged  prometheus.Counter
	Deposed   prometheus.Counter
	Messages  prometheus.Counter
	Refused   *prometheus.CounterVec
	Ack       prometheus.Histogram
	Wait      prometheus.Histogram
	Batch     prometheus.Histogram
	Append    prometheus.Histogram
}

// NewMetrics returns metrics that nobody has registered yet.
func NewMetrics() *Metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "tutti", Name: name, Help: help})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "tutti", Name: name, Help: help})
	}
	seconds := prometheus.ExponentialBuckets(0.0001, 2, 16)
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "tutti", Name: name, Help: help, Buckets: buckets})
	}
	return &Metrics{
		Documents: gauge("documents_open", "Documents that are in memory."),
		Sessions:  gauge("sessions", "Editor sessions that are connected."),
		Commits:   counter("records_committed_total", "Deltas that were committed."),
		Resent:    counter("deltas_resent_total", "Submissions of a delta that was committed already."),
		Diverged:  counter("clients_diverged_total", "Checks of a client's content that did not match."),
		Deposed:   counter("sequencers_deposed_total", "Documents closed because a write failed."),
		Messages:  counter("chat_messages_total", "Messages that were written beside documents."),
		Refused: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "tutti", Name: "deltas_refused_total",
			Help: "Deltas that were not committed, by the code of the refusal."}, []string{"code"}),
		Ack:    histogram("ack_seconds", "From when a delta was received until it was durable, and could be acknowledged.", seconds),
		Wait:   histogram("queue_wait_seconds", "For how long a delta waited for the sequencer of its document.", seconds),
		Batch:  histogram("batch_records", "Records that one append made durable.", prometheus.ExponentialBuckets(1, 2, 10)),
		Append: histogram("append_seconds", "Time until the records of one batch were durable.", seconds),
	}
}

// Register makes the metrics visible.
func (m *Metrics) Register(r prometheus.Registerer) {
	r.MustRegister(m.Documents, m.Sessions, m.Commits, m.Resent, m.Diverged, m.Deposed, m.Messages, m.Refused, m.Ack, m.Wait, m.Batch, m.Append)
}
