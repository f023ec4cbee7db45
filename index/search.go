package index

import (
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet.example/news"
)

// Search answers a query. It fails with a [*news.ParamError], with a
// [*news.CostError] when the query would cost more than the Config allows, with
// [news.ErrTooDeep], [news.ErrCursorExpired] or the context's error. Hits whose
// article the library no longer has are left out of Hits but counted in Total.
func (e *Engine) Search(ctx context.Context, q news.Query) (*news.Result, error) {
	return e.search(ctx, q, nil)
}

// search answers a query; one without an expression looks for what resembles an
// article, if one is given.
func (e *Engine) search(ctx context.Context, q news.Query, like *news.Article) (*news.Result, error) {
	start := time.Now()
	if err := e.enter(); err != nil {
		return nil, err
	}
	defer e.leave()
	if q.Now.IsZero() {
		q.Now = e.cfg.Now()
	}
	q.SetDefaults()
	q.Now = q.Now.Truncate(time.Millisecond)
	if err := q.Validate(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, e.cfg.QueryTime, errOutOfTime)
	defer cancel()
	r := &run{engine: e, ctx: ctx, q: &q, like: like, arena: e.arenas.get(), budget: newBudget(e.cfg)}
	defer e.arenas.put(r.arena)
	if err := r.open(); err != nil {
		return nil, err
	}
	defer e.release(r.view)
	result, err := r.answer()
	if err != nil {
		return nil, wrapSearch(r.budget.explain(ctx, err))
	}
	result.Took = time.Since(start)
	return result, nil
}

// wrapSearch leaves the errors of the contract as they are.
func wrapSearch(err error) error {
	if isCallersError(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("search: %w", err)
}

func (r *run) answer() (result *news.Result, err error) {
	defer recovered(&err)
	result = &news.Result{}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	if result.Total, err = r.matchAll(); err != nil {
		return nil, err
	}
	collapsed := r.q.Collapse == news.CollapseDuplicates
	if r.q.Sort == news.SortRelevancy && (r.q.Size > 0 || collapsed) {
		if err := r.measure(); err != nil {
			return nil, err
		}
	}
	if collapsed {
		dropped, err := r.collapse()
		if err != nil {
			return nil, err
		}
		result.Total -= dropped
	}
	if err := r.page(result); err != nil {
		return nil, err
	}
	if result.Facets, err = r.facets(); err != nil {
		return nil, err
	}
	if result.Total <= littleFound && len(r.warnings) == 0 && r.like == nil {
		if err := r.hint(); err != nil {
			return nil, err
		}
	}
	result.Warnings, result.Corrections = r.warnings, r.corrections
	return result, nil
}

// page fills the hits and the cursor that continues after them.
func (r *run) page(result *news.Result) error {
	if r.q.Size == 0 {
		return nil
	}
	offset := r.q.Offset
	if r.after != nil {
		offset = 0
	}
	k := offset + r.q.Size
	best := r.best
	if r.q.Sort == news.SortRelevancy && r.feeds() {
		best = r.bestFed
	}
	found, err := best(k + 1) // one more tells whether there are more
	if err != nil {
		return err
	}
	if len(found) > k {
		found = found[:k]
		result.NextCursor = r.nextCursor(found[k-1])
	}
	result.Hits, err = r.hits(found[min(offset, len(found)):])
	return err
}

// hits loads the articles of the candidates and says what was asked of each.
func (r *run) hits(found []candidate) ([]news.Hit, error) {
	articles, err := r.load(found)
	if err != nil {
		return nil, err
	}
	hits := make([]news.Hit, 0, len(found))
	marker := newMarker(r.engine.mapper.analyzers, r.plans, r.q.Highlight)
	for _, c := range found {
		article, ok := articles[string(c.id())]
		if !ok {
			continue
		}
		hit := news.Hit{Article: article, Copies: r.copiesOf(c)}
		if r.q.Sort == news.SortRelevancy {
			hit.Score = c.rank
		}
		if r.q.Highlight.On {
			hit.Highlights = marker.highlights(&article)
		}
		if r.q.Explain && r.q.Sort == news.SortRelevancy {
			if hit.Explanation, err = c.segment.explain(c); err != nil {
				return nil, err
			}
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

// load asks the library for the candidates' articles, by id.
func (r *run) load(found []candidate) (map[string]news.Article, error) {
	if len(found) == 0 {
		return nil, nil
	}
	ids := make([]string, len(found))
	for i, c := range found {
		ids[i] = string(c.id())
	}
	list, err := r.engine.library.Articles(r.ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("load articles: %w", err)
	}
	byID := make(map[string]news.Article, len(list))
	for _, a := range list {
		byID[a.ID] = a
	}
	return byID, nil
}

// isCallersError reports whether err is for the caller to heal.
func isCallersError(err error) bool {
	_, param := errors.AsType[*news.ParamError](err)
	_, cost := errors.AsType[*news.CostError](err)
	return param || cost
}
