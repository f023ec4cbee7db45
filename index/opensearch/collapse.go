package opensearch

import (
	"context"
	"fmt"
	"slices"

	"broadsheet.example/news"
)

// maxCopies bounds the articles that repeat others of which one search keeps
// account; what ranks below them stands for itself.
const maxCopies = 5_000

// group is articles that are near-identical, the best first.
type group []*found

// collapse finds, of near-identical articles that match, the best, so that the
// others can be left out.
func (s *search) collapse(ctx context.Context) error {
	copies, err := s.members(ctx, object{"exists": object{"field": fieldOriginal}}, s.matching())
	if err != nil {
		return err
	}
	if copies.Hits.Total.Value == 0 {
		return nil
	}
	if n := copies.Hits.Total.Value; n > maxCopies {
		s.warnings = append(s.warnings, fmt.Sprintf("%d articles repeat others; only the %d best of them are counted together.", n, maxCopies))
	}
	every, err := s.members(ctx, inGroups(copies.Hits.Hits), s.matching())
	if err != nil {
		return err
	}
	s.groups = grouped(every.Hits.Hits)
	for _, g := range s.groups {
		for _, m := range (*g)[1:] {
			s.losers = append(s.losers, m.text(fieldID))
		}
	}
	slices.Sort(s.losers)
	return nil
}

// inGroups holds for the articles and for what they repeat.
func inGroups(list []found) object {
	ids, originals := make([]string, len(list)), make([]string, len(list))
	for i := range list {
		ids[i], originals[i] = list[i].text(fieldID), list[i].text(fieldOriginal)
	}
	return anyOf(terms(fieldID, ids), terms(fieldID, originals))
}

// members returns the articles that meet the conditions, best first, with what
// facets count of them.
func (s *search) members(ctx context.Context, which object, conditions []object) (*reply, error) {
	fields := []string{fieldID, fieldOriginal, fieldPublished}
	for _, req := range s.q.Facets {
		if req.Name == news.FacetDate {
			continue
		}
		for _, field := range countedFields(req.Name) {
			if name := keywordField(field); !slices.Contains(fields, name) { // else it comes twice
				fields = append(fields, name)
			}
		}
	}
	query := object{"bool": object{"filter": append(slices.Clone(conditions), which)}}
	return s.ask(ctx, object{
		"track_total_hits": true, "_source": false, "docvalue_fields": fields,
		"sort": s.order(), "size": 2 * maxCopies, "query": s.scored(query),
	})
}

// grouped sorts articles, best first, into groups of more than one.
func grouped(list []found) map[string]*group {
	groups := make(map[string]*group)
	for i := range list {
		of := groupOf(&list[i])
		if groups[of] == nil {
			groups[of] = new(group)
		}
		*groups[of] = append(*groups[of], &list[i])
	}
	for of, g := range groups {
		if len(*g) < 2 {
			delete(groups, of)
		}
	}
	return groups
}

// groupOf is the id of the article that stands for the group.
func groupOf(f *found) string {
	if original := f.text(fieldOriginal); original != "" {
		return original
	}
	return f.text(fieldID)
}

// copiesOf lists the articles that a hit stands for beside itself.
func (s *search) copiesOf(id string) []string {
	for _, g := range s.groups {
		if (*g)[0].text(fieldID) != id {
			continue
		}
		ids := make([]string, 0, len(*g)-1)
		for _, m := range (*g)[1:] {
			ids = append(ids, m.text(fieldID))
		}
		return ids
	}
	return nil
}

// copiesFor returns the groups of near-identical articles among those that a
// facet counts, which are more than those found when its own filters are left
// out.
func (s *search) copiesFor(ctx context.Context, facet string) (map[string]*group, error) {
	own := slices.ContainsFunc(s.filters, func(f filter) bool { return f.facet == facet })
	if s.q.Collapse != news.CollapseDuplicates || !own || s.q.FacetMode == news.FacetsFiltered {
		return s.groups, nil
	}
	conditions := slices.Clone(s.base)
	for _, f := range s.filters {
		if f.facet != facet {
			conditions = append(conditions, f.query)
		}
	}
	copies, err := s.members(ctx, object{"exists": object{"field": fieldOriginal}}, conditions)
	if err != nil || copies.Hits.Total.Value == 0 {
		return nil, err
	}
	every, err := s.members(ctx, inGroups(copies.Hits.Hits), conditions)
	if err != nil {
		return nil, err
	}
	return grouped(every.Hits.Hits), nil
}

// overcounts returns how often values of a field were counted beyond the once
// that a group counts.
func overcounts(groups map[string]*group, field string) map[string]int {
	over := make(map[string]int)
	for _, g := range groups {
		seen := make(map[string]bool)
		for _, m := range *g {
			for _, v := range m.texts(keywordField(field)) {
				if seen[v] {
					over[v]++
				}
				seen[v] = true
			}
		}
	}
	return over
}

// uncountDates takes from the counts of buckets what groups were counted beyond
// once.
func uncountDates(groups map[string]*group, edges []int64, counts []int) {
	for _, g := range groups {
		seen := make(map[int]bool)
		for _, m := range *g {
			b, exact := slices.BinarySearch(edges, m.number(fieldPublished))
			if !exact {
				b--
			}
			if seen[b] && b >= 0 && b < len(counts) {
				counts[b]--
			}
			seen[b] = true
		}
	}
}
