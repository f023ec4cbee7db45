package web

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// shownFeeds is how many feeds the health page lists at once.
const shownFeeds = 100

// Names of the health page's parameters.
const (
	paramState = "state"
	paramDone  = "done"
	paramCount = "n"
)

// healthPage is how the machine is doing.
type healthPage struct {
	frame
	Facts  []fact
	States []choice
	Rows   []feedRow
	More   string
	Done   string
	// CanPreview is whether a source can be looked at before it is added.
	CanPreview bool
}

// feedRow is one feed in words.
type feedRow struct {
	ID, Title, URL string
	State          string
	Class          string // ok, poor or off
	Success, Next  when
	Articles       string
	Error          string
	Enabled        bool
}

// health answers /health.
func (p *pages) health(c *fiber.Ctx) error {
	feeds, err := p.deps.Feeds.ListFeeds(c.UserContext())
	if err != nil {
		return err
	}
	page := &healthPage{frame: frame{Title: "Health"}, Done: doneWords(c.Query(paramDone), c.QueryInt(paramCount)), CanPreview: p.deps.Preview != nil}
	if page.Facts, err = p.healthFacts(c.UserContext()); err != nil {
		return err
	}
	page.list(feeds, c.Query(paramState), p.deps.Now())
	return p.render(c, fiber.StatusOK, "health.html", page)
}

func (p *pages) healthFacts(ctx context.Context) ([]fact, error) {
	stats, err := p.deps.Archive.Stats(ctx)
	if err != nil {
		return nil, err
	}
	due, err := p.deps.Feeds.Due(ctx)
	if err != nil {
		return nil, err
	}
	backlog, err := p.deps.Feeds.Backlog(ctx, p.deps.Reader())
	if err != nil {
		return nil, err
	}
	now := p.deps.Now()
	lag := "nothing waits"
	if backlog.Pending > 0 {
		lag = "the oldest for " + duration(now.Sub(backlog.Oldest))
	}
	return []fact{
		{"Articles", group(stats.Articles), count(stats.Revisions, "revision") + ", " + group(stats.Removed) + " taken down"},
		{"Waiting to be searchable", group(backlog.Pending), lag},
		{"Pages to fetch now", group(due.PagesDue), group(due.PagesTotal) + " in all"},
		{"Feeds to poll now", group(due.FeedsDue), nextWords(due.Next, now)},
		{"Store on disk", bytesWords(stats.Bytes), ""},
	}, nil
}

func nextWords(next, now time.Time) string {
	if next.IsZero() {
		return "nothing is planned"
	}
	return "next work " + ahead(next, now)
}

// list shows the feeds of one state, or of all, what needs attention first.
func (h *healthPage) list(feeds []news.Feed, state string, now time.Time) {
	counts := map[string]int{}
	for _, f := range feeds {
		row := newFeedRow(f, now)
		if counts[row.State]++; state == "" || state == row.State {
			h.Rows = append(h.Rows, row)
		}
	}
	h.States = append(h.States, choice{"all " + group(len(feeds)), "/health", state == ""})
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		h.States = append(h.States, choice{name + " " + group(counts[name]), "/health?" + url.Values{paramState: {name}}.Encode(), state == name})
	}
	slices.SortStableFunc(h.Rows, func(a, b feedRow) int { return cmp.Compare(urgency(a.Class), urgency(b.Class)) })
	if n := len(h.Rows) - shownFeeds; n > 0 {
		h.More, h.Rows = count(n, "more feed"), h.Rows[:shownFeeds]
	}
}

func urgency(class string) int { return slices.Index([]string{"poor", "ok", "off"}, class) }

func newFeedRow(f news.Feed, now time.Time) feedRow {
	row := feedRow{ID: f.ID, Title: f.Title, URL: f.URL, Articles: group(f.Articles), Enabled: f.Enabled}
	if strings.TrimSpace(row.Title) == "" {
		row.Title = f.URL
	}
	row.State, row.Class = stateWords(f)
	if !f.LastSuccess.IsZero() {
		row.Success = moment(f.LastSuccess, time.UTC, now)
	}
	if f.Enabled && !f.NextPoll.IsZero() {
		row.Next = moment(f.NextPoll, time.UTC, now)
		row.Next.Words = ahead(f.NextPoll, now)
	}
	if f.Health != news.HealthOK {
		row.Error = excerpt(f.LastError, excerptLength)
	}
	return row
}

// stateWords names the state of a feed, and the class by which it is shown.
func stateWords(f news.Feed) (state, class string) {
	switch {
	case !f.Enabled && f.Health != news.HealthDead && f.Health != news.HealthGone:
		return "off", "off"
	case f.Health == "":
		return "new", "ok"
	case f.Health == news.HealthOK:
		return "ok", "ok"
	default:
		return string(f.Health), "poor"
	}
}

// doneWords confirms what a form did. What is not known is not shown.
func doneWords(done string, n int) string {
	switch done {
	case "added":
		return "The feed was added; it is polled as soon as its host is free."
	case "imported":
		return newFeeds(n) + " new; what is new is polled as soon as its host is free."
	case "known":
		return "That feed was there already."
	case "refresh":
		return "The feed is polled as soon as its host is free."
	case "on":
		return "The feed is polled again."
	case "off":
		return "The feed is no longer polled; its articles stay."
	default:
		return ""
	}
}

func newFeeds(n int) string {
	if n == 1 {
		return "1 feed was"
	}
	return group(n) + " feeds were"
}
