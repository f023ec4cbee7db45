package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// linker makes links to searches that differ from the page's in one respect.
// All of them lead to the first page of results but for turn's.
type linker struct {
	base    url.Values // everything but filters and paging
	filters []news.Filter
}

// newLinker takes the parameters of a page and the filters they were read as.
func newLinker(values url.Values, filters []news.Filter) linker {
	base := clone(values)
	for _, name := range append(param.FilterNames(), param.Page, param.Cursor) {
		base.Del(name)
	}
	return linker{base: base, filters: filters}
}

func clone(values url.Values) url.Values {
	out := make(url.Values, len(values))
	for k, v := range values {
		out[k] = slices.Clone(v)
	}
	return out
}

// values joins parameters and filters.
func (l linker) values(base url.Values, filters []news.Filter) url.Values {
	q := news.Query{Filters: filters, Highlight: news.Highlight{On: true}} // on is the default, which is left out
	q.SetDefaults()
	out := clone(base)
	maps.Copy(out, param.Encode(q))
	return out
}

func (l linker) href(base url.Values, filters []news.Filter) string {
	if values := l.values(base, filters); len(values) > 0 {
		return "/?" + values.Encode()
	}
	return "/"
}

// with sets parameters, given as names and values in turn. An empty value takes
// its parameter away.
func (l linker) with(pairs ...string) string {
	base := clone(l.base)
	for i := 0; i+1 < len(pairs); i += 2 {
		if base.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			base.Del(pairs[i])
		}
	}
	return l.href(base, l.filters)
}

// toggle adds a value to a filter, or takes it away if it is there.
func (l linker) toggle(facet, value string, exclude bool) string {
	var filters []news.Filter
	found := false
	for _, f := range l.filters {
		if f.Facet == facet && f.Exclude == exclude {
			found = true
			f.Values = flip(f.Values, value)
		}
		if len(f.Values) > 0 {
			filters = append(filters, f)
		}
	}
	if !found {
		filters = append(filters, news.Filter{Facet: facet, Values: []string{value}, Exclude: exclude})
	}
	return l.href(l.base, filters)
}

func flip(list []string, value string) []string {
	if i := slices.Index(list, value); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1)
	}
	return append(slices.Clone(list), value)
}

// bare is the search without filters and dates.
func (l linker) bare() string {
	return linker{base: l.base}.with(param.From, "", param.To, "", paramMore, "", paramFind, "")
}

// outputs are the same search elsewhere: in the API with the counts that the page
// shows, and what shows its articles in other ways.
func (l linker) outputs(facets []string) []choice {
	whole := clone(l.base)
	whole.Del(paramMore)
	whole.Del(paramFind)
	narrow := clone(whole)
	for _, name := range []string{param.SortBy, param.Recency, param.PageSize, param.Interval} {
		narrow.Del(name)
	}
	whole.Set(param.Facets, strings.Join(facets, ","))
	address := func(path string, base url.Values) string {
		if values := l.values(base, l.filters); len(values) > 0 {
			return path + "?" + values.Encode()
		}
		return path
	}
	return []choice{
		{Label: "RSS", Href: address("/v1/search.rss", narrow)},
		{Label: "JSON", Href: address("/v1/search", whole)},
		{Label: "CSV", Href: address("/v1/export/articles.csv", narrow)},
	}
}

// hidden lists the parameters that a form must carry along.
func (l linker) hidden(except ...string) []pair {
	var out []pair
	values := l.values(l.base, l.filters)
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if slices.Contains(except, name) {
			continue
		}
		for _, v := range values[name] {
			out = append(out, pair{name, v})
		}
	}
	return out
}

type pair struct{ Name, Value string }
