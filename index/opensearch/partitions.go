package opensearch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet.example/news"
)

const (
	// monthsFrom is the first year whose months have partitions of their own. Of
	// what is older there is less, and a year shares one.
	monthsFrom = "2016"
	// lastPartition holds what is dated beyond all reason.
	lastPartition = "9999"
	// writable ends the alias by which an index is written to, so that a write
	// never makes an index that was taken away.
	writable = "-w"
)

// indexName is the index of a partition: "broadsheet-g1-2026.11" of November
// 2026 in the generation g1. It is a function of the article alone, since an id
// is unique in one index only.
func (e *Engine) indexName(month string) string { return e.base() + partOf(month) }

// partOf ends the name of a partition's index.
func partOf(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return lastPartition
	}
	if part := t.Format("2006"); part < monthsFrom {
		return part
	}
	return t.Format("2006.01")
}

// base begins the names of the generation's partitions.
func (e *Engine) base() string { return base(e.cfg.Prefix, e.generation) }

func base(prefix, generation string) string { return prefix + "-" + generation + "-" }

// namesIndex keeps the names of facets' values; it is no partition.
func (e *Engine) namesIndex() string { return e.cfg.Prefix + ".names-" + e.generation }

// month is the partition that a change says it belongs to, empty if it does not.
func month(c *news.Change) string {
	if _, err := time.Parse("2006-01", c.Partition); err == nil {
		return c.Partition
	}
	return ""
}

// guessMonth is the partition of an article that is not held and whose change
// does not say.
func (e *Engine) guessMonth(c *news.Change) string {
	switch {
	case c.Article == nil:
		return news.PartitionOf(e.cfg.Now())
	case c.Article.Partition != "":
		return c.Article.Partition
	default:
		return news.PartitionOf(c.Article.PublishedAt)
	}
}

// ensure makes the indexes that are not there yet.
func (e *Engine) ensure(ctx context.Context, names ...string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, name := range names {
		if e.made[name] {
			continue
		}
		if err := e.make(ctx, name); err != nil {
			return fmt.Errorf("make index %s: %w", name, err)
		}
		e.made[name] = true
	}
	return nil
}

func (e *Engine) make(ctx context.Context, name string) error {
	body := object{"settings": settings(e.cfg.Shards, e.cfg.Replicas), "mappings": mapping(), "aliases": object{name + writable: object{}}}
	if name == e.namesIndex() {
		body["settings"], body["mappings"] = object{"index": object{"number_of_shards": 1, "auto_expand_replicas": upTo(1), "max_result_window": maxNames}}, namesMapping()
	}
	err := e.client.do(ctx, http.MethodPut, "/"+name, nil, body, nil)
	if isKind(err, "resource_already_exists_exception") {
		err = e.ours(ctx, name)
	}
	if err != nil {
		return unmade(err)
	}
	if name == e.namesIndex() {
		return nil
	}
	// Whoever promotes the generation meanwhile either finds the index or is found.
	current, err := e.isCurrent(ctx)
	if err != nil || !current {
		return err
	}
	return e.client.do(ctx, http.MethodPost, "/_aliases", nil,
		object{"actions": []any{object{"add": object{"index": name, "alias": e.cfg.Prefix}}}}, nil)
}

// ours makes sure that an index that is there is of Broadsheet's making: its
// alias came with it.
func (e *Engine) ours(ctx context.Context, name string) error {
	err := e.client.do(ctx, http.MethodGet, "/"+name+"/_alias/"+name+writable, nil, nil, nil)
	if isStatus(err, http.StatusNotFound) {
		return errors.New("it is there, but not of Broadsheet's making: delete it, or give index.engine another prefix")
	}
	return err
}

// unmade says why an index cannot be made, with the remedy.
func unmade(err error) error {
	s, ok := errors.AsType[*statusError](err)
	switch {
	case ok && s.kind == blocked:
		return s.blockage()
	case ok && strings.Contains(s.reason, "maximum shards open"):
		return fmt.Errorf("%w: raise cluster.max_shards_per_node, or add a node: %w", news.ErrUnavailable, err)
	default:
		return err
	}
}

// forget has the indexes looked for again.
func (e *Engine) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.made)
}

func (e *Engine) isCurrent(ctx context.Context) (bool, error) {
	current, err := e.client.current(ctx, e.cfg.Prefix)
	return current == e.generation, err
}

// current returns the generation that the alias names, empty if there is none.
func (c *client) current(ctx context.Context, prefix string) (string, error) {
	var indexes map[string]struct{}
	err := c.do(ctx, http.MethodGet, "/_alias/"+prefix, nil, nil, &indexes)
	if isStatus(err, http.StatusNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look up alias: %w", err)
	}
	newest := ""
	for name := range indexes {
		newest = max(newest, generationOf(name, prefix))
	}
	return newest, nil
}

// generationOf is the generation that an index belongs to, empty if it is not
// one of the prefix.
func generationOf(name, prefix string) string {
	rest, ok := strings.CutPrefix(name, prefix+"-")
	if !ok {
		rest, ok = strings.CutPrefix(name, prefix+".names-")
	}
	if !ok {
		return ""
	}
	generation, _, _ := strings.Cut(rest, "-")
	return generation
}

// Current returns the generation that is searched, empty if there is none yet.
func (c *Cluster) Current(ctx context.Context) (string, error) {
	return c.client.current(ctx, c.cfg.Prefix)
}

// Promote has the engine's generation searched from now on, in one step.
func (e *Engine) Promote(ctx context.Context) error {
	if err := e.ensure(ctx, e.namesIndex(), e.indexName(news.PartitionOf(e.cfg.Now()))); err != nil {
		return err
	}
	names, err := e.client.indexes(ctx, e.cfg.Prefix)
	if err != nil {
		return err
	}
	var actions []any
	for _, name := range names {
		if strings.HasPrefix(name, e.cfg.Prefix+".names-") {
			continue
		}
		if generationOf(name, e.cfg.Prefix) == e.generation {
			actions = append(actions, object{"add": object{"index": name, "alias": e.cfg.Prefix}})
		} else {
			actions = append(actions, object{"remove": object{"index": name, "alias": e.cfg.Prefix, "must_exist": false}})
		}
	}
	if err := e.client.do(ctx, http.MethodPost, "/_aliases", nil, object{"actions": actions}, nil); err != nil {
		return fmt.Errorf("move alias %s: %w", e.cfg.Prefix, err)
	}
	e.renew()
	return nil
}

// indexes lists the indexes of all generations.
func (c *client) indexes(ctx context.Context, prefix string) ([]string, error) {
	var list []struct {
		Index string `json:"index"`
	}
	params := url.Values{"format": {"json"}, "h": {"index"}, "expand_wildcards": {"all"}}
	if err := c.do(ctx, http.MethodGet, "/_cat/indices/"+prefix+"-*,"+prefix+".names-*", params, nil, &list); err != nil {
		return nil, fmt.Errorf("list indexes: %w", err)
	}
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = l.Index
	}
	slices.Sort(names)
	return names, nil
}

// Sweep deletes the indexes of the generations that are stale.
func (c *Cluster) Sweep(ctx context.Context, stale func(generation string) bool) error {
	names, err := c.client.indexes(ctx, c.cfg.Prefix)
	if err != nil {
		return err
	}
	for _, name := range names {
		if g := generationOf(name, c.cfg.Prefix); g == "" || !stale(g) {
			continue
		}
		err := c.client.do(ctx, http.MethodDelete, "/"+name, nil, nil, nil)
		if err != nil && !isStatus(err, http.StatusNotFound) {
			return fmt.Errorf("delete index %s: %w", name, err)
		}
	}
	return nil
}

// Retire deletes the partitions whose months are all before that of t and that
// hold no article any more, and with them the memory of what was deleted there.
// It returns how many were deleted.
func (e *Engine) Retire(ctx context.Context, t time.Time) (int, error) {
	names, err := e.client.indexes(ctx, e.cfg.Prefix)
	if err != nil {
		return 0, err
	}
	now, retired := e.indexName(news.PartitionOf(t)), 0
	for _, name := range names {
		if !strings.HasPrefix(name, e.base()) || name >= now || strings.HasPrefix(now, name) {
			continue // a year is not over while one of its months is not
		}
		var r reply
		body := object{"size": 0, "track_total_hits": true, "query": all(term(fieldDeleted, false))}
		if err := e.client.search(ctx, name, nil, body, &r); err != nil {
			return retired, fmt.Errorf("retire partition %s: %w", name, err)
		}
		if r.Hits.Total.Value > 0 {
			continue
		}
		if err := e.client.do(ctx, http.MethodDelete, "/"+name, nil, nil, nil); err != nil {
			return retired, fmt.Errorf("retire partition %s: %w", name, err)
		}
		retired++
	}
	if retired > 0 {
		e.forget()
	}
	return retired, nil
}
