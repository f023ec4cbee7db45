package main

import (
	"context"

	"broadsheet.example/news"
)

// peer is a search engine under measurement. It holds the articles of a press.
type peer interface {
	// name is how the table calls it.
	name() string
	// held is how many articles it holds: the press's first ones.
	held() (int, error)
	// add takes in one batch of articles and returns when they are durable.
	add(ctx context.Context, batch []news.Article) error
	// ask answers a question as exactly and as cheaply as the engine can.
	ask(ctx context.Context, q question) (answer, error)
	close() error
}

// kind is how the words of a question are meant.
type kind string

const (
	anyOf  kind = "or" // one word is one of one
	allOf  kind = "and"
	phrase kind = "phrase"
	near   kind = "near" // both words with few between them
	prefix kind = "prefix"
)

// nearSlop is how many words may stand between two that are near.
const nearSlop = 8

// order is what comes first in an answer.
type order int

const (
	best       order = iota // by relevance
	bestRecent              // by relevance that fades with age
	newest
)

// question is what all peers are asked: the first ten articles, their number and,
// if wanted, five facets.
type question struct {
	kind   kind
	words  []string
	order  order
	facets bool
}

// shown is how many articles and values of a facet an answer shows.
const shown = 10

// answer is what a peer makes of a question.
type answer struct {
	total int
	first []string // ids
	// facets are the counts by facet and value; of the date by month, such as
	// 2025-06.
	facets map[string]map[string]int
}

// fields are the facets that are no dates.
func fields() []string {
	return []string{news.FacetSource, news.FacetPerson, news.FacetPlace, news.FacetOrganization}
}

// values are what an article carries in a facet.
func values(a *news.Article, facet string) []string {
	if facet == news.FacetSource {
		return []string{a.Source.ID}
	}
	var ids []string
	for _, e := range a.Entities {
		if string(e.Type) == facet {
			ids = append(ids, e.ID)
		}
	}
	return ids
}
