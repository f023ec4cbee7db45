package index

import "broadsheet.example/news"

// facetID numbers the facets that have columns.
type facetID uint8

const (
	facetSource facetID = iota
	facetVia
	facetPerson
	facetPlace
	facetOrganization
	facetAuthor
	facetLanguage
	facetSection
	facetCountry
	facetCompleteness
	numFacets
)

var facetNames = [numFacets]string{
	news.FacetSource, news.FacetVia, news.FacetPerson, news.FacetPlace, news.FacetOrganization, news.FacetAuthor,
	news.FacetLanguage, news.FacetSection, news.FacetCountry, news.FacetCompleteness,
}

func (f facetID) String() string { return facetNames[f] }

// columnsOf returns the columns behind a facet of the API: three for entity,
// one for the others, none for date.
func columnsOf(name string) []facetID {
	if name == news.FacetEntity {
		return []facetID{facetPerson, facetPlace, facetOrganization}
	}
	for f, n := range facetNames {
		if n == name {
			return []facetID{facetID(f)}
		}
	}
	return nil
}
