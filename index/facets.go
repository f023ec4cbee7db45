package index

import (
	"slices"
	"strings"

	"broadsheet.example/news"
)

// facets counts what the query asks for.
func (r *run) facets() (map[string]news.Facet, error) {
	if len(r.q.Facets) == 0 {
		return nil, nil
	}
	out := make(map[string]news.Facet, len(r.q.Facets))
	for _, req := range r.q.Facets {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		count := r.countFacet
		if req.Name == news.FacetDate {
			count = r.histogram
		}
		f, err := count(req)
		if err != nil {
			return nil, err
		}
		out[req.Name] = f
	}
	return out, nil
}

// countable returns the set whose values a facet counts: the matches, in the
// usual mode without the facet's own filters.
func (s *segmentRun) countable(facet string) bitset {
	own := false
	for _, f := range s.run.filters {
		own = own || f.facet == facet && s.run.q.FacetMode != news.FacetsFiltered
	}
	if !own && s.every != nil {
		return s.every
	}
	if !own {
		return s.match
	}
	out := s.run.arena.copy(s.base)
	for i, f := range s.run.filters {
		if f.facet != facet {
			out.and(s.filters[i])
		}
	}
	return out
}

// counted is one value of a facet with its count.
type counted struct {
	entry
	count    int
	selected bool
}

// byCount orders by count, the highest first, then by label. Of a rare word's
// many values most are compared by their counts alone.
func byCount(a, b counted) int {
	if a.count != b.count {
		return b.count - a.count
	}
	if c := strings.Compare(a.label, b.label); c != 0 {
		return c
	}
	return strings.Compare(a.value, b.value)
}

// countFacet counts one facet other than date.
func (r *run) countFacet(req news.FacetRequest) (news.Facet, error) {
	sets := make([]bitset, len(r.segments))
	for i, s := range r.segments {
		sets[i] = s.countable(req.Name)
	}
	var repeated [][]candidate
	if err := r.once(sets, func(group []candidate) { repeated = append(repeated, group) }); err != nil {
		return news.Facet{}, err
	}
	chosen := r.chosen(req.Name)
	var top []counted
	sum := 0
	for _, f := range columnsOf(req.Name) {
		best, n, err := r.countColumn(f, req.Size, chosen, sets, repeated)
		if err != nil {
			return news.Facet{}, err
		}
		top, sum = append(top, best...), sum+n
	}
	return r.facet(req, merge(top, req.Size), sum)
}

// countColumn returns the size best values of a column and those chosen, and the
// sum of the counts of all values.
func (r *run) countColumn(f facetID, size int, chosen []string, sets []bitset, repeated [][]candidate) ([]counted, int, error) {
	dict := r.engine.dicts[f]
	t := r.engine.tallies.get(dict.size())
	defer r.engine.tallies.put(t)
	sum, err := r.countTop(t, f, size, dict.numbersOf(chosen, t.size), sets, repeated)
	if err != nil {
		return nil, 0, err
	}
	return append(dict.top(t, size), dict.chosen(t, chosen)...), sum, nil
}

// countTop fills the tally with the counts of the best values of a column, those
// chosen and perhaps others. It returns the sum of the counts of all values.
func (r *run) countTop(t *tally, f facetID, size int, chosen []uint32, sets []bitset, repeated [][]candidate) (int, error) {
	chunks, rest := r.divide(f, sets)
	if err := r.countForward(t, f, rest, repeated); err != nil || len(chunks) == 0 {
		return t.sum(), err
	}
	sum := t.sum()
	for i := range chunks {
		sum += chunks[i].sum(chunks[i].docs)
	}
	c := r.newContest(f, size, chunks, t, chosen)
	defer c.end()
	decided, err := c.decide(chosen)
	if err != nil {
		return 0, err
	}
	if decided {
		c.tell(t)
		return sum, nil
	}
	t.clear()
	return sum, r.countForward(t, f, r.parts(f, sets), repeated)
}

// countForward counts all values of all documents of the parts, and of the groups
// each as one.
func (r *run) countForward(t *tally, f facetID, parts []part, repeated [][]candidate) error {
	for _, group := range repeated {
		t.addOnce(f, group)
	}
	return t.addAll(r.ctx, parts)
}

// parts returns a column's parts in all segments.
func (r *run) parts(f facetID, sets []bitset) []part {
	list := make([]part, len(r.segments))
	for i, s := range r.segments {
		list[i] = part{&s.cols.facets[f], sets[i], s.cols.size}
	}
	return list
}

// divide returns the chunks of a column whose best values are to be found among
// those listed, and the parts that are sooner counted match by match.
func (r *run) divide(f facetID, sets []bitset) (chunks []matchedChunk, rest []part) {
	for i, p := range r.parts(f, sets) {
		found, matches, cost := r.segments[i].matchedChunks(p)
		perMatch := r.engine.cfg.inversion.several
		if p.column.single != nil {
			perMatch = r.engine.cfg.inversion.single
		}
		if len(found) == 0 || matches*perMatch < cost {
			rest = append(rest, p)
			continue
		}
		chunks = append(chunks, found...)
	}
	return chunks, rest
}

// matchedChunks returns the chunks of the column that have matches, how many, and
// what counting all that they list would cost.
func (s *segmentRun) matchedChunks(p part) (found []matchedChunk, matches, cost int) {
	for i := range p.column.chunks {
		c := &p.column.chunks[i]
		docs := p.docs[c.first/64 : c.first/64+words(c.size)]
		if n := docs.count(); n > 0 {
			found = append(found, matchedChunk{c, s, docs, n})
			matches, cost = matches+n, cost+c.cost
		}
	}
	return found, matches, cost
}

// merge puts the candidates of a facet's columns in order and keeps the best,
// and what is selected.
func merge(all []counted, size int) []counted {
	byValue := make(map[string]int, len(all))
	var list []counted
	for _, c := range all {
		if i, ok := byValue[c.value]; ok {
			list[i].selected = list[i].selected || c.selected
			continue
		}
		byValue[c.value] = len(list)
		list = append(list, c)
	}
	slices.SortFunc(list, byCount)
	rest := list[min(size, len(list)):]
	kept := list[:min(size, len(list)):min(size, len(list))]
	for _, c := range rest {
		if c.selected {
			kept = append(kept, c)
		}
	}
	return kept
}

// facet makes the answer of the values to show, with the names that the library
// has for entities.
func (r *run) facet(req news.FacetRequest, shown []counted, sum int) (news.Facet, error) {
	shown = r.addUnknown(req.Name, shown)
	if err := r.relabel(shown); err != nil {
		return news.Facet{}, err
	}
	out := news.Facet{Buckets: make([]news.Bucket, len(shown)), Other: sum}
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

// chosen lists the values that the query's filters of a facet ask for.
func (r *run) chosen(facet string) []string {
	var list []string
	for _, f := range r.q.Filters {
		if f.Facet == facet && !f.Exclude {
			list = append(list, f.Values...)
		}
	}
	return list
}

// addUnknown adds chosen values that no article has, with a count of 0.
func (r *run) addUnknown(facet string, shown []counted) []counted {
	for _, v := range r.chosen(facet) {
		v = cleanValue(v)
		if !slices.ContainsFunc(shown, func(c counted) bool { return c.selected && c.is(v) }) && v != "" {
			shown = append(shown, counted{entry: entry{value: v, label: v}, selected: true})
		}
	}
	return shown
}

// is reports whether a person may have meant the entry by text.
func (e entry) is(text string) bool {
	return e.value == text || foldName(e.value) == foldName(text) || foldName(e.label) == foldName(text)
}

// relabel gives entities the names that the library has for them and puts the
// values in order again.
func (r *run) relabel(shown []counted) error {
	err := r.engine.labels.rename(r.ctx, len(shown), func(i int) (string, *string) { return shown[i].value, &shown[i].label })
	slices.SortStableFunc(shown, byCount)
	return err
}

// top returns the size values of the tally with the highest counts; among
// equal ones those with the smallest labels.
func (d *dictionary) top(t *tally, size int) []counted {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var best []counted // a heap of at most size, the last in order at its root
	for _, v := range t.touched {
		n := int(t.counts[v])
		if n == 0 || len(best) == size && n < best[0].count {
			continue
		}
		best = pushCounted(best, counted{entry: d.entries[v], count: n}, size)
	}
	return best
}

// numbersOf returns the numbers, below the limit, of the values that the texts mean,
// once each.
func (d *dictionary) numbersOf(texts []string, limit int) []uint32 {
	var list []uint32
	for _, text := range texts {
		list = append(list, d.find(cleanValue(text))...)
	}
	list = slices.DeleteFunc(list, func(n uint32) bool { return int(n) >= limit })
	slices.Sort(list)
	return slices.Compact(list)
}

// chosen returns the values that the texts mean.
func (d *dictionary) chosen(t *tally, texts []string) []counted {
	var list []counted
	for _, text := range texts {
		numbers := d.find(cleanValue(text))
		for i, e := range d.lookup(numbers) {
			n := 0
			if int(numbers[i]) < len(t.counts) {
				n = int(t.counts[numbers[i]])
			}
			list = append(list, counted{entry: e, count: n, selected: true})
		}
	}
	return list
}

// pushCounted adds c to a heap that keeps the size first in order.
func pushCounted(heap []counted, c counted, size int) []counted {
	if len(heap) < size {
		heap = append(heap, c)
		for i := len(heap) - 1; i > 0 && byCount(heap[i], heap[(i-1)/2]) > 0; i = (i - 1) / 2 {
			heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
		}
		return heap
	}
	if size == 0 || byCount(c, heap[0]) >= 0 {
		return heap
	}
	heap[0] = c
	for i := 0; ; {
		last := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(heap); child++ {
			if byCount(heap[child], heap[last]) > 0 {
				last = child
			}
		}
		if last == i {
			return heap
		}
		heap[i], heap[last] = heap[last], heap[i]
		i = last
	}
}
