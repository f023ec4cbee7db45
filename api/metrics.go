package api

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the measurements of requests.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "broadsheet_http_requests_total", Help: "Requests by method, route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "broadsheet_http_request_seconds", Help: "Time to answer a request by route.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 3, 10),
		}, []string{"route"}),
	}
	r.MustRegister(m.requests, m.seconds)
	return m
}

// observe counts a request under its route, never under what a caller made up.
func (m *metrics) observe(c *fiber.Ctx, status int, took time.Duration) {
	method, route := c.Method(), routeOf(c, status)
	if route == otherRoute {
		method = otherRoute
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// otherRoute stands for addresses and methods that do not exist.
const otherRoute = "other"

// routeOf is the route that answered, not the address that was asked for.
func routeOf(c *fiber.Ctx, status int) string {
	if status == fiber.StatusNotFound || status == fiber.StatusMethodNotAllowed {
		return otherRoute
	}
	return c.Route().Path
}

// showMetrics answers GET /metrics.
func (s *Server) showMetrics(c *fiber.Ctx) error {
	s.stats.refresh(c.UserContext())
	handler := promhttp.HandlerFor(s.deps.Registry, promhttp.HandlerOpts{DisableCompression: true})
	return adaptor.HTTPHandler(handler)(c)
}

// snapshotAge is how old the numbers of the store may be in /metrics.
const snapshotAge = 5 * time.Second

// snapshot shows the state of the store to Prometheus. It implements
// prometheus.Collector.
type snapshot struct {
	deps Deps

	mu    sync.Mutex
	state state
	err   error

	articles, revisions, removed, bytes  *prometheus.Desc
	feeds, disabled, feedsDue            *prometheus.Desc
	pages, pagesDue, leased, pending, up *prometheus.Desc
	age                                  *prometheus.Desc
}

func newSnapshot(deps Deps) *snapshot {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("broadsheet_"+name, help, labels, nil)
	}
	s := &snapshot{
		deps:      deps,
		articles:  desc("articles", "Articles held."),
		revisions: desc("revisions", "Revisions held."),
		removed:   desc("removed", "Articles taken down."),
		bytes:     desc("store_bytes", "Size of the store on disk."),
		feeds:     desc("feeds", "Enabled feeds by health.", "health"),
		disabled:  desc("feeds_disabled", "Feeds switched off."),
		feedsDue:  desc("feeds_due", "Feeds that are due now."),
		pages:     desc("pages", "Pages by state.", "state"),
		pagesDue:  desc("pages_due", "Pages that are due now."),
		leased:    desc("leases", "Feeds and pages being fetched now."),
		pending:   desc("outbox_pending", "Changes that are not searchable yet."),
		age:       desc("outbox_age_seconds", "Age of the oldest change that is not searchable yet."),
		up:        desc("store_up", "1 if the store answered the last time it was asked."),
	}
	deps.Registry.MustRegister(s)
	return s
}

// refresh asks the store, unless the last answer is young enough.
func (s *snapshot) refresh(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.state.at) < snapshotAge {
		return
	}
	s.state, s.err = readState(ctx, s.deps)
}

// Describe sends the descriptions of all measurements.
func (s *snapshot) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		s.articles, s.revisions, s.removed, s.bytes, s.feeds, s.disabled, s.feedsDue,
		s.pages, s.pagesDue, s.leased, s.pending, s.age, s.up,
	} {
		ch <- d
	}
}

// Collect sends the numbers of the last refresh.
func (s *snapshot) Collect(ch chan<- prometheus.Metric) {
	s.mu.Lock()
	st, err := s.state, s.err
	s.mu.Unlock()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if err != nil || st.at.IsZero() {
		gauge(s.up, 0)
		return
	}
	gauge(s.up, 1)
	gauge(s.articles, float64(st.stats.Articles))
	gauge(s.revisions, float64(st.stats.Revisions))
	gauge(s.removed, float64(st.stats.Removed))
	gauge(s.bytes, float64(st.stats.Bytes))
	gauge(s.disabled, float64(st.stats.Disabled))
	gauge(s.feedsDue, float64(st.due.FeedsDue))
	gauge(s.pagesDue, float64(st.due.PagesDue))
	gauge(s.leased, float64(st.due.Leased))
	gauge(s.pending, float64(st.backlog.Pending))
	gauge(s.age, st.lag().Seconds())
	for health, n := range st.health() {
		gauge(s.feeds, float64(n), health)
	}
	for name, n := range st.stats.Pages {
		gauge(s.pages, float64(n), string(name))
	}
}
