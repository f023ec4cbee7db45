package opensearch

import (
	"context"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

// histogram counts the matches by date of publication, from the first to the last
// of them.
func (s *search) histogram(ctx context.Context, req news.FacetRequest, a aggregation) (news.Facet, error) {
	first, last := a.Sub["first"].Value, a.Sub["last"].Value
	if first == nil || last == nil {
		return index.DateFacet(req.Interval, nil, nil, s.q.Zone), nil
	}
	interval, edges, warning := index.DateEdges(req.Interval, int64(*first), int64(*last), s.q.Zone)
	if warning != "" {
		s.warnings = append(s.warnings, warning)
	}
	ranges := make([]object, len(edges)-1)
	for i := range ranges {
		ranges[i] = object{"from": edges[i], "to": edges[i+1]}
	}
	again, err := s.countAgain(ctx, req.Name, object{"ranges": object{"range": object{"field": fieldPublished, "ranges": ranges}}})
	if err != nil {
		return news.Facet{}, err
	}
	counts := make([]int, len(ranges))
	for i, b := range again.Sub["ranges"].Buckets {
		if i < len(counts) {
			counts[i] = b.Count
		}
	}
	groups, err := s.copiesFor(ctx, req.Name)
	if err != nil {
		return news.Facet{}, err
	}
	uncountDates(groups, edges, counts)
	return index.DateFacet(interval, edges, counts, s.q.Zone), nil
}
