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
	var last *mention
	d.each(news.Place, func(m *mention) {
		if isCommon(d.gaz, m.surface) && !d.gaz.Is(m.surface, gazetteer.AnyPlace) {
			return
		}
		m.name = calm(m.surface)
		if p, ok := d.gaz.Foreign(m.surface); ok && d.foreign {
			m.name, m.country = p.Name, p.Country
		} else if p, ok := d.place(m, countries); ok {
			m.name, m.country = plainer(p.Name, m.surface), p.Country
			m.location = d.locate(m, p)
		}
		m.key = gazetteer.Fold(m.name)
		if last != nil && last.key == m.key && d.text[last.End:m.Start] == ", " {
			m.key = "" // Washington, D.C. is one place
		}
		last = m
	})
}

// calm writes a name in capitals, as datelines have it, like any other: HULL is
// Hull. Three letters and fewer may be initials.
func calm(name string) string {
	if utf8.RuneCountInString(name) < 4 || name != strings.ToUpper(name) || name == strings.ToLower(name) {
		return name
	}
	start := true
	return strings.Map(func(r rune) rune {
		first := start
		start = !unicode.IsLetter(r)
		if first {
			return r
		}
		return unicode.ToLower(r)
	}, name)
}

// plainer returns the surface instead of the name when both are the same but
// for accents that the surface does without, as English news does.
func plainer(name, surface string) string {
	isASCII := func(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 }
	if isASCII(name) || !isASCII(surface) || surface == strings.ToUpper(surface) || gazetteer.Fold(name) != gazetteer.Fold(surface) {
		return name
	}
	return surface
}

// area is every kind of place that holds cities.
const area = gazetteer.Country | gazetteer.Region

// countries counts the mentions of each country: by its name, that of a region
// or of a city that no other place shares.
func (d *document) countries() map[string]int {
	out := map[string]int{}
	d.each(news.Place, func(m *mention) {
		places := d.gaz.Places(m.surface)
		if len(places) == 0 || ambiguous(places) {
			return
		}
		best, next := largest(places)
		if places[0].Kind&area != 0 || places[0].Kind&gazetteer.Capital != 0 && best.Population == places[0].Population {
			out[places[0].Country]++
		} else if best.Population >= dominance*next {
			out[best.Country]++
		}
	})
	delete(out, "")
	return out
}

// ambiguous reports names of a country or region that are shared by another.
func ambiguous(places []gazetteer.Place) bool {
	n := 0
	for _, p := range places {
		if p.Kind&area != 0 {
			n++
		}
	}
	return n > 1
}

// place chooses among the places that m may mean.
func (d *document) place(m *mention, countries map[string]int) (gazetteer.Place, bool) {
	const state = " state"
	if strings.HasPrefix(d.text[m.End:], state) {
		if p := d.gaz.Places(m.surface + state); len(p) > 0 {
			return p[0], true
		}
	}
	places := d.gaz.Places(m.surface)
	if len(places) == 0 {
		return gazetteer.Place{}, false
	}
	if around := d.around(m); len(around) > 0 && places[0].Kind&gazetteer.Country == 0 {
		return placeWithin(places, around), true
	}
	if ambiguous(places) {
		return shared(places, countries), true
	}
	best, next := largest(places)
	outgrown := best.Population > places[0].Population && countries[places[0].Country] == 0 // San José by San Jose
	if places[0].Kind&area != 0 || places[0].Kind&gazetteer.Capital != 0 && !outgrown {
		return places[0], true
	}
	if best.Population >= aloneDominance*next || countries[best.Country] > 0 && best.Population >= dominance*next {
		return best, true
	}
	return gazetteer.Place{Name: best.Name}, true
}

// maxAreaWords bounds the name of the area after a city, in words.
const maxAreaWords = 3

// around returns the countries or regions that follow m after a comma, as in
// Paris, Texas; several when the name is shared.
func (d *document) around(m *mention) []gazetteer.Place {
	rest, ok := strings.CutPrefix(d.text[m.End:], ", ")
	if first, _ := utf8.DecodeRuneInString(rest); !ok || !unicode.IsUpper(first) {
		return nil
	}
	for rest = beforeComma(rest); rest != ""; rest = rest[:max(strings.LastIndexByte(rest, ' '), 0)] {
		for _, name := range [...]string{rest, strings.TrimSuffix(rest, ".")} {
			var areas []gazetteer.Place
			for _, p := range d.gaz.Places(name) {
				if p.Kind&area != 0 && p.Country != "" {
					areas = append(areas, p)
				}
			}
			if len(areas) > 0 {
				return areas
			}
		}
	}
	return nil
}

// beforeComma returns the words that s begins with, up to punctuation, at most
// maxAreaWords.
func beforeComma(s string) string {
	words := 0
	end := strings.IndexFunc(s, func(r rune) bool {
		if r == ' ' {
			words++
		}
		return words == maxAreaWords || strings.ContainsRune(",;:()\n", r)
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// placeWithin returns the place that lies in one of the areas, under a name of
// its own when the plain name would mean another.
func placeWithin(places, areas []gazetteer.Place) gazetteer.Place {
	best, _ := largest(places)
	if places[0].Kind&gazetteer.Capital != 0 {
		best = places[0]
	}
	for _, a := range areas {
		if best.Country == a.Country {
			return best
		}
	}
	for _, a := range areas {
		for _, p := range places {
			if p.Country == a.Country && p.Kind&(area|gazetteer.Capital) != 0 {
				return p
			}
			if p.Country == a.Country {
				return gazetteer.Place{Name: best.Name + ", " + a.Name, Country: a.Country}
			}
		}
	}
	return gazetteer.Place{Name: best.Name + ", " + areas[0].Name, Country: areas[0].Country}
}

// shared settles a name that a country and a region have: by the other places
// of the document, else for the country.
func shared(places []gazetteer.Place, countries map[string]int) gazetteer.Place {
	chosen := places[0]
	for _, p := range places[1:] {
		if p.Kind&gazetteer.Region != 0 && p.Country != "" && countries[p.Country] > countries[chosen.Country] {
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
