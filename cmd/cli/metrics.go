package cli

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are the measurements of crawling and indexing. Those of the API and
// of the store's contents are the API's own.
type metrics struct {
	registry *prometheus.Registry
	fetches  *prometheus.HistogramVec
	bytes    *prometheus.CounterVec
	lag      prometheus.Histogram
	applied  prometheus.Counter
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		fetches: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "broadsheet_fetch_seconds", Help: "Time of outgoing requests by kind and outcome, waits for politeness excluded.",
			Buckets: prometheus.ExponentialBuckets(0.01, 3, 8),
		}, []string{"kind", "outcome"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "broadsheet_fetch_bytes_total", Help: "Decoded bytes fetched by kind.",
		}, []string{"kind"}),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "broadsheet_index_lag_seconds", Help: "Time from an article's commit to its being searchable.",
			Buckets: prometheus.ExponentialBuckets(0.05, 2.5, 10),
		}),
		applied: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "broadsheet_index_changes_total", Help: "Changes applied to the index.",
		}),
	}
	m.registry.MustRegister(m.fetches, m.bytes, m.lag, m.applied,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// fetched records one outgoing request.
func (m *metrics) fetched(kind, outcome string, took time.Duration, bytes int) {
	m.fetches.WithLabelValues(kind, outcome).Observe(took.Seconds())
	m.bytes.WithLabelValues(kind).Add(float64(bytes))
}

// indexed records a batch of n changes that became searchable, the oldest of
// them lag after its commit.
func (m *metrics) indexed(lag time.Duration, n int) {
	m.lag.Observe(lag.Seconds())
	m.applied.Add(float64(n))
}
