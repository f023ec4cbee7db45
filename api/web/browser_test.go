package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"broadsheet.example/news"
)

// tab is a page in a real browser.
type tab struct {
	t    testing.TB
	ctx  context.Context
	base string
}

// open shows the pages of w in a browser, or skips the test where there is none.
// Flags are those of Chromium.
func open(t testing.TB, w *world, flags ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("browser tests take seconds: left out in short mode")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: install Debian's package of that name to run browser tests")
	}
	base := serve(t, w.app) // before the browser, which must be gone when the server stops
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(opts, flags...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {})) // it reports events that it does not know
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	return &tab{t, ctx, base}
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.base+path), chromedp.WaitReady("main"))
}

// keys presses keys one after another, as a hand does.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		if len(k) == 1 && k >= " " {
			b.run(chromedp.ActionFunc(func(ctx context.Context) error { return strike(ctx, k) }))
		} else {
			b.run(chromedp.KeyEvent(k))
		}
		b.settled()
	}
}

// strike presses the key of a character. Unlike chromedp's own way, the character
// comes with the key, and not if a script has prevented it, as with a real one.
func strike(ctx context.Context, char string) error {
	target := chromedp.FromContext(ctx).Target
	for _, event := range []map[string]any{{"type": "keyDown", "key": char, "text": char}, {"type": "keyUp", "key": char}} {
		if err := target.Execute(ctx, "Input.dispatchKeyEvent", event, nil); err != nil {
			return err
		}
	}
	return nil
}

// settled waits until what was asked for is shown.
func (b *tab) settled() {
	b.t.Helper()
	b.until(`!document.querySelector("main").hasAttribute("aria-busy") && document.readyState === "complete"`)
}

// until waits for a condition in JavaScript.
func (b *tab) until(condition string) {
	b.t.Helper()
	var last error
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ok := false
		// Between two pages there is nothing that could answer.
		if last = chromedp.Run(b.ctx, chromedp.Evaluate(condition, &ok)); last == nil && ok {
			return
		}
	}
	b.t.Fatalf("waiting for %s at %s: %v", condition, b.eval(`location.href`), last)
}

func (b *tab) eval(script string) string {
	b.t.Helper()
	var out any
	b.run(chromedp.Evaluate(script, &out))
	return fmt.Sprint(out)
}

func (b *tab) want(script, want string) {
	b.t.Helper()
	if got := b.eval(script); got != want {
		b.t.Errorf("%s: got %q, want %q", script, got, want)
	}
}

const (
	address  = `location.pathname + location.search`
	headings = `[...document.querySelectorAll("article h2")].map(h => h.textContent).join("; ")`
)

func TestBrowserSearchesAsOneTypes(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit("/")
	b.keys("/", "h", "a", "r", "b", "o", "u", "r")
	b.until(`location.search === "?q=harbour" && document.querySelectorAll("article").length === 3`)
	b.want(`document.activeElement.id + " " + document.activeElement.value`, "q harbour")
	b.want(`document.title`, "harbour · Broadsheet")
	b.want(`document.querySelector("#live").textContent.includes("3 articles")`, "true")
	b.keys(` `, `z`, `z`)
	b.until(`document.querySelector(".none") !== null`)
	b.want(`document.activeElement.id`, "q")
	b.keys(kb.Backspace, kb.Backspace, kb.Backspace)
	b.until(`document.querySelectorAll("article").length === 3`)
	b.keys(` `, `"`, `t`)
	b.until(`document.querySelector("#q").value === 'harbour "t'`)
	b.run(chromedp.Sleep(400 * time.Millisecond)) // what cannot be read yet changes nothing
	b.want(`document.querySelectorAll("article").length`, "3")
	b.keys(kb.Enter)
	b.until(`document.querySelector("[role=alert]") !== null`)
	b.run(chromedp.NavigateBack())
	b.until(`location.search === "?q=harbour" && document.querySelectorAll("article").length === 3`)
	b.run(chromedp.NavigateBack())
	b.until(`location.search === "" && document.querySelector("h1").textContent.includes("26 November")`)
}

func TestBrowserSuggests(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.keys("/", "a", "d", "a")
	b.until(`document.querySelectorAll("#suggestions [role=option]").length > 0`)
	b.want(`document.querySelector("#q").getAttribute("aria-expanded")`, "true")
	b.keys(kb.ArrowDown)
	b.want(`document.getElementById(document.querySelector("#q").getAttribute("aria-activedescendant")).textContent`, "Ada Reyes person 2")
	b.keys(kb.Enter)
	b.until(`location.search.includes("person=") && document.querySelectorAll("article").length === 2`)
	b.want(`document.querySelector("#suggestions").hidden`, "true")
	b.keys("/", "z", kb.Escape, kb.Escape)
	b.want(`document.activeElement === document.body`, "true")
}

// TestBrowserKeysAlone searches, filters by a publisher and a person, and opens the
// third hit, with ten keys besides the word.
func TestBrowserKeysAlone(t *testing.T) {
	publisher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<title>the story</title>") }))
	t.Cleanup(publisher.Close)
	var articles []news.Article
	for i := range 5 {
		a := article(courier, fmt.Sprintf("Harbour report %d", i), time.Duration(i)*time.Hour, ada)
		a.URL = fmt.Sprintf("%s/story/%d", publisher.URL, i)
		articles = append(articles, a)
	}
	b := open(t, newWorld(t, append(press(), articles...)...))
	b.visit("/")
	b.keys("/")
	b.keys("h", "a", "r", "b", "o", "u", "r")
	b.keys(kb.Enter)
	b.until(`location.search === "?q=harbour"`)
	b.keys("s", kb.Enter)
	b.until(`location.search.includes("sources=courier")`)
	b.keys("p", kb.Enter)
	b.until(`location.search.includes("person=")`)
	b.want(`document.activeElement.dataset.key`, "person:"+ada.ID)
	b.keys("j", "j", "j")
	third := b.eval(`document.querySelectorAll("article h2 a")[2].href`)
	b.want(`document.activeElement.href`, third)
	b.run(chromedp.KeyEvent(kb.Enter))
	b.until(`document.title === "the story"`)
	b.want(`location.href`, third)
}

func TestBrowserShowsKeys(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.keys("?")
	b.want(`document.querySelector("#keys").open`, "true")
	b.keys("j", kb.Escape)
	b.want(`document.querySelector("#keys").open`, "false")
	b.keys("j", "j", "k")
	b.want(`document.activeElement.textContent`, b.eval(`document.querySelector("article h2 a").textContent`))
}

func TestBrowserBrushesTheHistogram(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("sortBy", "newest"))
	place := func(share float64) (x, y float64) {
		var at []float64
		b.run(chromedp.Evaluate(fmt.Sprintf(`(() => { const r = document.querySelector("svg.chart").getBoundingClientRect(); return [r.left + r.width * %f, r.top + r.height / 2] })()`, share), &at))
		return at[0], at[1]
	}
	days := strings.Fields(b.eval(`document.querySelector("svg.chart").dataset.from`))
	mouse := func(kind string, share float64) chromedp.Action {
		x, y := place(share)
		if kind == "mouseMoved" {
			return chromedp.MouseEvent("mouseMoved", x, y, chromedp.ButtonLeft)
		}
		if kind == "mousePressed" {
			return chromedp.MouseEvent("mousePressed", x, y, chromedp.ButtonLeft, chromedp.ClickCount(1))
		}
		return chromedp.MouseEvent("mouseReleased", x, y, chromedp.ButtonLeft, chromedp.ClickCount(1))
	}
	b.run(mouse("mousePressed", 0.99), mouse("mouseMoved", 0.9), mouse("mouseMoved", 0.72))
	b.want(`document.querySelectorAll(".brush").length`, "1")
	b.run(mouse("mouseReleased", 0.72))
	b.until(`location.search.includes("from=")`)
	b.settled()
	low := days[int(0.72*float64(len(days)))]
	b.want(`new URLSearchParams(location.search).get("from") + " " + new URLSearchParams(location.search).get("to")`, low+" "+days[len(days)-1])
	b.run(chromedp.Click(`svg.chart a:last-of-type`, chromedp.ByQuery))
	b.until(`document.querySelectorAll("article").length === 1`)
}

func TestBrowserFiltersALongFacet(t *testing.T) {
	b := open(t, newWorld(t, many(40)...))
	b.visit(search("q", "storm"))
	b.run(chromedp.Click(`#facet-person .other a`, chromedp.ByQuery), chromedp.WaitVisible("#find", chromedp.ByQuery), chromedp.SendKeys("#find", "n 03", chromedp.ByQuery))
	b.until(`[...document.querySelectorAll("#facet-person li")].filter(li => !li.hidden).length === 10`)
	b.run(chromedp.KeyEvent(kb.Enter))
	b.until(`location.search.includes("find=n+03") && document.querySelectorAll("#facet-person li").length === 10`)
}

func TestBrowserWithoutScript(t *testing.T) {
	b := open(t, newWorld(t, press()...), chromedp.Flag("blink-settings", "scriptEnabled=false"))
	location := func() string {
		var url string
		b.run(chromedp.Location(&url))
		return strings.TrimPrefix(url, b.base)
	}
	wait := func(part string) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); !strings.Contains(location(), part); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("at %s, want %s", location(), part)
			}
		}
	}
	b.visit("/")
	var role string
	var scripted bool
	b.run(chromedp.AttributeValue("#q", "role", &role, &scripted, chromedp.ByQuery))
	if scripted {
		t.Fatal("the script has run")
	}
	b.run(chromedp.SendKeys("#q", "harbour"+kb.Enter, chromedp.ByQuery))
	wait("q=harbour")
	b.run(chromedp.WaitReady(`[data-key="source:courier"]`, chromedp.ByQuery), chromedp.Click(`[data-key="source:courier"]`, chromedp.ByQuery))
	wait("sources=courier")
	b.run(chromedp.WaitReady(".chips a", chromedp.ByQuery), chromedp.Click(".dates button", chromedp.ByQuery))
	wait("from=")
	b.run(chromedp.WaitReady(".details", chromedp.ByQuery), chromedp.Click(".details", chromedp.ByQuery))
	wait("/articles/")
}

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

// TestBrowserRandomClicks clicks here and there; wherever that leads, the address
// alone leads to the same page.
func TestBrowserRandomClicks(t *testing.T) {
	b := open(t, newWorld(t, append(press(), many(60)...)...))
	random := rand.New(rand.NewPCG(26, 11))
	const matter = `document.querySelector("main").innerHTML.replace(/\d+ ms/, "")`
	const targets = `[...document.querySelectorAll("main a[href^='/?'], header .places a[href^='/?']")].filter(e => e.checkVisibility() && e.closest("svg") === null)`
	b.visit(search("sortBy", "newest"))
	for i := range 30 {
		var n int
		b.run(chromedp.Evaluate(targets+`.length`, &n))
		if n == 0 {
			t.Fatalf("nothing to click at %s", b.eval(address))
		}
		var spot []float64
		b.run(chromedp.Evaluate(fmt.Sprintf(`(() => { const e = %s[%d]; e.scrollIntoView({block: "center", behavior: "instant"});
			const r = e.getClientRects()[0]; return [r.left + r.width / 2, r.top + r.height / 2]; })()`, targets, random.IntN(n)), &spot))
		b.run(chromedp.MouseClickXY(spot[0], spot[1]))
		b.settled()
		if i%6 != 5 {
			continue
		}
		before, at := b.eval(matter), b.eval(address)
		b.visit(at)
		if after := b.eval(matter); after != before {
			t.Errorf("%s: reloaded, the page differs", at)
		}
	}
	if errors.Is(b.ctx.Err(), context.DeadlineExceeded) {
		t.Error("out of time")
	}
}
