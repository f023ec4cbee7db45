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
