package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// How many times larger than the next city of its name a city must be for the
// name to mean it: when its country is named in the document, and when not.
const (
	dominance      = 5
	aloneDominance = 20
)

// resolvePlaces gives every place its canonical name, and its country where the
// text around the name, the rest of the document or plain fame settles it.
func (d *document) resolvePlaces() {
	countries := d.countries()
	d.each(news.Place, func(m *mention) {
		if isCommon(d.gaz, m.surface) && !d.gaz.Is(m.surface, gazetteer.AnyPlace) {
			return
		}
		m.name = m.surface
		if p, ok := d.place(m, countries); ok {
			m.name, m.country = p.Name, p.Country
		}
		m.key = gazetteer.Fold(m.name)
	})
}

// countries holds the codes of the countries that the document names, by
// themselves or by a region of theirs.
func (d *document) countries() map[string]bool {
	out := map[string]bool{}
	d.each(news.Place, func(m *mention) {
		places := d.gaz.Places(m.surface)
		if len(places) > 0 && places[0].Kind&(gazetteer.Country|gazetteer.Region|gazetteer.Capital) != 0 && !ambiguous(places) {
			out[places[0].Country] = true
		}
	})
	delete(out, "")
	return out
}

// ambiguous reports names of a country or region that are shared by another.
func ambiguous(places []gazetteer.Place) bool {
	n := 0
	for _, p := range places {
		if p.Kind&(gazetteer.Country|gazetteer.Region) != 0 {
			n++
		}
	}
	return n > 1
}

// place chooses among the places that m may mean.
func (d *document) place(m *mention, countries map[string]bool) (gazetteer.Place, bool) {
	places := d.gaz.Places(m.surface)
	if len(places) == 0 {
		return gazetteer.Place{}, false
	}
	if within, country := d.within(m); within != "" {
		return placeWithin(places, within, country)
	}
	if ambiguous(places) {
		return shared(places, countries), true
	}
	first := places[0]
	if first.Kind&(gazetteer.Country|gazetteer.Region|gazetteer.Capital) != 0 {
		return first, true
	}
	best, next := largest(places)
	if best.Population >= aloneDominance*next || countries[best.Country] && best.Population >= dominance*next {
		return best, true
	}
	return gazetteer.Place{Name: best.Name}, true
}

// within returns the region or country that follows m after a comma, as in
// Paris, Texas, and its country's code.
func (d *document) within(m *mention) (name, country string) {
	rest, ok := strings.CutPrefix(d.text[m.End:], ", ")
	if !ok {
		return "", ""
	}
	words := 0
	end := strings.IndexFunc(rest, func(r rune) bool {
		if r == ' ' {
			words++
		}
		return words > 2 || r == ',' || r == '\n' || r == ';' || r == ')'
	})
	if end >= 0 {
		rest = rest[:end]
	}
	if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsUpper(r) {
		return "", ""
	}
	for rest != "" {
		for _, try := range [...]string{rest, strings.TrimSuffix(rest, ".")} {
			for _, p := range d.gaz.Places(try) {
				if p.Kind&(gazetteer.Country|gazetteer.Region) != 0 && p.Country != "" {
					return p.Name, p.Country
				}
			}
		}
		cut := strings.LastIndexByte(rest, ' ')
		if cut < 0 {
			break
		}
		rest = rest[:cut]
	}
	return "", ""
}

// placeWithin returns the place of the country, under a name of its own when
// the plain name would mean another.
func placeWithin(places []gazetteer.Place, within, country string) (gazetteer.Place, bool) {
	best, _ := largest(places)
	if places[0].Kind&(gazetteer.Country|gazetteer.Capital) != 0 {
		best = places[0]
	}
	if best.Country == country {
		return best, true
	}
	return gazetteer.Place{Name: best.Name + ", " + within, Country: country}, true
}

// shared settles a name that a country and a region have: by the other places
// of the document, else for the country.
func shared(places []gazetteer.Place, countries map[string]bool) gazetteer.Place {
	chosen := places[0]
	for _, p := range places[1:] {
		if p.Kind&gazetteer.Region != 0 && countries[p.Country] && !countries[chosen.Country] {
			p.Name += " (" + strings.ToUpper(p.Country) + ")"
			return p
		}
	}
	return chosen
}

// largest returns the most populous place and the population of the next.
func largest(places []gazetteer.Place) (best gazetteer.Place, next int) {
	for _, p := range places {
		if best.Name == "" || p.Population > best.Population {
			next = best.Population
			best = p
		} else if p.Population > next {
			next = p.Population
		}
	}
	return best, next
}
