package index

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// epoch is the newest date of the generated corpus.
var epoch = time.Date(2024, 5, 20, 12, 0, 0, 0, time.UTC)

// world generates articles and queries.
type world struct {
	*rand.Rand
	words []string
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 1))}
	w.words = strings.Fields(`the president of election elections elected electric U.S. café Cafe don't economy economic tax taxes
		war peace talks two-state solution border minister's parliament vote votes voting climate a in market markets bank banks
		storm floods rain city mayor court judge trial law strike union union’s workers wages prices inflation energy oil gas
		Ukraine Gaza Brussels Kyiv 2024 1,000 Regierung Häuser élection l'été 日本経済 新聞`)
	return w
}

// word picks a word, the first ones more often.
func (w *world) word() string {
	return w.words[min(w.IntN(len(w.words)), w.IntN(len(w.words)))]
}

func (w *world) text(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = w.word()
	}
	return strings.Join(list, " ")
}

func pick[T any](w *world, list ...T) T { return list[w.IntN(len(list))] }

func (w *world) entity() news.Entity {
	kind := pick(w, news.Person, news.Place, news.Organization)
	name := fmt.Sprintf("%s Nr %d", strings.ToUpper(string(kind[:2])), min(w.IntN(12), w.IntN(12)))
	return news.Entity{ID: news.EntityID(kind, name), Type: kind, Name: name}
}

func (w *world) source() news.Ref {
	n := min(w.IntN(9), w.IntN(9))
	return news.Ref{ID: fmt.Sprintf("s%d", n), Name: fmt.Sprintf("The Source %d", n)}
}

func (w *world) article(id int, version int64) news.Article {
	a := news.Article{
		ID: fmt.Sprintf("id%03d", id), Version: version, Source: w.source(), URL: fmt.Sprintf("https://%s.site%d.example/x", pick(w, "www", "news"), w.IntN(4)),
		Title: w.text(3 + w.IntN(5)), Content: w.text(w.IntN(60)),
		PublishedAt: epoch.Add(-time.Duration(w.IntN(w.span())) * 6 * time.Hour),
		FirstSeen:   epoch.Add(-time.Duration(w.IntN(500)) * time.Minute),
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

func (w *world) span() int { return pick(w, 20, 200, 2000) }

// node makes a random tree.
func (w *world) node(depth int) query.Node {
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

func (w *world) part(depth int) query.Node {
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

func (w *world) simple() query.Node {
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

func (w *world) filter() news.Filter {
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

func (w *world) query() news.Query {
	q := news.Query{
		Sort:  pick(w, news.SortRelevancy, news.SortRelevancy, news.SortRelevancy, news.SortNewest, news.SortOldest, news.SortUpdated),
		Match: pick(w, news.MatchDefault, news.MatchDefault, news.MatchAll, news.MatchMost), Size: pick(w, 3, 10, 50), Now: epoch,
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
		q.From, q.DateField = epoch.Add(-time.Duration(w.IntN(500))*time.Hour), pick(w, news.DatePublished, news.DateUpdated, news.DateIndexed)
	}
	if w.IntN(4) == 0 {
		q.To = epoch.Add(time.Duration(10-w.IntN(100)) * time.Hour)
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

func openTest(t testing.TB, cfg Config, lib Library) *Engine {
	t.Helper()
	e, err := Open(context.Background(), cfg, lib, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestEqualsReference compares the engine with the reference on random queries
// while articles arrive, change and go: a thousand of them, or as many as
// BROADSHEET_QUERIES says.
func TestEqualsReference(t *testing.T) {
	const rounds = 15
	queries, seed := 70, uint64(7)
	if n, err := strconv.Atoi(os.Getenv("BROADSHEET_QUERIES")); err == nil {
		queries, seed = n/rounds, uint64(n)
	}
	w := newWorld(seed)
	lib := indextest.NewLibrary()
	cfg := Config{Dir: t.TempDir(), BatchDocs: 30, PartitionArticles: 5, Now: func() time.Time { return epoch }}
	e := openTest(t, cfg, lib)
	defer func() { e.Close() }()
	ref := newReference(e.mapper.analyzers)
	versions := map[int]int64{}
	w.months(t, e, lib, ref, versions)
	if len(e.parts) < 5 {
		t.Fatalf("%d partitions: too few to test with", len(e.parts))
	}
	for round := range rounds {
		w.change(t, e, lib, ref, versions, round)
		if round%5 == 4 {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = openTest(t, cfg, lib)
		}
		for i := range queries {
			compareWithReference(t, e, ref, w.query(), fmt.Sprintf("round %d query %d", round, i))
			if t.Failed() {
				return
			}
		}
		var want news.Digest
		for _, a := range ref.articles {
			want.Add(a.ID, a.Version)
		}
		if got, err := e.Digest(t.Context()); err != nil || got != want {
			t.Fatalf("round %d: digest %v, %v, want %v", round, got, err, want)
		}
	}
}

// months applies articles month by month, the oldest first, so that partitions
// come to be.
func (w *world) months(t *testing.T, e *Engine, lib *indextest.Library, ref *reference, versions map[int]int64) {
	t.Helper()
	for month := range 8 {
		var changes []news.Change
		for id := month * 10; id < month*10+10; id++ {
			versions[id]++
			a := w.article(id, versions[id])
			a.PublishedAt = epoch.AddDate(0, month-8, -w.IntN(10))
			a.UpdatedAt = time.Time{}
			changes = append(changes, news.Change{ID: a.ID, Version: a.Version, Article: &a})
			ref.articles[a.ID] = a
			lib.Put(a)
		}
		if _, err := e.Apply(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
	}
}

// change applies some new articles, updates, deletions and repetitions.
func (w *world) change(t *testing.T, e *Engine, lib *indextest.Library, ref *reference, versions map[int]int64, round int) {
	t.Helper()
	var changes []news.Change
	for range 60 {
		id := w.IntN(60 + 25*round)
		versions[id]++
		a := w.article(id, versions[id])
		if w.IntN(6) == 0 {
			changes = append(changes, news.Change{ID: a.ID, Version: a.Version, Deleted: true})
			delete(ref.articles, a.ID)
			lib.Delete(a.ID)
		} else {
			changes = append(changes, news.Change{ID: a.ID, Version: a.Version, Article: &a})
			ref.articles[a.ID] = a
			lib.Put(a)
		}
		if w.IntN(5) == 0 {
			old := w.article(id, versions[id]-1)
			changes = append(changes, news.Change{ID: old.ID, Version: old.Version, Article: &old})
		}
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

func compareWithReference(t *testing.T, e *Engine, ref *reference, q news.Query, name string) {
	t.Helper()
	got, err := e.Search(t.Context(), q)
	if err != nil {
		t.Errorf("%s: %v: %v", name, q.Expr, err)
		return
	}
	q.SetDefaults()
	ref.memo = nil
	want := ref.hits(&q)
	if got.Total != len(want) {
		t.Errorf("%s: %v %+v: total %d, want %d", name, q.Expr, q, got.Total, len(want))
		q.Size, q.Offset, q.Cursor = 100, 0, ""
		got, _ := e.Search(t.Context(), q)
		for _, h := range want {
			if !slices.ContainsFunc(got.Hits, func(g news.Hit) bool { return g.Article.ID == h.id }) {
				t.Logf("missing %+v", ref.articles[h.id])
			}
		}
		for _, h := range got.Hits {
			if !slices.ContainsFunc(want, func(g refHit) bool { return g.id == h.Article.ID }) {
				t.Logf("too much %+v", h.Article)
			}
		}
		return
	}
	page := want[min(q.Offset, len(want)):min(q.Offset+q.Size, len(want))]
	compareHits(t, got.Hits, page, q, name)
	for _, req := range q.Facets {
		if req.Name == news.FacetDate {
			compareDates(t, got.Facets[req.Name], ref, q, name)
			continue
		}
		f := got.Facets[req.Name]
		f.Buckets = slices.DeleteFunc(f.Buckets, func(b news.Bucket) bool { return b.Selected && b.Count == 0 })
		if len(f.Buckets) == 0 {
			f.Buckets = nil
		}
		if d := cmp.Diff(ref.facet(&q, req), f); d != "" {
			t.Errorf("%s: %v %v facet %s (-want +got):\n%s", name, q.Expr, q.Filters, req.Name, d)
		}
	}
}

func compareHits(t *testing.T, got []news.Hit, want []refHit, q news.Query, name string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v: %d hits, want %d", name, q.Expr, len(got), len(want))
		return
	}
	scores := map[string]float64{}
	for _, h := range want {
		scores[h.id] = h.score
	}
	for i, h := range got {
		if h.Article.ID == want[i].id && !slices.Equal(h.Copies, want[i].copies) {
			t.Errorf("%s: %v: copies of %s are %v, want %v", name, q.Expr, h.Article.ID, h.Copies, want[i].copies)
		}
		if h.Article.ID == want[i].id && q.Sort != news.SortRelevancy {
			continue
		}
		score, known := scores[h.Article.ID]
		if q.Sort != news.SortRelevancy || math.Abs(h.Score-want[i].score) > 1e-9*(1+h.Score) || known && math.Abs(h.Score-score) > 1e-9*(1+h.Score) {
			t.Errorf("%s: %v sort %s: hit %d is %s %v, want %s %v", name, q.Expr, q.Sort, i, h.Article.ID, h.Score, want[i].id, want[i].score)
			return
		}
	}
}

func compareDates(t *testing.T, got news.Facet, ref *reference, q news.Query, name string) {
	t.Helper()
	counts := map[string]int{}
	for i, b := range got.Buckets {
		if b.Count > 0 {
			counts[b.Label] = b.Count
		}
		if i > 0 && !b.From.Equal(got.Buckets[i-1].To) {
			t.Errorf("%s: gap between date buckets %v and %v", name, got.Buckets[i-1], b)
		}
	}
	if d := cmp.Diff(ref.dates(&q, got.Interval), counts); d != "" || len(got.Buckets) > maxDateBuckets {
		t.Errorf("%s: %v dates by %s, %d buckets (-want +got):\n%s", name, q.Expr, got.Interval, len(got.Buckets), d)
	}
}
