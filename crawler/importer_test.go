package crawler_test

import (
	"strings"
	"testing"
	"time"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/source"
	"broadsheet.example/news"
)

func newIngester(t testing.TB) *crawler.Ingester {
	t.Helper()
	sources, err := source.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) }
	return crawler.NewIngester(sources, nameless{}, now)
}

func TestImport(t *testing.T) {
	g := newIngester(t)
	d, err := g.Import([]byte(`{"url":"https://www.example.org/a?utm_source=x","title":" A  title ","content":"One.\r\n\r\nTwo.","publishedAt":"2024-04-18","author":"Ana Lopes","unknown":1}`))
	if err != nil {
		t.Fatal(err)
	}
	a := d.Article
	if a.Title != "A title" || a.Content != "One.\n\nTwo." || a.WordCount != 2 || a.Authors[0] != "Ana Lopes" {
		t.Errorf("article: %+v", a)
	}
	if !a.PublishedAt.Equal(time.Date(2024, 4, 18, 0, 0, 0, 0, time.UTC)) || a.PublishedAtPrecision != news.PrecisionDay || a.PublishedAtSource != news.DateImport {
		t.Errorf("date: %v %q %q", a.PublishedAt, a.PublishedAtPrecision, a.PublishedAtSource)
	}
	if a.Source.ID != "example.org" || a.Completeness != news.Full {
		t.Errorf("source %+v, completeness %q", a.Source, a.Completeness)
	}
	if len(d.Keys) != 1 || strings.Contains(d.Keys[0], "utm") {
		t.Errorf("keys: %v", d.Keys)
	}
}

func TestImportTakesWhatIsPresent(t *testing.T) {
	g := newIngester(t)
	d, err := g.Import([]byte(`{"url":"https://example.org/a","title":"T","content":"C","publishedAt":"2024-04-18T19:04:00+02:00",
"source":{"id":"axios","name":"Axios"},"via":{"id":"inkl","name":"inkl"},"language":"en","section":"Politics","completeness":"partial",
"entities":[{"id":"e_aaaaaaaaaaaaaaaa","type":"person","name":"Ana Lopes"}],"score":3,"highlights":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	a := d.Article
	if a.Source.ID != "axios" || a.Via == nil || a.Via.ID != "inkl" || a.Section != "Politics" || a.Completeness != news.Partial || len(a.Entities) != 1 {
		t.Errorf("article: %+v", a)
	}
	if want := time.Date(2024, 4, 18, 17, 4, 0, 0, time.UTC); !a.PublishedAt.Equal(want) {
		t.Errorf("published %v, want %v", a.PublishedAt, want)
	}
}

func TestImportRefusesByName(t *testing.T) {
	g := newIngester(t)
	tests := []struct{ name, line, want string }{
		{"no JSON", `{"url":`, "JSON"},
		{"no object", `[1]`, "JSON"},
		{"no URL", `{"title":"x"}`, "url"},
		{"bad URL", `{"url":"ftp://x/y","title":"x"}`, "url"},
		{"no title", `{"url":"https://example.org/a"}`, "title"},
		{"bad date", `{"url":"https://example.org/a","title":"x","publishedAt":"yesterday"}`, "publishedAt"},
		{"wrong type", `{"url":"https://example.org/a","title":7}`, "title"},
		{"two values", `{"url":"https://example.org/a","title":"x"} {}`, "more than one"},
	}
	for _, tt := range tests {
		if _, err := g.Import([]byte(tt.line)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that says %q", tt.name, err, tt.want)
		}
	}
}

func TestImportHoldsFutureDates(t *testing.T) {
	d, err := newIngester(t).Import([]byte(`{"url":"https://example.org/a","title":"x","content":"y","publishedAt":"2099-01-01"}`))
	if err != nil {
		t.Fatal(err)
	}
	if !d.Article.PublishedAt.IsZero() || d.Article.PublishedAtRaw != "2099-01-01" {
		t.Errorf("published %v, raw %q; want none, and the raw date kept", d.Article.PublishedAt, d.Article.PublishedAtRaw)
	}
}

func FuzzImport(f *testing.F) {
	f.Add(`{"url":"https://example.org/a","title":"x","content":"y","publishedAt":"2024-04-18"}`)
	f.Add(`{"url":"https://example.org/a","title":"\u0000","source":"Axios","entities":[{}]}`)
	g := newIngester(f)
	f.Fuzz(func(t *testing.T, line string) {
		if d, err := g.Import([]byte(line)); err == nil && (len(d.Keys) == 0 || d.Article.Title == "") {
			t.Errorf("accepted without key or title: %q", line)
		}
	})
}
