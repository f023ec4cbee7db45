package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"broadsheet.example/news"
)

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
// third hit, with ten keys besides the word that is searched for.
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
	b.keys(strings.Split("harbour", "")...)
	b.pressed -= len("harbour")
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
	if b.pressed++; b.pressed > 10 {
		t.Errorf("%d keys, want at most 10", b.pressed)
	}
	b.leave(tap(kb.Enter))
	b.want(`document.title`, "the story")
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
