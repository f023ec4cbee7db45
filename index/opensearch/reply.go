package opensearch

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// searched is what a search answers.
type searched interface {
	// whole fails when the answer lacks a shard.
	whole() error
}

// shards is the part of an answer that tells how many shards gave theirs. Asked
// for no partial answer, OpenSearch refuses those in which a shard failed, but
// after the loss of a node it passes by, for some seconds, shards that nobody
// holds, and tells so here alone.
type shards struct {
	Shards struct {
		Total      int `json:"total"`
		Successful int `json:"successful"`
	} `json:"_shards"`
}

func (s *shards) whole() error {
	if n := s.Shards; n.Successful < n.Total {
		return &statusError{status: http.StatusServiceUnavailable, kind: "partial_answer", reason: fmt.Sprintf("%d of %d shards answered", n.Successful, n.Total)}
	}
	return nil
}

// reply is the answer to a search.
type reply struct {
	shards
	Hits struct {
		Total struct {
			Value int `json:"value"`
		} `json:"total"`
		Hits []found `json:"hits"`
	} `json:"hits"`
	Aggregations map[string]aggregation `json:"aggregations"`
}

// found is one hit.
type found struct {
	Index  string                       `json:"_index"`
	Fields map[string][]json.RawMessage `json:"fields"`
	Sort   []json.RawMessage            `json:"sort"`
}

// text is the hit's first value of a keyword field.
func (f *found) text(field string) string {
	list := f.texts(field)
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// texts are the hit's values of a keyword field.
func (f *found) texts(field string) []string {
	var list []string
	for _, raw := range f.Fields[field] {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			list = append(list, s)
		}
	}
	return list
}

// number is the hit's value of a numeric field.
func (f *found) number(field string) int64 {
	var n int64
	if list := f.Fields[field]; len(list) == 0 || json.Unmarshal(list[0], &n) != nil {
		return 0
	}
	return n
}

// rank is the first value that the hit is sorted by.
func (f *found) rank() float64 {
	var v float64
	if len(f.Sort) == 0 || json.Unmarshal(f.Sort[0], &v) != nil {
		return 0
	}
	return v
}

// aggregation is the answer to one aggregation of any of the kinds that are
// used, and to those within it.
type aggregation struct {
	Count   int      `json:"doc_count"`
	Value   *float64 `json:"value"`
	Error   int      `json:"doc_count_error_upper_bound"`
	Other   int      `json:"sum_other_doc_count"`
	Buckets []bucket `json:"buckets"`
	Sub     map[string]aggregation
}

// bucket is one value with its count, and the sums of lengths where those are
// asked for.
type bucket struct {
	Key         any    `json:"key"`
	Count       int    `json:"doc_count"`
	Error       int    `json:"doc_count_error_upper_bound"`
	Title       metric `json:"title"`
	Description metric `json:"description"`
	Content     metric `json:"content"`
}

// metric is a sum.
type metric struct {
	Value float64 `json:"value"`
}

func (m metric) sum() int64 { return int64(m.Value) }

// UnmarshalJSON reads an aggregation. Those within it are beside its own keys.
func (a *aggregation) UnmarshalJSON(text []byte) error {
	type plain aggregation
	if err := json.Unmarshal(text, (*plain)(a)); err != nil {
		return err
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return err
	}
	for name, raw := range keys {
		if len(raw) == 0 || raw[0] != '{' {
			continue
		}
		var sub aggregation
		if err := json.Unmarshal(raw, &sub); err != nil {
			return err
		}
		if a.Sub == nil {
			a.Sub = make(map[string]aggregation)
		}
		a.Sub[name] = sub
	}
	return nil
}
