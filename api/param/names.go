package param

import (
	"slices"
	"strings"
	"sync"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// The names of a search's parameters, in canonical spelling. Besides these
// there are the filters; see [FilterNames].
const (
	Q              = "q"
	SearchIn       = "searchIn"
	Domains        = "domains"
	ExcludeDomains = "excludeDomains"
	From           = "from"
	To             = "to"
	DateField      = "dateField"
	SortBy         = "sortBy"
	Recency        = "recency"
	Operator       = "operator"
	PageSize       = "pageSize"
	Page           = "page"
	Cursor         = "cursor"
	EntityType     = "entityType"
	Facets         = "facets"
	FacetSize      = "facetSize"
	FacetMode      = "facetMode"
	Interval       = "interval"
	TZ             = "tz"
	Collapse       = "collapse"
	HighlightOn    = "highlight"
	FragmentSize   = "fragmentSize"
	Fragments      = "fragments"
	PreTag         = "preTag"
	PostTag        = "postTag"
	FieldsName     = "fields"
	Explain        = "explain"
)

// Sources is the parameter that filters by the facet source; the other filters
// are called as their facet.
const Sources = "sources"

// FilterName returns the parameter that filters by the facet, or that leaves
// its values out.
func FilterName(facet string, exclude bool) string {
	name := facet
	if facet == news.FacetSource {
		name = Sources
	}
	if exclude {
		return "exclude" + strings.ToUpper(name[:1]) + name[1:]
	}
	return name
}

// filterFacets lists the facets that can be filtered by.
func filterFacets() []string {
	return slices.DeleteFunc(news.FacetNames(), func(f string) bool { return f == news.FacetDate })
}

// filter is a facet that can be filtered by, and the parameters that do so.
type filter struct{ facet, name, twin string }

// Lists that every request needs, made once.
var (
	allFilters = sync.OnceValue(func() []filter {
		var list []filter
		for _, f := range filterFacets() {
			list = append(list, filter{f, FilterName(f, false), FilterName(f, true)})
		}
		return list
	})
	allNames = sync.OnceValue(Names)
)

// FilterNames lists the parameters that filter by a facet, each followed by its
// excluding twin.
func FilterNames() []string {
	var names []string
	for _, f := range filterFacets() {
		names = append(names, FilterName(f, false), FilterName(f, true))
	}
	return names
}

// Names lists every parameter of a search in canonical spelling.
func Names() []string {
	names := []string{
		Q, SearchIn, Domains, ExcludeDomains, From, To, DateField, SortBy, Recency, Operator, PageSize, Page, Cursor,
		EntityType, Facets, FacetSize, FacetMode, Interval, TZ, Collapse, HighlightOn, FragmentSize, Fragments, PreTag, PostTag, FieldsName, Explain,
	}
	return append(names, FilterNames()...)
}

// canonical returns the one of known, which are canonical spellings, that name
// means. Letter case, hyphens, underscores and a final [] do not count, and what
// other news APIs call the same thing is understood.
func canonical(name string, known []string) (string, bool) {
	if slices.Contains(known, name) {
		return name, true
	}
	plain := strings.ToLower(strings.NewReplacer("-", "", "_", "", "[]", "").Replace(name))
	if alias, ok := alias(plain); ok {
		return alias, true
	}
	for _, k := range known {
		if strings.EqualFold(k, plain) {
			return k, true
		}
	}
	return "", false
}

func alias(plain string) (string, bool) {
	switch plain {
	case "orderby", "sort":
		return SortBy, true
	case "fromdate":
		return From, true
	case "todate":
		return To, true
	case "lang":
		return news.FacetLanguage, true
	case "excludelang":
		return FilterName(news.FacetLanguage, true), true
	case "source", "source.id":
		return Sources, true
	case "excludesource":
		return FilterName(news.FacetSource, true), true
	case "category":
		return news.FacetSection, true
	case "excludecategory":
		return FilterName(news.FacetSection, true), true
	case "contentcompleteness":
		return news.FacetCompleteness, true
	case "timezone":
		return TZ, true
	}
	return "", false
}

// unknown explains a name that is none.
func unknown(what, name string, known []string) string {
	reason := "there is no such " + what
	if near := query.Nearest(name, known); near != "" {
		return reason + "; did you mean " + near + "?"
	}
	return reason + "; there are " + strings.Join(known, ", ")
}

// narrowing lists the parameters that say which articles are meant. The others
// say how they are to be shown.
func narrowing() []string {
	names := []string{Q, SearchIn, Domains, ExcludeDomains, From, To, DateField, Operator, TZ, Collapse, EntityType}
	return append(names, FilterNames()...)
}
