package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestBrowserWithoutScript(t *testing.T) {
	b := open(t, newWorld(t, press()...), chromedp.Flag("blink-settings", "scriptEnabled=false"))
	reached := func(part string) {
		t.Helper()
		if at := b.at(); !strings.Contains(at, part) {
			t.Fatalf("at %s, want %s", at, part)
		}
	}
	b.visit("/")
	var role string
	var scripted bool
	b.run(chromedp.AttributeValue("#q", "role", &role, &scripted, chromedp.ByQuery))
	if scripted {
		t.Fatal("the script has run")
	}
	b.run(chromedp.SendKeys("#q", "harbour", chromedp.ByQuery))
	b.leave(tap(kb.Enter))
	reached("q=harbour")
	b.follow(`[data-key="source:courier"]`)
	reached("sources=courier")
	b.follow(".presets a")
	reached("from=1d")
	b.follow(".chips a")
	b.follow(".sorts a:nth-child(3)")
	reached("sortBy=oldest")
	b.follow("svg.chart a")
	reached("to=")
	b.follow(".details")
	reached("/articles/")
	b.follow(".source")
	reached("/sources/")
	b.follow(".places a")
	b.follow(".brand")
	if at := b.at(); at != "/" {
		t.Errorf("at %s, want the front page", at)
	}
}
