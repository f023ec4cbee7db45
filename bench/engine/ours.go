package main

import (
	"context"
	"log/slog"
	"math"
	"strings"
	"time"

	"broadsheet.example/bench/press"
	"broadsheet.example/index"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// ours is Broadsheet's own engine.
type ours struct{ engine *index.Engine }

func openOurs(ctx context.Context, dir string) (*ours, error) {
	e, err := index.Open(ctx, index.Config{Dir: dir}, bare{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return &ours{e}, nil
}

// bare is a library of articles of which nothing but the id is known: no peer
// loads texts.
type bare struct{}

func (bare) Articles(_ context.Context, ids ...string) ([]news.Article, error) {
	list := make([]news.Article, len(ids))
	for i, id := range ids {
		list[i].ID = id
	}
	return list, nil
}

func (bare) Entities(context.Context, ...string) ([]news.Entity, error) { return nil, nil }

func (o *ours) name() string { return "Broadsheet" }

func (o *ours) held() (int, error) { return o.engine.Stats().Articles, nil }

func (o *ours) add(ctx context.Context, batch []news.Article) error {
	changes := make([]news.Change, len(batch))
	for i := range batch {
		changes[i] = news.Change{ID: batch[i].ID, Version: batch[i].Version, Partition: batch[i].Partition, Article: &batch[i]}
	}
	_, err := o.engine.Apply(ctx, changes)
	return err
}

func (o *ours) ask(ctx context.Context, q question) (answer, error) {
	r, err := o.engine.Search(ctx, ourQuery(q))
	if err != nil {
		return answer{}, err
	}
	a := answer{total: r.Total}
	for _, h := range r.Hits {
		a.first = append(a.first, h.Article.ID)
	}
	if q.facets {
		a.facets = make(map[string]map[string]int, len(r.Facets))
	}
	for name, f := range r.Facets {
		counts := make(map[string]int, len(f.Buckets))
		for _, b := range f.Buckets {
			if name == news.FacetDate {
				b.Value = b.From.Format(monthLayout)
			}
			counts[b.Value] = b.Count
		}
		a.facets[name] = counts
	}
	return a, nil
}

const monthLayout = "2006-01"

func ourQuery(q question) news.Query {
	out := news.Query{Expr: ourExpr(q), Size: shown, Recency: news.RecencyOff, Now: press.Start().Add(press.Span)}
	switch q.order {
	case bestRecent:
		out.Recency = news.RecencyNormal
	case newest:
		out.Sort = news.SortNewest
	case best:
	}
	if q.facets {
		out.Facets = []news.FacetRequest{{Name: news.FacetDate, Interval: news.IntervalMonth}}
		for _, f := range fields() {
			out.Facets = append(out.Facets, news.FacetRequest{Name: f, Size: shown})
		}
	}
	return out
}

func ourExpr(q question) query.Node {
	words := make([]query.Node, len(q.words))
	for i, w := range q.words {
		words[i] = query.Word{Text: w}
	}
	switch q.kind {
	case allOf:
		return query.And{Parts: words}
	case phrase:
		return query.Phrase{Text: strings.Join(q.words, " ")}
	case near:
		return query.Phrase{Text: strings.Join(q.words, " "), Slop: nearSlop}
	case prefix:
		return query.Prefix{Text: q.words[0]}
	case anyOf:
	}
	return query.Or{Parts: words}
}

// decay is the default fading of relevance, for the peers to do the same: half
// of what an article's age of 30 days costs, but never more than half.
func decay(published time.Time) float64 {
	return 0.5 + 0.5*math.Exp2(-press.Start().Add(press.Span).Sub(published).Hours()/(30*24))
}

func (o *ours) close() error { return o.engine.Close() }
