package opensearch

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"broadsheet.example/news"
)

const (
	// bulkBytes is about how much one bulk call carries.
	bulkBytes = 8 << 20
	// bulkTries is how often a write is tried that the cluster has no room for, and
	// bulkWait how long the first wait between is; it doubles.
	bulkTries = 5
	bulkWait  = 100 * time.Millisecond
)

// result is what became of a write: applied is false when a newer version was
// there, err is set when the write itself is refused and would always be.
type result struct {
	applied bool
	err     error
	done    bool
}

// bulk writes everything and makes it searchable. What the cluster has no room
// for is tried again, alone; what is refused for what it holds is reported by
// itself. When bulk fails, part may have been written.
func (e *Engine) bulk(ctx context.Context, writes []write) ([]result, error) {
	results := make([]result, len(writes))
	wait := bulkWait
	for try := range bulkTries {
		if try > 0 {
			if err := pause(ctx, wait); err != nil {
				return nil, err
			}
			wait *= 2
		}
		busy, err := e.bulkOnce(ctx, writes, results)
		if err != nil {
			return nil, err
		}
		if busy == nil {
			return results, nil
		}
		if try == bulkTries-1 {
			return nil, fmt.Errorf("write documents: %w", busy)
		}
	}
	return results, nil
}

// bulkOnce tries every write that is not done, and returns why some still are
// not.
func (e *Engine) bulkOnce(ctx context.Context, writes []write, results []result) (busy, err error) {
	for at := 0; at < len(writes); {
		var body bytes.Buffer
		var sent []int
		for ; at < len(writes) && body.Len() < bulkBytes; at++ {
			if results[at].done {
				continue
			}
			if err := writes[at].encode(&body); err != nil {
				return nil, err
			}
			sent = append(sent, at)
		}
		if len(sent) == 0 {
			break
		}
		some, err := e.bulkCall(ctx, body.Bytes(), sent, results)
		if err != nil {
			return nil, err
		}
		if some != nil {
			busy = some
		}
	}
	return busy, nil
}

// bulkReply is the answer to a bulk call.
type bulkReply struct {
	Items []map[string]struct {
		Status int `json:"status"`
		Error  struct {
			Type   string `json:"type"`
			Reason string `json:"reason"`
		} `json:"error"`
	} `json:"items"`
}

func (e *Engine) bulkCall(ctx context.Context, body []byte, sent []int, results []result) (busy, err error) {
	var r bulkReply
	params := url.Values{"refresh": {"true"}, "require_alias": {"true"}}
	err = e.client.send(ctx, http.MethodPost, "/_bulk", params, body, &r)
	if isStatus(err, http.StatusTooManyRequests) {
		return err, nil
	}
	if err != nil {
		return nil, fmt.Errorf("write documents: %w", err)
	}
	if len(r.Items) != len(sent) {
		return nil, fmt.Errorf("write documents: %d answers to %d writes", len(r.Items), len(sent))
	}
	for k, item := range r.Items {
		for _, said := range item { // one, under its verb
			refused := &statusError{said.Status, said.Error.Type, said.Error.Reason}
			busy, err = e.settle(&results[sent[k]], refused, busy)
		}
		if err != nil {
			return nil, err
		}
	}
	return busy, nil
}

// settle notes what became of a write, given the answer. It returns why the
// write must be tried again, or else busy as it was, and an error when nothing
// can be written.
func (e *Engine) settle(r *result, said *statusError, busy error) (error, error) {
	switch {
	case said.status < 300:
		r.applied, r.done = true, true
	case said.status == http.StatusConflict:
		r.done = true
	case said.kind == blocked:
		return nil, said.blockage()
	case said.kind == "strict_dynamic_mapping_exception":
		return nil, fmt.Errorf("the index was made by another version of Broadsheet: run broadsheet reindex: %w", said)
	case said.status == http.StatusNotFound:
		e.forget() // somebody took the index away
		return nil, fmt.Errorf("%w: %w", news.ErrUnavailable, said)
	case said.status == http.StatusTooManyRequests || said.status >= 500:
		return fmt.Errorf("%w: %w", news.ErrUnavailable, said), nil
	default:
		r.err, r.done = said, true
	}
	return busy, nil
}

// blocked is the kind of error by which an index or the cluster refuses all
// writes.
const blocked = "cluster_block_exception"

// blockage says why all writes are refused. That may pass: a disk is full, there
// is no cluster manager for the moment, or a person has forbidden them.
func (e *statusError) blockage() error {
	switch {
	case strings.Contains(e.reason, "flood-stage"), strings.Contains(e.reason, "create-index blocked"):
		return fmt.Errorf("%w: %w", news.ErrDiskFull, e)
	case strings.Contains(e.reason, "read-only"):
		return fmt.Errorf("%w: the index is set to read-only, let it be written to again: %w", news.ErrUnavailable, e)
	default:
		return fmt.Errorf("%w: %w", news.ErrUnavailable, e)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
