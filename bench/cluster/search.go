package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/bench/press"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// class is a kind of question.
type class struct {
	name string
	list []news.Query
}

const (
	perClass = 40 // questions
	shown    = 20 // hits, as the API shows without being told
)

// ranks are which words, by how common they are, the questions are made of: not
// the very commonest, nor such that hardly an article has.
var ranks = [2]int{20, 2000}

// questions makes the same questions each time.
func questions(lib *library) []class {
	r := rand.New(rand.NewPCG(2, 2))
	words := lib.press.Words()
	word := func() string { return words[ranks[0]+r.IntN(ranks[1]-ranks[0])] }
	build := func(name string, make func() news.Query) class {
		c := class{name: name}
		for range perClass {
			q := make()
			q.Size, q.Now = shown, press.Start().Add(press.Span)
			c.list = append(c.list, q)
		}
		return c
	}
	two := func() query.Node {
		return query.All{Parts: []query.Node{query.Word{Text: word()}, query.Word{Text: word()}}}
	}
	five := []news.FacetRequest{
		{Name: news.FacetSource},
		{Name: news.FacetDate, Interval: news.IntervalMonth},
		{Name: news.FacetPerson},
		{Name: news.FacetPlace},
		{Name: news.FacetOrganization},
	}
	return []class{
		build("one word, newest", func() news.Query {
			return news.Query{Expr: query.Word{Text: word()}, Sort: news.SortNewest}
		}),
		build("one word, newest, five facets", func() news.Query {
			return news.Query{Expr: query.Word{Text: word()}, Sort: news.SortNewest, Facets: five}
		}),
		build("one word, best", func() news.Query { return news.Query{Expr: query.Word{Text: word()}} }),
		build("two words, best", func() news.Query { return news.Query{Expr: two()} }),
		build("two words, best, five facets, snippets", func() news.Query {
			return news.Query{Expr: two(), Facets: five, Highlight: news.Highlight{On: true}}
		}),
		build("five facets alone", func() news.Query { return news.Query{Facets: five} }),
	}
}

// searching asks each peer each class and prints a table.
func searching(ctx context.Context, peers []peer, lib *library, o options, out io.Writer) error {
	indexes := make([]news.Index, len(peers))
	for i, p := range peers {
		var err error
		if indexes[i], err = current(ctx, p); err != nil {
			return err
		}
		if err := warm(ctx, indexes[i], questions(lib), o.span); err != nil {
			return fmt.Errorf("%s: %w", p.name(), err)
		}
		calm(p)
	}
	fmt.Fprintln(out)
	title := fmt.Sprintf("%d searches at a time: a second / p50 ms / CPU ms each, this process + servers", o.clients)
	if err := head(out, title, peers); err != nil {
		return err
	}
	for _, c := range questions(lib) {
		cells := make([]string, len(peers))
		for i, p := range peers {
			var err error
			if cells[i], err = measure(ctx, p, indexes[i], c, o); err != nil {
				return fmt.Errorf("%s, %s: %w", p.name(), c.name, err)
			}
		}
		if err := row(out, c.name, cells); err != nil {
			return err
		}
	}
	return nil
}

// current is the generation that is searched.
func current(ctx context.Context, p peer) (news.Index, error) {
	if e, ok := p.(*embedded); ok {
		return e.opened[len(e.opened)-1], nil
	}
	return p.open(ctx, second)
}

// warm asks the questions of all classes in turn, each once and for a span of time
// at least, so that what is measured afterwards is compiled and cached.
func warm(ctx context.Context, idx news.Index, classes []class, span time.Duration) error {
	for i, start := 0, time.Now(); i < perClass || time.Since(start) < span; i++ {
		for _, c := range classes {
			if _, err := idx.Search(ctx, c.list[i%perClass]); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return nil
}

// measure asks a class for a span of time.
func measure(ctx context.Context, p peer, idx news.Index, c class, o options) (string, error) {
	var mu sync.Mutex
	var all []time.Duration
	before := usedBy(p)
	var g errgroup.Group
	for client := range o.clients {
		g.Go(func() error {
			var took []time.Duration
			for i := client; time.Since(before.at) < o.span; i += o.clients {
				start := time.Now()
				if _, err := idx.Search(ctx, c.list[i%len(c.list)]); err != nil {
					return err
				}
				took = append(took, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return "", err
	}
	wall, own, servers := before.since(p)
	slices.Sort(all)
	n := float64(len(all))
	p50 := all[len(all)/2]
	return fmt.Sprintf("%.0f / %s / %s + %s", n/wall.Seconds(), millis(p50, 1), millis(own, n), millis(servers, n)), nil
}
