package index

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"

	"broadsheet.example/news"
)

const (
	// maxDateBuckets bounds a date facet; a narrower interval is coarsened.
	maxDateBuckets = 400
	// autoDateBuckets is the most that "auto" chooses.
	autoDateBuckets = 40
)

// intervals in the order of their width.
func intervals() []news.Interval {
	return []news.Interval{news.IntervalHour, news.IntervalDay, news.IntervalWeek, news.IntervalMonth, news.IntervalYear}
}

// histogram counts the matches by date of publication. It covers the range from
// the first to the last of them, empty buckets included.
func (r *run) histogram(req news.FacetRequest) (news.Facet, error) {
	first, last := r.dateRange()
	if first > last {
		return news.Facet{Interval: widest(req.Interval)}, nil
	}
	interval, edges := r.edges(req.Interval, first, last)
	counts := make([]int, len(edges)-1)
	sets := make([]bitset, len(r.segments))
	for i, s := range r.segments {
		sets[i] = s.countable(news.FacetDate)
	}
	if err := r.once(sets, func(group []candidate) { countGroup(group, edges, counts) }); err != nil {
		return news.Facet{}, err
	}
	for i, s := range r.segments {
		for first := 0; first < len(sets[i]); first += checkWords {
			if err := r.ctx.Err(); err != nil {
				return news.Facet{}, err
			}
			words := sets[i][first:min(first+checkWords, len(sets[i]))]
			countDates(s.cols.published[first*64:], s.cols.spans[first:], words, edges, counts)
		}
	}
	return DateFacet(interval, edges, counts, r.q.Zone), nil
}

// widest is the interval to report for no matches at all.
func widest(i news.Interval) news.Interval {
	if i == news.IntervalAuto {
		return news.IntervalDay
	}
	return i
}

func dateLabel(i news.Interval) string {
	switch i {
	case news.IntervalHour:
		return "2006-01-02 15:04"
	case news.IntervalMonth:
		return "2006-01"
	case news.IntervalYear:
		return "2006"
	default:
		return time.DateOnly
	}
}

// dateRange returns the dates of the oldest and the newest match; the first is
// after the last when there is none.
func (r *run) dateRange() (first, last int64) {
	first, last = math.MaxInt64, math.MinInt64
	for _, s := range r.segments {
		order, set := s.cols.order, s.countable(news.FacetDate)
		newest := slices.IndexFunc(order, set.has)
		if newest < 0 {
			continue
		}
		oldest := len(order) - 1
		for !set.has(order[oldest]) {
			oldest--
		}
		first, last = min(first, s.cols.published[order[oldest]]), max(last, s.cols.published[order[newest]])
	}
	return first, last
}

// edges returns the bounds of the buckets from first to last, and their interval.
func (r *run) edges(want news.Interval, first, last int64) (news.Interval, []int64) {
	interval, edges, warning := DateEdges(want, first, last, r.q.Zone)
	if warning != "" {
		r.warnings = append(r.warnings, warning)
	}
	return interval, edges
}

// DateEdges returns the bounds of the buckets of a date facet from first to last,
// in milliseconds, and their interval: the one asked for if it gives few enough
// buckets, else the next, with a warning.
func DateEdges(want news.Interval, first, last int64, zone *time.Location) (interval news.Interval, edges []int64, warning string) {
	limit, list := maxDateBuckets, intervals()
	if want == news.IntervalAuto {
		limit = autoDateBuckets
	} else {
		for len(list) > 1 && list[0] != want {
			list = list[1:]
		}
	}
	for i, interval := range list {
		edges := bucketEdges(interval, first, last, zone, limit)
		if edges == nil && i < len(list)-1 {
			continue
		}
		if edges == nil {
			edges = []int64{bucketStart(interval, time.UnixMilli(first).In(zone)).UnixMilli(), last + 1}
		}
		if want != news.IntervalAuto && interval != want {
			warning = fmt.Sprintf("Dates are counted by %s: by %s there would be more than %d.", interval, want, maxDateBuckets)
		}
		return interval, edges, warning
	}
	return want, nil, ""
}

// DateFacet returns the facet of the counts between the edges; of no edges, an
// empty one.
func DateFacet(interval news.Interval, edges []int64, counts []int, zone *time.Location) news.Facet {
	f := news.Facet{Interval: widest(interval)}
	for i, n := range counts {
		from := time.UnixMilli(edges[i]).In(zone)
		f.Buckets = append(f.Buckets, news.Bucket{Label: from.Format(dateLabel(interval)), Count: n, From: from, To: time.UnixMilli(edges[i+1]).In(zone)})
	}
	return f
}

// bucketEdges returns the bounds of the buckets, nil if there are more than
// limit.
func bucketEdges(interval news.Interval, first, last int64, zone *time.Location, limit int) []int64 {
	at := bucketStart(interval, time.UnixMilli(first).In(zone))
	edges := []int64{at.UnixMilli()}
	for edges[len(edges)-1] <= last {
		if len(edges) > limit {
			return nil
		}
		next := bucketNext(interval, at)
		if !next.After(at) {
			return nil
		}
		at = next
		edges = append(edges, at.UnixMilli())
	}
	return edges
}

// bucketStart is the beginning of the bucket that t lies in, in t's zone.
func bucketStart(interval news.Interval, t time.Time) time.Time {
	y, m, d := t.Date()
	switch interval {
	case news.IntervalHour:
		_, offset := t.Zone()
		shift := time.Duration(offset) * time.Second
		return t.Add(shift).Truncate(time.Hour).Add(-shift)
	case news.IntervalWeek:
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, t.Location())
	case news.IntervalMonth:
		return time.Date(y, m, 1, 0, 0, 0, 0, t.Location())
	case news.IntervalYear:
		return time.Date(y, 1, 1, 0, 0, 0, 0, t.Location())
	default:
		return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	}
}

// bucketNext is the beginning of the bucket after the one that begins at t.
func bucketNext(interval news.Interval, t time.Time) time.Time {
	y, m, d := t.Date()
	switch interval {
	case news.IntervalHour:
		return t.Add(time.Hour)
	case news.IntervalWeek:
		return time.Date(y, m, d+7, 0, 0, 0, 0, t.Location())
	case news.IntervalMonth:
		return time.Date(y, m+1, 1, 0, 0, 0, 0, t.Location())
	case news.IntervalYear:
		return time.Date(y+1, 1, 1, 0, 0, 0, 0, t.Location())
	default:
		return time.Date(y, m, d+1, 0, 0, 0, 0, t.Location())
	}
}

// countDates adds the documents of the set to the buckets between the edges,
// which cover them all. Of 64 documents that lie in one bucket together, as most do
// that came in the order of time, no date is looked at.
func countDates(times []int64, spans []dateSpan, docs bitset, edges []int64, counts []int) {
	perMilli := float64(len(counts)) / float64(edges[len(edges)-1]-edges[0])
	bucket := func(t int64) int {
		b := min(int(float64(t-edges[0])*perMilli), len(counts)-1) // buckets are nearly even
		for t < edges[b] {
			b--
		}
		for t >= edges[b+1] {
			b++
		}
		return b
	}
	last := 0
	for i, word := range docs {
		if word == 0 {
			continue
		}
		span := spans[i]
		if span.oldest < edges[last] || span.newest >= edges[last+1] {
			last = bucket(times[i*64+bits.TrailingZeros64(word)])
		}
		if span.oldest >= edges[last] && span.newest < edges[last+1] {
			counts[last] += bits.OnesCount64(word)
			continue
		}
		for ; word != 0; word &= word - 1 {
			counts[bucket(times[i*64+bits.TrailingZeros64(word)])]++
		}
	}
}

// countGroup counts each bucket that articles of a group lie in as one.
func countGroup(group []candidate, edges []int64, counts []int) {
	var seen []int
	for _, c := range group {
		b, exact := slices.BinarySearch(edges, c.published)
		if !exact {
			b--
		}
		if !slices.Contains(seen, b) {
			seen = append(seen, b)
			counts[b]++
		}
	}
}
