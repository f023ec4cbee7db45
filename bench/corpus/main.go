// Command corpus writes generated news articles as NDJSON for benchmarks: Zipf
// words over a large vocabulary, a few hundred sources, named entities, dates
// over two years. The same flags give the same bytes.
//
// It is not a test set for ranking or entities: its sentences mean nothing.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"broadsheet.example/news"
)

func main() {
	n := flag.Int("n", 100_000, "number of articles")
	words := flag.Int("words", 387, "mean words of an article")
	entities := flag.Bool("entities", true, "supply entities")
	seed := flag.Uint64("seed", 1, "seed")
	flag.Parse()
	if err := write(*n, *words, *entities, *seed); err != nil {
		log.Fatal(err)
	}
}

func write(n, words int, entities bool, seed uint64) error {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	g := newGenerator(seed)
	for i := range n {
		if err := enc.Encode(g.article(i, n, words, entities)); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Sizes of the vocabulary.
const (
	vocabulary = 40_000
	names      = 50_000
	sources    = 300
)

// start is the day of the first article.
var start = time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC)

const span = 730 * 24 * time.Hour

// function words are the commonest in English, in order.
var function = strings.Fields("the of and to in a is that for it was on are as with his they be at one have this from or had by not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know")

type generator struct {
	r      *rand.Rand
	words  []string
	zipf   *rand.Zipf
	people []news.Entity
	whom   *rand.Zipf
	source *rand.Zipf
}

func newGenerator(seed uint64) *generator {
	r := rand.New(rand.NewPCG(seed, 7))
	g := &generator{
		r: r, words: append([]string(nil), function...), zipf: rand.NewZipf(r, 1.07, 4, vocabulary-1),
		whom: rand.NewZipf(r, 1.1, 10, names-1), source: rand.NewZipf(r, 1.2, 5, sources-1),
	}
	for len(g.words) < vocabulary {
		g.words = append(g.words, g.syllables(2+r.IntN(3)))
	}
	types := []news.EntityType{news.Person, news.Place, news.Organization}
	for i := range names {
		name := title(g.syllables(2)) + " " + title(g.syllables(2+r.IntN(2)))
		g.people = append(g.people, news.Entity{Type: types[i%3], Name: name})
	}
	return g
}

func (g *generator) syllables(n int) string {
	const onset, nucleus, coda = "bcdfghjklmnprstvwz", "aeiou", "nrstlmd"
	var b strings.Builder
	for range n {
		b.WriteByte(onset[g.r.IntN(len(onset))])
		b.WriteByte(nucleus[g.r.IntN(len(nucleus))])
		if g.r.IntN(3) == 0 {
			b.WriteByte(coda[g.r.IntN(len(coda))])
		}
	}
	return b.String()
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (g *generator) article(i, n, words int, entities bool) map[string]any {
	source := g.source.Uint64()
	chosen := make([]news.Entity, 5+g.r.IntN(4))
	for k := range chosen {
		chosen[k] = g.people[g.whom.Uint64()]
	}
	a := map[string]any{
		"url":         fmt.Sprintf("https://paper%03d.example/%d/%s", source, i, g.syllables(4)),
		"source":      map[string]string{"id": fmt.Sprintf("paper-%03d", source), "name": fmt.Sprintf("Paper %03d", source)},
		"title":       title(g.sentence(6+g.r.IntN(6), chosen[0].Name)),
		"description": title(g.sentence(15, chosen[1].Name)) + ".",
		"content":     g.text(words/2+g.r.IntN(words), chosen),
		"publishedAt": start.Add(span / time.Duration(n) * time.Duration(i)).Format(time.RFC3339),
		"language":    "en",
		"section":     []string{"world", "politics", "business", "science", "sport", "culture"}[g.r.IntN(6)],
		"authors":     []string{g.people[g.whom.Uint64()].Name},
	}
	if entities {
		a["entities"] = chosen
	}
	return a
}

func (g *generator) text(words int, chosen []news.Entity) string {
	var b strings.Builder
	for n := 0; words > 0; n++ {
		length := 8 + g.r.IntN(20)
		b.WriteString(title(g.sentence(length, chosen[n%len(chosen)].Name)))
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
func (g *generator) sentence(length int, name string) string {
	out := make([]string, length)
	for i := range out {
		out[i] = g.words[g.zipf.Uint64()]
	}
	out[g.r.IntN(length)] = name
	return strings.Join(out, " ")
}
