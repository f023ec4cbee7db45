package web

import (
	"cmp"
	"math"
	"slices"
	"time"

	"broadsheet.example/news"
)

// What counts as rising.
const (
	recentSpan       = 24 * time.Hour
	baselineDays     = 7
	risingCandidates = 200 // most named entities of the recent span that are looked at
	leastRecent      = 2   // articles that must name an entity
)

// trend is how often an entity was named of late, and a day before that.
type trend struct {
	bucket news.Bucket
	daily  float64
	score  float64
}

// trends lists the entities that were named more often than before, the most
// striking first: by how many standard deviations the recent count exceeds the
// daily average, both taken as counts of independent events.
func trends(recent, before news.Facet) []trend {
	baseline := map[string]int{}
	least := 0
	for _, b := range before.Buckets {
		baseline[b.Value] = b.Count
		least = b.Count
	}
	var out []trend
	for _, b := range recent.Buckets {
		if b.Count < leastRecent {
			continue
		}
		n, known := baseline[b.Value]
		if !known && before.Other > 0 {
			n = least // it was named at most so often
		}
		t := trend{bucket: b, daily: float64(n) / baselineDays}
		if t.score = (float64(b.Count) - t.daily) / math.Sqrt(t.daily+1); t.score > 1 {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b trend) int { return cmp.Compare(b.score, a.score) })
	return out
}
