package web_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/chromedp/chromedp"
)

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
