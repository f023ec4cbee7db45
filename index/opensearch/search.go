package opensearch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

// Search answers a query, as the contract of [news.Index] says. It fails with
// [news.ErrUnavailable] while the cluster cannot be reached or lacks shards: an
// answer that is not whole is none. Hits whose article the library no longer has
// are left out of Hits but counted in Total.
func (e *Engine) Search(ctx context.Context, q news.Query) (*news.Result, error) {
	return e.search(ctx, q, nil)
}

// search answers a query; one without an expression looks for what resembles an
// article, if one is given.
func (e *Engine) search(ctx context.Context, q news.Query, like *news.Article) (*news.Result, error) {
	start := time.Now()
	if q.Now.IsZero() {
		q.Now = e.cfg.Now()
	}
	q.SetDefaults()
	q.Now = q.Now.Truncate(time.Millisecond)
	if err := q.Validate(); err != nil {
		return nil, err
	}
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, e.cfg.QueryTime)
	defer cancel()
	s := &search{engine: e, q: &q, like: like}
	result, err := s.answer(ctx)
	if errors.Is(err, news.ErrCursorExpired) && q.Cursor == "" { // a snapshot that was given up meanwhile
		s = &search{engine: e, q: &q, like: like}
		result, err = s.answer(ctx)
	}
	switch {
	case err == nil:
		result.Took = time.Since(start)
		return result, nil
	case whole.Err() != nil:
		return nil, whole.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &news.CostError{Clause: s.costliest()}
	}
	return nil, e.public(err)
}

// public logs why the cluster does not answer and returns what callers may know
// of it, which is no address.
func (e *Engine) public(err error) error {
	if !errors.Is(err, news.ErrUnavailable) {
		return err
	}
	e.log.Warn("OpenSearch does not answer", "err", err)
	return fmt.Errorf("the search engine does not answer; crawling goes on, and what arrives will be found when it is back: %w", news.ErrUnavailable)
}

// search is one search on its way.
type search struct {
	engine      *Engine
	q           *news.Query
	like        *news.Article // what is found resembles it; nil for a query
	after       *index.Cursor // hits begin after it; nil for the first page
	snapshot    *snapshot     // what a relevancy search reads; nil for the newest state
	sets        map[string]index.SetStats
	readings    []*index.Reading
	base        []object // what the query asks but for the filters
	filters     []filter
	losers      []string // ids of articles that others stand for
	groups      map[string]*group
	warnings    []string
	corrections []news.Correction
}

// filter is a facet's filter in OpenSearch's query language.
type filter struct {
	facet string
	query object
}

// costliest is the part of the query to name when it takes too long.
func (s *search) costliest() string {
	if s.q.Expr == nil {
		return "its facets"
	}
	return s.q.Expr.String()
}

func (s *search) answer(ctx context.Context) (*news.Result, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	if s.q.Collapse == news.CollapseDuplicates {
		if err := s.collapse(ctx); err != nil {
			return nil, err
		}
	}
	r, err := s.ask(ctx, s.body())
	if err != nil {
		return nil, err
	}
	s.weigh(r)
	result := &news.Result{Total: r.Hits.Total.Value}
	if err := s.page(ctx, r, result); err != nil {
		return nil, err
	}
	if result.Facets, err = s.facets(ctx, r); err != nil {
		return nil, err
	}
	if result.Total <= index.FewHits && len(s.warnings) == 0 && s.like == nil {
		if err := s.hint(ctx); err != nil {
			return nil, err
		}
	}
	result.Warnings, result.Corrections = s.warnings, s.corrections
	return result, nil
}

// prepare translates the query for each field set in use.
func (s *search) prepare(ctx context.Context) error {
	for _, f := range s.q.Filters {
		s.filters = append(s.filters, filter{f.Facet, translate(index.FilterCondition(f), "")})
	}
	s.base = []object{term(fieldDeleted, false)}
	if c := index.BoundsCondition(s.q); c != nil {
		s.base = append(s.base, translate(c, ""))
	}
	if s.after != nil && s.after.Bound != 0 {
		s.base = append(s.base, object{"range": object{fieldSeen: object{"lte": s.after.Bound}}})
	}
	known, err := s.engine.facts(ctx)
	if err != nil {
		return err
	}
	s.sets = known.sets
	switch {
	case s.like != nil:
		err = s.resemble(ctx)
	case s.q.Expr == nil:
		return nil
	default:
		err = s.read()
	}
	if err != nil {
		return err
	}
	s.base = append(s.base, s.expression())
	return nil
}

// read reads the query for each field set in use.
func (s *search) read() error {
	for _, set := range index.Sets() {
		if s.q.Language != "" && set != index.SetOf(s.q.Language) || s.sets[set].Articles == 0 {
			continue
		}
		r, err := s.engine.mapper.Read(s.q, set)
		if err != nil {
			return err
		}
		s.readings = append(s.readings, r)
	}
	if len(s.readings) > 0 && !slices.ContainsFunc(s.readings, func(r *index.Reading) bool { return r.Root != nil }) {
		s.warnings = append(s.warnings, index.CommonWords)
	}
	return nil
}

// expression returns what holds for an article when the tree of its own field
// set does.
func (s *search) expression() object {
	var list []object
	for _, r := range s.readings {
		if r.Root != nil {
			list = append(list, all(term(fieldSet, r.Set), translate(r.Root, r.Set)))
		}
	}
	return anyOf(list...)
}

// matching returns the conditions on what is found, the filters among them.
func (s *search) matching() []object {
	list := slices.Clone(s.base)
	for _, f := range s.filters {
		list = append(list, f.query)
	}
	if len(s.losers) > 0 {
		list = append(list, not(terms(fieldID, s.losers)))
	}
	return list
}

// body returns the whole search. The filters come after the query where facets
// must not see them.
func (s *search) body() object {
	query, post := object{"bool": object{"filter": s.matching()}}, object(nil)
	if len(s.q.Facets) > 0 && (len(s.filters) > 0 || len(s.losers) > 0) {
		query = object{"bool": object{"filter": s.base}}
		post = object{"bool": object{"filter": s.matching()[len(s.base):]}}
	}
	body := object{
		"track_total_hits": true, "_source": false, "docvalue_fields": []string{fieldID, fieldPublished},
		"sort": s.order(), "query": s.scored(query), "aggs": s.aggregations(),
	}
	s.place(body)
	if post != nil {
		body["post_filter"] = post
	}
	return body
}

// order is what hits are sorted by. Ties fall to the newer article, then to the
// smaller id.
func (s *search) order() []any {
	by := func(field, direction string) object { return object{field: object{"order": direction}} }
	first := by("_score", "desc")
	switch s.q.Sort {
	case news.SortNewest:
		first = by(dateField(s.q.DateField), "desc")
	case news.SortOldest:
		first = by(dateField(s.q.DateField), "asc")
	case news.SortUpdated:
		first = by(fieldUpdated, "desc")
	case news.SortRelevancy:
	}
	return []any{first, by(fieldPublished, "desc"), by(fieldID, "asc")}
}

// ask runs a search on what this one reads.
func (s *search) ask(ctx context.Context, body object) (*reply, error) {
	names, params := s.engine.cfg.Prefix, url.Values{}
	if s.snapshot != nil {
		names = ""
		body["pit"] = object{"id": s.snapshot.id, "keep_alive": keepAlive}
	}
	if s.q.Sort == news.SortRelevancy {
		params.Set("search_type", "dfs_query_then_fetch")
	}
	r := new(reply)
	err := s.engine.client.search(ctx, names, params, body, r)
	switch {
	case err == nil:
		return r, nil
	case s.snapshot != nil && lost(err):
		s.engine.drop(ctx, s.snapshot)
		return nil, news.ErrCursorExpired
	default:
		return nil, fmt.Errorf("search: %w", err)
	}
}
