package index

import (
	"context"
	"fmt"
	"sync"
	"time"

	"broadsheet.example/news"
)

const (
	// labelTTL is how long the library's name of an entity is trusted.
	labelTTL = time.Minute
	// maxLabels bounds the names kept.
	maxLabels = 20_000
)

// labelCache keeps what the library calls the entities that facets show.
type labelCache struct {
	library Library
	now     func() time.Time

	mu    sync.Mutex
	names map[string]labelName
}

type labelName struct {
	name string // empty: the library does not know it
	till time.Time
}

func newLabelCache(library Library, now func() time.Time) *labelCache {
	return &labelCache{library: library, now: now, names: make(map[string]labelName)}
}

// lookup returns the library's names of the entities, as far as it knows them.
func (c *labelCache) lookup(ctx context.Context, ids []string) (map[string]string, error) {
	names, unknown := c.kept(ids)
	if len(unknown) == 0 {
		return names, nil
	}
	list, err := c.library.Entities(ctx, unknown...)
	if err != nil {
		return nil, fmt.Errorf("load names of entities: %w", err)
	}
	c.keep(unknown, list)
	for _, e := range list {
		names[e.ID] = e.Name
	}
	return names, nil
}

// rename puts the library's names of entities in the place of labels. at returns the
// value that the i-th label, of n, is for.
func (c *labelCache) rename(ctx context.Context, n int, at func(i int) (value string, label *string)) error {
	var ids []string
	for i := range n {
		if value, _ := at(i); news.IsEntityID(value) {
			ids = append(ids, value)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	names, err := c.lookup(ctx, ids)
	if err != nil {
		return err
	}
	for i := range n {
		if value, label := at(i); names[value] != "" {
			*label = names[value]
		}
	}
	return nil
}

// renameAll gives entities among suggestions the names that the library has for
// them.
func (c *labelCache) renameAll(ctx context.Context, list []news.Suggestion) error {
	return c.rename(ctx, len(list), func(i int) (string, *string) { return list[i].Value, &list[i].Text })
}

func (c *labelCache) kept(ids []string) (names map[string]string, unknown []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	names = make(map[string]string, len(ids))
	for _, id := range ids {
		n, ok := c.names[id]
		switch {
		case !ok || now.After(n.till):
			unknown = append(unknown, id)
		case n.name != "":
			names[id] = n.name
		}
	}
	return names, unknown
}

func (c *labelCache) keep(asked []string, list []news.Entity) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.names) > maxLabels {
		clear(c.names)
	}
	till := c.now().Add(labelTTL)
	for _, id := range asked {
		c.names[id] = labelName{till: till}
	}
	for _, e := range list {
		c.names[e.ID] = labelName{e.Name, till}
	}
}
