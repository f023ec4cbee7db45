package param

import (
	"net/url"
	"strconv"
	"time"

	"broadsheet.example/news"
)

// Encode writes the parameters that [Parse] reads q from. What is at its default
// is left out. Relative dates come back as instants, and domains as part of q.
// Now, Language and what no parameter sets are not written.
func Encode(q news.Query) url.Values {
	q.SetDefaults()
	w := writer{values: url.Values{}}
	if q.Expr != nil {
		w.text(Q, q.Expr.String(), "")
	}
	w.text(SearchIn, joinList(q.SearchIn), "")
	for _, f := range q.Filters {
		w.text(FilterName(f.Facet, f.Exclude), joinList(f.Values), "")
	}
	w.instant(From, q.From)
	w.instant(To, q.To)
	if q.Zone != time.UTC {
		w.text(TZ, q.Zone.String(), "UTC")
	}
	w.text(Operator, string(q.Match), "")
	w.text(DateField, string(q.DateField), string(news.DatePublished))
	w.text(SortBy, string(q.Sort), string(news.SortRelevancy))
	w.text(Recency, string(q.Recency), string(news.RecencyNormal))
	w.text(Collapse, string(q.Collapse), string(news.CollapseNone))
	w.text(FacetMode, string(q.FacetMode), string(news.FacetsMulti))
	w.text(Explain, strconv.FormatBool(q.Explain), "false")
	w.paging(q)
	w.facets(q.Facets)
	w.highlight(q.Highlight)
	return w.values
}

// writer sets what differs from its default.
type writer struct{ values url.Values }

func (w writer) text(name, value, unset string) {
	if value != unset {
		w.values.Set(name, value)
	}
}

func (w writer) number(name string, n, unset int) {
	w.text(name, strconv.Itoa(n), strconv.Itoa(unset))
}

func (w writer) instant(name string, t time.Time) {
	if !t.IsZero() {
		w.values.Set(name, t.UTC().Format(time.RFC3339Nano))
	}
}

func (w writer) paging(q news.Query) {
	w.number(PageSize, q.Size, pageSize(0))
	if q.Cursor != "" {
		w.values.Set(Cursor, q.Cursor)
		return
	}
	w.number(Page, q.Offset/q.Size+1, 1)
}

// facets writes the size and interval of the first for all.
func (w writer) facets(requests []news.FacetRequest) {
	if len(requests) == 0 {
		return
	}
	names := make([]string, len(requests))
	for i, f := range requests {
		names[i] = f.Name
	}
	w.values.Set(Facets, joinList(names))
	unset := news.Query{Facets: []news.FacetRequest{{}}}
	unset.SetDefaults()
	w.number(FacetSize, requests[0].Size, unset.Facets[0].Size)
	w.text(Interval, string(requests[0].Interval), string(unset.Facets[0].Interval))
}

func (w writer) highlight(h news.Highlight) {
	var unset news.Query
	unset.SetDefaults()
	w.text(HighlightOn, strconv.FormatBool(h.On), "true")
	w.number(FragmentSize, h.Size, unset.Highlight.Size)
	w.number(Fragments, h.Fragments, unset.Highlight.Fragments)
	w.text(PreTag, h.Pre, unset.Highlight.Pre)
	w.text(PostTag, h.Post, unset.Highlight.Post)
}
