package indextest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// Epoch is the newest date of a [World].
func Epoch() time.Time { return time.Date(2024, 5, 20, 12, 0, 0, 0, time.UTC) }

// World generates articles and queries that are likely to find some of them, the
// same ones from the same seed.
type World struct {
	*rand.Rand
	words []string
}

// NewWorld returns the world of a seed.
func NewWorld(seed uint64) *World {
	w := &World{Rand: rand.New(rand.NewPCG(seed, 1))}
	w.words = strings.Fields(`the president of election elections elected electric U.S. café Cafe don't economy economic tax taxes
		war peace talks two-state solution border minister's parliament vote votes voting climate a in market markets bank banks
		storm floods rain city mayor court judge trial law strike union union’s workers wages prices inflation energy oil gas
		Ukraine Gaza Brussels Kyiv 2024 1,000 Regierung Häuser élection l'été 日本経済 新聞`)
	return w
}

// word picks a word, the first ones more often.
func (w *World) word() string {
	return w.words[min(w.IntN(len(w.words)), w.IntN(len(w.words)))]
}

func (w *World) text(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = w.word()
	}
	return strings.Join(list, " ")
}

func pick[T any](w *World, list ...T) T { return list[w.IntN(len(list))] }

func (w *World) entity() news.Entity {
	kind := pick(w, news.Person, news.Place, news.Organization)
	name := fmt.Sprintf("%s Nr %d", strings.ToUpper(string(kind[:2])), min(w.IntN(12), w.IntN(12)))
	return news.Entity{ID: news.EntityID(kind, name), Type: kind, Name: name}
}

func (w *World) source() news.Ref {
	n := min(w.IntN(9), w.IntN(9))
	return news.Ref{ID: fmt.Sprintf("s%d", n), Name: fmt.Sprintf("The Source %d", n)}
}

// Article makes a state of the article with the number, which need not resemble
// another of it.
func (w *World) Article(id int, version int64) news.Article {
	a := news.Article{
		ID: fmt.Sprintf("id%03d", id), Version: version, Source: w.source(), URL: fmt.Sprintf("https://%s.site%d.example/x", pick(w, "www", "news"), w.IntN(4)),
		Title: w.text(3 + w.IntN(5)), Content: w.text(w.IntN(60)),
		PublishedAt: Epoch().Add(-time.Duration(w.IntN(w.span())) * 6 * time.Hour),
		FirstSeen:   Epoch().Add(-time.Duration(w.IntN(500)) * time.Minute),
		Language:    pick(w, "en", "en", "en", "en", "de", "fr", "", "ja"), Country: pick(w, "us", "gb", ""),
		Section: pick(w, "World", "Business", ""), Completeness: pick(w, news.Full, news.Partial, news.FeedOnly),
	}
	if w.IntN(2) == 0 {
		a.Description = w.text(8)
	}
	if w.IntN(3) == 0 {
		a.UpdatedAt = a.PublishedAt.Add(time.Duration(w.IntN(50)) * time.Hour)
	}
	if w.IntN(4) == 0 {
		via := w.source()
		a.Via = &via
	}
	if w.IntN(4) == 0 {
		a.DuplicateOf = fmt.Sprintf("id%03d", w.IntN(20))
	}
	for range w.IntN(3) {
		a.Authors = append(a.Authors, pick(w, "Jane Doe", "José Pérez", "Li Wei", "John Roe"))
	}
	for range w.IntN(5) {
		a.Entities = append(a.Entities, w.entity())
	}
	return a
}

func (w *World) span() int { return pick(w, 20, 200, 2000) }

// node makes a random tree.
func (w *World) node(depth int) query.Node {
	if depth == 0 {
		return w.simple()
	}
	switch w.IntN(8) {
	case 0:
		return query.And{Parts: []query.Node{w.node(depth - 1), w.node(depth - 1)}}
	case 1:
		return query.Or{Parts: []query.Node{w.node(depth - 1), w.node(depth - 1), w.node(0)}}
	case 2:
		return query.Not{Part: w.node(depth - 1)}
	case 3:
		return w.simple()
	default:
		var all query.All
		for range 1 + w.IntN(6) {
			all.Parts = append(all.Parts, w.part(depth-1))
		}
		return all
	}
}

func (w *World) part(depth int) query.Node {
	switch w.IntN(8) {
	case 0:
		return query.Must{Part: w.node(depth)}
	case 1:
		return query.Not{Part: w.node(depth)}
	case 2:
		return w.node(depth)
	default:
		return query.Word{Text: w.word()}
	}
}

func (w *World) simple() query.Node {
	field := pick(w, query.FieldText, query.FieldText, query.FieldText, query.FieldTitle, query.FieldContent, query.FieldDescription)
	switch w.IntN(12) {
	case 0:
		return query.Phrase{Field: field, Text: w.text(2 + w.IntN(2))}
	case 1:
		return query.Phrase{Field: field, Text: w.text(2 + w.IntN(2)), Slop: 1 + w.IntN(8)}
	case 2:
		return query.Prefix{Field: field, Text: pick(w, "elec", "electi", "tax", "mark", "vot", "cafe", "Reg", "new", "1,0")}
	case 3:
		f := w.filter()
		return query.Value{Field: query.Field(f.Facet), Text: f.Values[0]}
	case 4:
		return query.Value{Field: query.FieldSite, Text: pick(w, "site1.example", "news.site2.example", "example", "none.example")}
	case 5:
		return query.Dates{From: pick(w, "", "2024-04", "10d", "2024-05-01"), Before: pick(w, "", "2024-05-18", "1d")}
	case 6:
		return query.Is{Text: pick(w, "full", "partial", "feedOnly")}
	default:
		return query.Word{Field: field, Text: w.word()}
	}
}

func (w *World) filter() news.Filter {
	e := w.entity()
	s := w.source()
	f := pick(w,
		news.Filter{Facet: news.FacetSource, Values: []string{s.ID, "s1"}}, news.Filter{Facet: news.FacetSource, Values: []string{s.Name}},
		news.Filter{Facet: news.FacetVia, Values: []string{s.ID}}, news.Filter{Facet: string(e.Type), Values: []string{e.ID}},
		news.Filter{Facet: string(e.Type), Values: []string{e.Name}}, news.Filter{Facet: news.FacetEntity, Values: []string{e.ID, w.entity().ID}},
		news.Filter{Facet: news.FacetAuthor, Values: []string{"jose perez"}}, news.Filter{Facet: news.FacetSection, Values: []string{"World"}},
		news.Filter{Facet: news.FacetCountry, Values: []string{"us"}})
	f.Exclude = w.IntN(5) == 0
	return f
}

// Query makes a query.
func (w *World) Query() news.Query {
	q := news.Query{
		Sort:  pick(w, news.SortRelevancy, news.SortRelevancy, news.SortRelevancy, news.SortNewest, news.SortOldest, news.SortUpdated),
		Match: pick(w, news.MatchDefault, news.MatchDefault, news.MatchAll, news.MatchMost), Size: pick(w, 3, 10, 50), Now: Epoch(),
		Recency: pick(w, news.RecencyNormal, news.RecencyStrong, news.RecencyOff), Zone: pick(w, time.UTC, time.FixedZone("x", 19800)),
	}
	if w.IntN(12) > 0 {
		q.Expr = w.node(w.IntN(4))
	}
	if w.IntN(6) == 0 {
		q.SearchIn = []string{pick(w, news.TextFields()...)}
	}
	if w.IntN(4) == 0 {
		q.Collapse = news.CollapseDuplicates
	}
	if w.IntN(4) == 0 {
		q.FacetMode = news.FacetsFiltered
	}
	if w.IntN(6) == 0 {
		q.Language = pick(w, "en", "fr", "ja")
	}
	if w.IntN(4) == 0 {
		q.From, q.DateField = Epoch().Add(-time.Duration(w.IntN(500))*time.Hour), pick(w, news.DatePublished, news.DateUpdated, news.DateIndexed)
	}
	if w.IntN(4) == 0 {
		q.To = Epoch().Add(time.Duration(10-w.IntN(100)) * time.Hour)
		if q.To.Before(q.From) {
			q.To = q.From
		}
	}
	for range max(w.IntN(5)-2, 0) {
		q.Filters = append(q.Filters, w.filter())
	}
	for _, name := range news.FacetNames() {
		if w.IntN(3) == 0 {
			q.Facets = append(q.Facets, news.FacetRequest{Name: name, Size: pick(w, 1, 3, 10), Interval: pick(w, news.IntervalAuto, news.IntervalDay, news.IntervalWeek, news.IntervalMonth, news.IntervalYear, news.IntervalHour)})
		}
	}
	if w.IntN(3) == 0 {
		q.Offset = w.IntN(30)
	}
	return q
}
