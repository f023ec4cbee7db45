package web

import (
	"strings"

	"broadsheet.example/news"
)

// facet is the values of one facet with their counts.
type facet struct {
	Name, Title string
	Options     []option
	Other       string // how many values' articles are not shown
	More, Less  string // links to the long form and back
	Find        string // what names must hold, in the long form
	Carried     []pair // carried along by the form of Find
	Long        bool
	Approximate bool // counts may be too small, and a value be missing
}

type option struct {
	Label, Count, Href string
	Key                string // names the option from one page to the next
	Selected           bool
}

// facet lists what can be chosen; false when there is nothing to choose.
func (v *view) facet(name string, f news.Facet) (facet, bool) {
	out := facet{Name: name, Title: facetTitle(name), Long: name == v.more, Approximate: f.Approximate}
	selected := false
	for _, b := range f.Buckets {
		if b.Count == 0 && !b.Selected || out.Long && !holds(bucketLabel(name, b), v.find) && !b.Selected {
			continue
		}
		selected = selected || b.Selected
		if len(out.Options) < longFacet {
			out.Options = append(out.Options, option{
				Label: bucketLabel(name, b), Count: group(b.Count), Href: v.link.toggle(name, b.Value, false),
				Key: name + ":" + b.Value, Selected: b.Selected,
			})
		}
	}
	v.lengthen(&out, f)
	return out, out.Long || selected || len(out.Options) > least(name)
}

// lengthen adds the way to the long form of a facet, and back.
func (v *view) lengthen(out *facet, f news.Facet) {
	switch {
	case out.Long:
		out.Less, out.Find = v.link.with(paramMore, "", paramFind, ""), v.find
		out.Carried = v.link.hidden(paramFind)
	case f.Other > 0:
		out.More = v.link.with(paramMore, out.Name, paramFind, "")
	}
	if f.Other > 0 && v.find == "" {
		out.Other = group(f.Other)
	}
}

// holds reports whether the name has what was looked for in it.
func holds(name, find string) bool {
	return find == "" || strings.Contains(strings.ToLower(name), strings.ToLower(find))
}

// least is how many values a facet must have more of, to be worth its place: one
// value that every hit has tells nothing and filters nothing.
func least(name string) int {
	switch name {
	case news.FacetLanguage, news.FacetVia, news.FacetCountry, news.FacetAuthor:
		return 1
	default:
		return 0
	}
}

// label is what a value of a facet is called, as its bucket says.
func label(f news.Facet, name, value string) string {
	for _, b := range f.Buckets {
		if b.Value == value {
			return bucketLabel(name, b)
		}
	}
	return bucketLabel(name, news.Bucket{Value: value})
}

func bucketLabel(name string, b news.Bucket) string {
	switch name {
	case news.FacetLanguage:
		return firstOf(languageName(b.Value), "Unnamed")
	case news.FacetCountry:
		return firstOf(countryName(b.Value), "Unnamed")
	default:
		return firstOf(b.Label, b.Value, "Unnamed")
	}
}

// facetTitle heads the values of a facet.
func facetTitle(name string) string {
	switch name {
	case news.FacetSource:
		return "Publishers"
	case news.FacetVia:
		return "Republished by"
	case news.FacetPerson:
		return "People"
	case news.FacetPlace:
		return "Places"
	case news.FacetOrganization:
		return "Organizations"
	case news.FacetSection:
		return "Sections"
	case news.FacetLanguage:
		return "Languages"
	case news.FacetAuthor:
		return "Authors"
	case news.FacetCountry:
		return "Countries of publishers"
	default:
		return filterTitle(name)
	}
}

// filterTitle stands before one value of a facet.
func filterTitle(name string) string {
	switch name {
	case news.FacetSource:
		return "Publisher"
	case news.FacetVia:
		return "Via"
	case news.FacetEntity:
		return "Named"
	default:
		return strings.ToUpper(name[:1]) + name[1:]
	}
}
