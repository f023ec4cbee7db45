package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// view is everything the search page shows.
type view struct {
	Version  string
	Query    string
	From, To string
	Hidden   []pair // carried along by the search form
	Dated    []pair // carried along by the date form
	Error    *viewError

	Searched bool // there are results to show, maybe none
	Front    bool // nothing was asked: the newest articles
	Total    string
	None     bool
	Took     string
	Warnings []string
	Chips    []chip
	Sorts    []choice
	Hits     []hit
	Facets   []facet
	Dates    *histogram
	Prev     string
	Next     string
	Range    string

	now  time.Time
	link linker
}

type viewError struct{ Message, Before, After string }

// chip is one thing that narrows the search, with a link that takes it away.
type chip struct{ Kind, Label, Href string }

type choice struct {
	Label, Href string
	Current     bool
}

type hit struct {
	Title, Snippet template.HTML
	URL            string
	Source, Via    choice
	Time           string
	Exact          string
	ISO            string
	Updated        bool
	Completeness   string
	Language       string
	Entities       []choice
	Copies         int
}

type facet struct {
	Title   string
	Options []option
	Other   string
	Open    bool
}

type option struct {
	Label, Count, Href string
	Selected           bool
}

func newView(values url.Values, now time.Time) *view {
	v := &view{
		Query: values.Get(param.Q), From: dateField(values.Get(param.From)), To: dateField(values.Get(param.To)),
		now: now, link: newLinker(values, nil),
	}
	v.carry()
	return v
}

// carry lists what each form must carry along.
func (v *view) carry() {
	v.Hidden = v.link.hidden(param.Q)
	v.Dated = v.link.hidden(param.From, param.To)
}

// dateField is what a date input takes; relative dates show as nothing there.
func dateField(s string) string {
	if len(s) >= len(time.DateOnly) {
		if _, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)]); err == nil {
			return s[:len(time.DateOnly)]
		}
	}
	return ""
}

// show fills the view with a result.
func (v *view) show(q news.Query, r *news.Result) {
	v.link.filters = q.Filters
	v.carry()
	v.Searched, v.None, v.Warnings = true, r.Total == 0, r.Warnings
	v.Front = v.Query == "" && len(q.Filters) == 0 && q.From.IsZero() && q.To.IsZero()
	v.Total = count(r.Total, "article")
	v.Took = fmt.Sprintf("%d ms", max(r.Took.Milliseconds(), 1))
	v.chips(q, r)
	v.sorts(q)
	for i := range r.Hits {
		v.Hits = append(v.Hits, v.hit(&r.Hits[i], q.Zone))
	}
	for _, name := range pageFacets {
		if name == news.FacetDate {
			v.Dates = newHistogram(r.Facets[name], v.link, q.Zone)
		} else if f, ok := v.facet(name, r.Facets[name]); ok {
			v.Facets = append(v.Facets, f)
		}
	}
	v.paging(q, r)
}

func (v *view) chips(q news.Query, r *news.Result) {
	for _, f := range q.Filters {
		kind := facetTitle(f.Facet)
		if f.Exclude {
			kind = "Not " + strings.ToLower(kind)
		}
		for _, value := range f.Values {
			v.Chips = append(v.Chips, chip{kind, label(r.Facets[f.Facet], f.Facet, value), v.link.toggle(f.Facet, value, f.Exclude)})
		}
	}
	if from := v.link.base.Get(param.From); from != "" {
		v.Chips = append(v.Chips, chip{"From", dayOf(from), v.link.with(param.From, "")})
	}
	if to := v.link.base.Get(param.To); to != "" {
		v.Chips = append(v.Chips, chip{"Before", dayOf(to), v.link.with(param.To, "")})
	}
}

// dayOf shortens a time to its day where it says no more than that.
func dayOf(s string) string { return strings.TrimSuffix(s, "T00:00:00Z") }

// label is what a value of a facet is called, as its bucket says.
func label(f news.Facet, name, value string) string {
	for _, b := range f.Buckets {
		if b.Value == value {
			return bucketLabel(name, b)
		}
	}
	return value
}

func bucketLabel(name string, b news.Bucket) string {
	if name == news.FacetLanguage {
		return languageName(b.Value)
	}
	if b.Label == "" {
		return b.Value
	}
	return b.Label
}

func (v *view) sorts(q news.Query) {
	for _, s := range []struct {
		sort  news.Sort
		label string
	}{{news.SortRelevancy, "Relevance"}, {news.SortNewest, "Newest"}, {news.SortOldest, "Oldest"}} {
		if s.sort == news.SortRelevancy && v.Query == "" {
			continue // there is nothing to be relevant to
		}
		v.Sorts = append(v.Sorts, choice{s.label, v.link.with(param.SortBy, string(s.sort)), q.Sort == s.sort})
	}
}

func (v *view) hit(h *news.Hit, zone *time.Location) hit {
	a := &h.Article
	out := hit{
		Title: marked(h.Highlights["title"], a.Title), Snippet: marked(h.Highlights["content"], a.Description),
		URL: a.URL, Source: choice{Label: a.Source.Name, Href: v.link.toggle(news.FacetSource, a.Source.ID, false)},
		Time: ago(a.PublishedAt, v.now), Exact: a.PublishedAt.In(zone).Format("Monday, 2 January 2006, 15:04 MST"),
		ISO: a.PublishedAt.UTC().Format(time.RFC3339), Updated: !a.UpdatedAt.IsZero(), Copies: len(h.Copies),
	}
	if a.PublishedAtPrecision == news.PrecisionDay {
		out.Exact = a.PublishedAt.UTC().Format("Monday, 2 January 2006")
	}
	if !strings.HasPrefix(a.URL, "http://") && !strings.HasPrefix(a.URL, "https://") {
		out.URL = ""
	}
	if a.Via != nil {
		out.Via = choice{Label: a.Via.Name, Href: v.link.toggle(news.FacetVia, a.Via.ID, false)}
	}
	if a.Completeness != news.Full {
		out.Completeness = map[news.Completeness]string{news.Partial: "opening only", news.FeedOnly: "summary only"}[a.Completeness]
	}
	if a.Language != "" && a.Language != "en" {
		out.Language = languageName(a.Language)
	}
	for _, e := range a.Entities[:min(len(a.Entities), shownEntities)] {
		out.Entities = append(out.Entities, choice{Label: e.Name, Href: v.link.toggle(string(e.Type), e.ID, false)})
	}
	return out
}

// shownEntities is how many entities a hit shows.
const shownEntities = 4

// marked is the highlighted form of a field, which the engine has escaped, or
// the plain one.
func marked(fragments []string, plain string) template.HTML {
	if len(fragments) == 0 {
		return template.HTML(template.HTMLEscapeString(plain)) // escaped here
	}
	return template.HTML(strings.Join(fragments, " … ")) // escaped by the engine but for its marks
}

func (v *view) facet(name string, f news.Facet) (facet, bool) {
	out := facet{Title: facetTitle(name)}
	for _, b := range f.Buckets {
		if b.Count == 0 && !b.Selected {
			continue
		}
		out.Options = append(out.Options, option{bucketLabel(name, b), group(b.Count), v.link.toggle(name, b.Value, false), b.Selected})
		out.Open = out.Open || b.Selected
	}
	if f.Other > 0 {
		out.Other = group(f.Other)
	}
	// One value that every hit has tells nothing and filters nothing.
	if len(out.Options) < 2 && !out.Open && (name == news.FacetLanguage || name == news.FacetVia) {
		return out, false
	}
	return out, len(out.Options) > 0
}

func facetTitle(name string) string {
	switch name {
	case news.FacetSource:
		return "Publisher"
	case news.FacetVia:
		return "Republished by"
	case news.FacetPerson:
		return "People"
	case news.FacetPlace:
		return "Places"
	case news.FacetOrganization:
		return "Organisations"
	case news.FacetEntity:
		return "Named"
	default:
		return strings.ToUpper(name[:1]) + name[1:]
	}
}

func (v *view) paging(q news.Query, r *news.Result) {
	if len(r.Hits) == 0 {
		return
	}
	first := q.Offset + 1
	v.Range = fmt.Sprintf("%s to %s", group(first), group(q.Offset+len(r.Hits)))
	page := q.Offset/max(q.Size, 1) + 1
	if page > 1 {
		v.Prev = v.link.turn(param.Page, strconv.Itoa(page-1))
	}
	if q.Offset+len(r.Hits) < r.Total && q.Offset+2*q.Size <= news.MaxOffset {
		v.Next = v.link.turn(param.Page, strconv.Itoa(page+1))
	}
}
