package news

import (
	"crypto/sha256"
	"strings"
)

// EntityType is one of the three kinds of entity that are facets.
type EntityType string

// The types of entity.
const (
	Person       EntityType = "person"
	Place        EntityType = "place"
	Organization EntityType = "organization"
)

// Entity is somebody or something named in an article, or in the archive as a
// whole. Within an article Count, First and InTitle describe its mentions.
type Entity struct {
	// ID is stable; see [EntityID].
	ID   string     `json:"id"`
	Type EntityType `json:"type"`
	// Name is the best-known long form.
	Name string `json:"name"`
	// Count is the number of mentions, First the byte offset of the first one
	// in the content (0 when it stands in the title only).
	Count   int  `json:"count,omitempty"`
	First   int  `json:"first,omitempty"`
	InTitle bool `json:"inTitle,omitempty"`
	// Country is the ISO 3166-1 alpha-2 code of a place, lower case, when the
	// context settles it.
	Country string `json:"country,omitempty"`
	// Location is where a place lies; nil unless the context settles which place
	// of the name is meant.
	Location *Location `json:"location,omitempty"`
	// Found lists what the text of the article alone has given, when what is
	// known beyond the article or a person's decision has made this entity of
	// it.
	Found []Find `json:"found,omitempty"`
}

// Find is an entity as the text of one article gives it.
type Find struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Count    int       `json:"count,omitempty"`
	First    int       `json:"first,omitempty"`
	InTitle  bool      `json:"inTitle,omitempty"`
	Country  string    `json:"country,omitempty"`
	Location *Location `json:"location,omitempty"`
}

// Finds returns what the text of the article gave for e.
func (e Entity) Finds() []Find {
	if len(e.Found) > 0 {
		return e.Found
	}
	return []Find{{e.ID, e.Name, e.Count, e.First, e.InTitle, e.Country, e.Location}}
}

// Entity returns the entity of the type that f is by itself.
func (f Find) Entity(t EntityType) Entity {
	return Entity{
		ID: f.ID, Type: t, Name: f.Name, Count: f.Count, First: f.First, InTitle: f.InTitle,
		Country: f.Country, Location: f.Location,
	}
}

// Location is a point on the map.
type Location struct {
	Latitude  float64 `json:"latitude"` // in degrees, north positive
	Longitude float64 `json:"longitude"`
	// GeoNames is the place's number in the GeoNames database, 0 when unknown.
	GeoNames int64 `json:"geonames,omitempty"`
}

// Mention is one place in a text that names an entity.
type Mention struct {
	// Start and End are byte offsets, End exclusive.
	Start int        `json:"start"`
	End   int        `json:"end"`
	Type  EntityType `json:"type"`
	Text  string     `json:"text,omitempty"`
}

// EntityID returns the id of the entity of type t whose first canonical key is
// key (a folded, lower-case name): "e_" and 16 characters of base32 over
// SHA-256.
func EntityID(t EntityType, key string) string {
	sum := sha256.Sum256([]byte(string(t) + "\x00" + key))
	return "e_" + idEncoding.EncodeToString(sum[:10])
}

// IsEntityID reports whether s has the form of an entity's id.
func IsEntityID(s string) bool {
	return len(s) == 18 && strings.HasPrefix(s, "e_") && strings.Trim(s[2:], "abcdefghijklmnopqrstuvwxyz234567") == ""
}
