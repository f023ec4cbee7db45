package crawler

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// goneAgain is how long after a first 410 a second one disables the feed.
const goneAgain = 24 * time.Hour

// pollFailed schedules the next poll after a failure, and says in words what
// was wrong.
func (c *Crawler) pollFailed(p *polling, err error) {
	c.counter.pollFailed.Add(1)
	p.Failures++
	blocked, retryAfter := false, time.Duration(0)
	if fe, ok := errors.AsType[*fetch.Error](err); ok {
		p.Status, retryAfter = fe.Status, fe.RetryAfter
		p.HostNext = later(p.HostNext, fe.HostNext)
		blocked = fe.Kind == fetch.Blocked || fe.Kind == fetch.Robots
	}
	p.Health, p.Error = health(p.Failures, blocked), err.Error()
	if p.Health == news.HealthDead {
		p.Error = fmt.Sprintf("%d failures in a row, tried once a week: %v", p.Failures, err)
	}
	if p.Status == http.StatusTooManyRequests && retryAfter == 0 {
		retryAfter = tooMany
	}
	p.Next = p.At.Add(max(jitter(c.pace().afterFailure(p.Failures)), min(retryAfter, maxRetryAfter)))
	switch p.Status {
	case http.StatusNotModified:
		p.State.Validators = store.Validators{} // an answer to a question that was not asked
	case http.StatusGone:
		p.gone()
	}
}

// gone disables a feed at its second 410, a day or more after the first.
func (p *polling) gone() {
	p.Health = news.HealthGone
	switch {
	case p.Gone.IsZero():
		p.Gone = p.At
		p.Next = p.At.Add(goneAgain)
		p.Error = "gone, says its server (HTTP 410); it is switched off if that is still so in a day"
	case p.At.Sub(p.Gone) >= goneAgain:
		p.Next = time.Time{}
		p.Error = fmt.Sprintf("gone, says its server (HTTP 410) since %s: switched off", p.Gone.UTC().Format(time.DateOnly))
	}
}
