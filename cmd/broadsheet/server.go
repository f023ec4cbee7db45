package main

import (
	"context"

	"broadsheet.example/api"
	"broadsheet.example/api/web"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
)

// api builds the HTTP server over the node's parts.
func (n *node) api() (*api.Server, error) {
	pages, err := web.New(web.Deps{
		Search: n.search, Archive: n.store, Feeds: n.store, FullText: n.cfg.FullText, Key: link.Key, Reader: n.index.reader,
		Log: n.log, Version: version(),
	})
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{Timeout: n.cfg.API.Timeout, CORSOrigins: n.cfg.API.CORSOrigins}, api.Deps{
		Store: n.store, Index: n.index.index, Reader: n.index.reader,
		Key: link.Key, Draft: n.ingest.Import, FullText: n.cfg.FullText, Reindex: n.index.reindex,
		Ready: func() error { return nil }, Status: n.status,
		Pages: pages, Registry: n.metrics.registry, Log: n.log, Version: version(), Started: n.started,
	}), nil
}

// search asks the index in use now.
func (n *node) search(ctx context.Context, q news.Query) (*news.Result, error) {
	return n.index.index().Search(ctx, q)
}

// status is what /v1/status says of crawling and reindexing.
func (n *node) status(ctx context.Context) map[string]any {
	out := map[string]any{"crawl": n.crawler.Counts()}
	if pending, running := n.index.rebuilding(ctx); running {
		out["reindex"] = map[string]any{"pending": pending}
	}
	return out
}
