package crawler

import (
	"math/rand/v2"
	"time"

	"broadsheet.example/news"
)

const (
	// deadAfter failures in a row a feed counts as dead and is tried weekly.
	deadAfter   = 30
	weekly      = 7 * 24 * time.Hour
	retryFloor  = time.Minute
	pageRetries = 5
	// maxRetryAfter caps what a host may ask for.
	maxRetryAfter = 7 * 24 * time.Hour
)

// pace says when a feed is due again.
type pace struct{ usual, longest time.Duration }

// afterSuccess is the interval after a poll that was answered: the usual one,
// or what the feed asks for if that is longer, within the longest.
func (p pace) afterSuccess(asked ...time.Duration) time.Duration {
	d := p.usual
	for _, a := range asked {
		d = max(d, a)
	}
	return min(d, p.longest)
}

// afterFailure is the back-off after the nth failure in a row. What the host
// asked for (Retry-After) is kept even beyond the longest interval.
func (p pace) afterFailure(n int, retryAfter time.Duration) time.Duration {
	d := weekly
	if n < deadAfter {
		d = p.longest
		if n < 16 {
			d = min(p.usual<<min(n-1, 16), p.longest)
		}
	}
	return max(d, min(retryAfter, maxRetryAfter))
}

// jitter spreads d by a tenth either way, so that feeds added together drift
// apart.
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
