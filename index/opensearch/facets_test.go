package opensearch

import (
	"testing"

	"broadsheet.example/news"
)

// TestExactFacets tells from what shards say whether a facet is exact.
func TestExactFacets(t *testing.T) {
	three := []bucket{{Key: "a", Count: 9}, {Key: "b", Count: 5}, {Key: "c", Count: 2}}
	short := func(at, n int) []bucket {
		list := append([]bucket(nil), three...)
		list[at].Error = n
		return list
	}
	for name, c := range map[string]struct {
		said aggregation
		size int
		want bool
	}{
		"nothing was cut off":                      {aggregation{Buckets: three}, 3, true},
		"fewer values than wanted":                 {aggregation{Buckets: three}, 10, true},
		"no values":                                {aggregation{}, 10, true},
		"what was cut off counts less":             {aggregation{Buckets: three, Other: 7, Error: 1}, 2, true},
		"what was cut off may count as much":       {aggregation{Buckets: three, Other: 7, Error: 1}, 3, false},
		"shards cut off what may count more":       {aggregation{Buckets: three, Other: 7, Error: 5}, 2, false},
		"fewer than wanted, and some cut off":      {aggregation{Buckets: three, Other: 7}, 4, false},
		"a count that is shown may be short":       {aggregation{Buckets: short(1, 1), Other: 7, Error: 1}, 2, false},
		"one that may be short might be shown":     {aggregation{Buckets: short(2, 3), Other: 7, Error: 3}, 2, false},
		"one that may be short counts less anyhow": {aggregation{Buckets: short(2, 2), Other: 7, Error: 2}, 2, true},
		"no values are wanted":                     {aggregation{Buckets: short(0, 9), Other: 7, Error: 9}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := &search{q: new(news.Query)}
			said := aggregation{Sub: map[string]aggregation{news.FacetAuthor: c.said}}
			got := s.tally(news.FacetRequest{Name: news.FacetAuthor, Size: c.size}, said, nil)
			if got.exact(c.size) != c.want {
				t.Errorf("exact is %v of %+v", !c.want, got)
			}
		})
	}
}
