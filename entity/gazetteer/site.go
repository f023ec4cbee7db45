package gazetteer

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Site is where one of the cities of a name in a country lies.
type Site struct {
	Latitude, Longitude float64 // in degrees, to a hundredth
	GeoNames            int64
	// State is the two-letter code of an American city's state.
	State string
	// Doubtful says that the country has another city of the name that is
	// nearly as large.
	Doubtful bool
}

// Sites returns where the cities of the name in the country lie, the largest
// first.
func (g *Gazetteer) Sites(name, country string) []Site {
	text := g.sites[siteKey(name, country)]
	var sites []Site
	for code := range strings.FieldsSeq(text) {
		s, err := parseSite(code)
		if err != nil {
			return sites // Load has seen that this cannot be
		}
		sites = append(sites, s)
	}
	return sites
}

// State returns the two-letter code of an American state.
func (g *Gazetteer) State(name string) string { return g.states[Fold(name)] }

func siteKey(name, country string) string { return country + " " + Fold(name) }

// addSites keeps the sites of a city as they are written; they are read when
// they are asked for.
func (g *Gazetteer) addSites(name, country, codes string) error {
	for code := range strings.FieldsSeq(codes) {
		if _, err := parseSite(code); err != nil {
			return err
		}
	}
	if key := siteKey(name, country); g.sites[key] == "" {
		g.sites[key] = codes
	}
	return nil
}

// parseSite reads latitude, longitude and number in base 36 and a state between
// periods, after a question mark if doubtful; see cmd/train cities.
func parseSite(code string) (Site, error) {
	rest, doubtful := strings.CutPrefix(code, "?")
	latitude, rest, _ := strings.Cut(rest, ".")
	longitude, rest, _ := strings.Cut(rest, ".")
	id, state, ok := strings.Cut(rest, ".")
	var numbers [3]int64
	for i, field := range [...]string{latitude, longitude, id} {
		n, err := strconv.ParseInt(field, 36, 64)
		if err != nil || !ok {
			return Site{}, fmt.Errorf("site %q is not latitude.longitude.number.state", code)
		}
		numbers[i] = n
	}
	s := Site{Latitude: float64(numbers[0]) / 100, Longitude: float64(numbers[1]) / 100, GeoNames: numbers[2], State: state, Doubtful: doubtful}
	if math.Abs(s.Latitude) > 90 || math.Abs(s.Longitude) > 180 || s.GeoNames <= 0 {
		return Site{}, fmt.Errorf("site %q lies nowhere", code)
	}
	return s, nil
}
