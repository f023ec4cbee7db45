package crawler_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/boiler"
	"broadsheet.example/crawler/near"
	"broadsheet.example/entity"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// siteWords are what the sentences of the generated site are made of.
var siteWords = strings.Fields(`harbor council bridge winter ferry report minister school river market court storm budget
train farmer vote doctor island engine window letter border strike forest museum teacher camera engineer signal bakery
the of and in to a for with on at by from under over after before`)

func sentences(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		for i := range 9 + r.IntN(14) {
			word := siteWords[r.IntN(len(siteWords))]
			if i == 0 {
				word = strings.ToUpper(word[:1]) + word[1:]
			}
			b.WriteString(word + " ")
		}
		b.WriteString("ended. ")
	}
	return strings.TrimSpace(b.String())
}

// standing are the lines that every page of the site has beside its article, as
// paragraphs like any other: a notice on cookies above, a wall and a list of
// other stories below.
var standing = []string{
	"We and our partners store information on your device, such as cookies, and process your personal data as our policy describes.",
	"Subscribe to continue reading this article and thousands more, from a hundred trusted sources, with nothing to pay for fourteen days.",
	"Already a member of our community of readers? Then sign in with your address to read on, says Angela Merkel of the board.",
}

// newspaper is a site of generated pages; what is theirs alone is article.
type newspaper struct {
	paths   []string
	article map[string][]string
}

// print makes n pages of host.
func (w *world) print(host string, n int) *newspaper {
	r := rand.New(rand.NewPCG(9, 1))
	related := make([]string, 8)
	for i := range related {
		related[i] = "Read in another story how " + sentences(r, 1)
	}
	paper := &newspaper{article: map[string][]string{}}
	for i := range n {
		path := fmt.Sprintf("/news/%d", i)
		var paragraphs []string
		for range 4 + r.IntN(6) {
			paragraphs = append(paragraphs, sentences(r, 3))
		}
		paper.paths, paper.article[path] = append(paper.paths, path), paragraphs
		lines := slices.Concat(standing[:1], paragraphs, standing[1:])
		for _, at := range r.Perm(len(related))[:3] {
			lines = append(lines, related[at])
		}
		body := fmt.Sprintf("<html lang=en><head><title>Story %d of the harbor</title></head><body><article><h1>Story %d of the harbor</h1><p>%s</p></article></body></html>",
			i, i, strings.Join(lines, "</p><p>"))
		w.on(host+path, func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, body) })
	}
	return paper
}

// feedOf serves a feed of the pages from..to-1.
func (w *world) feedOf(host string, p *newspaper, from, to int) {
	var items strings.Builder
	for i, path := range p.paths[from:to] {
		fmt.Fprintf(&items, "<item><title>Story %d of the harbor</title><link>http://%s%s</link></item>", from+i, host, path)
	}
	rss := `<rss version="2.0"><channel><title>Paper</title>` + items.String() + `</channel></rss>`
	w.on(host+"/feed", func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, rss) })
}

// leftovers counts, over all articles, paragraphs that are not their page's own,
// and how many of the pages' own are missing, of how many.
func (w *world) leftovers(host string, p *newspaper) (extra, lost, own int) {
	w.Helper()
	for _, a := range w.articles() {
		want := p.article[strings.TrimPrefix(a.URL, "http://"+host)]
		own += len(want)
		got := strings.Split(a.Content, "\n\n")
		for _, line := range want {
			if !slices.Contains(got, line) {
				lost++
			}
		}
		for _, line := range got {
			if !slices.Contains(want, line) {
				extra++
			}
		}
	}
	return extra, lost, own
}

func TestSiteBoilerplate(t *testing.T) {
	const pages = 200
	inWorld(t, func(w *world) {
		const host = "paper.example"
		paper := w.print(host, pages)
		w.feedOf(host, paper, 0, pages)
		w.subscribe(host + "/feed")
		w.pass()
		extra, lost, own := w.leftovers(host, paper)
		perPage, loss := float64(extra)/pages, 100*float64(lost)/float64(own)
		w.Logf("%d pages: %.3f boilerplate lines a page, %.3f points of recall lost (%d of %d paragraphs); %d articles amended",
			pages, perPage, loss, lost, own, w.crawler.Counts().Amended)
		if n := len(w.articles()); n != pages || perPage >= 0.1 || loss >= 0.2 {
			w.Errorf("%d articles, %.3f lines a page, %.3f points lost; want %d, less than 0.1 and less than 0.2", n, perPage, loss, pages)
		}
		for _, a := range w.articles() {
			if a.Revision != 1 || !a.UpdatedAt.IsZero() {
				w.Errorf("%s: revision %d, updated %v, though its publisher changed nothing", a.URL, a.Revision, a.UpdatedAt)
			}
		}
	})
}

func TestLateKnowledge(t *testing.T) {
	inWorld(t, func(w *world) {
		const host = "paper.example"
		paper := w.print(host, 25)
		w.feedOf(host, paper, 0, 7)
		w.subscribe(host + "/feed")
		w.pass()
		before := w.articles()
		if first := before[0].Content; !strings.Contains(first, standing[1]) {
			w.Fatalf("the wall is missing from the first article before it could be learnt:\n%s", first)
		}
		w.feedOf(host, paper, 5, 25)
		w.refresh(host + "/feed")
		w.pass()
		after := w.articles()
		w.wantNoneOf(standing)
		if extra, lost, own := w.leftovers(host, paper); extra > len(after) || lost > 0 {
			w.Errorf("%d lines of boilerplate left, %d of %d paragraphs lost", extra, lost, own)
		}
		if got, had := after[0], before[0]; got.Version <= had.Version || got.Revision != had.Revision {
			w.Errorf("got version %d and revision %d, had %d and %d: want a new version, no new revision", got.Version, got.Revision, had.Version, had.Revision)
		}
		if got, err := w.store.PendingSites(w.Context()); err != nil || len(got) > 0 {
			w.Errorf("pending sites: %v, %v", got, err)
		}
		steps, err := crawler.NewTracer(w.store, nil, w.now).Trace(w.Context(), after[0].URL)
		if err != nil || !slices.ContainsFunc(steps, func(s crawler.Step) bool { return s.Name == "filtered" && strings.Contains(s.Note, standing[1]) }) {
			w.Errorf("the trace does not name the block that was left out: %v, %v", steps, err)
		}
		print, err := w.store.Fingerprint(w.Context(), after[0].ID)
		if want := near.Read(after[0].Content).Hash; err != nil || print.Hash != want {
			w.Errorf("got fingerprint %x and %v, want that of the text without the wall, %x", print.Hash, err, want)
		}
	})
}

// TestLateKnowledgeTakesItsNames finds the names of a wall in the first articles,
// and no longer when the wall was learnt.
func TestLateKnowledgeTakesItsNames(t *testing.T) {
	recognizer, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	inWorld(t, func(w *world) {
		const host = "paper.example"
		w.names = recognizer
		w.crawler = w.again()
		paper := w.print(host, 25)
		w.feedOf(host, paper, 0, 7)
		w.subscribe(host + "/feed")
		w.pass()
		if n := w.naming("Angela Merkel"); n == 0 {
			w.Fatal("nobody is named before the wall could be learnt")
		}
		w.feedOf(host, paper, 5, 25)
		w.refresh(host + "/feed")
		w.pass()
		if n := w.naming("Angela Merkel"); n > 0 {
			w.Errorf("%d of %d articles still name who stood in the wall", n, len(w.articles()))
		}
	})
}

// naming counts the articles that have an entity of a name.
func (w *world) naming(name string) int {
	n := 0
	for _, a := range w.articles() {
		if slices.ContainsFunc(a.Entities, func(e news.Entity) bool { return e.Name == name }) {
			n++
		}
	}
	return n
}

func TestBoilerplateRules(t *testing.T) {
	inWorld(t, func(w *world) {
		const host = "paper.example"
		w.config.Boilerplate = map[string]boiler.Rules{host: {Keep: standing[1:2], Drop: standing[2:]}}
		w.crawler = w.again()
		paper := w.print(host, 30)
		w.feedOf(host, paper, 0, 30)
		w.subscribe(host + "/feed")
		w.pass()
		pinned := 0
		for _, a := range w.articles() {
			blocks, err := w.store.Blocks(w.Context(), a.ID)
			if err != nil {
				w.Fatal(err)
			}
			if slices.Contains(blocks, standing[1]) {
				pinned++
				if !strings.Contains(a.Content, standing[1]) {
					w.Errorf("%s: the pinned block went", a.URL)
				}
			}
		}
		if pinned == 0 {
			w.Error("the pinned block stood on no page")
		}
		w.wantNoneOf(standing[:1])
		w.wantNoneOf(standing[2:])
	})
}

func TestLateKnowledgeSurvivesACrash(t *testing.T) {
	inWorld(t, func(w *world) {
		const host = "paper.example"
		paper := w.print(host, 60)
		w.feedOf(host, paper, 0, 60)
		w.subscribe(host + "/feed")
		w.pass()
		// As a process leaves it that was killed before its first amendment: the site
		// is pending, and its articles are as they came.
		site, err := w.store.Site(w.Context(), host)
		if err != nil {
			w.Fatal(err)
		}
		site.Pending = true
		if err := w.store.PutSite(w.Context(), site); err != nil {
			w.Fatal(err)
		}
		var undone []store.Amendment
		for _, a := range w.articles() {
			blocks, err := w.store.Blocks(w.Context(), a.ID)
			if err != nil {
				w.Fatal(err)
			}
			a.Content = strings.Join(blocks, "\n\n")
			undone = append(undone, store.Amendment{Article: a})
		}
		if _, err := w.store.Amend(w.Context(), undone...); err != nil {
			w.Fatal(err)
		}
		w.crawler = w.again()
		w.pass()
		w.wantNoneOf(standing)
		versions := w.versions()
		w.crawler = w.again()
		w.pass()
		if got := w.versions(); !slices.Equal(got, versions) {
			w.Errorf("another start changed versions: %v, before %v", got, versions)
		}
	})
}

func (w *world) versions() []int64 {
	var out []int64
	for _, a := range w.articles() {
		out = append(out, a.Version)
	}
	return out
}

// wantNoneOf checks that no article has one of lines.
func (w *world) wantNoneOf(lines []string) {
	w.Helper()
	for _, a := range w.articles() {
		for _, line := range lines {
			if strings.Contains(a.Content, line) {
				w.Errorf("%s still says %q", a.URL, line)
			}
		}
	}
}
