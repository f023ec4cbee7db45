package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/opensearch-project/opensearch-go/v4/opensearchtransport"

	"broadsheet.example/news"
)

const (
	// maxReply bounds what is read of one answer: a page of hits and a thousand
	// buckets of every facet are far below.
	maxReply = 64 << 20
	// retries is how often a call goes to another host after a failure.
	retries = 2
)

// object is a JSON object to send.
type object = map[string]any

// client speaks JSON over HTTP to a cluster.
type client struct {
	transport *opensearchtransport.Client
	http      *http.Transport
}

func newClient(cfg Config) (*client, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("the default transport is not of net/http")
	}
	t := base.Clone()
	t.TLSClientConfig, t.MaxIdleConnsPerHost, t.Proxy = cfg.TLS, 32, nil
	scheme := "http"
	if cfg.TLS != nil {
		scheme = "https"
	}
	urls := make([]*url.URL, len(cfg.Hosts))
	for i, host := range cfg.Hosts {
		urls[i] = &url.URL{Scheme: scheme, Host: host}
	}
	transport, err := opensearchtransport.New(opensearchtransport.Config{
		URLs: urls, Username: cfg.User, Password: cfg.Password, Transport: t,
		MaxRetries: retries, RetryBackoff: func(int) time.Duration { return 50 * time.Millisecond },
		NodeStatsInterval: -1, MaxRetryClusterHealth: -1,
	})
	if err != nil {
		return nil, fmt.Errorf("reach OpenSearch: %w", err)
	}
	return &client{transport, t}, nil
}

func (c *client) close() error {
	err := c.transport.Close()
	c.http.CloseIdleConnections()
	return err
}

// statusError is an answer that says that a call failed.
type statusError struct {
	status int
	kind   string // such as index_not_found_exception
	reason string
}

func (e *statusError) Error() string {
	if e.kind == "" {
		return fmt.Sprintf("OpenSearch answers %d", e.status)
	}
	return fmt.Sprintf("OpenSearch answers %d (%s: %s)", e.status, e.kind, e.reason)
}

// Is makes answers of an overloaded cluster, or one without the shards asked
// for, [news.ErrUnavailable].
func (e *statusError) Is(target error) bool {
	return target == news.ErrUnavailable && retryable(e.status)
}

// retryable reports whether the same call may succeed later. A node that goes away
// under a call makes OpenSearch answer 500.
func retryable(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// do calls the cluster with a JSON body, none if it is nil, and reads the answer
// into out, if that is not nil.
func (c *client) do(ctx context.Context, method, path string, params url.Values, body, out any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return fmt.Errorf("encode request: %w", err)
		}
	}
	return c.send(ctx, method, path, params, text, out)
}

// search searches the indexes with the names, those that are not there being as
// good as empty, or the snapshot in the body if there are no names. An answer
// that lacks a shard is none, but an error: what is not found may be deleted, or
// written elsewhere.
func (c *client) search(ctx context.Context, names string, params url.Values, body object, out searched) error {
	path := "/_search"
	if params == nil {
		params = url.Values{}
	}
	params.Set("allow_partial_search_results", "false")
	if names != "" {
		path = "/" + names + path
		params.Set("ignore_unavailable", "true")
		params.Set("allow_no_indices", "true")
	}
	if err := c.do(ctx, http.MethodPost, path, params, body, out); err != nil {
		return err
	}
	return out.whole()
}

func (c *client) send(ctx context.Context, method, path string, params url.Values, body []byte, out any) error {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	target := &url.URL{Path: path, RawQuery: params.Encode()}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), reader)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	reply, err := c.transport.Stream(req)
	if reply == nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("OpenSearch cannot be reached: %w: %w", news.ErrUnavailable, err)
	}
	defer func() { _ = reply.Body.Close() }() // read to its end or given up
	return read(ctx, reply, out)
}

func read(ctx context.Context, reply *http.Response, out any) error {
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxReply+1))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("read answer of OpenSearch: %w: %w", news.ErrUnavailable, err)
	case len(text) > maxReply:
		return fmt.Errorf("answer of OpenSearch is longer than %d bytes", maxReply)
	case reply.StatusCode >= 300:
		return failed(reply.StatusCode, text)
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("read answer of OpenSearch: %w", err)
	}
	return nil
}

// cause is what an answer says of a failure.
type cause struct {
	Type   string  `json:"type"`
	Reason string  `json:"reason"`
	Root   []cause `json:"root_cause"`
	By     *cause  `json:"caused_by"`
}

// innermost is the cause that says most: one of a shard, if there is any.
func (c *cause) innermost() *cause {
	switch {
	case len(c.Root) > 0:
		return &c.Root[0]
	case c.Reason == "" && c.By != nil:
		return c.By
	default:
		return c
	}
}

// failed reads an answer that says that a call failed.
func failed(status int, text []byte) error {
	var said struct {
		Error json.RawMessage `json:"error"`
	}
	var c cause
	e := &statusError{status: status}
	if json.Unmarshal(text, &said) == nil && json.Unmarshal(said.Error, &c) == nil {
		inner := c.innermost()
		e.kind, e.reason = inner.Type, inner.Reason
	}
	return e
}

// isStatus reports whether err is an answer with the status.
func isStatus(err error, status int) bool {
	e, ok := errors.AsType[*statusError](err)
	return ok && e.status == status
}

// isKind reports whether err is an answer with the kind of error.
func isKind(err error, kind string) bool {
	e, ok := errors.AsType[*statusError](err)
	return ok && e.kind == kind
}
