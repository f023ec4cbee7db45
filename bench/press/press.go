// Package press makes up news for benchmarks: Zipf words over a large
// vocabulary, a few hundred sources, named entities, dates over two years in the
// order of time.
//
// It is not a test set for ranking or entities: its sentences mean nothing.
package press

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"broadsheet.example/news"
)

// Sizes of what articles are made of.
const (
	vocabulary = 40_000
	names      = 50_000
	sources    = 300
)

// Span is how long the press writes.
const Span = 730 * 24 * time.Hour

// Start is the day of the first article.
func Start() time.Time { return time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC) }

// function words are the commonest in English, in order.
const function = "the of and to in a is that for it was on are as with his they be at one have this from or had by not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know"

// Press writes a number of articles, each of which is a function of the seed, the
// number of articles and its own number. It is safe for concurrent use.
type Press struct {
	articles, words int
	seed            uint64
	vocabulary      []string
	people          []news.Entity
}

// New returns a press of articles with the mean number of words.
func New(articles, words int, seed uint64) *Press {
	p := &Press{articles: articles, words: words, seed: seed, vocabulary: strings.Fields(function)}
	r := rand.New(rand.NewPCG(seed, 7))
	for len(p.vocabulary) < vocabulary {
		p.vocabulary = append(p.vocabulary, syllables(r, 2+r.IntN(3)))
	}
	types := []news.EntityType{news.Person, news.Place, news.Organization}
	for i := range names {
		t, name := types[i%3], title(syllables(r, 2))+" "+title(syllables(r, 2+r.IntN(2)))
		p.people = append(p.people, news.Entity{ID: news.EntityID(t, strings.ToLower(name)), Type: t, Name: name})
	}
	return p
}

// Words returns the made-up words, the commonest first.
func (p *Press) Words() []string { return p.vocabulary[len(strings.Fields(function)):] }

// writer is what one article is written with.
type writer struct {
	*Press
	*rand.Rand
	word, person *rand.Zipf
}

// Article returns the i-th article, counted from 0.
func (p *Press) Article(i int) news.Article {
	r := rand.New(rand.NewPCG(p.seed, uint64(i)+1000))
	w := &writer{p, r, rand.NewZipf(r, 1.07, 4, uint64(len(p.vocabulary)-1)), rand.NewZipf(r, 1.1, 10, names-1)}
	source := rand.NewZipf(r, 1.2, 5, sources-1).Uint64()
	chosen := make([]news.Entity, 5+r.IntN(4))
	for k := range chosen {
		chosen[k] = p.people[w.person.Uint64()]
	}
	a := news.Article{
		Version: 1, Source: news.Ref{ID: fmt.Sprintf("paper-%03d", source), Name: fmt.Sprintf("Paper %03d", source)},
		Title:       title(w.sentence(6+r.IntN(6), chosen[0].Name)),
		Description: title(w.sentence(15, chosen[1].Name)) + ".",
		Content:     w.text(p.words/2+r.IntN(p.words), chosen),
		URL:         fmt.Sprintf("https://paper%03d.example/%d/%s", source, i, syllables(r, 4)),
		PublishedAt: Start().Add(Span / time.Duration(p.articles) * time.Duration(i)).Truncate(time.Second),
		Language:    "en", Section: []string{"world", "politics", "business", "science", "sport", "culture"}[r.IntN(6)],
		Completeness: news.Full, Authors: []string{p.people[w.person.Uint64()].Name}, Entities: chosen,
	}
	a.ID, a.FirstSeen, a.Partition = news.ArticleID(a.URL), a.PublishedAt.Add(time.Minute), news.PartitionOf(a.PublishedAt)
	return a
}

// Import is what a caller who imports an article knows of it.
func Import(a news.Article) news.Article {
	a.ID, a.Version, a.Partition, a.Completeness, a.FirstSeen = "", 0, "", "", time.Time{}
	for k, e := range a.Entities {
		a.Entities[k] = news.Entity{Type: e.Type, Name: e.Name}
	}
	return a
}

func (w *writer) text(words int, chosen []news.Entity) string {
	var b strings.Builder
	for n := 0; words > 0; n++ {
		length := 8 + w.IntN(20)
		b.WriteString(title(w.sentence(length, chosen[n%len(chosen)].Name)))
		b.WriteString(".")
		if words -= length; words > 0 {
			if n%4 == 3 {
				b.WriteString("\n\n")
			} else {
				b.WriteString(" ")
			}
		}
	}
	return b.String()
}

// sentence is length words, one of which is a name.
func (w *writer) sentence(length int, name string) string {
	out := make([]string, length)
	for i := range out {
		out[i] = w.vocabulary[w.word.Uint64()]
	}
	out[w.IntN(length)] = name
	return strings.Join(out, " ")
}

func syllables(r *rand.Rand, n int) string {
	const onset, nucleus, coda = "bcdfghjklmnprstvwz", "aeiou", "nrstlmd"
	var b strings.Builder
	for range n {
		b.WriteByte(onset[r.IntN(len(onset))])
		b.WriteByte(nucleus[r.IntN(len(nucleus))])
		if r.IntN(3) == 0 {
			b.WriteByte(coda[r.IntN(len(coda))])
		}
	}
	return b.String()
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
