package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"broadsheet.example/api/web"
	"broadsheet.example/index"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

// now is the time at which the tests' pages are shown.
var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

const reader = "index"

// world is the pages over a real store and a real index.
type world struct {
	t     testing.TB
	app   *fiber.App
	store *sqlite.Store
	index news.Index
	ids   []string // of the articles that newWorld was given
	log   bytes.Buffer
}

// newWorld stores and indexes the articles.
func newWorld(t testing.TB, articles ...news.Article) *world {
	t.Helper()
	w := &world{t: t}
	log := slog.New(slog.DiscardHandler)
	var err error
	if w.store, err = sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()}, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	if err := w.store.Register(t.Context(), reader); err != nil {
		t.Fatal(err)
	}
	if w.index, err = index.Open(t.Context(), index.Config{Dir: filepath.Join(t.TempDir(), "index")}, w.store, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.index.Close() })
	w.ids = w.put(articles...)
	w.app = newApp(t, w.deps())
	w.app.Get("/v1/suggest", w.suggest)
	return w
}

// suggest answers as the API does.
func (w *world) suggest(c *fiber.Ctx) error {
	found, err := w.index.Suggest(c.UserContext(), news.SuggestQuery{Text: c.Query("q"), Size: c.QueryInt("size")})
	if err != nil {
		return err
	}
	list := make([]fiber.Map, len(found))
	for i, f := range found {
		list[i] = fiber.Map{"kind": f.Kind, "text": f.Text, "value": f.Value, "count": f.Count}
	}
	return c.JSON(fiber.Map{"suggestions": list})
}

// newApp mounts pages as the server does.
func newApp(t testing.TB, deps web.Deps) *fiber.App {
	t.Helper()
	mount, err := web.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	app.Get("/v1/search", func(c *fiber.Ctx) error { return c.SendString("{}") })
	mount(app)
	return app
}

// put stores and indexes articles, and returns their ids.
func (w *world) put(articles ...news.Article) []string {
	w.t.Helper()
	drafts := make([]store.Draft, len(articles))
	for i, a := range articles {
		drafts[i] = store.Draft{Article: a, Keys: []string{a.URL}}
	}
	done, err := w.store.PutArticles(w.t.Context(), drafts...)
	if err != nil {
		w.t.Fatal(err)
	}
	ids := make([]string, len(done))
	for i, d := range done {
		if ids[i] = d.ID; d.Err != nil {
			w.t.Fatal(d.Err)
		}
	}
	w.follow()
	return ids
}

// follow has the index take in what the store has for it.
func (w *world) follow() {
	w.t.Helper()
	ctx := w.t.Context()
	changes, err := w.store.LeaseChanges(ctx, reader, 1000, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, c := range changes {
		if found, err := w.store.Articles(ctx, c.ID); err == nil && len(found) > 0 && !c.Deleted {
			changes[i].Article = &found[0]
		}
	}
	if _, err := w.index.Apply(ctx, changes); err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.AckChanges(ctx, reader, changes); err != nil {
		w.t.Fatal(err)
	}
}

// page is an answer that was read to its end.
type page struct {
	t      testing.TB
	path   string
	status int
	header http.Header
	body   string
	root   *html.Node
}

// get asks for a path as a browser does and checks what holds for every page.
func (w *world) get(path string) *page {
	w.t.Helper()
	return get(w.t, w.app, path)
}

func get(t testing.TB, app *fiber.App, path string) *page {
	t.Helper()
	p := send(t, app, http.MethodGet, path)
	if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		t.Fatalf("GET %s: status %d, type %q", path, p.status, p.header.Get("Content-Type"))
	}
	p.checkFrame()
	return p
}

func send(t testing.TB, app *fiber.App, method, path string) *page {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, "http://localhost"+path, nil)
	req.Header.Set("Accept", "text/html,*/*;q=0.8")
	return answer(t, app, req)
}

func answer(t testing.TB, app *fiber.App, req *http.Request) *page {
	t.Helper()
	resp, err := app.Test(req, int(time.Minute.Milliseconds()))
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
	return &page{t, req.URL.RequestURI(), resp.StatusCode, resp.Header, string(body), root}
}

// Most that a page, the stylesheet and the script may weigh, compressed.
const (
	maxPage   = 25_000
	maxStyle  = 8_000
	maxScript = 10_000
)

// checkFrame checks what holds for every page: nothing that a policy without
// inline code would stop, nothing from elsewhere, one heading, names for all that
// can be operated, ids that are unique, and a weight within bounds.
func (p *page) checkFrame() {
	p.t.Helper()
	policy := p.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		p.t.Errorf("%s: policy %q", p.path, policy)
	}
	if n := gzipped(p.body); n > maxPage {
		p.t.Errorf("%s: %d bytes compressed, want at most %d", p.path, n, maxPage)
	}
	ids := map[string]int{}
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		p.checkElement(n)
		if id := attr(n, "id"); id != "" {
			if ids[id]++; ids[id] > 1 {
				p.t.Errorf("%s: id %q is used twice", p.path, id)
			}
		}
	}
	for _, landmark := range []string{"header", "main", "footer", "h1"} {
		if n := len(p.all(landmark)); n != 1 {
			p.t.Errorf("%s: %d elements %s, want 1", p.path, n, landmark)
		}
	}
	p.checkHeadings()
}

// checkHeadings wants no rank left out between one heading and the next.
func (p *page) checkHeadings() {
	p.t.Helper()
	rank := 0
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
			continue
		}
		next := int(n.Data[1] - '0')
		if next > rank+1 {
			p.t.Errorf("%s: <%s> %q follows a heading of rank %d", p.path, n.Data, text(n), rank)
		}
		rank = next
	}
}

func (p *page) checkElement(n *html.Node) {
	p.t.Helper()
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
			p.t.Errorf("%s: inline %s on <%s>", p.path, a.Key, n.Data)
		}
		if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !isFollowable(a.Val) {
			p.t.Errorf("%s: <%s %s=%q>", p.path, n.Data, a.Key, a.Val)
		}
		if (n.Data == "link" || n.Data == "script" || n.Data == "img") && (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "/") {
			p.t.Errorf("%s: <%s> from elsewhere: %q", p.path, n.Data, a.Val)
		}
	}
	switch n.Data {
	case "script":
		if n.FirstChild != nil {
			p.t.Errorf("%s: inline script", p.path)
		}
	case "style", "iframe", "object", "embed":
		p.t.Errorf("%s: <%s>", p.path, n.Data)
	case "a", "button":
		if n.Data == "a" && attr(n, "href") != "" && strings.TrimSpace(text(n)+attr(n, "aria-label")) == "" {
			p.t.Errorf("%s: link to %s has no name", p.path, attr(n, "href"))
		}
	case "input", "select", "textarea":
		if attr(n, "type") != "hidden" && !p.isLabelled(n) {
			p.t.Errorf("%s: <input name=%q> has no label", p.path, attr(n, "name"))
		}
	}
}

func isFollowable(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") || strings.HasPrefix(address, "#") ||
		strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

func (p *page) isLabelled(n *html.Node) bool {
	if attr(n, "aria-label") != "" {
		return true
	}
	for up := range n.Ancestors() {
		if up.Data == "label" {
			return true
		}
	}
	for _, l := range p.all("label") {
		if attr(l, "for") == attr(n, "id") && attr(n, "id") != "" {
			return true
		}
	}
	return false
}

func gzipped(s string) int {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.Len()
}

// all lists the elements of a name, in order.
func (p *page) all(name string) []*html.Node {
	var out []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

// class lists the elements of a class, in order.
func (p *page) class(name string) []*html.Node {
	var out []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && strings.Contains(" "+attr(n, "class")+" ", " "+name+" ") {
			out = append(out, n)
		}
	}
	return out
}

// link returns the address of the link of that name.
func (p *page) link(name string) string {
	p.t.Helper()
	for _, a := range p.all("a") {
		if strings.Join(strings.Fields(text(a)), " ") == name || attr(a, "aria-label") == name {
			return attr(a, "href")
		}
	}
	p.t.Fatalf("%s: no link %q", p.path, name)
	return ""
}

// links lists the addresses of all links that stay here, each once.
func (p *page) links() []string {
	seen := map[string]bool{}
	var out []string
	for _, a := range p.all("a") {
		href := attr(a, "href")
		if strings.HasPrefix(href, "/") && !seen[href] {
			seen[href] = true
			out = append(out, href)
		}
	}
	return out
}

// has reports whether all of words stand in the page's text.
func (p *page) has(words ...string) bool {
	shown := text(p.root)
	for _, w := range words {
		if !strings.Contains(shown, w) {
			return false
		}
	}
	return true
}

func (p *page) want(words ...string) {
	p.t.Helper()
	for _, w := range words {
		if !p.has(w) {
			p.t.Errorf("%s: %q is not on the page:\n%s", p.path, w, strings.Join(strings.Fields(text(p.root)), " "))
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// failing answers every search with an error.
func failing(err error) web.Deps {
	return web.Deps{Search: func(context.Context, news.Query) (*news.Result, error) { return nil, err }}
}

var errBroken = errors.New("a secret inner word")

// search is the path of the search page for parameters in turn.
func search(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return "/?" + v.Encode()
}

// deps are the pages' dependencies on the world's parts. The text of the publisher
// open may be shown.
func (w *world) deps() web.Deps {
	return web.Deps{
		Search: w.index.Search, Archive: w.store, Feeds: w.store, Version: "test", Now: func() time.Time { return now },
		Key: key, Reader: func() string { return reader }, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		FullText: func(id string) news.FullTextPolicy {
			switch id {
			case "open":
				return news.FullTextPages
			case "closed":
				return news.FullTextNone
			default:
				return news.FullTextAPI
			}
		},
	}
}

// key is a URL key that is good enough here.
func key(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
		return "", errors.New("not an address on the web")
	}
	return strings.ToLower(u.Host) + u.Path, nil
}
