package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"broadsheet.example/api"
	"broadsheet.example/api/web"
	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/crawler/source"
	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// api builds the HTTP server over the node's parts.
func (n *node) api() (*api.Server, error) {
	keys := openKeyring(n.cfg.DataDir, n.log)
	var server *api.Server // through which the pages search, under its limit
	pages, err := web.New(web.Deps{
		Search:  func(ctx context.Context, q news.Query) (*news.Result, error) { return server.Search(ctx, q) },
		Related: func(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error) { return server.Related(ctx, q) },
		Archive: n.store, Feeds: n.store, FullText: n.cfg.FullText, Key: link.Key, Reader: n.index.reader,
		Preview: n.preview, SignIn: maySignIn(keys.find), BasePath: n.cfg.API.BasePath, Log: n.log, Version: version(),
	})
	if err != nil {
		return nil, err
	}
	sources, err := source.Load()
	if err != nil {
		return nil, err
	}
	deps := api.Deps{
		Crawling: n.crawling(),
		Store:    decidedStore{n.store, n.entities}, Index: n.searched, Reader: n.index.reader,
		Key: link.Key, EntityKey: gazetteer.Fold, Draft: n.ingest.Import, FullText: n.cfg.FullText, Reindex: n.index.reindex,
		Ready: func() error { return n.index.ready(context.Background()) }, Status: n.status,
		Keys: keys.find, Generation: n.generation, Free: n.free, Site: func(id string) string { return siteOf(sources, id) },
		Pages: pages.Mount, Session: pages.Session, Registry: n.metrics.registry, Log: n.log, Version: version(), Started: n.started,
	}
	if n.tracing != nil {
		deps.Trace = n.tracing.Request
	}
	server = api.New(api.Config{
		Timeout: n.cfg.API.Timeout, CORSOrigins: n.cfg.API.CORSOrigins,
		PublicURL: strings.TrimSuffix(n.cfg.PublicURL, "/"), RequireKey: !isLoopback(n.cfg.Listen), RequestsPerMinute: requestsPerMinute,
		TrustedProxies: n.cfg.API.TrustedProxies, BasePath: n.cfg.API.BasePath,
	}, deps)
	return server, nil
}

// searched is the index in use now, nil while there is none, behind what was
// decided about entities, its searches traced if that is asked for.
func (n *node) searched() news.Index {
	index := n.index.index()
	if index == nil {
		return nil
	}
	if n.tracing != nil {
		index = n.tracing.Index(index)
	}
	return n.entities.Index(index)
}

// crawling is what the API asks of the crawler.
func (n *node) crawling() api.Crawling {
	tracer := crawler.NewTracer(n.store, nil, nil) // a reader must not make us ask other servers
	return api.Crawling{
		Trace:    func(ctx context.Context, address string) (any, error) { return tracer.Trace(ctx, address) },
		Backfill: crawler.OpenBackfill, Pauses: n.store,
		Discover: n.discover, Host: link.Host,
		Confirm: n.hubs.Confirm, Deliver: n.deliver,
	}
}

// deliver takes a hub's delivery for the API.
func (n *node) deliver(ctx context.Context, feedID, signature string, body []byte) error {
	err := n.hubs.Deliver(ctx, feedID, signature, body)
	if errors.Is(err, crawler.ErrSignature) {
		return api.ErrUnsigned
	}
	return err
}

// discover finds the feed of an address for the API.
func (n *node) discover(ctx context.Context, address string) (news.Feed, []string, error) {
	found, err := crawler.Discover(ctx, n.fetch, address)
	bad, unreachable := errors.AsType[*fetch.Error](err)
	switch {
	case unreachable && bad.Kind == fetch.Address:
		return news.Feed{}, nil, &news.ParamError{Param: "url", Value: address, Reason: bad.Err.Error()}
	case unreachable || errors.Is(err, crawler.ErrNoFeed):
		return news.Feed{}, nil, fmt.Errorf("%w: %w", news.ErrNotFound, err)
	case err != nil:
		return news.Feed{}, nil, err
	}
	return found.Feed, found.Others, nil
}

// requestsPerMinute is what each key, and each address without one, may ask.
const requestsPerMinute = 600

// isLoopback reports whether an address to listen on can be reached from this
// machine alone.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// generation names the state of the index in use that searches see now.
func (n *node) generation() string {
	g := n.index.current.Load()
	return g.name + "." + g.engine.State()
}

// free returns the bytes left for the data directory.
func (n *node) free() (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(n.cfg.DataDir, &s); err != nil {
		return 0, fmt.Errorf("ask for disk space: %w", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

// siteOf returns the front page of a publisher of the shipped table. The id of
// another one is often its domain.
func siteOf(sources *source.Table, id string) string {
	if e, ok := sources.Lookup(id); ok {
		return e.Source().URL
	}
	if strings.Contains(id, ".") {
		return "https://" + id + "/"
	}
	return ""
}

// status is what /v1/status says of crawling and reindexing.
func (n *node) status(ctx context.Context) map[string]any {
	out := map[string]any{"crawl": n.crawler.Counts(), "roles": n.roles.names()}
	if pending, running := n.index.rebuilding(ctx); running {
		out["reindex"] = map[string]any{"pending": pending}
	}
	return out
}
