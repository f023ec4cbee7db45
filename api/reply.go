package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// statusOK stands in every reply that is no error, as clients of NewsAPI expect.
const statusOK = "ok"

type searchReply struct {
	Status       string                `json:"status"`
	TotalResults int                   `json:"totalResults"`
	TookMs       float64               `json:"tookMs"`
	Query        queryReply            `json:"query"`
	Page         int                   `json:"page,omitempty"`
	PageSize     int                   `json:"pageSize"`
	NextCursor   string                `json:"nextCursor,omitempty"`
	Articles     []any                 `json:"-"` // articles and facets are written by appendJSON
	Facets       map[string]news.Facet `json:"-"`
}

type queryReply struct {
	Parsed   string   `json:"parsed"`
	Warnings []string `json:"warnings"`
}

// hit is an article and what the search has to say of it.
type hit struct {
	news.Article
	hitExtras
}

type hitExtras struct {
	Highlights  map[string][]string `json:"highlights,omitempty"`
	Score       float64             `json:"score,omitempty"`
	Copies      []string            `json:"copies,omitempty"`
	Explanation *news.Explanation   `json:"explanation,omitempty"`
}

type facet struct {
	Buckets    []any         `json:"buckets"`
	OtherCount int           `json:"otherCount"`
	Exact      bool          `json:"exact"`
	Interval   news.Interval `json:"interval,omitempty"`
}

type bucket struct {
	Value    string `json:"value"`
	Label    string `json:"label"`
	Count    int    `json:"count"`
	Selected bool   `json:"selected"`
}

type dateBucket struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Count int       `json:"count"`
}

// searchReply gives a result the shape of the API. Of a search for counts alone
// the hits stay here.
func (s *Server) searchReply(q param.Search, r *news.Result, fields []string) (*searchReply, error) {
	if q.CountsAlone {
		q.Size, r.Hits, r.NextCursor = 0, nil, ""
	}
	if f, ok := r.Facets[q.EntityFacet]; ok {
		delete(r.Facets, q.EntityFacet)
		r.Facets[news.FacetEntity] = f
	}
	reply := &searchReply{
		Status: statusOK, TotalResults: r.Total, TookMs: float64(r.Took.Microseconds()) / 1000,
		Query: queryOf(q.Query, r), Articles: make([]any, len(r.Hits)),
		PageSize: q.Size, NextCursor: r.NextCursor, Facets: r.Facets,
	}
	if q.Cursor == "" {
		reply.Page = q.Offset/max(q.Size, 1) + 1
	}
	return reply, s.fillHits(reply.Articles, r.Hits, fields)
}

// fillHits shapes hits. Those with all fields share one piece of memory.
func (s *Server) fillHits(articles []any, hits []news.Hit, fields []string) error {
	if fields == nil {
		whole := make([]hit, len(hits))
		for i := range hits {
			whole[i] = s.wholeHit(&hits[i])
			articles[i] = &whole[i]
		}
		return nil
	}
	for i := range hits {
		var err error
		if articles[i], err = s.hitReply(&hits[i], fields); err != nil {
			return err
		}
	}
	return nil
}

// wholeHit is a hit with all fields but content.
func (s *Server) wholeHit(h *news.Hit) hit {
	article := s.outward(h.Article)
	article.Content = ""
	return hit{article, hitExtras{Highlights: h.Highlights, Score: h.Score, Copies: h.Copies, Explanation: h.Explanation}}
}

// queryOf tells how a query was understood.
func queryOf(q news.Query, r *news.Result) queryReply {
	reply := queryReply{Warnings: notNil(r.Warnings)}
	if q.Expr != nil {
		reply.Parsed = q.Expr.String()
	}
	return reply
}

// hitReply is one hit with the fields asked for; by default all but content.
func (s *Server) hitReply(h *news.Hit, fields []string) (any, error) {
	whole := s.wholeHit(h)
	if fields == nil {
		return &whole, nil
	}
	chosen, err := choose(s.outward(h.Article), fields)
	if err != nil {
		return nil, err
	}
	return chosen, merge(chosen, whole.hitExtras)
}

// choose keeps the fields of an article. A field that is empty is left out.
func choose(a news.Article, fields []string) (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	if err := merge(all, a); err != nil {
		return nil, err
	}
	for name := range all {
		if !slices.Contains(fields, name) {
			delete(all, name)
		}
	}
	return all, nil
}

// merge adds the members of v's JSON object to object.
func merge(object map[string]json.RawMessage, v any) error {
	text, err := encodeJSON(v) // json.Marshal would spell <mark> in escapes
	if err == nil {
		err = json.Unmarshal(text, &object)
	}
	if err != nil {
		return fmt.Errorf("encode fields: %w", err)
	}
	return nil
}

func facetReply(name string, f news.Facet) facet {
	out := facet{Buckets: make([]any, len(f.Buckets)), OtherCount: f.Other, Exact: !f.Approximate, Interval: f.Interval}
	for i, b := range f.Buckets {
		if name == news.FacetDate {
			out.Buckets[i] = dateBucket{From: b.From, To: b.To, Count: b.Count}
		} else {
			out.Buckets[i] = bucket{Value: b.Value, Label: b.Label, Count: b.Count, Selected: b.Selected}
		}
	}
	return out
}

// outward is an article as it may leave here. Every way out of this package
// passes through it, and so the policies of its publishers govern them all.
func (s *Server) outward(a news.Article) news.Article {
	if !s.mayLeave(a) {
		a.Content = ""
	}
	return a
}

// mayLeave reports whether the publisher, and who republished the article, let
// the full text go out through the API.
func (s *Server) mayLeave(a news.Article) bool {
	if s.deps.FullText(a.Source.ID) == news.FullTextNone {
		return false
	}
	return a.Via == nil || s.deps.FullText(a.Via.ID) != news.FullTextNone
}

// articleReply is an article with the fields asked for; by default all.
func (s *Server) articleReply(a news.Article, fields []string) (any, error) {
	a = s.outward(a)
	if fields == nil {
		return a, nil
	}
	return choose(a, fields)
}

// fieldNames is the parameter by which fields are chosen.
const fieldNames = param.FieldsName
