// Package web is the pages: rendered on the server, usable without JavaScript,
// with all their state in the URL, and loading nothing from elsewhere.
//
// It knows no engine and no implementation of a store: what it shows comes
// through [Deps]. It is not the JSON API, whose parameters it shares by api/param.
// Start reading at [New] and [pages.mount]; each page has a file of its own name,
// the parts they share are hit.go, histogram.go, links.go and words.go.
package web

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

//go:embed templates/*.html
var templates embed.FS

//go:generate go test . -run TestBundleIsFresh -update

//go:embed dist
var dist embed.FS

// Deps are what the pages need. All are required but Preview, SignIn, BasePath, Log
// and Now.
type Deps struct {
	// Search answers a query; its errors are those of news.Index.
	Search func(ctx context.Context, q news.Query) (*news.Result, error)
	// Related returns articles on the same matter as one; its errors are those of
	// news.Index.
	Related func(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error)
	// Archive holds the articles.
	Archive Archive
	// Feeds is what is polled, and how that goes.
	Feeds Feeds
	// FullText returns the policy of a publisher.
	FullText func(sourceID string) news.FullTextPolicy
	// Key returns the URL key of an address.
	Key func(rawURL string) (string, error)
	// Reader names the outbox reader of the index in use now.
	Reader func() string
	// Preview looks at an address as the crawler would; it makes several requests
	// and its error is in plain words. Nil means that addresses are added unseen.
	Preview func(ctx context.Context, address string) (*Preview, error)
	// SignIn reports whether the holder of a key may look after the machine; nil
	// means that only who sits at it may. It is asked again for every page.
	SignIn func(key string) bool
	// BasePath is the path, such as /news, below which browsers find the pages;
	// empty for the root.
	BasePath string
	// Version is shown at the foot of each page.
	Version string
	// Log takes what goes wrong here; nil means nowhere.
	Log *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Archive is what the pages need of the store's archive; see [store.Archive].
type Archive interface {
	Articles(ctx context.Context, ids ...string) ([]news.Article, error)
	Revisions(ctx context.Context, id string) ([]news.Revision, error)
	Sources(ctx context.Context) ([]news.Source, error)
	Entities(ctx context.Context, ids ...string) ([]news.Entity, error)
	Rulings(ctx context.Context) (*news.Rulings, error)
	Stats(ctx context.Context) (store.Stats, error)
}

// Feeds is what the pages need of feeds, crawl and outbox; see [store.Store].
type Feeds interface {
	ListFeeds(ctx context.Context) ([]news.Feed, error)
	PutFeeds(ctx context.Context, feeds ...news.Feed) (int, error)
	ChangeFeed(ctx context.Context, id string, patch store.FeedPatch) (news.Feed, error)
	Due(ctx context.Context) (store.Due, error)
	Backlog(ctx context.Context, reader string) (store.Backlog, error)
}

// pathSignIn is where one signs in.
const pathSignIn = "/sign-in"

type pages struct {
	deps  Deps
	tmpl  *template.Template
	files *files
	// sessions are those who have signed in.
	sessions sessions
}

// Pages is what a server needs of the pages.
type Pages struct {
	// Mount puts them below a router, behind the routes that are there already:
	// whatever address is left over, they answer.
	Mount func(fiber.Router)
	// Session returns the key with which the visitor who sends a request has
	// signed in, empty if he has not. Whether it is still good it does not say.
	Session func(*fiber.Ctx) string
}

// New builds the pages. It fails only if what is embedded is broken.
func New(deps Deps) (*Pages, error) {
	p := &pages{deps: deps, sessions: sessions{open: map[string]session{}}}
	if p.deps.Now == nil {
		p.deps.Now = time.Now
	}
	if p.deps.Log == nil {
		p.deps.Log = slog.New(slog.DiscardHandler)
	}
	var err error
	if p.files, err = readFiles(); err != nil {
		return nil, err
	}
	p.tmpl, err = template.New("").Funcs(template.FuncMap{"asset": p.files.path}).ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	return &Pages{Mount: p.mount, Session: p.key}, nil
}

// mount is the table of pages. Each answers HEAD too.
func (p *pages) mount(r fiber.Router) {
	for path := range p.files.texts {
		r.Get(path, p.files.send)
	}
	r.Get("/", p.page(p.search))
	r.Get("/articles/:id", p.page(p.article))
	r.Get("/entities/:id", p.page(p.entity))
	r.Get("/sources/:id", p.page(p.source))
	r.Get("/help/query", p.page(p.help))
	r.Get("/health", p.admin(p.health))
	r.Get("/health/feeds.opml", p.admin(p.exportFeeds))
	r.Post("/health/feeds", p.admin(p.addFeed))
	r.Post("/health/feeds/import", p.admin(p.importFeeds))
	if p.deps.Preview != nil {
		r.Post("/health/feeds/preview", p.admin(p.preview))
	}
	r.Post("/health/feeds/:id/:action", p.admin(p.changeFeed))
	r.Get(pathSignIn, p.page(p.askKey))
	r.Post(pathSignIn, p.own(p.signIn))
	r.Post("/sign-out", p.own(p.signOut))
	r.Use(p.nowhere)
}
