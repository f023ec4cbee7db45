package crawler

import (
	"math/rand/v2"
	"slices"
	"time"

	"broadsheet.example/news"
)

const (
	// shortest is the least interval between two polls of a feed, unless the
	// usual one is shorter still.
	shortest = 10 * time.Minute
	// blind and blindLarge are the least intervals of a feed that gives no
	// validators, so that every poll costs its whole body; largeBody tells them
	// apart. A server that states how long an answer holds knows better.
	blind      = 6 * time.Hour
	blindLarge = 24 * time.Hour
	largeBody  = 1 << 20

	// deadAfter failures in a row a feed counts as dead and is tried weekly.
	deadAfter   = 30
	weekly      = 7 * 24 * time.Hour
	retryFloor  = time.Minute
	pageRetries = 5
	// maxRetryAfter caps what a host may ask for.
	maxRetryAfter = 7 * 24 * time.Hour
	// tooMany is the least wait after a 429 that does not say how long.
	tooMany = time.Hour
	// slowAnswer is from when on a feed is called slow.
	slowAnswer = 5 * time.Second
)

// pace says when a feed is due again.
type pace struct{ usual, longest time.Duration }

// floor is the shortest interval there is.
func (p pace) floor() time.Duration { return min(shortest, p.usual) }

// adapt moves a feed's interval to its rhythm: a third of the usual time
// between two items, longer the longer it has been quiet, and where items have
// no dates, shorter when a poll brought something new and longer when not. An
// interval at most doubles from one poll to the next, but shrinks at once.
func (p pace) adapt(m memory, now time.Time, fresh bool) time.Duration {
	before := m.Every
	if before <= 0 {
		before = p.usual
	}
	var d time.Duration
	switch {
	case !m.Newest.IsZero():
		d = max(m.Gap, now.Sub(m.Newest)/4) / 3
	case fresh:
		d = before / 2
	default:
		d = before * 3 / 2
	}
	return min(max(d, p.floor()), 2*before, p.longest)
}

// afterSuccess is the interval after a poll that was answered: that of the
// feed's rhythm, but not less than least, and spread by a tenth either way so
// that feeds added together drift apart.
func (p pace) afterSuccess(every, least time.Duration) time.Duration {
	least = min(max(least, p.floor()), p.longest)
	d := jitter(max(every, least))
	if d < least {
		d = least + rand.N(least/10+1)
	}
	return min(d, p.longest)
}

// least is the shortest interval that a feed may be polled at, given how long
// its last answer holds and whether it gave validators.
func (m memory) least(maxAge time.Duration, validators bool) time.Duration {
	asked := max(maxAge, m.Asked)
	switch {
	case validators || asked > 0:
		return asked
	case m.Large:
		return blindLarge
	default:
		return blind
	}
}

// afterFailure is the back-off after the nth failure in a row.
func (p pace) afterFailure(n int) time.Duration {
	const sure = 16 // doublings after which any usual interval is beyond the longest
	switch {
	case n >= deadAfter:
		return weekly
	case n > sure:
		return p.longest
	default:
		return min(p.usual<<max(n-1, 0), p.longest)
	}
}

// open returns the first time from t on that is in none of the hours and days
// (GMT) in which the feed does not want to be polled; t itself when it never
// wants to be.
func (m memory) open(t time.Time) time.Time {
	const hoursOfWeek = 7 * 24
	at := t.UTC()
	for range hoursOfWeek {
		if !slices.Contains(m.SkipHours, at.Hour()) && !slices.Contains(m.SkipDays, at.Weekday()) {
			return at
		}
		at = at.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}

// jitter spreads d by a tenth either way.
func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return d - d/10 + rand.N(d/5+1)
}

// pageBackoff is the wait after a page's nth failure in a row.
func pageBackoff(n int, retryAfter time.Duration) time.Duration {
	d := retryFloor << (2 * min(max(n-1, 0), 5)) // 1 m, 4 m, 16 m, 64 m, 256 m
	return max(d, min(retryAfter, maxRetryAfter))
}

// recheck returns when an article of a publisher who edits is to be looked at
// again: an hour, six hours, a day and a week after it was first seen. It is
// zero after that.
func recheck(firstSeen, now time.Time) time.Time {
	for _, age := range []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, weekly} {
		if at := firstSeen.Add(age); at.After(now) {
			return at.Add(rand.N(at.Sub(now)/10 + 1)) // not before, or it would be the same turn again
		}
	}
	return time.Time{}
}

// health names the state of a feed after n failures in a row.
func health(n int, blocked bool) news.FeedHealth {
	switch {
	case n == 0:
		return news.HealthOK
	case n >= deadAfter:
		return news.HealthDead
	case blocked:
		return news.HealthBlocked
	default:
		return news.HealthFailing
	}
}
