package web_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	// matter is what a page shows, but for how long its search took.
	matter = `document.title + document.querySelector("#q").value + document.querySelector("main").innerHTML.replace(/\d+ ms/, "")`
	// clickable are the links that can be seen and lead to a page of ours.
	clickable = `[...document.querySelectorAll("a[href^='/']")].filter((e) => e.checkVisibility({ visibilityProperty: true }) &&
		!/^\/(v1|opensearch)/.test(e.getAttribute("href")) && !e.matches(".skip"))`
)

// TestBrowserRandomClicks clicks here and there, thirty times, on whatever leads
// to a page of ours; wherever that leads, the address alone leads to the same page.
func TestBrowserRandomClicks(t *testing.T) {
	b := open(t, newWorld(t, append(press(), many(60)...)...))
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 30))
		b.visit(search("q", "storm"))
		var way []string
		for i := range 30 {
			way = append(way, b.clickAny(random))
			if i%5 != 4 {
				continue
			}
			shown, at := b.eval(matter), b.at()
			b.visit(at)
			if again := b.eval(matter); again != shown {
				t.Errorf("seed %d, by way of %s: %s differs when it is loaded again:\n%s", seed, strings.Join(way, " "), at, difference(shown, again))
			}
		}
	}
}

// clickAny clicks one of the links at random and returns where it leads.
func (b *tab) clickAny(random *rand.Rand) string {
	b.t.Helper()
	var n int
	b.run(chromedp.Evaluate(clickable+`.length`, &n))
	if n == 0 {
		b.t.Fatalf("nothing to click at %s", b.at())
	}
	var spot struct {
		X, Y float64
		Href string
	}
	b.run(chromedp.Evaluate(fmt.Sprintf(`(() => { const e = %s[%d]; e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getClientRects()[0]; return { x: r.left + r.width / 2, y: r.top + r.height / 2, href: e.getAttribute("href") } })()`, clickable, random.IntN(n)), &spot))
	click := chromedp.MouseClickXY(spot.X, spot.Y)
	if strings.HasPrefix(spot.Href, "/?") { // shown within the page
		b.run(click)
		b.settled()
	} else {
		b.leave(click)
	}
	return spot.Href
}

// difference shows where two texts begin to differ.
func difference(a, b string) string {
	const around = 120
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	at = max(at-around/2, 0)
	return a[at:min(at+around, len(a))] + "\n" + b[min(at, len(b)):min(at+around, len(b))]
}
