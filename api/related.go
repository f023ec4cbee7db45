package api

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// What is looked at to find related articles.
const (
	relatedEntities   = 8   // of the article's entities, the most salient
	relatedWords      = 8   // of its title, the longest
	relatedCandidates = 60  // that are compared with it
	relatedPage       = 10  // shown unless more are asked for
	relatedWindow     = 30  // days before and after it
	relatedMaxWindow  = 366 // days
	shortestWord      = 4   // letters; shorter words say little
	leastInCommon     = 2.0 // see closeness
)

// relatedReply is the answer to GET /v1/articles/{id}/related.
type relatedReply struct {
	Status   string `json:"status"`
	ID       string `json:"id,omitempty"`
	Articles []any  `json:"articles"`
}

// related answers GET /v1/articles/{id}/related: articles of the same weeks on
// the same people, places and things, without repetitions of the article itself.
func (s *Server) related(c *fiber.Ctx) error {
	values, err := only(c, param.PageSize, "window", "sameSource", fieldNames)
	if err != nil {
		return err
	}
	ask, err := relatedAsk(values)
	if err != nil {
		return err
	}
	a, err := s.find(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	return s.sendRelated(c, a, ask)
}

// sendRelated answers with the articles closest to a.
func (s *Server) sendRelated(c *fiber.Ctx, a news.Article, ask asked) error {
	hits, err := s.relatedTo(c.UserContext(), a, ask)
	if err != nil {
		return err
	}
	reply := relatedReply{statusOK, a.ID, make([]any, len(hits))}
	for i, h := range hits {
		if reply.Articles[i], err = s.hitReply(&h, ask.fields); err != nil {
			return err
		}
	}
	return c.JSON(reply)
}

// asked is what a caller wants to see of related articles.
type asked struct {
	size, window int
	sameSource   bool
	fields       []string
}

func relatedAsk(values map[string][]string) (asked, error) {
	var ask asked
	var err error
	if ask.fields, err = param.Fields(values); err != nil {
		return ask, err
	}
	if ask.size, err = number(values, param.PageSize, relatedPage, 1, news.MaxSize/2); err != nil {
		return ask, err
	}
	if ask.window, err = number(values, "window", relatedWindow, 1, relatedMaxWindow); err != nil {
		return ask, err
	}
	ask.sameSource, err = flag(values, "sameSource", true)
	return ask, err
}

// relatedTo returns the articles closest to a, the closest first.
func (s *Server) relatedTo(ctx context.Context, a news.Article, ask asked) ([]news.Hit, error) {
	expr := topics(a)
	if expr == nil {
		return nil, nil
	}
	index, err := s.index()
	if err != nil {
		return nil, err
	}
	q := news.Query{Expr: expr, Size: relatedCandidates, Recency: news.RecencyOff, Collapse: news.CollapseDuplicates}
	if !a.PublishedAt.IsZero() {
		span := time.Duration(ask.window) * 24 * time.Hour
		q.From, q.To = a.PublishedAt.Add(-span), a.PublishedAt.Add(span)
	}
	if !ask.sameSource && a.Source.ID != "" {
		q.Filters = []news.Filter{{Facet: news.FacetSource, Values: []string{a.Source.ID}, Exclude: true}}
	}
	result, err := index.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	return closest(a, result.Hits, ask.size), nil
}

// topics finds what names an entity of the article or holds a word of its title.
func topics(a news.Article) query.Node {
	var parts []query.Node
	for _, e := range a.Entities[:min(len(a.Entities), relatedEntities)] {
		if text := strings.Join(words(e.Name), " "); text != "" {
			parts = append(parts, query.Phrase{Text: text})
		}
	}
	list := titleWords(a.Title)
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, w := range list[:min(len(list), relatedWords)] {
		parts = append(parts, query.Word{Text: w})
	}
	if len(parts) == 0 {
		return nil
	}
	return query.Or{Parts: parts}
}

// words cuts a text at everything that is no letter, digit or mark.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// titleWords returns the words of a title that may say what it is about, in
// lower case, each once.
func titleWords(title string) []string {
	var out []string
	for _, w := range words(strings.ToLower(title)) {
		if utf8.RuneCountInString(w) >= shortestWord && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// closest ranks candidates by the index's score and by what they have in common
// with a, and leaves out those that have too little, or say the same as a.
func closest(a news.Article, hits []news.Hit, size int) []news.Hit {
	var out []news.Hit
	for _, h := range hits {
		common := closeness(a, h.Article)
		if common < leastInCommon || repeats(a, h) {
			continue
		}
		h.Score *= common
		h.Copies, h.Highlights = nil, nil
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b news.Hit) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), size)]
}

// closeness weighs what two articles have in common: an entity counts by how
// often the rarer of the two names it, and double in a title; a word of both
// titles counts one.
func closeness(a, b news.Article) float64 {
	sum := 0.0
	for _, e := range a.Entities {
		at := slices.IndexFunc(b.Entities, func(o news.Entity) bool { return o.ID == e.ID })
		if at < 0 {
			continue
		}
		other := b.Entities[at]
		weight := math.Log2(1 + float64(max(1, min(e.Count, other.Count))))
		if e.InTitle || other.InTitle {
			weight *= 2
		}
		sum += weight
	}
	theirs := titleWords(b.Title)
	for _, w := range titleWords(a.Title) {
		if slices.Contains(theirs, w) {
			sum++
		}
	}
	return sum
}

// repeats reports whether the hit is the article, or one that tells the same in
// the same words.
func repeats(a news.Article, h news.Hit) bool {
	b := h.Article
	same := a.ID == b.ID || b.DuplicateOf == a.ID || a.DuplicateOf == b.ID
	return a.ID != "" && same || a.DuplicateOf != "" && a.DuplicateOf == b.DuplicateOf ||
		slices.Contains(h.Copies, a.ID) || a.Content != "" && a.Content == b.Content
}
