package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// serve listens on a loopback port and returns the address of the pages.
func serve(t testing.TB, app *fiber.App) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(ln) }()
	resp, err := http.Get("http://" + ln.Addr().String() + "/help/query") // a server that has not begun cannot be stopped
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	t.Cleanup(func() {
		if err := app.ShutdownWithTimeout(5 * time.Second); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return "http://" + ln.Addr().String()
}

// visit sends a request over a real connection, without following redirects.
func visit(t *testing.T, base, method, path string, fields url.Values, change func(*http.Request)) *page {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", base)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if change != nil {
		change(req)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return &page{t, path, resp.StatusCode, resp.Header, string(body), root}
}

func TestHealthPage(t *testing.T) {
	w := newWorld(t, press()...)
	good := news.Feed{ID: news.ArticleID("a"), URL: "http://a.example/rss", Title: "A good one", Enabled: true, AddedAt: now}
	bad := news.Feed{ID: news.ArticleID("b"), URL: "http://b.example/rss", Title: "B <b>bad</b> one", Enabled: true, AddedAt: now}
	off := news.Feed{ID: news.ArticleID("c"), URL: "http://c.example/rss", AddedAt: now}
	if _, err := w.store.PutFeeds(t.Context(), good, bad, off); err != nil {
		t.Fatal(err)
	}
	leases, err := w.store.LeaseFeeds(t.Context(), 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range leases {
		commit := store.PollCommit{Lease: l, At: now.Add(-time.Hour), Next: now.Add(30 * time.Minute), Health: news.HealthOK, Success: true}
		if l.Feed.ID == bad.ID {
			commit.Health, commit.Error, commit.Success = news.HealthFailing, "the server says 500 <script>", false
		}
		if _, err := w.store.CommitPolls(t.Context(), commit); err != nil {
			t.Fatal(err)
		}
	}
	base := serve(t, w.app)
	p := visit(t, base, http.MethodGet, "/health", nil, nil)
	p.checkFrame()
	p.want("Articles", "4", "nothing waits", "A good one", "1 hour ago", "in 30 minutes", "B <b>bad</b> one", "the server says 500 <script>", "http://c.example/rss", "off", "all 3")
	if rows := p.all("tr"); len(rows) != 4 || !strings.Contains(text(rows[1]), "bad") {
		t.Error("what needs attention does not come first")
	}
	failing := visit(t, base, http.MethodGet, "/health?state=failing", nil, nil)
	if failing.has("A good one") || !failing.has("bad") {
		t.Error("the list is not that of one state")
	}
	visit(t, base, http.MethodGet, "/health?state=%3Cscript%3E&done=%3Cscript%3E", nil, nil).want("No feed is in this state.")
}

func TestHealthIsForLocalVisitors(t *testing.T) {
	w := newWorld(t)
	base := serve(t, w.app)
	tests := []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"here", nil, 200},
		{"by name", func(r *http.Request) { r.Host = "localhost:8080" }, 200},
		{"foreign name", func(r *http.Request) { r.Host = "evil.example" }, 403},
		{"name that begins like ours", func(r *http.Request) { r.Host = "localhost.evil.example" }, 403},
		{"proxy", func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") }, 403},
		{"script of another site", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"other proxy", func(r *http.Request) { r.Header.Set("Forwarded", "for=127.0.0.1") }, 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := visit(t, base, http.MethodGet, "/health", nil, tt.change)
			if p.status != tt.status {
				t.Errorf("status %d, want %d", p.status, tt.status)
			}
			front := visit(t, base, http.MethodGet, "/", nil, tt.change)
			if shown := strings.Contains(front.body, `href="/health"`); shown != (tt.status == 200) && tt.name != "script of another site" {
				t.Errorf("the way there is shown: %t", shown)
			}
		})
	}
	if p := w.get("/health"); p.status != http.StatusForbidden {
		t.Errorf("from elsewhere: status %d, want 403", p.status)
	}
}

func TestFeedForms(t *testing.T) {
	w := newWorld(t)
	base := serve(t, w.app)
	feeds := func() []news.Feed {
		list, err := w.store.ListFeeds(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	post := func(path string, fields url.Values) *page { return visit(t, base, http.MethodPost, path, fields, nil) }

	address := url.Values{"url": {" https://news.example/rss "}}
	if p := post("/health/feeds", address); p.status != http.StatusSeeOther || p.header.Get("Location") != "/health?done=added" {
		t.Fatalf("status %d, to %q", p.status, p.header.Get("Location"))
	}
	list := feeds()
	if len(list) != 1 || list[0].URL != "https://news.example/rss" || !list[0].Enabled {
		t.Fatalf("feeds %+v", list)
	}
	if p := post("/health/feeds", address); p.header.Get("Location") != "/health?done=known" {
		t.Errorf("a known feed leads to %q", p.header.Get("Location"))
	}
	if p := post("/health/feeds/"+list[0].ID+"/off", nil); p.status != http.StatusSeeOther || feeds()[0].Enabled {
		t.Errorf("off: status %d", p.status)
	}
	if p := post("/health/feeds/"+list[0].ID+"/on", nil); p.status != http.StatusSeeOther || !feeds()[0].Enabled {
		t.Errorf("on: status %d", p.status)
	}
	if p := post("/health/feeds/"+list[0].ID+"/refresh", nil); p.status != http.StatusSeeOther {
		t.Errorf("refresh: status %d", p.status)
	}
	visit(t, base, http.MethodGet, "/health?done=refresh", nil, nil).want("polled as soon as its host is free")

	upload := func(text string) *page {
		return visit(t, base, http.MethodPost, "/health/feeds/import", nil, func(r *http.Request) {
			var b bytes.Buffer
			form := multipart.NewWriter(&b)
			part, err := form.CreateFormFile("opml", "feeds.opml")
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(part, text)
			form.Close()
			r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
			r.Header.Set("Content-Type", form.FormDataContentType())
		})
	}
	p := upload(`<opml version="2.0"><body><outline xmlUrl="https://a.example/rss"/><outline xmlUrl="https://news.example/rss"/><outline xmlUrl="mailto:x"/></body></opml>`)
	if got := p.header.Get("Location"); got != "/health?done=imported&n=1" || len(feeds()) != 2 {
		t.Errorf("import leads to %q with %d feeds", got, len(feeds()))
	}
	visit(t, base, http.MethodGet, "/health?done=imported&n=1", nil, nil).want("1 feed was new")
	if p := upload("<opml>"); p.status != http.StatusBadRequest || !p.has("OPML") {
		t.Errorf("bad OPML: status %d: %s", p.status, text(p.root))
	}
	if p := upload(""); p.status != http.StatusBadRequest {
		t.Errorf("no OPML: status %d", p.status)
	}
	if p := post("/health/feeds/import", url.Values{"opml": {"x"}}); p.status != http.StatusBadRequest {
		t.Errorf("no upload: status %d", p.status)
	}

	for name, tt := range map[string]struct {
		path   string
		fields url.Values
		status int
	}{
		"no address":    {"/health/feeds", nil, 400},
		"not the web":   {"/health/feeds", url.Values{"url": {"javascript:alert(1)"}}, 400},
		"much":          {"/health/feeds", url.Values{"url": {strings.Repeat("x", 9000)}}, 400},
		"unknown feed":  {"/health/feeds/" + news.ArticleID("x") + "/refresh", nil, 404},
		"unknown deed":  {"/health/feeds/" + list[0].ID + "/explode", nil, 404},
		"hostile names": {"/health/feeds/%3Cscript%3E/on", nil, 404},
	} {
		if p := post(tt.path, tt.fields); p.status != tt.status {
			t.Errorf("%s: status %d, want %d", name, p.status, tt.status)
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	w := newWorld(t)
	base := serve(t, w.app)
	for name, change := range map[string]func(*http.Request){
		"other origin":      func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"no origin":         func(r *http.Request) { r.Header.Del("Origin") },
		"opaque origin":     func(r *http.Request) { r.Header.Set("Origin", "null") },
		"cross-site":        func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"same site":         func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"rebound name":      func(r *http.Request) { r.Host = "evil.example"; r.Header.Set("Origin", "http://evil.example") },
		"behind a proxy":    func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") },
		"port of elsewhere": func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") },
	} {
		p := visit(t, base, http.MethodPost, "/health/feeds", url.Values{"url": {"https://news.example/rss"}}, change)
		if p.status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", name, p.status)
		}
	}
	if list, err := w.store.ListFeeds(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("%d feeds were added: %v", len(list), err)
	}
}
