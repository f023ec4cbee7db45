package web

import (
	"context"
	"net/url"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// Sizes of an overview.
const (
	overviewHits   = 12
	overviewValues = 10
)

// overview sums up the articles of one publisher or entity.
type overview struct {
	Articles int
	Total    string
	Dates    *histogram
	Lists    []list
	Latest   []hit
	All      string // the same articles on the search page
	Outputs  []choice
	Location *news.Location // where an entity lies, by its newest articles; nil when they do not know
}

// list is the most frequent values of a facet, each with a page of its own.
type list struct {
	Title string
	Items []listItem
}

type listItem struct{ Label, Count, Href string }

// overview counts the facets of the articles that carry the value of facet. The
// first of facets is the date.
func (p *pages) overview(ctx context.Context, facet, value string, facets ...string) (overview, error) {
	q := news.Query{
		Expr: query.Value{Field: query.Field(facet), Text: value}, Sort: news.SortNewest, Size: overviewHits, Now: p.deps.Now(),
		Highlight: news.Highlight{On: true},
	}
	for _, name := range append([]string{news.FacetDate}, facets...) {
		q.Facets = append(q.Facets, news.FacetRequest{Name: name, Size: overviewValues + 1}) // one may be value itself
	}
	q.SetDefaults()
	r, err := p.deps.Search(ctx, q)
	if err != nil {
		return overview{}, err
	}
	link := newLinker(url.Values{}, []news.Filter{{Facet: facet, Values: []string{value}}})
	o := overview{Articles: r.Total, Total: count(r.Total, "article"), All: link.with(), Outputs: link.outputs(pageFacets())}
	o.Dates = newHistogram(r.Facets[news.FacetDate], link, q.Zone)
	o.Location = r.Location(value)
	o.Latest = newHits(r.Hits, pagePath, q.Zone, q.Now)
	for _, name := range facets {
		if l := newList(name, r.Facets[name], value); len(l.Items) > 0 {
			o.Lists = append(o.Lists, l)
		}
	}
	return o, nil
}

// newList leaves out the value that the page is about.
func newList(name string, f news.Facet, self string) list {
	l := list{Title: facetTitle(name)}
	for _, b := range f.Buckets {
		if b.Value == self || b.Count == 0 || len(l.Items) == overviewValues {
			continue
		}
		l.Items = append(l.Items, listItem{bucketLabel(name, b), group(b.Count), pagePath(name, b.Value)})
	}
	return l
}

// pagePath is where the page of a facet's value is: its own, or else the search
// page with that value chosen.
func pagePath(facet, value string) string {
	switch facet {
	case news.FacetSource, news.FacetVia:
		return "/sources/" + url.PathEscape(value)
	case news.FacetPerson, news.FacetPlace, news.FacetOrganization, news.FacetEntity:
		if news.IsEntityID(value) {
			return "/entities/" + value
		}
	}
	return newLinker(url.Values{}, nil).toggle(facet, value, false)
}

// newHits makes a list of hits whose publishers and entities lead where to says.
func newHits(hits []news.Hit, to destination, zone *time.Location, now time.Time) []hit {
	out := make([]hit, len(hits))
	for i := range hits {
		out[i] = newHit(&hits[i], to, zone, now)
	}
	return out
}
