package opensearch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"broadsheet.example/news"
)

const (
	// openMonths is for how many months, this one among them, a partition is taken
	// to be written and read a lot. Afterwards it is closed: it gets only what is
	// found late and what changes.
	openMonths = 3
	// maxSegments is how many segments a shard of a closed partition may have.
	// Fewer are not worth writing the whole shard anew.
	maxSegments = 4
)

// Tended is what [Cluster.Tend] has set going.
type Tended struct {
	Replicas int    // partitions that have another number of replicas now
	Merging  string // the partition that is merged down to one segment, if any
}

// Tend keeps house in the generation that is searched: closed months are left one
// replica, whatever others have, and one of them at a time is merged down to one
// segment. Any process may call it at any time; calling it twice does no harm.
func (c *Cluster) Tend(ctx context.Context) (Tended, error) {
	var did Tended
	generation, err := c.Current(ctx)
	if err != nil || generation == "" {
		return did, err
	}
	if did.Replicas, err = c.setReplicas(ctx, generation); err != nil {
		return did, err
	}
	did.Merging, err = c.mergeClosed(ctx, generation)
	return did, err
}

// closed reports whether a partition is closed.
func (c *Cluster) closed(name, generation string) bool {
	now := c.cfg.Now().UTC()
	first := now.AddDate(0, 1-openMonths, 1-now.Day()) // a first of the month, whose number every month has
	return name < base(c.cfg.Prefix, generation)+partOf(news.PartitionOf(first))
}

// setReplicas gives the partitions the number of replicas that they should have,
// and returns how many had another.
func (c *Cluster) setReplicas(ctx context.Context, generation string) (changed int, err error) {
	const setting = "index.auto_expand_replicas"
	var list map[string]struct {
		Settings map[string]string `json:"settings"`
	}
	path := "/" + base(c.cfg.Prefix, generation) + "*/_settings/" + setting
	if err := c.client.do(ctx, http.MethodGet, path, url.Values{"flat_settings": {"true"}}, nil, &list); err != nil {
		return 0, fmt.Errorf("look up replicas: %w", err)
	}
	for name, has := range list {
		want := upTo(c.cfg.Replicas)
		if c.closed(name, generation) {
			want = upTo(1)
		}
		if has.Settings[setting] == want {
			continue
		}
		err := c.client.do(ctx, http.MethodPut, "/"+name+"/_settings", nil, object{setting: want}, nil)
		if err != nil && !isStatus(err, http.StatusNotFound) {
			return changed, fmt.Errorf("set replicas of %s: %w", name, err)
		}
		changed++
	}
	return changed, nil
}

// mergeClosed sets a merge going, unless one is under way, and returns the name of
// its partition.
func (c *Cluster) mergeClosed(ctx context.Context, generation string) (string, error) {
	var list []struct {
		Index    string `json:"index"`
		Shards   string `json:"pri"`
		Segments string `json:"pri.segments.count"`
		Merges   string `json:"pri.merges.current"`
	}
	params := url.Values{"format": {"json"}, "h": {"index,pri,pri.segments.count,pri.merges.current"}, "s": {"index"}}
	if err := c.client.do(ctx, http.MethodGet, "/_cat/indices/"+base(c.cfg.Prefix, generation)+"*", params, nil, &list); err != nil {
		return "", fmt.Errorf("look up segments: %w", err)
	}
	chosen := ""
	for _, l := range list {
		shards, _ := strconv.Atoi(l.Shards) // it says nothing of an index without its shards
		segments, _ := strconv.Atoi(l.Segments)
		if !c.closed(l.Index, generation) {
			continue
		}
		if l.Merges != "" && l.Merges != "0" {
			return "", nil
		}
		if chosen == "" && segments > maxSegments*shards {
			chosen = l.Index
		}
	}
	if chosen == "" {
		return "", nil
	}
	params = url.Values{"max_num_segments": {"1"}, "wait_for_completion": {"false"}}
	if err := c.client.do(ctx, http.MethodPost, "/"+chosen+"/_forcemerge", params, nil, nil); err != nil {
		return "", fmt.Errorf("merge %s: %w", chosen, err)
	}
	return chosen, nil
}
