package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// view is everything the search page shows.
type view struct {
	frame
	From, To string
	Dated    []pair // carried along by the date form
	Presets  []choice
	Error    *viewError

	Searched bool // there are results to show, maybe none
	All      bool // nothing was asked: the newest articles
	Total    string
	None     bool
	Took     string
	Warnings []string
	Meant    choice // the query as it was probably meant
	Chips    []chip
	Bare     string // the same query without anything that narrows it
	Clear    bool   // there are several chips to take away at once
	About    []choice
	Sorts    []choice
	Hits     []hit
	Facets   []facet
	Dates    *histogram
	Prev     string
	Next     string
	Range    string
	Outputs  []choice

	now  time.Time
	link linker
	find string
	more string
}

// chip is one thing that narrows the search, with a link that takes it away.
type chip struct{ Kind, Label, Href string }

type choice struct {
	Label, Href string
	Current     bool
}

func newView(values url.Values, now time.Time) *view {
	v := &view{
		frame: frame{Title: values.Get(param.Q), Query: values.Get(param.Q)},
		From:  dateField(values.Get(param.From), false), To: dateField(values.Get(param.To), true),
		now: now, link: newLinker(values, nil), more: values.Get(paramMore), find: strings.TrimSpace(values.Get(paramFind)),
	}
	v.carry()
	return v
}

// carry lists what each form must carry along.
func (v *view) carry() {
	v.Hidden = v.link.hidden(param.Q, paramFind)
	v.Dated = v.link.hidden(param.From, param.To)
}

// show fills the view with a result.
func (v *view) show(q news.Query, r *news.Result) {
	v.link.filters = q.Filters
	v.carry()
	v.Searched, v.None, v.Warnings = true, r.Total == 0, r.Warnings
	v.All = strings.TrimSpace(v.Query) == "" && len(q.Filters) == 0 && q.From.IsZero() && q.To.IsZero()
	if v.Meant = v.meant(r.Corrections); v.Meant.Href != "" && len(r.Corrections) == len(r.Warnings) {
		v.Warnings = nil // they say the same
	}
	v.Total = count(r.Total, "article")
	v.Took = fmt.Sprintf("%d ms", max(r.Took.Milliseconds(), 1))
	v.Outputs = v.link.outputs(pageFacets())
	v.Feed = v.Outputs[0].Href
	v.chips(q, r)
	v.sorts(q)
	v.about(q, r)
	v.Hits = newHits(r.Hits, func(facet, value string) string { return v.link.toggle(facet, value, false) }, q.Zone, v.now)
	for _, name := range pageFacets() {
		if name == news.FacetDate {
			v.Dates = newHistogram(r.Facets[name], v.link, q.Zone)
		} else if f, ok := v.facet(name, r.Facets[name]); ok {
			v.Facets = append(v.Facets, f)
		}
	}
	v.presets()
	v.paging(q, r)
}

func (v *view) chips(q news.Query, r *news.Result) {
	for _, f := range q.Filters {
		kind := filterTitle(f.Facet)
		if f.Exclude {
			kind = "Not " + strings.ToLower(kind)
		}
		for _, value := range f.Values {
			name := label(r.Facets[f.Facet], f.Facet, value)
			v.Chips = append(v.Chips, chip{kind, name, v.link.toggle(f.Facet, value, f.Exclude)})
		}
	}
	if words := dateWords(v.link.base.Get(param.From), v.link.base.Get(param.To)); words != "" {
		v.Chips = append(v.Chips, chip{"Date", words, v.link.with(param.From, "", param.To, "")})
	}
	v.Bare, v.Clear = v.link.bare(), len(v.Chips) > 1
}

// about offers the pages of what the search is narrowed to, if that is one thing
// of its kind.
func (v *view) about(q news.Query, r *news.Result) {
	for _, f := range q.Filters {
		if path := pagePath(f.Facet, f.Values[0]); !f.Exclude && len(f.Values) == 1 && !strings.HasPrefix(path, "/?") {
			v.About = append(v.About, choice{Label: label(r.Facets[f.Facet], f.Facet, f.Values[0]), Href: path})
		}
	}
}

// presets offers the last day, week and month.
func (v *view) presets() {
	from := v.link.base.Get(param.From)
	for _, p := range []struct{ label, age string }{{"Day", "1d"}, {"Week", "7d"}, {"Month", "30d"}, {"Year", "1y"}} {
		if from == p.age && v.To == "" {
			v.Presets = append(v.Presets, choice{p.label, v.link.with(param.From, "", param.To, ""), true})
			continue
		}
		v.Presets = append(v.Presets, choice{p.label, v.link.with(param.From, p.age, param.To, ""), false})
	}
}

func (v *view) sorts(q news.Query) {
	for _, s := range []struct {
		sort  news.Sort
		label string
	}{{news.SortRelevancy, "Relevance"}, {news.SortNewest, "Newest"}, {news.SortOldest, "Oldest"}} {
		if s.sort == news.SortRelevancy && strings.TrimSpace(v.Query) == "" {
			continue // there is nothing to be relevant to
		}
		v.Sorts = append(v.Sorts, choice{s.label, v.link.with(param.SortBy, string(s.sort)), q.Sort == s.sort})
	}
}

func (v *view) paging(q news.Query, r *news.Result) {
	if len(r.Hits) == 0 {
		return
	}
	if q.Cursor != "" {
		v.Range, v.Prev = "further on", v.link.with()
	} else {
		v.Range = fmt.Sprintf("%s to %s", group(q.Offset+1), group(q.Offset+len(r.Hits)))
	}
	page := q.Offset/max(q.Size, 1) + 1
	if page > 1 {
		v.Prev = v.link.with(param.Page, strconv.Itoa(page-1))
	}
	switch {
	case q.Cursor == "" && q.Offset+len(r.Hits) >= r.Total:
	case q.Cursor == "" && q.Offset+2*q.Size <= news.MaxOffset:
		v.Next = v.link.with(param.Page, strconv.Itoa(page+1))
	case r.NextCursor != "": // beyond where pages reach
		v.Next = v.link.with(param.Cursor, r.NextCursor)
	}
}
