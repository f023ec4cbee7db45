package main

import (
	"context"

	"broadsheet.example/bench/press"
	"broadsheet.example/news"
)

// library holds the press's articles in memory: what is measured is not the store.
type library struct {
	press *press.Press
	list  []news.Article
	place map[string]int
	names map[string]news.Entity
}

func newLibrary(p *press.Press, n int) *library {
	l := &library{press: p, list: make([]news.Article, n), place: make(map[string]int, n), names: make(map[string]news.Entity)}
	for i := range l.list {
		a := p.Article(i)
		l.list[i], l.place[a.ID] = a, i
		for _, e := range a.Entities {
			l.names[e.ID] = e
		}
	}
	return l
}

// changes are the articles as an outbox tells of them, up to n from the first on.
func (l *library) changes(first, n int) []news.Change {
	list := make([]news.Change, min(n, len(l.list)-first))
	for i := range list {
		a := &l.list[first+i]
		list[i] = news.Change{ID: a.ID, Version: a.Version, Partition: a.Partition, Article: a}
	}
	return list
}

// Articles returns the articles with the ids, in the order of ids.
func (l *library) Articles(_ context.Context, ids ...string) ([]news.Article, error) {
	list := make([]news.Article, 0, len(ids))
	for _, id := range ids {
		if i, ok := l.place[id]; ok {
			list = append(list, l.list[i])
		}
	}
	return list, nil
}

// Entities returns the entities with the ids, in the order of ids.
func (l *library) Entities(_ context.Context, ids ...string) ([]news.Entity, error) {
	list := make([]news.Entity, 0, len(ids))
	for _, id := range ids {
		if e, ok := l.names[id]; ok {
			list = append(list, e)
		}
	}
	return list, nil
}
