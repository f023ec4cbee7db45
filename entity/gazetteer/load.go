package gazetteer

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed data
var data embed.FS

// Populations, in thousands, from which a city counts as more than a town.
const (
	metropolisPopulation = 500
	cityPopulation       = 100
)

// Load reads the embedded lists.
func Load() (*Gazetteer, error) {
	g := &Gazetteer{
		kinds:    make(map[uint64]Kind, 70_000),
		places:   make(map[string][]Place, 25_000),
		slab:     make([]Place, 0, 30_000),
		orgs:     map[string]string{},
		people:   map[string]string{},
		alone:    map[string]string{},
		labels:   map[string]bool{},
		agencies: map[string]bool{},
		foreign:  make(map[string]string, 5_000),
		country:  make(map[string]Place, 300),
		sites:    make(map[string]string, 25_000),
		states:   map[string]string{},
	}
	lists := []struct {
		file string
		add  func(fields []string) error
	}{
		{"countries.tsv", g.addCountry},
		{"exonyms.tsv", g.addExonyms},
		{"regions.tsv", g.addRegion},
		{"spellings.tsv", g.addSpellings},
		{"cities.tsv", g.addCity},
		{"organizations.tsv", g.addOrganization},
		{"persons.tsv", g.addPerson},
		{"demonyms.txt", g.addDemonyms},
		{"firstnames.txt", g.addName(FirstName)},
		{"surnames.txt", g.addName(Surname)},
		{"titles.txt", g.addWords(Title)},
		{"orgwords.txt", g.addWords(OrgWord)},
		{"placewords.txt", g.addWords(PlaceWord)},
		{"eventwords.txt", g.addWords(EventWord)},
		{"sportwords.txt", g.addWords(SportWord)},
		{"notnames.txt", g.addWords(Common)},
		{"labels.txt", addLower(g.labels)},
		{"agencies.txt", addLower(g.agencies)},
	}
	for _, l := range lists {
		if err := each(l.file, l.add); err != nil {
			return nil, fmt.Errorf("read gazetteer list %s: %w", l.file, err)
		}
	}
	return g, nil
}

// each calls add with the tab-separated fields of every line of a list. The
// slice is used again for the next line.
func each(file string, add func(fields []string) error) error {
	text, err := data.ReadFile("data/" + file)
	if err != nil {
		return err
	}
	n := 0
	fields := make([]string, 0, 4)
	for line := range strings.Lines(string(text)) {
		n++
		fields = fields[:0]
		for field := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\t") {
			fields = append(fields, field)
		}
		if err := add(fields); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

// addCountry takes code, name, other names and names of the capital, the
// latter two separated by bars. A plus begins the name of a second capital.
func (g *Gazetteer) addCountry(f []string) error {
	if len(f) != 4 {
		return fmt.Errorf("%d fields where 4 are wanted", len(f))
	}
	country := Place{Name: f[1], Country: f[0], Kind: Country}
	g.country[f[0]] = country
	for _, name := range names(f[1], f[2]) {
		g.addPlace(name, country)
	}
	capitals := names(f[3], "")
	for _, name := range capitals {
		canonical := capitals[0]
		if other, ok := strings.CutPrefix(name, "+"); ok {
			name, canonical = other, other
		}
		g.addPlace(name, Place{Name: canonical, Country: f[0], Kind: Capital | Metropolis, Population: metropolisPopulation})
	}
	return nil
}

// addExonyms takes a country's code and its names in other languages than
// English.
func (g *Gazetteer) addExonyms(f []string) error {
	if len(f) != 2 {
		return fmt.Errorf("%d fields where 2 are wanted", len(f))
	}
	for _, name := range names(f[1], "") {
		g.foreign[Fold(name)] = f[0]
	}
	return nil
}

// addRegion takes country code (or nothing), name and other names.
func (g *Gazetteer) addRegion(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("%d fields where 3 are wanted", len(f))
	}
	for _, name := range names(f[1], f[2]) {
		g.addPlace(name, Place{Name: f[1], Country: f[0], Kind: Region})
		if len(name) == len("AL") && f[0] == "us" {
			g.states[Fold(f[1])] = name
		}
	}
	return nil
}

// addCity takes name, country code, population in thousands and sites.
func (g *Gazetteer) addCity(f []string) error {
	if len(f) != 4 {
		return fmt.Errorf("%d fields where 4 are wanted", len(f))
	}
	n, err := strconv.Atoi(f[2])
	if err != nil {
		return fmt.Errorf("population: %w", err)
	}
	kind := Town
	switch {
	case n >= metropolisPopulation:
		kind = Metropolis
	case n >= cityPopulation:
		kind = City
	}
	g.addPlace(f[0], Place{Name: f[0], Country: f[1], Kind: kind, Population: n})
	return g.addSites(f[0], f[1], f[3])
}

// addPlace adds p under name, unless the same place is there already: lists
// that come first know better names.
func (g *Gazetteer) addPlace(name string, p Place) {
	g.kinds[hashOf(name)] |= p.Kind
	g.addMeaning(name, p)
}

// addMeaning adds p to what name may mean.
func (g *Gazetteer) addMeaning(name string, p Place) {
	key := Fold(name)
	for i, q := range g.places[key] {
		if q.Country == p.Country && (q.Name == p.Name || q.Kind&Capital != 0) {
			g.places[key][i].Population = max(p.Population, q.Population)
			return
		}
	}
	if len(g.places[key]) > 0 {
		g.places[key] = append(g.places[key], p)
		return
	}
	g.slab = append(g.slab, p)
	g.places[key] = g.slab[len(g.slab)-1 : len(g.slab) : len(g.slab)]
}

// addOrganization takes a name and other names.
func (g *Gazetteer) addOrganization(f []string) error {
	if len(f) != 2 {
		return fmt.Errorf("%d fields where 2 are wanted", len(f))
	}
	for _, name := range names(f[0], f[1]) {
		g.kinds[hashOf(name)] |= Organization
		if key := Fold(name); g.orgs[key] == "" {
			g.orgs[key] = f[0]
		}
	}
	return nil
}

// addPerson takes a full name, other full names, and names that mean the person
// when they stand alone.
func (g *Gazetteer) addPerson(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("%d fields where 3 are wanted", len(f))
	}
	for _, name := range names(f[0], f[1]) {
		g.people[Fold(name)] = f[0]
		g.kinds[hashOf(name)] |= Person
	}
	for _, name := range names(f[2], "") {
		g.alone[Fold(name)] = f[0]
	}
	return nil
}

// addDemonyms takes words, and with each its plural.
func (g *Gazetteer) addDemonyms(f []string) error {
	for w := range strings.FieldsSeq(f[0]) {
		g.kinds[hashOf(w)] |= Demonym
		g.kinds[hashOf(w+"s")] |= Demonym
	}
	return nil
}

// addSpellings takes type, country code of a place, name and other names of
// what is known already. They count when a name is resolved, not when names are
// found: the model was trained without them.
func (g *Gazetteer) addSpellings(f []string) error {
	if len(f) != 4 {
		return fmt.Errorf("%d fields where 4 are wanted", len(f))
	}
	for _, name := range names(f[3], "") {
		if f[0] == "place" {
			g.addMeaning(name, Place{Name: f[2], Country: f[1], Kind: Region})
		} else {
			g.orgs[Fold(name)] = f[2]
		}
	}
	return nil
}

// addWords returns a function that adds the words of a line.
func (g *Gazetteer) addWords(k Kind) func([]string) error {
	return func(f []string) error {
		for w := range strings.FieldsSeq(f[0]) {
			g.kinds[hashOf(w)] |= k
		}
		return nil
	}
}

// addName returns a function that adds a line as one name.
func (g *Gazetteer) addName(k Kind) func([]string) error {
	return func(f []string) error {
		g.kinds[hashOf(f[0])] |= k
		return nil
	}
}

// addLower returns a function that adds a line in lower case to the set.
func addLower(set map[string]bool) func([]string) error {
	return func(f []string) error {
		set[strings.ToLower(f[0])] = true
		return nil
	}
}

// names joins a name, which may itself be several, and its aliases.
func names(name, aliases string) []string {
	all := strings.Split(name, "|")
	if aliases != "" {
		all = append(all, strings.Split(aliases, "|")...)
	}
	if all[0] == "" {
		return nil
	}
	return all
}
