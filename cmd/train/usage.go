package main

import (
	"maps"
	"slices"

	"broadsheet.example/entity/tagger"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// The roles of a capitalized word.
const (
	personPart = iota // of a person's name, but its end
	personEnd
	placePart
	organizationPart // of an organization's name, but its end
	organizationEnd
	otherPart // of the name of something else
	noName
	roles
)

// What stands beside a word.
const (
	besidePerson = iota
	besidePlace
	besideOrganization
	besideOther // the name of something else
	besideCapital
	besideLower
	neighbors
)

// tally tells how often each word was seen in each of some classes.
type tally map[string][]float32

// count counts a word in a class.
func (t tally) count(word string, class, classes int) {
	if t[word] == nil {
		t[word] = make([]float32, classes)
	}
	t[word][class]++
}

// words returns the words in order.
func (t tally) words() []string { return slices.Sorted(maps.Keys(t)) }

// usages are tallies of how words are used: the roles of capitalized ones, and
// what the others lead and trail.
type usages struct {
	roles, leads, trails tally
}

// observe counts how the words of documents are used.
func observe(docs []tagger.Labeled) usages {
	u := usages{tally{}, tally{}, tally{}}
	for _, d := range docs {
		text := token.Split(d.Text)
		names := namesOf(d, text)
		start := 0
		for _, end := range text.Ends {
			for i := start; i < end; i++ {
				u.observe(text, names, i, start, end)
			}
			start = end
		}
	}
	return u
}

// observe counts token i of the sentence [start, end).
func (u usages) observe(text *token.Text, names []*tagger.Name, i, start, end int) {
	lower, capital := lowerCase(text.Word(i))
	if capital {
		if role := roleOf(names, i, end); role != noName || i > start {
			u.roles.count(lower, role, roles)
		}
		return
	}
	if names[i] != nil {
		return
	}
	if i+1 < end {
		u.leads.count(lower, beside(text, names, i+1), neighbors)
	}
	if i > start {
		u.trails.count(lower, beside(text, names, i-1), neighbors)
	}
}

// namesOf returns the name that each token is in.
func namesOf(d tagger.Labeled, text *token.Text) []*tagger.Name {
	names := make([]*tagger.Name, len(text.Tokens))
	next := 0
	for i, t := range text.Tokens {
		for next < len(d.Names) && d.Names[next].End <= t.Start {
			next++
		}
		if next < len(d.Names) && d.Names[next].Start <= t.Start {
			names[i] = &d.Names[next]
		}
	}
	return names
}

// roleOf returns the role of token i, in a sentence that ends at end.
func roleOf(names []*tagger.Name, i, end int) int {
	if names[i] == nil {
		return noName
	}
	last := 0
	if i+1 == end || names[i+1] != names[i] {
		last = 1
	}
	switch typeOf(names[i].Type) {
	case news.Person:
		return personPart + last
	case news.Place:
		return placePart
	case news.Organization:
		return organizationPart + last
	}
	return otherPart
}

// beside returns what token i is to its neighbors.
func beside(text *token.Text, names []*tagger.Name, i int) int {
	if names[i] == nil {
		if _, capital := lowerCase(text.Word(i)); capital {
			return besideCapital
		}
		return besideLower
	}
	switch typeOf(names[i].Type) {
	case news.Person:
		return besidePerson
	case news.Place:
		return besidePlace
	case news.Organization:
		return besideOrganization
	}
	return besideOther
}
