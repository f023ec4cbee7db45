package indextest

import (
	"fmt"
	"strings"
	"time"

	"broadsheet.example/news"
)

// defaultArticle is what a script's article is unless it says otherwise.
func defaultArticle(id string) news.Article {
	noon := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	return news.Article{
		ID: id, Language: "en", Source: news.Ref{ID: "wire", Name: "The Wire"}, URL: "https://wire.example/" + id,
		PublishedAt: noon, FirstSeen: noon, Revision: 1, Completeness: news.Full,
	}
}

// setArticle sets one key of an article. Lists that are named begin anew with
// the first of a command's keys.
func setArticle(a *news.Article, kv keyValue, first bool) error {
	var err error
	switch kv.key {
	case "title":
		a.Title = kv.value
	case "description":
		a.Description = kv.value
	case "content":
		a.Content = strings.ReplaceAll(kv.value, `\n`, "\n")
	case "source":
		a.Source = ref(kv.value)
	case "via":
		via := ref(kv.value)
		a.Via = &via
	case "url":
		a.URL = kv.value
	case "published":
		a.PublishedAt, err = parseTime(kv.value)
		a.FirstSeen = a.PublishedAt
	case "updated":
		a.UpdatedAt, err = parseTime(kv.value)
	case "seen":
		a.FirstSeen, err = parseTime(kv.value)
	case "language":
		a.Language = kv.value
	case "country":
		a.Country = kv.value
	case "section":
		a.Section = kv.value
	case "duplicate":
		a.DuplicateOf = kv.value
	case "completeness":
		a.Completeness = news.Completeness(kv.value)
	case "author":
		if first {
			a.Authors = nil
		}
		a.Authors = append(a.Authors, kv.value)
	case "person", "place", "organization":
		addEntity(a, news.EntityType(kv.key), kv.value, first)
	default:
		return fmt.Errorf("line %d: no such key %q", kv.line, kv.key)
	}
	if err != nil {
		return fmt.Errorf("line %d: %w", kv.line, err)
	}
	return nil
}

func addEntity(a *news.Article, t news.EntityType, name string, first bool) {
	var kept []news.Entity
	for _, e := range a.Entities {
		if !first || e.Type != t {
			kept = append(kept, e)
		}
	}
	a.Entities = append(kept, news.Entity{ID: news.EntityID(t, strings.ToLower(name)), Type: t, Name: name})
}

func ref(value string) news.Ref {
	id, name, ok := strings.Cut(value, " ")
	if !ok {
		name = id
	}
	return news.Ref{ID: id, Name: name}
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", s)
}
