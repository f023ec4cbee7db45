package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

// write is one document on its way.
type write struct {
	change  int // index of the change; -1 for what belongs to none
	index   string
	id      string
	version int64 // 0: made once and never changed
	body    []byte
}

// Apply brings the index up to the changes. See the contract of [news.Index]; as
// in the embedded engine, a tombstone stays remembered. When the cluster refuses
// work for now, Apply fails as a whole with [news.ErrUnavailable] or
// [news.ErrDiskFull], and the same call may be repeated.
func (e *Engine) Apply(ctx context.Context, changes []news.Change) ([]news.Outcome, error) {
	a := &applying{engine: e, changes: changes, outcomes: make([]news.Outcome, len(changes))}
	if err := a.apply(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("apply changes: %w", err)
	}
	return a.outcomes, nil
}

// applying is one Apply.
type applying struct {
	engine   *Engine
	changes  []news.Change
	outcomes []news.Outcome
	fields   []*index.Fields // by change; nil for tombstones and what is bad
}

func (a *applying) apply(ctx context.Context) error {
	list := a.newest()
	a.analyse(list)
	list = slices.DeleteFunc(list, func(i int) bool { return a.outcomes[i].Err != nil })
	if len(list) == 0 {
		return nil
	}
	writes, err := a.writes(ctx, list)
	if err != nil {
		return err
	}
	if err := a.engine.writeNames(ctx, a.fields); err != nil {
		return err
	}
	results, err := a.engine.bulk(ctx, writes)
	if err != nil {
		return err
	}
	for k, w := range writes {
		o := &a.outcomes[w.change]
		o.Applied, o.Err = results[k].applied, results[k].err
	}
	a.engine.renew()
	return nil
}

// newest returns the indexes of the newest change of each article, and sets the
// outcome of all.
func (a *applying) newest() []int {
	newest := make(map[string]int, len(a.changes))
	var order []string
	for i := range a.changes {
		c := &a.changes[i]
		a.outcomes[i] = news.Outcome{ID: c.ID, Version: c.Version}
		if a.outcomes[i].Err = index.CheckChange(c); a.outcomes[i].Err != nil {
			continue
		}
		best, known := newest[c.ID]
		if !known {
			order = append(order, c.ID)
		}
		if !known || externalVersion(c) > externalVersion(&a.changes[best]) {
			newest[c.ID] = i
		}
	}
	list := make([]int, len(order))
	for k, id := range order {
		list[k] = newest[id]
	}
	return list
}

// analyse makes the fields of the articles, and notes in the outcomes what is
// wrong with some.
func (a *applying) analyse(list []int) {
	a.fields = make([]*index.Fields, len(a.changes))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range list {
		if a.changes[i].Deleted {
			continue
		}
		group.Go(func() error {
			a.fields[i], a.outcomes[i].Err = a.engine.mapper.Fields(a.changes[i].Article)
			return nil
		})
	}
	_ = group.Wait() // nothing fails as a whole
}

// writes returns what to write of the changes, each into the index of its
// partition.
func (a *applying) writes(ctx context.Context, list []int) ([]write, error) {
	held, err := a.holders(ctx, list)
	if err != nil {
		return nil, err
	}
	writes := make([]write, len(list))
	names := make(map[string]bool)
	for k, i := range list {
		c := &a.changes[i]
		name := held[c.ID]
		if name == "" {
			part := month(c)
			if part == "" {
				part = a.engine.guessMonth(c)
			}
			name = a.engine.indexName(part)
		}
		names[name] = true
		body := tombstone(c.ID, c.Version)
		if !c.Deleted {
			body = document(c.Article, a.fields[i], c.Version)
		}
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encode article %s: %w", c.ID, err)
		}
		writes[k] = write{change: i, index: name, id: c.ID, version: externalVersion(c), body: text}
	}
	for name := range names {
		if err := a.engine.ensure(ctx, name); err != nil {
			return nil, err
		}
	}
	return writes, nil
}

// holders returns the indexes that hold the articles of changes that do not name
// their partition.
func (a *applying) holders(ctx context.Context, list []int) (map[string]string, error) {
	var ids []string
	for _, i := range list {
		if month(&a.changes[i]) == "" {
			ids = append(ids, a.changes[i].ID)
		}
	}
	held := make(map[string]string)
	for chunk := range slices.Chunk(ids, news.MaxOffset) {
		body := object{
			"query": object{"terms": object{fieldID: chunk}}, "size": len(chunk),
			"_source": false, "docvalue_fields": []string{fieldID},
		}
		var r reply
		if err := a.engine.client.search(ctx, a.engine.base()+"*", nil, body, &r); err != nil {
			return nil, fmt.Errorf("find partitions: %w", err)
		}
		for _, h := range r.Hits.Hits {
			held[h.text(fieldID)] = h.Index
		}
	}
	return held, nil
}

// encode appends a write in the form of the bulk call.
func (w *write) encode(b *bytes.Buffer) error {
	head := object{"_index": w.index + writable, "_id": w.id}
	verb := "create"
	if w.version > 0 {
		verb, head["version"], head["version_type"] = "index", w.version, "external"
	}
	line, err := json.Marshal(object{verb: head})
	if err != nil {
		return fmt.Errorf("encode write of %s: %w", w.id, err)
	}
	b.Write(line)
	b.WriteByte('\n')
	b.Write(w.body)
	b.WriteByte('\n')
	return nil
}
