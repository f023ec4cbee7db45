package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/web"
	"broadsheet.example/news"
)

// goodKey is a key that may sign in.
const goodKey = "bs_good"

// away makes a request look as if it came through a proxy, with a cookie if any.
func away(cookie string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("X-Forwarded-For", "192.0.2.1")
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
	}
}

func TestSignIn(t *testing.T) {
	w := newWorld(t, press()...)
	base := serve(t, w.app)
	for _, path := range []string{"/health", "/health/feeds.opml"} {
		p := visit(t, base, http.MethodGet, path, nil, away(""))
		if p.status != http.StatusForbidden || !p.has("Sign in", "Key") || p.has("The Courier") {
			t.Fatalf("%s without a key: status %d: %s", path, p.status, text(p.root))
		}
	}
	if p := visit(t, base, http.MethodGet, "/sign-in", nil, away("")); p.status != http.StatusOK || strings.Contains(p.body, `href="/health"`) {
		t.Errorf("sign-in page: status %d", p.status)
	}
	for _, bad := range []string{"", "wrong", "bs_read"} {
		p := visit(t, base, http.MethodPost, "/sign-in", url.Values{"key": {bad}}, away(""))
		if p.status != http.StatusForbidden || p.header.Get("Set-Cookie") != "" || bad != "" && strings.Contains(p.body, bad) {
			t.Errorf("key %q: status %d, cookie %q", bad, p.status, p.header.Get("Set-Cookie"))
		}
	}
	cookie := signIn(t, base)
	if p := visit(t, base, http.MethodGet, "/health", nil, away(cookie)); p.status != http.StatusOK || !p.has("Sign out", "Feeds") {
		t.Errorf("signed in: status %d", p.status)
	}
	if p := visit(t, base, http.MethodPost, "/health/feeds", url.Values{"url": {"https://news.example/rss"}}, away(cookie)); p.status != http.StatusSeeOther {
		t.Errorf("add a feed: status %d", p.status)
	}
	if p := visit(t, base, http.MethodGet, "/health/feeds.opml", nil, away(cookie)); !strings.Contains(p.body, "https://news.example/rss") {
		t.Errorf("OPML: status %d: %s", p.status, p.body)
	}
	for name, change := range map[string]func(*http.Request){
		"from elsewhere":    func(r *http.Request) { away(cookie)(r); r.Header.Set("Origin", "https://evil.example") },
		"without an origin": func(r *http.Request) { away(cookie)(r); r.Header.Del("Origin") },
		"cross-site":        func(r *http.Request) { away(cookie)(r); r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another session":   away(cookie + "x"),
	} {
		if p := visit(t, base, http.MethodPost, "/health/feeds", url.Values{"url": {"https://evil.example/rss"}}, change); p.status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", name, p.status)
		}
	}
	if p := visit(t, base, http.MethodPost, "/sign-out", nil, away(cookie)); p.status != http.StatusSeeOther {
		t.Errorf("sign out: status %d", p.status)
	}
	if p := visit(t, base, http.MethodGet, "/health", nil, away(cookie)); p.status != http.StatusForbidden {
		t.Errorf("signed out: status %d, want 403", p.status)
	}
}

// Who may not read the API is not sent there.
func TestLinksThatNeedAKey(t *testing.T) {
	w := newWorld(t, press()...)
	base := serve(t, w.app)
	paths := []string{"/?q=harbor", "/articles/" + w.ids[0], "/entities/" + ada.ID}
	for _, path := range paths {
		if p := visit(t, base, http.MethodGet, path, nil, away("")); p.status != http.StatusOK || strings.Contains(p.body, `"/v1/`) {
			t.Errorf("%s without a key: status %d, or a link to the API", path, p.status)
		}
	}
	cookie := signIn(t, base)
	for _, path := range paths {
		if p := visit(t, base, http.MethodGet, path, nil, away(cookie)); !strings.Contains(p.body, `"/v1/`) {
			t.Errorf("%s signed in: no link to the API", path)
		}
	}
}

func TestSessionBelowBasePath(t *testing.T) {
	pages, err := web.New(web.Deps{SignIn: func(string) bool { return true }, BasePath: "/news"})
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New()
	pages.Mount(app)
	for _, path := range []string{"/sign-in", "/sign-out"} {
		p := visit(t, serve(t, app), http.MethodPost, path, url.Values{"key": {goodKey}}, away(""))
		if cookie := p.header.Get("Set-Cookie"); !strings.Contains(cookie, "path=/news/;") {
			t.Errorf("%s: the cookie %q goes to others on the same host", path, cookie)
		}
	}
}

// signIn returns the cookie that the good key gives, after a look at how it is kept.
func signIn(t *testing.T, base string) string {
	t.Helper()
	p := visit(t, base, http.MethodPost, "/sign-in", url.Values{"key": {goodKey}}, away(""))
	cookie := p.header.Get("Set-Cookie")
	if p.status != http.StatusSeeOther || p.header.Get("Location") != "/health" {
		t.Fatalf("sign in: status %d, to %q", p.status, p.header.Get("Location"))
	}
	for _, part := range []string{"HttpOnly", "SameSite=Strict", "path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %s", cookie, part)
		}
	}
	if strings.Contains(cookie, goodKey) {
		t.Error("the cookie holds the key")
	}
	value, _, _ := strings.Cut(cookie, ";")
	return value
}

func TestSessionsEnd(t *testing.T) {
	w := newWorld(t)
	deps := w.deps()
	at, good := now, true
	deps.Now = func() time.Time { return at }
	deps.SignIn = func(key string) bool { return good && key == goodKey }
	base := serve(t, newApp(t, deps))
	status := func(cookie string) int { return visit(t, base, http.MethodGet, "/health", nil, away(cookie)).status }

	first := signIn(t, base)
	if at = at.Add(13 * time.Hour); status(first) != http.StatusForbidden {
		t.Error("a session has no end")
	}
	second := signIn(t, base)
	if good = false; status(second) != http.StatusForbidden {
		t.Error("a session outlives its key")
	}
	good = true
	for range 1000 {
		at = at.Add(time.Second)
		signIn(t, base)
	}
	if status(second) != http.StatusForbidden {
		t.Error("sessions are not bounded")
	}
}

func TestPreviewPage(t *testing.T) {
	w := newWorld(t)
	base := serve(t, w.app)
	look := func(address string) *page {
		return visit(t, base, http.MethodPost, "/health/feeds/preview", url.Values{"url": {address}}, nil)
	}
	p := look("news.example")
	p.checkFrame()
	p.want("The News <b>", "https://news.example/rss", "2 items now", "What would be indexed", "Dockers return", "Ledger & Tide", "Ada Reyes",
		"The page could not be had", "status 404", "In the feed now", "A second story", "https://news.example/sport.rss")
	if got := p.field("url"); got != "https://news.example/rss" {
		t.Errorf("what would be added is %q", got)
	}
	p = look("https://nothing.example/")
	p.want("Nothing can be shown of it", "no feed <here>", "Add it all the same")
	if p := look("javascript:alert(1)"); p.status != http.StatusBadRequest {
		t.Errorf("no address: status %d", p.status)
	}
	if p := visit(t, base, http.MethodPost, "/health/feeds/preview", url.Values{"url": {"https://news.example"}}, away("")); p.status != http.StatusForbidden {
		t.Errorf("from elsewhere: status %d, want 403", p.status)
	}
	visit(t, base, http.MethodPost, "/health/feeds", url.Values{"url": {"https://news.example/map.xml"}, "title": {"Map"}, "kind": {"sitemap"}}, nil)
	list, err := w.store.ListFeeds(t.Context())
	if err != nil || len(list) != 1 || list[0].Kind != news.KindSitemap || list[0].Title != "Map" {
		t.Errorf("feeds %+v: %v", list, err)
	}
}

// field is the value of the first field of that name in the page's matter.
func (p *page) field(name string) string {
	for _, form := range p.class("add") {
		for n := range form.Descendants() {
			if n.Data == "input" && attr(n, "name") == name {
				return attr(n, "value")
			}
		}
	}
	return ""
}

func TestBrowserAddsASource(t *testing.T) {
	w := newWorld(t, press()...)
	b := open(t, w)
	b.visit("/health")
	b.run(chromedp.SendKeys("#url", "news.example", chromedp.ByQuery))
	b.follow("form.add button")
	b.want(`document.querySelector("h1").textContent`, "The News <b>")
	b.audit(axe(t), "the preview")
	b.follow("button.strong")
	b.want(`document.querySelector(".notice").textContent`, "The feed was added; it is polled as soon as its host is free.")
	b.want(`document.querySelector("bdi").textContent`, "The News <b>")
	b.follow(`[aria-label^="Read now"]`)
	b.want(`document.querySelector(".notice").textContent`, "The feed is polled as soon as its host is free.")
	b.follow(`[aria-label^="Stop"]`)
	b.want(`document.querySelector(".state").textContent`, "off")
	b.follow(`[aria-label^="Start"]`)
	b.want(`document.querySelector(".state").textContent`, "new")
}

func TestBrowserSignsIn(t *testing.T) {
	w := newWorld(t, press()...)
	b := open(t, w, chromedp.Flag("host-resolver-rules", "MAP news.example 127.0.0.1"))
	b.base = strings.Replace(b.base, "127.0.0.1", "news.example", 1) // a name that is not this machine's
	b.visit("/")
	b.want(`document.querySelector('.places [href="/health"]')`, "<nil>")
	b.follow(`footer a`)
	b.audit(axe(t), "sign in")
	b.run(chromedp.SendKeys("#key", "wrong", chromedp.ByQuery))
	b.follow("form.add button")
	b.want(`document.querySelector("[role=alert]") !== null`, "true")
	b.run(chromedp.SendKeys("#key", goodKey, chromedp.ByQuery))
	b.follow("form.add button")
	b.want(`location.pathname + document.cookie`, "/health")
	b.follow("footer form button")
	b.visit("/health")
	b.want(`document.querySelector("h1").textContent`, "Sign in")
}
