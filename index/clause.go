package index

import (
	"net/url"
	"slices"
	"sort"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// clause is one condition on an article. The set of its documents in a segment
// may be shared, so the caller does not change it; deleted documents may be in
// it.
type clause interface {
	match(s *segmentRun) (bitset, error)
}

// allOf holds where every part does.
type allOf []clause

func (c allOf) match(s *segmentRun) (bitset, error) {
	if len(c) == 1 {
		return c[0].match(s)
	}
	out := s.run.arena.full(s.cols.size)
	for _, part := range c {
		b, err := part.match(s)
		if err != nil {
			return nil, err
		}
		out.and(b)
	}
	return out, nil
}

// anyOf holds where any part does.
type anyOf []clause

func (c anyOf) match(s *segmentRun) (bitset, error) {
	if len(c) == 1 {
		return c[0].match(s)
	}
	out := s.run.arena.bitset(s.cols.size)
	for _, part := range c {
		b, err := part.match(s)
		if err != nil {
			return nil, err
		}
		out.or(b)
	}
	return out, nil
}

// not holds where its part does not.
type not struct{ part clause }

func (c not) match(s *segmentRun) (bitset, error) {
	b, err := c.part.match(s)
	if err != nil {
		return nil, err
	}
	out := s.run.arena.full(s.cols.size)
	out.andNot(b)
	return out, nil
}

// enough holds where at least min parts do.
type enough struct {
	parts []clause
	min   int
}

func (c enough) match(s *segmentRun) (bitset, error) {
	sets := make([]bitset, len(c.parts))
	for i, part := range c.parts {
		b, err := part.match(s)
		if err != nil {
			return nil, err
		}
		sets[i] = b
	}
	out := s.run.arena.bitset(s.cols.size)
	out.atLeast(sets, c.min)
	return out, nil
}

// match returns the documents that hold the word, phrase or prefix.
func (l *leaf) match(s *segmentRun) (bitset, error) {
	p, err := s.postings(l)
	if err != nil {
		return nil, err
	}
	if p.bits != nil {
		return p.bits, nil
	}
	out := s.run.arena.bitset(s.cols.size)
	for _, doc := range p.docs {
		out.add(doc)
	}
	return out, nil
}

// keywordClause holds where the article has the value in the field.
type keywordClause struct{ field, value string }

// keyword returns the clause, nil-safe against empty values.
func keyword(field, value string) clause { return keywordClause{field, value} }

func (c keywordClause) match(s *segmentRun) (bitset, error) {
	out := s.run.arena.bitset(s.cols.size)
	docs, err := c.docs(s.seg)
	if err != nil {
		return nil, err
	}
	return out, out.addAll(docs)
}

// docs returns the segment's documents that have the value.
func (c keywordClause) docs(seg segment.Segment) (segment.PostingsIterator, error) {
	dict, err := seg.Dictionary(c.field)
	if err != nil {
		return nil, err
	}
	list, err := dict.PostingsList([]byte(c.value), nil, nil)
	if err != nil {
		return nil, err
	}
	return list.Iterator(false, false, false, nil), nil
}

// spanClause holds where the article's date lies in the span.
type spanClause struct {
	field news.DateField
	span  query.Span
}

func (c spanClause) match(s *segmentRun) (bitset, error) {
	from, to := -maxTime, maxTime
	if !c.span.From.IsZero() {
		from = ceilMillis(c.span.From)
	}
	if !c.span.To.IsZero() {
		to = ceilMillis(c.span.To)
	}
	out := s.run.arena.bitset(s.cols.size)
	if c.field == news.DatePublished || c.field == "" {
		for _, doc := range s.cols.publishedIn(from, to) {
			out.add(doc)
		}
		return out, nil
	}
	for doc, t := range s.cols.times(c.field) {
		if from <= t && t < to {
			out.add(uint32(doc))
		}
	}
	return out, nil
}

// publishedIn returns the documents published from one time until another,
// newest first.
func (c *columns) publishedIn(from, to int64) []uint32 {
	first := sort.Search(len(c.order), func(i int) bool { return c.published[c.order[i]] < to })
	end := sort.Search(len(c.order), func(i int) bool { return c.published[c.order[i]] < from })
	return c.order[first:max(first, end)]
}

// times returns the column of a date.
func (c *columns) times(f news.DateField) []int64 {
	switch f {
	case news.DateUpdated:
		return c.updated
	case news.DateIndexed:
		return c.seen
	default:
		return c.published
	}
}

// valueClause is an exact value of a keyword field or facet, in the spellings
// that people use.
func valueClause(field, text string) clause {
	text = cleanValue(text)
	switch field {
	case string(query.FieldSource):
		return anyOf{keyword(news.FacetSource, text), keyword(news.FacetSource, strings.ToLower(text)), keyword(fieldSourceName, foldName(text))}
	case string(query.FieldVia):
		return anyOf{keyword(news.FacetVia, text), keyword(news.FacetVia, strings.ToLower(text)), keyword(fieldViaName, foldName(text))}
	case string(query.FieldSite):
		return keyword(fieldSite, siteOf(text))
	case string(query.FieldAuthor):
		return authorClause(foldName(text))
	case news.FacetEntity:
		return anyOf{entityClause(news.Person, text), entityClause(news.Place, text), entityClause(news.Organization, text)}
	case news.FacetPerson, news.FacetPlace, news.FacetOrganization:
		return entityClause(news.EntityType(field), text)
	case string(query.FieldLang):
		return keyword(news.FacetLanguage, strings.ToLower(text))
	case news.FacetLanguage, news.FacetCountry:
		return keyword(field, strings.ToLower(text))
	case news.FacetSection:
		return keyword(news.FacetSection, foldName(text))
	default:
		return keyword(field, text)
	}
}

func entityClause(t news.EntityType, text string) clause {
	f := entityFields[t]
	if news.IsEntityID(text) {
		return keyword(f.ids, text)
	}
	return anyOf{keyword(f.ids, text), keyword(f.names, foldName(text))}
}

// authorClause matches a whole name, or articles whose authors' names hold all
// of its words.
func authorClause(folded string) clause {
	var parts allOf
	for _, w := range strings.FieldsFunc(folded, func(r rune) bool { return !isWordRune(r) }) {
		parts = append(parts, keyword(fieldAuthorPart, w))
	}
	if len(parts) == 0 {
		return keyword(news.FacetAuthor, folded)
	}
	return anyOf{keyword(news.FacetAuthor, folded), parts}
}

// siteOf is the host that a person means by text: a host or a whole URL.
func siteOf(text string) string {
	text = strings.ToLower(text)
	if u, err := url.Parse(text); err == nil && u.Hostname() != "" {
		text = u.Hostname()
	}
	return strings.TrimPrefix(strings.TrimSuffix(text, "/"), "www.")
}

// filterClause is the condition of a facet's filter.
func filterClause(f news.Filter) clause {
	list := make(anyOf, len(f.Values))
	for i, v := range f.Values {
		list[i] = valueClause(f.Facet, v)
	}
	if f.Exclude {
		return not{list}
	}
	return slices.Clip(list)
}
