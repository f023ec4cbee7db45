package web

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// sourcePage is what is known of a publisher.
type sourcePage struct {
	frame
	overview
	Name      string
	Site      string // its address on the web, as its articles show it
	Host      string
	Language  string
	Country   string
	Newest    when
	Policy    string
	Republish []listItem // whose articles it has republished
	Feeds     []feedRow
}

// source answers /sources/{id}.
func (p *pages) source(c *fiber.Ctx) error {
	id, err := url.PathUnescape(c.Params("id"))
	if err != nil {
		return news.ErrNotFound
	}
	s, err := p.findSource(c.UserContext(), id)
	if err != nil {
		return err
	}
	o, err := p.overview(c.UserContext(), news.FacetSource, id,
		news.FacetSection, news.FacetPerson, news.FacetPlace, news.FacetOrganization, news.FacetAuthor, news.FacetLanguage, news.FacetVia)
	if err != nil {
		return err
	}
	page := &sourcePage{
		frame: frame{Title: s.Name, Feed: o.Outputs[0].Href}, overview: o, Name: s.Name, Language: languageName(s.Language), Country: countryName(s.Country),
		Policy: policyWords(p.deps.FullText(id)),
	}
	if !s.Latest.IsZero() {
		page.Newest = moment(s.Latest, time.UTC, p.deps.Now())
	}
	page.Site, page.Host = siteOf(s, o.Latest)
	if page.Republish, err = p.republished(c.UserContext(), id); err != nil {
		return err
	}
	if page.Feeds, err = p.feedsOf(c.UserContext(), page.Host); err != nil {
		return err
	}
	return p.render(c, fiber.StatusOK, "source.html", page)
}

// findSource returns the publisher; one that has only republished has but a name.
func (p *pages) findSource(ctx context.Context, id string) (news.Source, error) {
	list, err := p.deps.Archive.Sources(ctx)
	if err != nil {
		return news.Source{}, err
	}
	at := slices.IndexFunc(list, func(s news.Source) bool { return s.ID == id })
	if at < 0 {
		return p.republisher(ctx, id)
	}
	list[at].Name = firstOf(list[at].Name, id)
	return list[at], nil
}

// republisher finds a publisher by what it has republished.
func (p *pages) republisher(ctx context.Context, id string) (news.Source, error) {
	r, err := p.via(ctx, id)
	if err != nil {
		return news.Source{}, err
	}
	if len(r.Hits) == 0 || r.Hits[0].Article.Via == nil {
		return news.Source{}, news.ErrNotFound
	}
	return news.Source{ID: id, Name: nameOf(*r.Hits[0].Article.Via)}, nil
}

// via searches what the publisher has republished.
func (p *pages) via(ctx context.Context, id string) (*news.Result, error) {
	q := news.Query{
		Expr: query.Value{Field: query.FieldVia, Text: id}, Sort: news.SortNewest, Size: 1, Now: p.deps.Now(),
		Facets: []news.FacetRequest{{Name: news.FacetSource}},
	}
	q.SetDefaults()
	return p.deps.Search(ctx, q)
}

func (p *pages) republished(ctx context.Context, id string) ([]listItem, error) {
	r, err := p.via(ctx, id)
	if err != nil {
		return nil, err
	}
	return newList(news.FacetSource, r.Facets[news.FacetSource], "").Items, nil
}

// siteOf is where the publisher is on the web, by its own account or by where its
// newest articles are.
func siteOf(s news.Source, latest []hit) (site, host string) {
	addresses := []string{s.URL}
	for _, h := range latest {
		addresses = append(addresses, h.URL)
	}
	for _, a := range addresses {
		if u, err := url.Parse(a); err == nil && webAddress(a) != "" && u.Host != "" {
			return u.Scheme + "://" + u.Host + "/", strings.TrimPrefix(u.Host, "www.")
		}
	}
	return "", ""
}

// feedsOf lists the feeds that belong to the publisher at host.
func (p *pages) feedsOf(ctx context.Context, host string) ([]feedRow, error) {
	if host == "" {
		return nil, nil
	}
	all, err := p.deps.Feeds.ListFeeds(ctx)
	if err != nil {
		return nil, err
	}
	var rows []feedRow
	for _, f := range all {
		if isAt(f.URL, host) || isAt(f.SiteURL, host) {
			rows = append(rows, newFeedRow(f, p.deps.Now()))
		}
	}
	return rows, nil
}

// isAt reports whether the address lies at host or below it.
func isAt(address, host string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	at := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	return at == host || strings.HasSuffix(at, "."+host)
}

func policyWords(f news.FullTextPolicy) string {
	switch f {
	case news.FullTextPages:
		return "Full text is shown here."
	case news.FullTextNone:
		return "Only snippets are shown; the full text does not leave this archive."
	default:
		return "Snippets are shown here; the full text is to be read at the publisher."
	}
}
