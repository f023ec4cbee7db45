package crawler

import "time"

const (
	// leastRate is how many feeds a second may be polled even if there are few.
	leastRate = 20
	// burst is the part of a second's polls that may come at once.
	burst = 0.2
)

// governor spreads polls evenly, however many fall due at once: after feeds
// were added by the thousand, after a long stop, after the clock was set. The
// zero value is ready.
type governor struct {
	tokens float64
	last   time.Time
}

// allow returns how many of n feeds may be polled now, when as many as total are
// to be polled once in every interval.
func (g *governor) allow(now time.Time, n, total int, interval time.Duration) int {
	rate := float64(leastRate)
	if interval > 0 {
		rate = max(rate, float64(total)/interval.Seconds())
	}
	most := max(rate*burst, 1)
	if g.last.IsZero() {
		g.tokens = most
	} else {
		g.tokens = min(g.tokens+rate*now.Sub(g.last).Seconds(), most)
	}
	g.last = now
	return min(n, int(g.tokens))
}

// spend takes back what was allowed for n feeds.
func (g *governor) spend(n int) { g.tokens -= float64(n) }

const (
	// clockStep is from when on a change of the clock counts as one.
	clockStep = time.Minute
	// maxClockStep is the largest change by which the schedule is moved: beyond
	// it one of the two times was no time at all.
	maxClockStep = 48 * time.Hour
)

// drift watches for the clock being set.
type drift struct {
	wall  time.Time // by the clock
	since time.Time // by the monotonic clock
}

// step returns how far the clock has been set since the last call, 0 if not.
// mono is a time whose monotonic reading counts.
func (d *drift) step(wall, mono time.Time) time.Duration {
	by := time.Duration(0)
	if !d.since.IsZero() {
		by = wall.Round(0).Sub(d.wall) - mono.Sub(d.since)
	}
	d.wall, d.since = wall.Round(0), mono
	if by.Abs() < clockStep || by.Abs() > maxClockStep {
		return 0
	}
	return by
}
