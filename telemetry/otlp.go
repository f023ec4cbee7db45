package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// exporter posts spans as JSON, in the mapping of OTLP 1.x: identifiers in hex,
// 64-bit numbers as strings, enumerations as numbers.
type exporter struct {
	url    string
	client *http.Client
	log    *slog.Logger
}

func newExporter(url string, log *slog.Logger) *exporter {
	return &exporter{url: url, log: log, client: &http.Client{
		Timeout:       exportTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// ExportSpans sends a batch. A batch that cannot be sent is lost, and logged here:
// the caller would only print it.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if err := e.send(ctx, spans); err != nil {
		e.log.Warn("traces were lost", "spans", len(spans), "err", err)
	}
	return nil
}

// Shutdown closes connections.
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}

func (e *exporter) send(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	text, err := json.Marshal(encode(spans))
	if err != nil {
		return fmt.Errorf("encode spans: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("send spans: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := e.client.Do(req)
	if err != nil {
		return fmt.Errorf("send spans: %w", err)
	}
	defer resp.Body.Close()
	const enough = 64 << 10 // so that the connection may be used again
	_, _ = io.CopyN(io.Discard, resp.Body, enough)
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("send spans: the collector answers %s", resp.Status)
	}
	return nil
}

// The shapes of OTLP, as far as we have something to put there.
type (
	request struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   resourceOf   `json:"resource"`
		ScopeSpans []scopeSpans `json:"scopeSpans"`
	}
	resourceOf struct {
		Attributes []keyValue `json:"attributes"`
	}
	scopeSpans struct {
		Scope scope  `json:"scope"`
		Spans []span `json:"spans"`
	}
	scope struct {
		Name string `json:"name"`
	}
	span struct {
		TraceID      string     `json:"traceId"`
		SpanID       string     `json:"spanId"`
		ParentSpanID string     `json:"parentSpanId,omitempty"`
		Name         string     `json:"name"`
		Kind         int        `json:"kind"`
		Start        string     `json:"startTimeUnixNano"`
		End          string     `json:"endTimeUnixNano"`
		Attributes   []keyValue `json:"attributes,omitempty"`
		Status       status     `json:"status"`
	}
	status struct {
		Code int `json:"code,omitempty"`
	}
	keyValue struct {
		Key   string `json:"key"`
		Value value  `json:"value"`
	}
	value struct {
		String *string `json:"stringValue,omitempty"`
		Int    *string `json:"intValue,omitempty"`
	}
)

// encode shapes spans, which share one resource and one scope.
func encode(spans []sdktrace.ReadOnlySpan) request {
	out := scopeSpans{Scope: scope{spans[0].InstrumentationScope().Name}}
	for _, s := range spans {
		one := span{
			TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(),
			Name: s.Name(), Kind: int(s.SpanKind()), Start: nanoseconds(s.StartTime()), End: nanoseconds(s.EndTime()),
			Attributes: attributes(s.Attributes()), Status: status{statusCode(s.Status().Code)},
		}
		if s.Parent().HasSpanID() {
			one.ParentSpanID = s.Parent().SpanID().String()
		}
		out.Spans = append(out.Spans, one)
	}
	return request{[]resourceSpans{{resourceOf{attributes(spans[0].Resource().Attributes())}, []scopeSpans{out}}}}
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

// statusCode turns the numbers of the SDK into those of the protocol, where ok
// and error stand the other way round.
func statusCode(code codes.Code) int {
	const ok, failed = 1, 2
	switch code {
	case codes.Error:
		return failed
	case codes.Ok:
		return ok
	default:
		return 0
	}
}

func attributes(list []attribute.KeyValue) []keyValue {
	var out []keyValue
	for _, a := range list {
		text := a.Value.String()
		if a.Value.Type() == attribute.INT64 {
			out = append(out, keyValue{string(a.Key), value{Int: &text}})
		} else {
			out = append(out, keyValue{string(a.Key), value{String: &text}})
		}
	}
	return out
}
