package query

import (
	"slices"
	"strings"
)

// Fields lists every field in canonical spelling, text fields first.
func Fields() []Field {
	return []Field{
		FieldTitle, FieldDescription, FieldContent, FieldSource, FieldVia, FieldSite, FieldAuthor,
		FieldPerson, FieldPlace, FieldOrganization, FieldEntity, FieldLang, FieldSection, FieldCountry,
	}
}

// The names before a colon that are not fields of an article's words or values.
const (
	nameAfter  = "after"
	nameBefore = "before"
	nameDate   = "date"
	nameIs     = "is"
)

// fieldAlias maps the other accepted spellings of fields.
func fieldAlias(name string) (Field, bool) {
	switch name {
	case "body":
		return FieldContent, true
	case "org":
		return FieldOrganization, true
	case "language":
		return FieldLang, true
	}
	return "", false
}

// fieldNamed returns the field with the lower-case name.
func fieldNamed(name string) (Field, bool) {
	if slices.Contains(Fields(), Field(name)) {
		return Field(name), true
	}
	return fieldAlias(name)
}

// Names lists every name that may stand before a colon, aliases included.
func Names() []string {
	names := []string{nameAfter, nameBefore, nameDate, nameIs, "body", "org", "language"}
	for _, f := range Fields() {
		names = append(names, string(f))
	}
	return names
}

// IsValues lists what may follow `is:`.
func IsValues() []string { return []string{"full", "partial", "feedOnly"} }

// isValue returns the canonical spelling of s, or "".
func isValue(s string) string {
	for _, v := range IsValues() {
		if strings.EqualFold(v, s) {
			return v
		}
	}
	return ""
}

// Nearest returns the one of known that name was most likely meant to be, or ""
// when none is close: at most two edits away, and fewer than half of name.
// Letter case does not count.
func Nearest(name string, known []string) string {
	name = strings.ToLower(name)
	if len(name) > maxNearest {
		return ""
	}
	best, least := "", 3
	for _, k := range known {
		if d := distance(name, strings.ToLower(k)); d < least && 2*d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// maxNearest bounds the work of Nearest; no known name is that long.
const maxNearest = 64

// distance counts the insertions, deletions, substitutions and swaps of
// neighbors that turn a into b.
func distance(a, b string) int {
	var before []int
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev = prev, row
	}
	return prev[len(b)]
}
