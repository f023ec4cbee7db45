// Package gazetteer is what Broadsheet knows of the world before it reads a
// word: countries, regions and cities, well-known organizations and their
// short forms, personal names, nationalities, titles, and words that only look
// like names.
//
// It answers questions about surfaces; it does not decide what a text means.
// The lists stand in data, one entry per line; see the project's NOTICE for
// where they come from. Start reading at [Load] and [Gazetteer.Kinds].
package gazetteer

import "strings"

// Kind is a set of things that a surface may be.
type Kind uint32

// The kinds.
const (
	Country Kind = 1 << iota
	Capital
	Metropolis // a city of at least 500,000
	City       // of at least 100,000
	Town       // of at least 15,000
	Region
	Organization
	Demonym
	FirstName
	Surname
	Title     // a word before a person's name
	OrgWord   // a word in the names of organizations
	PlaceWord // a word in the names of places
	Common    // a word that is no name although it may be capitalized
	Person    // the full name of a well-known person
	EventWord // a word that names of events, laws, works and the like end in
	SportWord // a word, in lower case, that reports of sports are full of
)

// AnyPlace is every kind of place.
const AnyPlace = Country | Capital | Metropolis | City | Town | Region

// MaxWords is the number of words of the longest surface that Kinds knows.
const MaxWords = 6

// Place is one place that a name may mean.
type Place struct {
	// Name is the canonical name.
	Name string
	// Country is the ISO 3166-1 alpha-2 code in lower case, empty for what
	// lies in no or many countries.
	Country string
	// Kind is Country, Region, or the size of a city, with Capital if it is one.
	Kind Kind
	// Population is in thousands; 0 when unknown.
	Population int
}

// Gazetteer holds the lists. It does not change after Load and is safe for
// concurrent use.
type Gazetteer struct {
	kinds  map[uint64]Kind
	places map[string][]Place
	slab   []Place // holds the first place of every name
	orgs   map[string]string
	people map[string]string // every form of a full name
	alone  map[string]string // surnames that mean one person when nothing else is said
	labels map[string]bool
	// agencies are news agencies as datelines name them, in lower case.
	agencies map[string]bool
	// foreign maps names of countries in other languages to their codes,
	// country codes to the countries.
	foreign map[string]string
	country map[string]Place
	sites   map[string]string // by country and name
	states  map[string]string // codes of American states
}

// Places returns what the name may mean, best known first. The caller must not
// change it.
func (g *Gazetteer) Places(name string) []Place { return g.places[Fold(name)] }

// Foreign returns the country that has the name in another language than
// English.
func (g *Gazetteer) Foreign(name string) (Place, bool) {
	p, ok := g.country[g.foreign[Fold(name)]]
	return p, ok
}

// Organization returns the canonical name of a well-known organization.
func (g *Gazetteer) Organization(name string) (string, bool) {
	canonical, ok := g.orgs[Fold(name)]
	return canonical, ok
}

// Person returns the canonical name of a well-known person by a full name.
func (g *Gazetteer) Person(name string) (string, bool) {
	canonical, ok := g.people[Fold(name)]
	return canonical, ok
}

// Surname returns the canonical name of the person whom a surname means when
// the text names nobody else of that name.
func (g *Gazetteer) Surname(name string) (string, bool) {
	canonical, ok := g.alone[Fold(name)]
	return canonical, ok
}

// IsLabel reports whether the text is a label of news writing, such as "Why it
// matters".
func (g *Gazetteer) IsLabel(text string) bool { return g.labels[strings.ToLower(text)] }

// IsAgency reports whether the text is a news agency as datelines name it.
func (g *Gazetteer) IsAgency(text string) bool { return g.agencies[strings.ToLower(text)] }

// Is reports whether the surface may be any of the kinds.
func (g *Gazetteer) Is(surface string, k Kind) bool { return g.Kinds(hashOf(surface))&k != 0 }
