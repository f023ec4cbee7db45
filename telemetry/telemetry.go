// Package telemetry sends traces to an OpenTelemetry collector: a span for each
// request with its search below it, and one for each outgoing fetch.
//
// It is not metrics, which Prometheus reads from /metrics. OpenTelemetry is named
// nowhere else; its own exporter would add gRPC and some 11 MB to the binary, so
// that spans are encoded here, in OTLP's JSON (otlp.go). Start reading at [Open].
package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"broadsheet.example/news"
)

// Config says where traces go.
type Config struct {
	// Endpoint is the address of the collector, http://127.0.0.1:4318 say; spans are
	// posted to /v1/traces below it.
	Endpoint string
	// Sample is the share of traces that are sent, from 0 to 1.
	Sample float64
	// Version is that of the program.
	Version string
}

// Limits of what waits to be sent. Spans beyond them are dropped: work never waits
// for the collector.
const (
	maxQueue      = 4_096
	maxBatch      = 512
	sendEvery     = 5 * time.Second
	exportTimeout = 5 * time.Second
)

// Tracing makes spans and sends them. It is safe for concurrent use.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	parents  propagation.TraceContext
}

// Open starts sending. A collector that cannot be reached is told to log, and
// stops nothing.
func Open(cfg Config, log *slog.Logger) (*Tracing, error) {
	at, err := url.Parse(cfg.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("read address of collector: %w", err)
	}
	about := resource.NewSchemaless(attribute.String("service.name", "broadsheet"), attribute.String("service.version", cfg.Version))
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(about),
		// By the trace alone: strangers cannot have their requests traced.
		sdktrace.WithSampler(sdktrace.TraceIDRatioBased(cfg.Sample)),
		sdktrace.WithBatcher(newExporter(at.JoinPath("v1", "traces").String(), log), sdktrace.WithMaxQueueSize(maxQueue),
			sdktrace.WithMaxExportBatchSize(maxBatch), sdktrace.WithBatchTimeout(sendEvery), sdktrace.WithExportTimeout(exportTimeout)),
	)
	return &Tracing{provider: provider, tracer: provider.Tracer("broadsheet.example")}, nil
}

// Close sends what waits, until ctx is done, and stops.
func (t *Tracing) Close(ctx context.Context) error {
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send last traces: %w", err)
	}
	return nil
}

// Request begins the span of a request. The traceparent is the header of that
// name, which may be empty or nonsense. The function that is returned ends the
// span.
func (t *Tracing) Request(ctx context.Context, method, traceparent string) (context.Context, func(route string, status int)) {
	ctx = t.parents.Extract(ctx, propagation.MapCarrier{"traceparent": traceparent})
	ctx, span := t.tracer.Start(ctx, method, trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(route string, status int) {
		span.SetName(method + " " + route)
		span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route),
			attribute.Int("http.response.status_code", status))
		const serverErrors = 500
		if status >= serverErrors {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// Fetched records one outgoing request that has just ended.
func (t *Tracing) Fetched(kind, outcome string, took time.Duration, bytes int) {
	end := time.Now()
	_, span := t.tracer.Start(context.Background(), "fetch "+kind, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(end.Add(-took)))
	span.SetAttributes(attribute.String("fetch.kind", kind), attribute.String("fetch.outcome", outcome), attribute.Int("fetch.bytes", bytes))
	span.End(trace.WithTimestamp(end))
}

// Index gives each search of an index a span. Queries are not recorded: what
// people look for is nobody's business.
func (t *Tracing) Index(index news.Index) news.Index { return traced{index, t.tracer} }

type traced struct {
	news.Index
	tracer trace.Tracer
}

// Search searches within a span.
func (i traced) Search(ctx context.Context, q news.Query) (*news.Result, error) {
	ctx, span := i.tracer.Start(ctx, "search", trace.WithAttributes(
		attribute.String("search.sort", string(q.Sort)), attribute.Int("search.facets", len(q.Facets)), attribute.Int("search.filters", len(q.Filters))))
	defer span.End()
	result, err := i.Index.Search(ctx, q)
	if err != nil {
		span.SetStatus(codes.Error, "")
		return nil, err
	}
	span.SetAttributes(attribute.Int("search.total", result.Total))
	return result, nil
}

// Related looks for related articles within a span.
func (i traced) Related(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error) {
	ctx, span := i.tracer.Start(ctx, "related", trace.WithAttributes(attribute.Int("search.filters", len(q.Filters))))
	defer span.End()
	hits, err := i.Index.Related(ctx, q)
	if err != nil {
		span.SetStatus(codes.Error, "")
		return nil, err
	}
	span.SetAttributes(attribute.Int("search.hits", len(hits)))
	return hits, nil
}
