package opensearch

import (
	"cmp"
	"context"
	"slices"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

const (
	// fewBuckets is how many values of a facet are asked for beyond its size, so
	// that those that tie with the last may be put in order by their names, and
	// manyBuckets how many when that was not enough.
	fewBuckets  = 200
	manyBuckets = 10_000
	// bucketsPerShard is how many values a shard is asked for, to each that is
	// wanted: of those that it cuts off, counts may be short.
	bucketsPerShard = 10
)

// countedFields returns the fields behind a facet.
func countedFields(facet string) []string {
	if facet == news.FacetEntity {
		return []string{news.FacetPerson, news.FacetPlace, news.FacetOrganization}
	}
	return []string{facet}
}

// aggregations returns what is counted beside the hits.
func (s *search) aggregations() object {
	aggs := object{}
	if s.q.Sort == news.SortRelevancy && s.q.Size > 0 && s.hasWords() {
		aggs[counting] = s.countWords()
	}
	for _, req := range s.q.Facets {
		if req.Name == news.FacetDate {
			aggs[req.Name] = s.counted(req.Name, object{
				"first": object{"min": object{"field": fieldPublished}},
				"last":  object{"max": object{"field": fieldPublished}},
			})
			continue
		}
		aggs[req.Name] = s.counted(req.Name, s.values(req, req.Size+fewBuckets))
	}
	return aggs
}

// counted restricts aggregations to the articles that a facet counts: in the
// usual mode its own filters are left out.
func (s *search) counted(facet string, aggs object) object {
	list := []object{{"match_all": object{}}}
	for _, f := range s.filters {
		if f.facet != facet || s.q.FacetMode == news.FacetsFiltered {
			list = append(list, f.query)
		}
	}
	return object{"filter": all(list...), "aggs": aggs}
}

// values returns the aggregations that count the values of a facet, and those
// that are chosen by themselves.
func (s *search) values(req news.FacetRequest, size int) object {
	aggs := object{}
	for _, field := range countedFields(req.Name) {
		aggs[field] = object{"terms": object{
			"field": keywordField(field), "size": size, "shard_size": bucketsPerShard*size + 100,
			"order": []object{{"_count": "desc"}, {"_key": "asc"}}, "show_term_doc_count_error": true,
		}}
	}
	return aggs
}

// counted is one value of a facet with its count.
type counted struct {
	value, label string
	count        int
	selected     bool
}

func byCount(a, b counted) int {
	return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.label, b.label), cmp.Compare(a.value, b.value))
}

// facets reads what was counted, and counts again what was cut off.
func (s *search) facets(ctx context.Context, r *reply) (map[string]news.Facet, error) {
	if len(s.q.Facets) == 0 {
		return nil, nil
	}
	out := make(map[string]news.Facet, len(s.q.Facets))
	for _, req := range s.q.Facets {
		var f news.Facet
		var err error
		if req.Name == news.FacetDate {
			f, err = s.histogram(ctx, req, r.Aggregations[req.Name])
		} else {
			f, err = s.countFacet(ctx, req, r.Aggregations[req.Name])
		}
		if err != nil {
			return nil, err
		}
		out[req.Name] = f
	}
	return out, nil
}

// tally is the values of a facet as far as they were counted.
type tally struct {
	counts map[string]map[string]int // by field and value
	short  map[string]map[string]int // by how much a count may be short, where it may
	over   map[string]map[string]int // what was taken from the counts
	sum    int                       // of all values, those cut off too
	cut    int                       // no value that was cut off counts more; 0 when none was
}

// tally reads the counts of a facet's values, in which a group counts once.
func (s *search) tally(req news.FacetRequest, a aggregation, groups map[string]*group) *tally {
	t := &tally{counts: make(map[string]map[string]int), short: make(map[string]map[string]int), over: make(map[string]map[string]int)}
	for _, field := range countedFields(req.Name) {
		t.over[field] = overcounts(groups, field)
		for _, n := range t.over[field] {
			t.sum -= n
		}
		t.add(field, a.Sub[field])
	}
	return t
}

// add takes in what was counted of a field. A shard says nothing of the values
// that it cut off but how often it holds the most frequent of them, at most: so
// much may be missing from the sums.
func (t *tally) add(field string, a aggregation) {
	t.counts[field], t.short[field] = make(map[string]int, len(a.Buckets)), make(map[string]int)
	t.sum += a.Other
	for i, b := range a.Buckets {
		t.sum += b.Count
		value, ok := b.Key.(string)
		if !ok {
			continue
		}
		t.counts[field][value] = b.Count - t.over[field][value]
		if b.Error > 0 {
			t.short[field][value] = b.Error
		}
		if i == len(a.Buckets)-1 && a.Other > 0 {
			t.cut = max(t.cut, b.Count+b.Error, a.Error)
		}
	}
}

// list returns all values that count something, those with the highest counts
// first.
func (t *tally) list() []counted {
	var list []counted
	for _, values := range t.counts {
		for value, n := range values {
			if n > 0 {
				list = append(list, counted{value: value, count: n})
			}
		}
	}
	slices.SortFunc(list, byCount)
	return list
}

// top returns the values of which some may be among the size first, those with
// the highest counts first.
func (t *tally) top(size int) []counted {
	list := t.list()
	end := min(size, len(list))
	for end > 0 && end < len(list) && list[end].count == list[end-1].count {
		end++
	}
	return list[:end]
}

// exact reports whether the size first values are surely those with the highest
// counts, and their counts whole.
func (t *tally) exact(size int) bool {
	if size == 0 {
		return true
	}
	last := 0
	if list := t.list(); len(list) >= size {
		last = list[size-1].count
	}
	if t.cut > 0 && t.cut >= last {
		return false
	}
	for field, values := range t.short {
		for value, n := range values {
			if t.counts[field][value]+n >= last {
				return false
			}
		}
	}
	return true
}

func (s *search) countFacet(ctx context.Context, req news.FacetRequest, a aggregation) (news.Facet, error) {
	groups, err := s.copiesFor(ctx, req.Name)
	if err != nil {
		return news.Facet{}, err
	}
	t := s.tally(req, a, groups)
	if !t.exact(req.Size) {
		again, err := s.countAgain(ctx, req.Name, s.values(req, manyBuckets))
		if err != nil {
			return news.Facet{}, err
		}
		t = s.tally(req, again, groups)
	}
	chosen, err := s.chosen(ctx, req, t)
	if err != nil {
		return news.Facet{}, err
	}
	top := t.top(req.Size)
	if err := s.label(ctx, req.Name, top); err != nil {
		return news.Facet{}, err
	}
	shown := merge(top, chosen, req.Size)
	if err := s.relabel(ctx, shown); err != nil {
		return news.Facet{}, err
	}
	out := news.Facet{Buckets: make([]news.Bucket, len(shown)), Other: t.sum, Approximate: !t.exact(req.Size)}
	for i, c := range shown {
		value := c.value
		if req.Name == news.FacetAuthor || req.Name == news.FacetSection {
			value = c.label // kept folded; shown, and taken back, as written
		}
		out.Buckets[i] = news.Bucket{Value: value, Label: c.label, Count: c.count, Selected: c.selected}
		out.Other -= c.count
	}
	return out, nil
}

// countAgain runs aggregations of a facet alone.
func (s *search) countAgain(ctx context.Context, facet string, aggs object) (aggregation, error) {
	body := object{
		"size": 0, "track_total_hits": false, "query": object{"bool": object{"filter": s.base}},
		"aggs": object{facet: s.counted(facet, aggs)},
	}
	r, err := s.ask(ctx, body)
	if err != nil {
		return aggregation{}, err
	}
	return r.Aggregations[facet], nil
}

// merge puts the values in order and keeps the best, and what is chosen.
func merge(top, chosen []counted, size int) []counted {
	list := slices.Clone(top)
	for _, c := range chosen {
		at := slices.IndexFunc(list, func(o counted) bool { return o.value == c.value })
		if at >= 0 {
			list[at].selected = true
			continue
		}
		list = append(list, c)
	}
	slices.SortFunc(list, byCount)
	var kept, unknown []counted
	for i, c := range list {
		switch {
		case c.selected && c.count == 0:
			unknown = append(unknown, c)
		case i < size || c.selected:
			kept = append(kept, c)
		}
	}
	return append(kept, unknown...)
}

// label gives values the names that articles have for them.
func (s *search) label(ctx context.Context, facet string, list []counted) error {
	byField := make(map[string][]string)
	for _, c := range list {
		for _, field := range countedFields(facet) {
			byField[field] = append(byField[field], c.value)
		}
	}
	for field, values := range byField {
		labels, err := s.engine.labels(ctx, field, values)
		if err != nil {
			return err
		}
		for i := range list {
			if name := labels[list[i].value]; name != "" {
				list[i].label = name
			}
		}
	}
	for i := range list {
		if list[i].label == "" {
			list[i].label = list[i].value
		}
	}
	return nil
}

// relabel gives entities the names that the library has for them and puts the
// values in order again.
func (s *search) relabel(ctx context.Context, shown []counted) error {
	err := s.engine.names.Rename(ctx, len(shown), func(i int) (string, *string) { return shown[i].value, &shown[i].label })
	slices.SortStableFunc(shown, byCount)
	return err
}

// chosen returns the values that the query's filters of a facet ask for, with
// their counts.
func (s *search) chosen(ctx context.Context, req news.FacetRequest, t *tally) ([]counted, error) {
	var list []counted
	for _, f := range s.q.Filters {
		if f.Facet != req.Name || f.Exclude {
			continue
		}
		for _, text := range f.Values {
			if text = index.CleanValue(text); text == "" {
				continue
			}
			some, err := s.meant(ctx, req, text, t)
			if err != nil {
				return nil, err
			}
			list = append(list, some...)
		}
	}
	return list, nil
}

// meant returns the values of a facet that a filter means by a text: the one that
// it is, else those that it names, else itself with a count of 0.
func (s *search) meant(ctx context.Context, req news.FacetRequest, text string, t *tally) ([]counted, error) {
	var list []counted
	for _, field := range countedFields(req.Name) {
		values := []string{text, index.FoldName(text)}
		named, err := s.engine.valuesNamed(ctx, field, text)
		if err != nil {
			return nil, err
		}
		values = append(values, named...)
		if err := s.countThese(ctx, req.Name, field, values, t); err != nil {
			return nil, err
		}
		found := make([]counted, 0, len(values))
		for _, v := range values {
			found = append(found, counted{value: v, count: t.counts[field][v], selected: true})
		}
		if err := s.label(ctx, field, found); err != nil {
			return nil, err
		}
		list = append(list, pick(found)...)
	}
	if len(list) == 0 {
		list = []counted{{value: text, label: text, selected: true}}
	}
	return list, nil
}

// pick chooses of the readings of a text: the first two are values that it may
// be, the others values that it names.
func pick(found []counted) []counted {
	for i, c := range found[:2] {
		if c.count > 0 || c.label != c.value {
			return found[i : i+1]
		}
	}
	return found[2:]
}

// countThese counts values of a facet that were not among the most frequent of
// every shard.
func (s *search) countThese(ctx context.Context, facet, field string, values []string, t *tally) error {
	var unknown []string
	for _, v := range values {
		_, known := t.counts[field][v]
		if t.short[field][v] > 0 || !known && t.cut > 0 {
			unknown = append(unknown, v)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	a, err := s.countAgain(ctx, facet, object{field: object{"terms": object{
		"field": keywordField(field), "include": unknown, "size": len(unknown), "shard_size": len(unknown),
	}}})
	if err != nil {
		return err
	}
	for _, b := range a.Sub[field].Buckets {
		if value, ok := b.Key.(string); ok {
			t.counts[field][value] = b.Count - t.over[field][value]
			delete(t.short[field], value)
		}
	}
	return nil
}
