package entity

import (
	"strings"

	"broadsheet.example/entity/gazetteer"
)

// Acronym returns s in capitals without periods if it has the form of an
// acronym, else "".
func Acronym(s string) string { return plainAcronym(s) }

// Initials returns the initials of the words of a name, first of its
// capitalized words, then of all of them.
func Initials(name string) []string { return initialsOf(name) }

// Surname returns the last word of a person's name in folded form, without Jr.
// and the like and without an Arabic article.
func Surname(name string) string {
	words := withoutSuffix(strings.Fields(gazetteer.Fold(name)))
	if len(words) == 0 {
		return ""
	}
	return bare(words[len(words)-1])
}
