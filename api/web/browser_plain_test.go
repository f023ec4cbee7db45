package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func withoutScript() chromedp.ExecAllocatorOption {
	return chromedp.Flag("blink-settings", "scriptEnabled=false")
}

// reached stops the test if the address of the page has no such part.
func (b *tab) reached(part string) {
	b.t.Helper()
	if at := b.at(); !strings.Contains(at, part) {
		b.t.Fatalf("at %s, want %s", at, part)
	}
}

// shows looks for a text in the source of an element, which needs no script.
func (b *tab) shows(selector, text string) {
	b.t.Helper()
	var source string
	if b.run(chromedp.OuterHTML(selector, &source, chromedp.ByQuery)); !strings.Contains(source, text) {
		b.t.Fatalf("%s at %s: %s, want %q", selector, b.at(), source, text)
	}
}

// enter types into a field.
func (b *tab) enter(selector, text string) {
	b.t.Helper()
	b.run(chromedp.Focus(selector, chromedp.ByQuery))
	for char := range strings.SplitSeq(text, "") {
		b.run(tap(char))
	}
}

func TestBrowserWithoutScript(t *testing.T) {
	b := open(t, newWorld(t, press()...), withoutScript())
	reached := b.reached
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

func TestBrowserWithoutScriptNarrows(t *testing.T) {
	b := open(t, newWorld(t, append(press(), many(60)...)...), withoutScript())
	b.visit(search("q", "harbour"))
	b.enter("input[name=from]", "11242026")
	b.enter("input[name=to]", "11252026")
	b.follow(".dates button")
	b.reached("?q=harbour&from=2026-11-24&to=2026-11-25")
	b.shows(".hits", "Harbour vote is close")
	b.visit(search("q", "storm"))
	b.follow("#facet-person .other a")
	b.visit(strings.TrimSuffix(b.at(), "#facet-person")) // a fragment may take the focus away while one types
	b.enter("#find", "person 05")
	b.leave(tap(kb.Enter))
	b.reached("find=person+05")
	b.follow(`#facet-person [data-key]`)
	b.reached("person=")
	b.shows(".hits", "Storm report number 5")
}

func TestBrowserWithoutScriptSignsIn(t *testing.T) {
	b := open(t, newWorld(t, press()...), withoutScript(), chromedp.Flag("host-resolver-rules", "MAP news.example 127.0.0.1"))
	b.base = strings.Replace(b.base, "127.0.0.1", "news.example", 1) // a name that is not this machine's
	b.visit("/health")
	b.shows("h1", "Sign in")
	b.enter("#key", "wrong")
	b.follow("form.add button")
	b.shows("[role=alert]", "not known here")
	b.enter("#key", goodKey)
	b.leave(tap(kb.Enter))
	b.reached("/health")
	b.follow("footer form button")
	b.visit("/health")
	b.shows("h1", "Sign in")
}

func TestBrowserWithoutScriptKeepsFeeds(t *testing.T) {
	b := open(t, newWorld(t, press()...), withoutScript())
	b.visit("/health")
	b.enter("#url", "news.example")
	b.follow("form.add button")
	b.shows("h1", "The News")
	b.follow("button.strong")
	b.shows(".notice", "The feed was added")
	b.follow(`[aria-label^="Read now"]`)
	b.shows(".notice", "The feed is polled")
	b.follow(`[aria-label^="Stop"]`)
	b.shows(".state", "off")
	b.follow(`[aria-label^="Start"]`)
	b.shows(".state", "new")
	b.run(chromedp.SetUploadFiles("#opml", []string{opmlFile(t)}, chromedp.ByQuery))
	b.follow(`form[enctype] button`)
	b.shows(".notice", "1 feed was new")
	b.follow(`.states a:nth-child(2)`)
	b.reached("state=new")
}
