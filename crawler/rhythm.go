package crawler

import (
	"slices"
	"time"

	"broadsheet.example/crawler/feed"
)

// rhythmWindow is how far back the items count that tell a feed's rhythm.
const rhythmWindow = 7 * 24 * time.Hour

// rhythm returns the usual time between two items and the date of the newest,
// by the items' own dates; zero when they have none. It is measured over the
// last week, or as far back as the feed reaches, up to now: a feed that has
// fallen silent slows down.
func rhythm(items []feed.Item, now time.Time) (gap time.Duration, newest time.Time) {
	dates := publications(items, now)
	if len(dates) == 0 {
		return 0, time.Time{}
	}
	newest = dates[0]
	recent := slices.IndexFunc(dates, func(t time.Time) bool { return now.Sub(t) > rhythmWindow })
	switch {
	case recent < 0:
		recent = len(dates)
	case recent == 0: // nothing within the window
		return now.Sub(newest), newest
	}
	return now.Sub(dates[recent-1]) / time.Duration(recent), newest
}

// publications returns the dates of items that are not in the future, newest
// first.
func publications(items []feed.Item, now time.Time) []time.Time {
	var dates []time.Time
	for _, it := range items {
		t := it.Published
		if t.IsZero() {
			t = it.Updated
		}
		if !t.IsZero() && !t.After(now) {
			dates = append(dates, t)
		}
	}
	slices.SortFunc(dates, func(a, b time.Time) int { return b.Compare(a) })
	return dates
}
