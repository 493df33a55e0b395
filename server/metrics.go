package server

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tutti/store"
)

func (s *Server) metrics(c echo.Context) error {
	if _, err := s.authorize(c.Request(), watch, ""); err != nil {
		return err
	}
	promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}).ServeHTTP(c.Response(), c.Request())
	return nil
}

// counts are what the network counts. No label takes what a request says: the
// codes are those of the contract.
type counts struct {
	uploads  prometheus.Counter
	requests *prometheus.HistogramVec // by the class of the status
	problems *prometheus.CounterVec   // by code
	closed   *prometheus.CounterVec   // by close code
	stalled  prometheus.Counter
}

// countOn makes all visible that is counted here, and what can be asked for
// at any time.
func (s *Server) countOn(r prometheus.Registerer) {
	s.counts = counts{
		uploads: prometheus.NewCounter(prometheus.CounterOpts{Name: "tutti_files_uploaded_total", Help: "Images that were added to documents."}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tutti_http_request_seconds",
			Help: "How long requests took, by the class of the answer's status. Event streams are left out.", Buckets: prometheus.ExponentialBuckets(0.001, 3, 10)}, []string{"status"}),
		problems: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tutti_http_problems_total", Help: "Requests that were refused or failed, by the code of the problem."}, []string{"code"}),
		closed:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tutti_sockets_closed_total", Help: "Closes that were sent, by their code."}, []string{"code"}),
		stalled:  prometheus.NewCounter(prometheus.CounterOpts{Name: "tutti_sockets_stalled_total", Help: "Sockets that were cut since their peers took nothing."}),
	}
	r.MustRegister(s.counts.uploads, s.counts.requests, s.counts.problems, s.counts.closed, s.counts.stalled, &gauges{s},
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(collectors.MetricsScheduler)))
}

// request counts one that was answered.
func (c *counts) request(a *echo.Response, took time.Duration) {
	if !strings.HasPrefix(a.Header().Get("Content-Type"), "text/event-stream") {
		c.requests.WithLabelValues(strconv.Itoa(a.Status/100) + "xx").Observe(took.Seconds())
	}
}

// gauges is what is found out when somebody asks.
type gauges struct{ s *Server }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("tutti_"+name, help, labels, nil)
}

var (
	descBuild    = describe("build_info", "1, with what this program was built from.", "version")
	descReady    = describe("ready", "1 if edits can be taken, else 0.")
	descLag      = describe("delivery_lag_seconds", "For how long the record has been committed that has waited most for a session to take it; 0 if none waits.")
	descSlow     = describe("sessions_slow", "Sessions that have kept a record waiting for more than a second.")
	descBehind   = describe("search_behind_documents", "Documents that were written to since the search index last read them.")
	descCommit   = describe("store_commit_seconds", "How long transactions took, failed ones too.")
	descWrites   = describe("store_writes_total", "Writes in the transactions that ended well: by transaction, what shares a sync.")
	descFailures = describe("store_failures_total", "Transactions that failed.")
	descBytes    = describe("store_bytes", "Bytes on the disk, by part.", "part")
	descFree     = describe("disk_free_bytes", "Bytes that the disk has left for the data.")
	descTotal    = describe("disk_bytes", "Bytes that the disk has.")
)

// Describe says nothing: which there are depends on what the server stands on.
func (g *gauges) Describe(chan<- *prometheus.Desc) {}

func (g *gauges) Collect(out chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	gauge(descBuild, 1, build())
	ready := 0.0
	if !g.s.hub.Closing() && g.s.health.check() == nil {
		ready = 1
	}
	gauge(descReady, ready)
	longest, slow := g.s.hub.Lag()
	gauge(descLag, longest.Seconds())
	gauge(descSlow, float64(slow))
	if g.s.search != nil {
		gauge(descBehind, float64(g.s.search.Behind()))
	}
	if bolt, ok := g.s.store.Store.(*store.Bolt); ok {
		st := bolt.Stats()
		out <- prometheus.MustNewConstHistogram(descCommit, st.Commits+st.Failures, st.CommitSeconds, st.CommitBuckets)
		out <- prometheus.MustNewConstMetric(descWrites, prometheus.CounterValue, float64(st.Writes))
		out <- prometheus.MustNewConstMetric(descFailures, prometheus.CounterValue, float64(st.Failures))
	}
	if g.s.data == "" {
		return
	}
	var sizes wholeSizes
	if err := sizes.look(g.s.data); err != nil {
		g.s.log.Warn("the sizes of the data can't be found out", "error", err)
		return
	}
	gauge(descBytes, float64(sizes.Database), "documents")
	gauge(descBytes, float64(sizes.Accounts), "accounts")
	gauge(descBytes, float64(sizes.Hooks), "hooks")
	gauge(descBytes, float64(sizes.Search), "search")
	if sizes.DiskFree != nil {
		gauge(descFree, float64(*sizes.DiskFree))
		gauge(descTotal, float64(*sizes.DiskTotal))
	}
}
