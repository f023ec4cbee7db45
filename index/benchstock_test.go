package index

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	bkeyword "github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/mapping"

	"broadsheet.example/news"
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
			articles[k] = p.article(i*batch + k)
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
