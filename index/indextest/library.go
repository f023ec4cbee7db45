package indextest

import (
	"context"
	"maps"
	"sync"

	"broadsheet.example/news"
)

// Library is an archive in memory, as an index needs it. It is safe for
// concurrent use.
type Library struct {
	mu       sync.Mutex
	articles map[string]news.Article
}

// NewLibrary returns an empty library.
func NewLibrary() *Library { return &Library{articles: make(map[string]news.Article)} }

// Put adds or replaces articles.
func (l *Library) Put(list ...news.Article) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range list {
		l.articles[a.ID] = a
	}
}

// Delete forgets an article.
func (l *Library) Delete(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.articles, id)
}

// All returns a copy of everything held, by id.
func (l *Library) All() map[string]news.Article {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.articles)
}

// Articles returns the articles with the ids, in the order of ids.
func (l *Library) Articles(_ context.Context, ids ...string) ([]news.Article, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []news.Article
	for _, id := range ids {
		if a, ok := l.articles[id]; ok {
			list = append(list, a)
		}
	}
	return list, nil
}

// Entities returns the entities with the ids as the articles name them.
func (l *Library) Entities(_ context.Context, ids ...string) ([]news.Entity, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := make(map[string]news.Entity)
	for _, a := range l.articles {
		for _, e := range a.Entities {
			names[e.ID] = news.Entity{ID: e.ID, Type: e.Type, Name: e.Name}
		}
	}
	var list []news.Entity
	for _, id := range ids {
		if e, ok := names[id]; ok {
			list = append(list, e)
		}
	}
	return list, nil
}
