package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"broadsheet.example/news"
)

// audit measures what the eye would see: text in too little contrast, a page that
// is wider than the screen, targets too small to be hit, things without a name.
const audit = `(() => {
  const problems = [];
  const luminance = (rgb) => {
    const c = rgb.match(/[\d.]+/g).map(Number);
    if (c.length > 3 && c[3] === 0) return null;
    const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = (e) => { for (; e; e = e.parentElement) { const l = luminance(getComputedStyle(e).backgroundColor); if (l !== null) return l; } return 1; };
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || e.closest("svg, .away, .skip")) continue;
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (own) {
      const a = luminance(getComputedStyle(e).color), b = paper(e);
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) problems.push("contrast " + ratio.toFixed(2) + ": " + e.outerHTML.slice(0, 80));
    }
    if (e.matches("button, input, .facet li a, .pages a, .chips a, .sorts a, .places a, .go a")) {
      const r = e.getBoundingClientRect();
      if (r.height < 23.5 && r.width > 0) problems.push("height " + r.height.toFixed(1) + ": " + e.outerHTML.slice(0, 80));
    }
  }
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) problems.push("wider than the screen by " + wide);
  return JSON.stringify(problems);
})()`

func TestBrowserLayout(t *testing.T) {
	w := newWorld(t, append(append(press(), hostile()...), many(30)...)...)
	a := press()[0]
	a.Title, a.Content = "Dockers return to the old harbour", "The first paragraph, rewritten.\n\nThe second paragraph speaks of ships."
	w.put(a)
	bad := news.Feed{ID: news.ArticleID("b"), URL: "http://b.example/" + strings.Repeat("long", 60), Title: strings.Repeat("Word", 60), Enabled: true, AddedAt: now}
	if _, err := w.store.PutFeeds(t.Context(), bad); err != nil {
		t.Fatal(err)
	}
	paths := []string{
		"/", search("q", "storm"), search("q", "harbour", "sources", "courier", "from", "30d"), search("q", "zeppelin"), search("q", `a "b`),
		search("q", "storm", "more", "person"), "/entities/" + ada.ID, "/sources/courier", "/help/query", "/health", "/nowhere",
	}
	for i := range hostile() {
		paths = append(paths, articlePath(w, len(press())+i))
	}
	paths = append(paths, articlePath(w, 0))
	for theme, scheme := range map[string]string{"light": "1", "dark": "0"} {
		t.Run(theme, func(t *testing.T) {
			b := open(t, w, chromedp.Flag("blink-settings", "preferredColorScheme="+scheme))
			b.want(`matchMedia("(prefers-color-scheme: dark)").matches`, fmt.Sprint(theme == "dark"))
			for _, width := range []int64{320, 768, 1280} {
				b.run(chromedp.EmulateViewport(width, 800))
				for _, path := range paths {
					b.visit(path)
					var problems []string
					if err := json.Unmarshal([]byte(b.eval(audit)), &problems); err != nil {
						t.Fatal(err)
					}
					for _, p := range problems {
						t.Errorf("%s at %d: %s", path, width, p)
					}
				}
			}
		})
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
