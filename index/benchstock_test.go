package index

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	bkeyword "github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/mapping"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// stockDoc is an article as Bleve alone would be given it.
type stockDoc struct {
	Title, Description, Content  string
	Source                       string
	Person, Place, Organization  []string
	Language, Section, Completed string
	Published                    time.Time
}

func stockMapping() mapping.IndexMapping {
	im := bleve.NewIndexMapping()
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{"Title", "Description", "Content"} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.DocValues = en.AnalyzerName, false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	for _, name := range []string{"Source", "Person", "Place", "Organization", "Language", "Section", "Completed"} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors = bkeyword.Name, false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	date := bleve.NewDateTimeFieldMapping()
	date.Store, date.IncludeInAll = false, false
	doc.AddFieldMappingsAt("Published", date)
	im.DefaultMapping = doc
	return im
}

func newStockDoc(a *news.Article) stockDoc {
	d := stockDoc{
		Title: a.Title, Description: a.Description, Content: a.Content, Source: a.Source.ID, Published: a.PublishedAt,
		Language: a.Language, Section: a.Section, Completed: string(a.Completeness),
	}
	for _, e := range a.Entities {
		switch e.Type {
		case news.Person:
			d.Person = append(d.Person, e.ID)
		case news.Place:
			d.Place = append(d.Place, e.ID)
		case news.Organization:
			d.Organization = append(d.Organization, e.ID)
		}
	}
	return d
}

// BenchmarkStockApply writes the articles of BenchmarkApply into Bleve as it
// comes, with the same fields and safe batches.
func BenchmarkStockApply(b *testing.B) {
	p := newPress(20_000)
	idx, err := bleve.New(filepath.Join(b.TempDir(), "bleve"), stockMapping())
	if err != nil {
		b.Fatal(err)
	}
	defer idx.Close()
	const batch = 500
	var used time.Duration
	docs := 0
	for i := 0; b.Loop(); i++ {
		articles := make([]news.Article, batch)
		for k := range articles {
			articles[k] = p.Article(i*batch + k)
		}
		before := cpuTime()
		w := idx.NewBatch()
		for k := range articles {
			if err := w.Index(articles[k].ID, newStockDoc(&articles[k])); err != nil {
				b.Fatal(err)
			}
		}
		if err := idx.Batch(w); err != nil {
			b.Fatal(err)
		}
		used += cpuTime() - before
		docs += batch
	}
	b.ReportMetric(float64(docs)/used.Seconds(), "docs/cpu-s")
}

// BenchmarkStockSearch asks Bleve as it comes for what BenchmarkSearch asks of
// the engine: one word, plain and with five facets.
func BenchmarkStockSearch(b *testing.B) {
	e, p := benchEngine(), newPress(benchSize())
	idx, err := bleve.New(filepath.Join(b.TempDir(), "bleve"), stockMapping())
	if err != nil {
		b.Fatal(err)
	}
	defer idx.Close()
	for first := 0; first < benchSize(); first += 1000 {
		w := idx.NewBatch()
		for i := first; i < min(first+1000, benchSize()); i++ {
			a := p.Article(i)
			if err := w.Index(a.ID, newStockDoc(&a)); err != nil {
				b.Fatal(err)
			}
		}
		if err := idx.Batch(w); err != nil {
			b.Fatal(err)
		}
	}
	classes := benchQueries(e, p)
	for _, class := range []string{"common", "rare"} {
		for _, mode := range []string{"plain", "facets"} {
			b.Run(mode+"/"+class, func(b *testing.B) {
				before, n := cpuTime(), 0
				for b.Loop() {
					stockSearch(b, idx, classes[class][n%len(classes[class])].(query.Word).Text, mode == "facets")
					n++
				}
				b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(n), "cpu-us/op")
			})
		}
	}
}

func stockSearch(b *testing.B, idx bleve.Index, word string, facets bool) {
	b.Helper()
	title, content := bleve.NewMatchQuery(word), bleve.NewMatchQuery(word)
	title.SetField("Title")
	title.SetBoost(3)
	content.SetField("Content")
	r := bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(title, content), 10, 0, false)
	if facets {
		for _, name := range []string{"Source", "Person", "Place", "Organization"} {
			r.AddFacet(name, bleve.NewFacetRequest(name, 10))
		}
		dates := bleve.NewFacetRequest("Published", 30)
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for m := range 24 {
			dates.AddDateTimeRange(strconv.Itoa(m), start.AddDate(0, m, 0), start.AddDate(0, m+1, 0))
		}
		r.AddFacet("Published", dates)
	}
	if _, err := idx.Search(r); err != nil {
		b.Fatal(err)
	}
}
