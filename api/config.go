package api

import (
	"context"
	"log/slog"
	"net/netip"
	"runtime"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Config is what can be configured of the API.
type Config struct {
	// Timeout is the deadline of a request; imports and exports have their own.
	Timeout time.Duration
	// CORSOrigins are the origins of pages elsewhere that may read the API;
	// "*" means any.
	CORSOrigins []string
	// MaxSearches is how many searches run at a time; more are told to come back.
	MaxSearches int
	// RequireKey says that reads need a key, too, but from this machine itself, even
	// while there are no keys.
	RequireKey bool
	// RequestsPerMinute limits each key, and each address without one; 0 means no
	// limit. Requests from this machine itself are never limited.
	RequestsPerMinute int
	// TrustedProxies are the networks of proxies whose word on the client's address,
	// scheme and host (X-Forwarded-For, -Proto, -Host) is taken.
	TrustedProxies []netip.Prefix
	// BasePath is the path, such as /news, below which the world finds API and pages;
	// empty for the root.
	BasePath string
	// PublicURL is the address under which the world finds us, base path included and
	// without a slash at its end. Empty means the address that each caller used.
	PublicURL string
}

// SetDefaults fills what was left open.
func (c *Config) SetDefaults() {
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.MaxSearches == 0 {
		c.MaxSearches = 16 * runtime.GOMAXPROCS(0)
	}
}

// Store is what the API needs of a store.
type Store interface {
	store.Feeds
	store.Archive
	store.Decisions
	Due(ctx context.Context) (store.Due, error)
	Pending(ctx context.Context, feedID string) (int, error)
	Backlog(ctx context.Context, reader string) (store.Backlog, error)
}

// Deps are the parts that the API puts before the world. All are required but
// Pages, Session, Keys, Generation, Site, Free, Trace, Status, Reindex and Log.
type Deps struct {
	// Crawling is what the routes of the crawl ask for.
	Crawling Crawling
	Store    Store
	// Index returns the index in use now, which may change at any time; nil while
	// there is none.
	Index func() news.Index
	// Reader names the outbox reader that feeds the index in use now.
	Reader func() string
	// Key returns the URL key of an address.
	Key func(rawURL string) (string, error)
	// EntityKey is the key of a name, from which an entity has its id.
	EntityKey func(name string) string
	// Draft reads one line of an import. It is called from several goroutines.
	Draft func(line []byte) (*store.Draft, error)
	// FullText returns the policy of a source.
	FullText func(sourceID string) news.FullTextPolicy
	// Ready tells why the process cannot answer searches yet, or nil.
	Ready func() error
	// Registry is where the API's measurements go, and what /metrics shows.
	Registry *prometheus.Registry
	// Pages mounts the web pages below /.
	Pages func(fiber.Router)
	// Session returns the key with which a visitor of the pages has signed in, empty
	// if he has not. It counts as his for reading what they link to; see sessionKey.
	Session func(*fiber.Ctx) string
	// Keys returns what is known of a key; false for one that is none. It must take
	// the same time for both. Without it changes are taken from this machine alone.
	Keys func(token string) (Key, bool)
	// Generation names what searches see now: another name, another state. Without
	// it replies to searches carry no validators.
	Generation func() string
	// Site returns the front page of a source, empty when unknown.
	Site func(sourceID string) string
	// Free returns the bytes left on the disk of the store.
	Free func() (int64, error)
	// Trace begins the span of a request, whose traceparent header may be nonsense.
	// What it returns ends the span. Without it nothing is traced.
	Trace func(ctx context.Context, method, traceparent string) (context.Context, func(route string, status int))
	// Status adds sections to /v1/status.
	Status func(ctx context.Context) map[string]any
	// Reindex builds the index anew and returns when it is in use. It fails with
	// ErrUnavailable while another run is under way.
	Reindex func(ctx context.Context) error
	Log     *slog.Logger

	Version string
	Started time.Time
}

// Limits that do not depend on the configuration. They are part of the API's
// contract; docs/api.md names them.
const (
	MaxBody        = 1 << 20  // bytes of a JSON body
	MaxImport      = 32 << 20 // bytes of a batch of articles
	MaxImportLines = 1_000    // articles of a batch

	headerBuffer  = 16 << 10 // bytes of a request's line and headers
	importTimeout = 5 * time.Minute

	// discoverTimeout is long enough for seven polite requests to a slow site.
	discoverTimeout = time.Minute
	headerTimeout   = 10 * time.Second // for a request's line and headers
	bodyTimeout     = 2 * time.Minute  // for the body of one that has any
	writeTimeout    = 30 * time.Second // for a reply, or one part of a stream
	idleTimeout     = 2 * time.Minute
	retryAfter      = "5" // seconds; for what is unavailable for now
)
