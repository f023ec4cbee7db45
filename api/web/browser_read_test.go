package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestBrowserNarrows(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.click(`[data-key="source:courier"]`)
	b.until(`location.search.includes("sources=courier") && document.querySelectorAll("article").length === 2`)
	b.click(`[data-key="source:ledger"]`) // two of one facet: either will do
	b.until(`document.querySelectorAll("article").length === 3`)
	b.click(`[data-key="person:` + ada.ID + `"]`) // of another: both must hold
	b.until(`document.querySelectorAll(".chips li").length === 4 && document.querySelectorAll("article").length === 2`)
	b.click(".chips li:nth-child(3) a")
	b.until(`document.querySelectorAll(".chips li").length === 3 && document.querySelectorAll("article").length === 3`)
	b.click(".chips .clear")
	b.until(`document.querySelector(".chips") === null`)
	b.click(".sorts a:nth-child(3)")
	b.until(`location.search.includes("sortBy=oldest")`)
	b.want(`document.querySelector("h2 a").textContent`, "A quiet day in the harbour")
	b.click(".named a")
	b.until(`location.search.includes("place=")`)
	b.run(chromedp.NavigateBack())
	b.until(`!location.search.includes("place=") && document.querySelectorAll("article").length === 3`)
}

func TestBrowserSetsDates(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.run(chromedp.Focus(`input[name=from]`, chromedp.ByQuery))
	b.keys(strings.Split("11242026", "")...)
	b.run(chromedp.Focus(`input[name=to]`, chromedp.ByQuery))
	b.keys(strings.Split("11252026", "")...)
	b.follow(".dates button")
	b.want(address, "/?q=harbour&from=2026-11-24&to=2026-11-25")
	b.want(headings, "Harbour vote is close")
	b.click(".presets a")
	b.until(`location.search.includes("from=1d")`)
	b.want(headings, "Dockers return to the harbour")
}

// TestBrowserReadsOn goes by pointer from a hit to our page of it, to a person, a
// publisher, and the help.
func TestBrowserReadsOn(t *testing.T) {
	a := press()[0]
	w := newWorld(t, press()...)
	a.Title = "Dockers return to the old harbour"
	w.put(a, article(courier, "Reyes speaks", 3*time.Hour, ada)) // the second of today makes her rise
	b := open(t, w)
	b.visit(search("q", "harbour", "sortBy", "newest"))
	b.follow(".details")
	b.want(`document.querySelector("h1").textContent`, "Dockers return to the old harbour")
	b.want(`document.querySelector("#changes ins").textContent`, "old")
	b.follow(`aside [href="/entities/` + ada.ID + `"]`)
	b.want(`document.querySelector("h1").textContent`, "Ada Reyes")
	b.follow(`aside [href="/sources/courier"]`)
	b.want(`document.querySelector("h1").textContent`, "The Courier")
	b.click("svg.chart a")
	b.until(`location.search.includes("from=") && document.querySelectorAll("article").length === 1`)
	b.follow(`.places [href="/help/query"]`)
	b.click(`main td a`)
	b.until(`location.search.startsWith("?q=")`)
	b.follow(".brand")
	b.follow(`.rising a`)
	b.want(`location.pathname.split("/")[1]`, "entities")
}

// opmlFile is a file with one feed.
func opmlFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "feeds.opml")
	if err := os.WriteFile(file, []byte(`<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/rss"/></body></opml>`), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBrowserImportsFeeds(t *testing.T) {
	b := open(t, newWorld(t))
	b.visit("/health")
	b.run(chromedp.SetUploadFiles("#opml", []string{opmlFile(t)}, chromedp.ByQuery))
	b.follow(`form[enctype] button`)
	b.want(`document.querySelector(".notice").textContent`, "1 feed was new; what is new is polled as soon as its host is free.")
	b.click(`.states a:nth-child(2)`)
	b.until(`location.search === "?state=new" && document.querySelectorAll("tbody tr").length === 1`)
}

// TestBrowserIsNotFooled shows what an enemy has sent, types his name, and chooses
// it. That nothing of it runs is seen by what watches every page.
func TestBrowserIsNotFooled(t *testing.T) {
	w := newWorld(t, hostile()...)
	b := open(t, w)
	b.visit("/")
	for _, id := range w.ids {
		b.visit("/articles/" + id)
	}
	b.visit("/")
	b.keys("/", "m", "a", "l", "l")
	b.until(`document.querySelectorAll("#suggestions [role=option]").length > 0`)
	b.click("#suggestions [role=option]")
	b.until(`location.search.includes("person=") && document.querySelectorAll("article").length === 1`)
	b.want(`document.querySelector(".chips bdi").textContent.startsWith('Mallory "><script>')`, "true")
	b.want(`document.querySelectorAll("main script, main img, main style").length`, "0")
	b.want(`document.querySelector("article h2 a").getAttribute("href").startsWith("/articles/")`, "true") // not javascript:
	b.run(chromedp.EmulateViewport(320, 700))
	b.visit(search("q", "storm"))
	for _, id := range w.ids {
		b.want(`document.querySelector('[href="/articles/`+id+`"]') !== null`, "true")
	}
	b.want(`getComputedStyle([...document.querySelectorAll("h2 a")].find((e) => e.textContent.startsWith("عاصفة"))).direction`, "rtl")
	b.want(breadth, "")
}

func TestBrowserPrints(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.run(emulation.SetEmulatedMedia().WithMedia("print"))
	for _, gone := range []string{"#search", ".places", "aside", ".sorts", ".out", "footer button"} {
		b.want(`document.querySelector("`+gone+`").checkVisibility()`, "false")
	}
	b.want(`document.querySelector("article h2").checkVisibility()`, "true")
	b.want(`getComputedStyle(document.body).backgroundColor`, "rgb(255, 255, 255)")
	b.want(`getComputedStyle(document.querySelector("article h2 a"), "::after").content.includes("http://ledger.example/")`, "true")
}

func TestBrowserLetsTypingBeTakenBack(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbour"))
	b.keys("/", kb.End, "x")
	b.run(chromedp.Sleep(250 * time.Millisecond)) // asked, but nothing matches: not shown yet
	b.keys(kb.Backspace)
	b.run(chromedp.Sleep(time.Second))
	b.want(`document.querySelector("#q").value + document.querySelectorAll("article").length`, "harbour3")
}
