package web

import (
	"context"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// Sizes of the front page.
const (
	frontHits    = news.MaxSize // newest articles, of which the blocks are made
	frontLatest  = 11
	frontSources = 12
	frontEach    = 3 // articles of one publisher
	frontRising  = 12
	frontLeads   = 1
)

// frontPage is what there is when nothing is asked: the newest, and who is in the
// news more than before.
type frontPage struct {
	frame
	Date    string
	Total   string
	Sources string
	Newest  when
	Lead    []hit
	Latest  []hit
	Blocks  []block
	Rising  []rising
	Dates   *histogram
	All     string
}

// block is the newest articles of one publisher.
type block struct {
	Source choice
	Total  string
	Hits   []hit
}

// front answers / without parameters.
func (p *pages) front(c *fiber.Ctx) error {
	ctx, now := c.UserContext(), p.deps.Now()
	q := news.Query{
		Sort: news.SortNewest, Size: frontHits, Now: now,
		Facets: []news.FacetRequest{{Name: news.FacetDate}, {Name: news.FacetSource, Size: news.MaxFacetSize}},
	}
	q.SetDefaults()
	r, err := p.deps.Search(ctx, q)
	if err != nil {
		return err
	}
	page := newFrontPage(r, now)
	if page.Rising, err = p.rising(ctx, now); err != nil {
		return err
	}
	return p.render(c, fiber.StatusOK, "front.html", page)
}

func newFrontPage(r *news.Result, now time.Time) *frontPage {
	link := newLinker(url.Values{}, nil)
	page := &frontPage{
		frame: frame{Feed: link.outputs(nil)[0].Href},
		Date:  now.In(time.UTC).Format("Monday, 2 January 2006"), Total: count(r.Total, "article"),
		All: link.with(param.SortBy, string(news.SortNewest)), Dates: newHistogram(r.Facets[news.FacetDate], link, time.UTC),
	}
	if n := len(r.Facets[news.FacetSource].Buckets); n > 0 {
		page.Sources = atLeast(r.Facets[news.FacetSource]) + count(n, "publisher")
	}
	hits := newHits(r.Hits, pagePath, time.UTC, now)
	if len(hits) > 0 {
		page.Newest = hits[0].When
	}
	latest := hits[:min(len(hits), frontLatest)]
	page.Lead, page.Latest = latest[:min(len(latest), frontLeads)], latest[min(len(latest), frontLeads):]
	page.Blocks = blocks(hits, r.Facets[news.FacetSource])
	return page
}

// blocks groups hits by publisher, who published last first.
func blocks(hits []hit, counts news.Facet) []block {
	var out []block
	at := map[string]int{}
	for _, h := range hits {
		i, known := at[h.Source.Href]
		if !known {
			if len(out) == frontSources {
				continue
			}
			i = len(out)
			at[h.Source.Href] = i
			out = append(out, block{Source: h.Source})
		}
		if len(out[i].Hits) < frontEach {
			out[i].Hits = append(out[i].Hits, h)
		}
	}
	for _, b := range counts.Buckets {
		if i, ok := at[pagePath(news.FacetSource, b.Value)]; ok {
			out[i].Total = count(b.Count, "article")
		}
	}
	return out
}

// atLeast says it of the number of values of a facet that does not show all.
func atLeast(f news.Facet) string {
	if f.Approximate || f.Other > 0 {
		return "at least "
	}
	return ""
}

// rising is an entity that is named more often than it was.
type rising struct {
	Name, Href    string
	Today, Before string // articles in the last day; a day on average, in the week before
}

// rising compares the last 24 hours with the 7 days before them.
func (p *pages) rising(ctx context.Context, now time.Time) ([]rising, error) {
	yesterday := now.Add(-recentSpan)
	recent, err := p.countEntities(ctx, yesterday, now, risingCandidates)
	if err != nil {
		return nil, err
	}
	before, err := p.countEntities(ctx, yesterday.Add(-baselineDays*24*time.Hour), yesterday, news.MaxFacetSize)
	if err != nil {
		return nil, err
	}
	var out []rising
	for _, t := range trends(recent, before) {
		if len(out) == frontRising {
			break
		}
		out = append(out, rising{
			Name: bucketLabel(news.FacetEntity, t.bucket), Href: pagePath(news.FacetEntity, t.bucket.Value),
			Today: group(t.bucket.Count), Before: decimal(t.daily),
		})
	}
	return out, nil
}

// countEntities counts the articles of a span that name each entity.
func (p *pages) countEntities(ctx context.Context, from, to time.Time, size int) (news.Facet, error) {
	q := news.Query{From: from, To: to, Sort: news.SortNewest, Size: 1, Now: to, Facets: []news.FacetRequest{{Name: news.FacetEntity, Size: size}}}
	q.SetDefaults()
	r, err := p.deps.Search(ctx, q)
	if err != nil {
		return news.Facet{}, err
	}
	return r.Facets[news.FacetEntity], nil
}
