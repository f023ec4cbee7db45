// Package configs is the typed configuration: its defaults (the embedded
// broadsheet.yaml, which shows every key), its strict loading from file and
// environment, and the embedded list of publishers' feeds.
//
// It does not open, create or check anything that the values point to. Start
// reading at [Load].
package configs

import (
	_ "embed"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"broadsheet.example/news"
)

// Default is the text of broadsheet.yaml: every key, its default, a comment.
//
//go:embed broadsheet.yaml
var Default []byte

// Feeds is the embedded list of publishers' feeds, OPML with three groups:
// Default, Country and Topic.
//
//go:embed feeds.opml
var Feeds []byte

// Config is everything that can be configured.
type Config struct {
	DataDir string `yaml:"data_dir"`
	// Store is the address of a PostgreSQL database; empty means a file in
	// DataDir. It may hold a password: never log it.
	Store  string `yaml:"store"`
	Listen string `yaml:"listen"`
	// PublicURL is where others reach us; empty when they cannot.
	PublicURL string `yaml:"public_url"`
	// FeedsFile is the OPML file to begin with; empty means the embedded one,
	// NoFeeds means none.
	FeedsFile string    `yaml:"feeds_file"`
	Log       Log       `yaml:"log"`
	Crawler   Crawler   `yaml:"crawler"`
	Index     Index     `yaml:"index"`
	Entity    Entity    `yaml:"entity"`
	API       API       `yaml:"api"`
	Telemetry Telemetry `yaml:"telemetry"`
	// Sources holds what is decided for single publishers, by source id.
	Sources map[string]Source `yaml:"sources"`

	origin origin
}

// NoFeeds is the FeedsFile of who wants to begin with an empty list.
const NoFeeds = "none"

// Log configures the log on standard error.
type Log struct {
	Format string     `yaml:"format"` // auto, text or json
	Level  slog.Level `yaml:"level"`
}

// Crawler configures polling and fetching.
type Crawler struct {
	UserAgent         string         `yaml:"user_agent"`
	Interval          time.Duration  `yaml:"interval"`
	MaxInterval       time.Duration  `yaml:"max_interval"`
	HostGap           time.Duration  `yaml:"host_gap"`
	AllowNetworks     []netip.Prefix `yaml:"allow_networks"`
	Concurrency       int            `yaml:"concurrency"`
	PageBudget        int            `yaml:"page_budget"`
	MaxFeedBytes      int            `yaml:"max_feed_bytes"`
	MaxPageBytes      int            `yaml:"max_page_bytes"`
	FeedsIgnoreRobots bool           `yaml:"feeds_ignore_robots"`
}

// minRetention keeps a slip of the pen from removing everything.
const minRetention = 24 * time.Hour

// minCache keeps megabytes from being meant by a number of bytes.
const minCache = 1 << 20

// Index configures the loop that feeds the index.
type Index struct {
	// Engine is the address of an OpenSearch cluster; empty means an index in
	// DataDir. It may hold a password: never log it.
	Engine string        `yaml:"engine"`
	Batch  int           `yaml:"batch"`
	Linger time.Duration `yaml:"linger"`
	// CacheBytes bounds the memory of what searches have read of words and phrases.
	CacheBytes int64 `yaml:"cache_bytes"`
	// Retention is how long articles are kept after they were published; 0 is for
	// ever.
	Retention time.Duration `yaml:"retention"`
}

// Entity configures who the names in articles are.
type Entity struct {
	// Refresh is how often the archive is walked for evidence of who is meant.
	Refresh time.Duration `yaml:"refresh"`
	// Model is the directory of an ONNX model that marks the names in place of
	// the embedded one; empty for none.
	Model string `yaml:"model"`
}

// API configures the HTTP API.
type API struct {
	Timeout        time.Duration  `yaml:"timeout"`
	CORSOrigins    []string       `yaml:"cors_origins"`
	TrustedProxies []netip.Prefix `yaml:"trusted_proxies"`
	BasePath       string         `yaml:"base_path"`
	TLS            TLS            `yaml:"tls"`
	// Pprof is the loopback address at which profiles are shown; empty for none.
	Pprof string `yaml:"pprof"`
}

// TLS names the files, PEM, of the certificate that the API shows. Both or none.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// Telemetry says where traces go.
type Telemetry struct {
	Endpoint string  `yaml:"endpoint"`
	Sample   float64 `yaml:"sample"`
}

func (t *Telemetry) validate(p *problems) {
	at, err := url.Parse(t.Endpoint)
	p.check(t.Endpoint == "" || err == nil && at.Host != "" && (at.Scheme == "http" || at.Scheme == "https"),
		"telemetry.endpoint", "must be an address such as http://127.0.0.1:4318, or empty")
	p.check(t.Sample >= 0 && t.Sample <= 1, "telemetry.sample", "must be between 0 and 1")
}

var soundPath = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*$`)

func (a *API) validate(p *problems) {
	p.check(a.Timeout >= 100*time.Millisecond, "api.timeout", "must be at least 100ms")
	p.check(soundPath.MatchString(a.BasePath), "api.base_path", "must be a path such as /news, without a slash at its end, or empty")
	p.check((a.TLS.Cert == "") == (a.TLS.Key == ""), "api.tls", "needs both cert and key, or neither")
	host, _, err := net.SplitHostPort(a.Pprof)
	ip, _ := netip.ParseAddr(host)
	p.check(a.Pprof == "" || err == nil && (host == "localhost" || ip.IsLoopback()), "api.pprof", "must be HOST:PORT on loopback, such as 127.0.0.1:6060, or empty")
}

// Source is what is decided for one publisher.
type Source struct {
	FullText news.FullTextPolicy `yaml:"full_text"`
	// KeepBlocks and DropBlocks overrule what was learnt of the site's
	// boilerplate: texts of blocks that stay, and that never do.
	KeepBlocks []string `yaml:"keep_blocks"`
	DropBlocks []string `yaml:"drop_blocks"`
}

func (s Source) validate(p *problems, key string) {
	p.check(slices.Contains([]news.FullTextPolicy{"", news.FullTextAPI, news.FullTextPages, news.FullTextNone}, s.FullText), key+".full_text", "must be api, pages or none")
	p.check(!slices.ContainsFunc(s.KeepBlocks, blank), key+".keep_blocks", "must be texts with letters or digits")
	p.check(!slices.ContainsFunc(s.DropBlocks, blank), key+".drop_blocks", "must be texts with letters or digits")
}

// blank reports whether a text has nothing that a block could be known by.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// FullText returns the policy for the source with the id.
func (c *Config) FullText(source string) news.FullTextPolicy {
	if p := c.Sources[source].FullText; p != "" {
		return p
	}
	return news.FullTextAPI
}

// Validate reports every value that cannot work, each with its key and the
// remedy.
func (c *Config) Validate() error {
	p := problems{line: c.place}
	p.check(c.DataDir != "", "data_dir", "must name a directory")
	p.check(c.Store == "" || IsPostgres(c.Store), "store", "must be empty, or an address such as postgres://user:password@host:5432/database?sslmode=require")
	_, _, err := net.SplitHostPort(c.Listen)
	p.check(err == nil, "listen", "must be HOST:PORT, such as 127.0.0.1:8080")
	at, err := url.Parse(c.PublicURL)
	p.check(c.PublicURL == "" || err == nil && at.Host != "" && at.RawQuery == "" && (at.Scheme == "http" || at.Scheme == "https"),
		"public_url", "must be an address such as https://news.example.org, or empty")
	p.check(slices.Contains([]string{"auto", "text", "json"}, c.Log.Format), "log.format", "must be auto, text or json")
	c.Crawler.validate(&p)
	p.check(c.Index.Engine == "" || strings.HasPrefix(c.Index.Engine, "opensearch://"), "index.engine", "must be empty, or an address such as opensearch://host:9200/broadsheet")
	p.check(c.Index.Batch >= 1 && c.Index.Batch <= 10_000, "index.batch", "must be between 1 and 10000")
	p.check(c.Index.Linger >= 0 && c.Index.Linger <= time.Minute, "index.linger", "must be between 0s and 1m")
	p.check(c.Index.CacheBytes >= minCache, "index.cache_bytes", "must be at least 1048576 (1 MB)")
	p.check(c.Index.Retention == 0 || c.Index.Retention >= minRetention, "index.retention", "must be 0s, to keep everything, or at least 24h")
	p.check(c.Entity.Refresh >= time.Minute, "entity.refresh", "must be at least 1m")
	c.API.validate(&p)
	c.Telemetry.validate(&p)
	for id, s := range c.Sources {
		s.validate(&p, "sources."+id)
	}
	return p.err()
}

// IsPostgres reports whether an address is that of a PostgreSQL database.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

func (c *Crawler) validate(p *problems) {
	agent := c.UserAgent
	p.check(strings.Contains(agent, "http") || strings.Contains(agent, "@"), "crawler.user_agent", "must carry an address (http... or e-mail) where publishers can reach you")
	p.check(!strings.ContainsAny(agent, "\r\n"), "crawler.user_agent", "must be one line")
	p.check(c.Interval >= time.Minute, "crawler.interval", "must be at least 1m")
	p.check(c.MaxInterval >= c.Interval, "crawler.max_interval", "must not be shorter than crawler.interval")
	p.check(c.HostGap >= 0 && c.HostGap <= time.Hour, "crawler.host_gap", "must be between 0s and 1h")
	p.check(c.Concurrency >= 1 && c.Concurrency <= 1000, "crawler.concurrency", "must be between 1 and 1000")
	p.check(c.PageBudget >= 1, "crawler.page_budget", "must be at least 1")
	p.check(c.MaxFeedBytes >= 1<<10 && c.MaxFeedBytes <= 64<<20, "crawler.max_feed_bytes", "must be between 1024 and 67108864")
	p.check(c.MaxPageBytes >= 1<<10 && c.MaxPageBytes <= 64<<20, "crawler.max_page_bytes", "must be between 1024 and 67108864")
}

// problems gathers everything that is wrong, to be reported at once.
type problems struct {
	list []string
	line func(key string) string // what to say of where the key stands; may be nil
}

func (p *problems) check(ok bool, key, remedy string) {
	if ok {
		return
	}
	text := key + " " + remedy
	if p.line != nil {
		text = p.line(key) + text
	}
	p.list = append(p.list, text)
}

func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return &Error{Problems: p.list}
}

// Error reports everything that is wrong with a configuration.
type Error struct {
	// Source is the file or "environment"; empty when values from several
	// places do not work together.
	Source   string
	Problems []string
}

// Error lists the problems, one a line.
func (e *Error) Error() string {
	where := "configuration"
	if e.Source != "" {
		where = e.Source
	}
	if len(e.Problems) == 1 {
		return where + ": " + e.Problems[0]
	}
	return where + ":\n  " + strings.Join(e.Problems, "\n  ")
}
