package opensearch

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"broadsheet.example/index"
)

const (
	// maxNames bounds the names that one call reads.
	maxNames = 10_000
	// maxKept bounds the names that are known to be written, or kept, here.
	maxKept = 200_000
)

// namesMapping is the mapping of the names of facets' values. A name is written
// once and never changed.
func namesMapping() object {
	keyword := object{"type": "keyword"}
	return object{"dynamic": "strict", "properties": object{
		"key": keyword, "facet": keyword, "value": keyword, "name": keyword, "folded": keyword,
	}}
}

// valueName is a document of the index of names.
type valueName struct {
	Key    string `json:"key"` // facet and value
	Facet  string `json:"facet"`
	Value  string `json:"value"`
	Name   string `json:"name"`
	Folded string `json:"folded"`
}

// id names a name by what it holds.
func (n valueName) id() string {
	sum := sha256.Sum256([]byte(join(n.Facet, n.Value, n.Name)))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// written remembers names that are in the index.
type written struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (w *written) has(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ids[id]
}

func (w *written) add(writes []write) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ids == nil || len(w.ids) > maxKept {
		w.ids = make(map[string]bool)
	}
	for _, x := range writes {
		w.ids[x.id] = true
	}
}

// writeNames writes the names of the articles' values that are new.
func (e *Engine) writeNames(ctx context.Context, list []*index.Fields) error {
	var writes []write
	seen := make(map[string]bool)
	for _, f := range list {
		if f == nil {
			continue
		}
		for _, n := range f.Names {
			doc := valueName{join(n.Facet, n.Value), n.Facet, n.Value, n.Name, index.FoldName(n.Name)}
			id := doc.id()
			if seen[id] || e.written.has(id) {
				continue
			}
			seen[id] = true
			body, err := json.Marshal(doc)
			if err != nil {
				return fmt.Errorf("encode name: %w", err)
			}
			writes = append(writes, write{index: e.namesIndex(), id: id, body: body})
		}
	}
	if len(writes) == 0 {
		return nil
	}
	if err := e.ensure(ctx, e.namesIndex()); err != nil {
		return err
	}
	if _, err := e.bulk(ctx, writes); err != nil {
		return err
	}
	e.written.add(writes)
	return nil
}

// findNames returns the names that a query finds.
func (e *Engine) findNames(ctx context.Context, query object, size int) ([]valueName, error) {
	var r struct {
		shards
		Hits struct {
			Hits []struct {
				Source valueName `json:"_source"`
			} `json:"hits"`
		} `json:"hits"`
	}
	body := object{"query": object{"bool": object{"filter": []any{query}}}, "size": size, "track_total_hits": false}
	err := e.client.search(ctx, e.namesIndex(), nil, body, &r)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	list := make([]valueName, len(r.Hits.Hits))
	for i, h := range r.Hits.Hits {
		list[i] = h.Source
	}
	return list, nil
}

// labels returns the name to show of each value of the facet that has one: of
// several the longest, of equally long ones the smallest.
func (e *Engine) labels(ctx context.Context, facet string, values []string) (map[string]string, error) {
	labels := make(map[string]string, len(values))
	if len(values) == 0 {
		return labels, nil
	}
	keys := make([]string, min(len(values), maxNames/2))
	for i := range keys {
		keys[i] = join(facet, values[i])
	}
	list, err := e.findNames(ctx, object{"terms": object{"key": keys}}, maxNames)
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		old, known := labels[n.Value]
		if !known || len(n.Name) > len(old) || len(n.Name) == len(old) && n.Name < old {
			labels[n.Value] = n.Name
		}
	}
	return labels, nil
}

// valuesNamed returns the values of the facet with the name.
func (e *Engine) valuesNamed(ctx context.Context, facet, name string) ([]string, error) {
	list, err := e.findNames(ctx, all(term("facet", facet), term("folded", index.FoldName(name))), maxNames)
	if err != nil {
		return nil, err
	}
	var values []string
	seen := make(map[string]bool)
	for _, n := range list {
		if !seen[n.Value] {
			seen[n.Value] = true
			values = append(values, n.Value)
		}
	}
	return values, nil
}

// escapeWildcard writes text so that a wildcard query takes it as it is.
func escapeWildcard(text string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(text)
}
