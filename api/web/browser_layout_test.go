package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// screens are the widths at which pages are looked at, in pixels: a small phone, a
// tablet and a desk.
var screens = []int64{320, 768, 1280}

// breadth is by how many pixels a page is wider than the screen, and what sticks
// out: sought only where something does.
const breadth = `(() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return "";
  const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5);
  return "wider than the screen by " + wide + ": " + (out.at(-1)?.outerHTML.slice(0, 120) ?? "");
})()`

// auditRun has axe-core look for everything that WCAG 2.2 AA asks and a program can
// tell, and for what its authors call good practice.
const auditRun = `axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
}).then((r) => JSON.stringify(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html.slice(0, 160) + ": " + n.failureSummary.replace(/\s+/g, " ").slice(0, 300)))))`

// axe is the script of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/axe-core/axe.min.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// audit looks at the page as it stands, in both themes and on every screen.
func (b *tab) audit(axe, name string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(axe, nil))
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for _, width := range screens {
			b.run(chromedp.EmulateViewport(width, 800))
			if wide := b.eval(breadth); wide != "" {
				b.t.Errorf("%s at %d: %s", name, width, wide)
			}
			var found string
			b.run(chromedp.Evaluate(auditRun, &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
			var violations []string
			if err := json.Unmarshal([]byte(found), &violations); err != nil {
				b.t.Fatal(err)
			}
			for _, v := range violations {
				b.t.Errorf("%s in %s at %d: %s", name, theme, width, v)
			}
		}
	}
}

// theme has the browser prefer light or dark.
func (b *tab) theme(name string) {
	b.t.Helper()
	b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}))
}

// paths are those of every page, in every state that the archive lets it have.
func (w *world) paths() []string {
	paths := []string{
		"/", "/help/query", "/health", "/nowhere", search("sortBy", "newest"), search("q", "zeppelin"), search("q", `a "b`),
		search("q", "storm"), search("q", "harbour", "sources", "courier", "from", "30d"), search("q", "storm", "more", "person"),
	}
	for _, id := range w.ids {
		paths = append(paths, "/articles/"+id)
	}
	if len(w.ids) > 0 {
		paths = append(paths, "/entities/"+ada.ID, "/entities/"+oslo.ID, "/sources/courier")
	}
	return paths
}

// TestBrowserAudits has axe-core and a ruler look at every page with nothing in
// the archive, with one article and with many, hostile ones among them.
func TestBrowserAudits(t *testing.T) {
	script := axe(t)
	one := article(courier, "Harbour storm", time.Hour, ada, oslo)
	for name, articles := range map[string][]news.Article{"none": nil, "one": {one}, "many": append(press(), hostile()...)} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, articles...)
			if len(articles) > 1 {
				w.enrich()
			}
			b := open(t, w)
			for _, path := range w.paths() {
				b.visit(path)
				b.audit(script, path)
			}
		})
	}
}

// TestBrowserAuditsWhatOpens looks at what opens over a page.
func TestBrowserAuditsWhatOpens(t *testing.T) {
	script := axe(t)
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.keys("?")
	b.audit(script, "the keys")
	b.keys(kb.Escape, "/", "a", "d", "a")
	b.until(`document.querySelectorAll("#suggestions [role=option]").length > 0`)
	b.keys(kb.ArrowDown)
	b.audit(script, "the suggestions")
}

// enrich adds a crowd of articles, a revision, and feeds in every state.
func (w *world) enrich() {
	w.t.Helper()
	w.put(many(30)...)
	a := press()[0]
	a.Title, a.Content = "Dockers return to the old harbour", "The first paragraph, rewritten.\n\nThe second paragraph speaks of ships."
	w.put(a)
	bad := news.Feed{ID: news.ArticleID("b"), URL: "http://b.example/" + strings.Repeat("long", 60), Title: strings.Repeat("Word", 60), Enabled: true, AddedAt: now}
	off := news.Feed{ID: news.ArticleID("c"), URL: "http://courier.example/rss", Title: "The Courier", AddedAt: now}
	if _, err := w.store.PutFeeds(w.t.Context(), bad, off); err != nil {
		w.t.Fatal(err)
	}
	leases, err := w.store.LeaseFeeds(w.t.Context(), 1, time.Minute)
	if err != nil || len(leases) == 0 {
		w.t.Fatalf("%d leases: %v", len(leases), err)
	}
	failed := store.PollCommit{Lease: leases[0], At: now.Add(-time.Hour), Next: now.Add(time.Hour), Health: news.HealthFailing, Error: "the server says 500"}
	if _, err := w.store.CommitPolls(w.t.Context(), failed); err != nil {
		w.t.Fatal(err)
	}
}

func TestBrowserFocusIsSeenAndInOrder(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
	last := -1.0
	for range 25 {
		b.run(chromedp.KeyEvent(kb.Tab))
		var at struct {
			Place   float64
			Outline string
			Name    string
		}
		b.run(chromedp.Evaluate(`(() => { const e = document.activeElement; const s = getComputedStyle(e);
			return { place: [...document.querySelectorAll("*")].indexOf(e), outline: s.outlineStyle, name: e.outerHTML.slice(0, 60) } })()`, &at))
		if at.Place < last {
			t.Errorf("the focus goes back to %s", at.Name)
		}
		if at.Outline == "none" && !strings.Contains(at.Name, `type="date"`) { // whose parts have marks of their own
			t.Errorf("the focus cannot be seen on %s", at.Name)
		}
		last = at.Place
	}
}
