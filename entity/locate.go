package entity

import (
	"slices"
	"strings"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// locate returns where the city p lies that m was found to mean: in the state
// or province that the text puts after it, or else where its country has no
// other city of nearly its size under the name. It returns nil when the context
// does not settle it, and for what is no city.
func (d *document) locate(m *mention, p gazetteer.Place) *news.Location {
	if p.Country == "" || p.Kind&(gazetteer.Country|gazetteer.Region) != 0 {
		return nil
	}
	city, _, _ := strings.Cut(p.Name, ", ") // Paris, Texas
	if p.Kind&gazetteer.Capital != 0 && p.Country == "us" {
		city = capitalOfStates
	}
	sites := d.gaz.Sites(city, p.Country)
	if len(sites) == 0 {
		return nil
	}
	site := sites[0]
	around := slices.DeleteFunc(slices.Clone(d.around(m)), func(a gazetteer.Place) bool { return a.Country != p.Country })
	if len(around) > 0 && around[0].Kind&gazetteer.Region != 0 && p.Country == "us" {
		state := d.gaz.State(around[0].Name)
		i := slices.IndexFunc(sites, func(s gazetteer.Site) bool { return s.State == state })
		if i < 0 {
			return nil
		}
		site = sites[i]
	} else if site.Doubtful {
		return nil
	}
	return &news.Location{Latitude: site.Latitude, Longitude: site.Longitude, GeoNames: site.GeoNames}
}

// capitalOfStates is what the list of cities calls Washington.
const capitalOfStates = "Washington, D.C."
